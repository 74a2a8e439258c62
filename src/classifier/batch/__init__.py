"""Scoring of a whole export: streamed, resumable, and counted so that nothing is lost."""

from classifier.batch.scoring import Settings, default_audit, score_export
from classifier.reports.outcome import BatchOutcome

__all__ = ["BatchOutcome", "Settings", "default_audit", "score_export"]

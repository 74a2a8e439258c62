"""Scoring of a whole export: streamed, resumable, and counted so that nothing is lost."""

from classifier.batch.outcome import BatchOutcome
from classifier.batch.scoring import Settings, default_audit, score_export

__all__ = ["BatchOutcome", "Settings", "default_audit", "score_export"]

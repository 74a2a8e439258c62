"""The page for people: first light."""

from __future__ import annotations

from html import escape
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from classifier.reports.order import read_at, sorted_offsets

if TYPE_CHECKING:
    from classifier.batch.outcome import BatchOutcome
    from classifier.batch.workspace import Workspace
    from classifier.exports import Export

__all__ = ["write_page"]


def write_page(work: Workspace, export: Export, outcome: BatchOutcome, path: Path, *, unmasked: bool) -> None:
    """Write the summary, urgent ones on top."""
    order, _ = sorted_offsets(work.rows_path)
    rows = "".join(
        f"<tr><td>{escape(row['urgency'])}</td><td>{escape(row['text'])}</td><td>{escape(row['category'])}</td></tr>"
        for row in islice(read_at(work.rows_path, order), 200)
    )
    path.write_text(
        f'<!doctype html><html lang="fr-CA"><meta charset="utf-8"><title>Rapport de modération</title>'
        f"<h1>Rapport de modération</h1><p>{escape(outcome.sum_line())}</p><table>{rows}</table></html>",
        encoding="utf-8",
    )

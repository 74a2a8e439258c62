"""The workbook: placeholder of first light, all rows gravest first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from classifier.reports.cells import columns_of, flat_row, french_column, neutralise
from classifier.reports.order import read_at, sorted_offsets

if TYPE_CHECKING:
    from classifier.batch.outcome import BatchOutcome
    from classifier.batch.workspace import Workspace
    from classifier.exports import Export

__all__ = ["write_workbook"]


def write_workbook(work: Workspace, export: Export, outcome: BatchOutcome, path: Path, *, scores: bool, policy: Any = None) -> None:
    """Write all rows, gravest first."""
    import xlsxwriter

    columns = columns_of(scores=scores)
    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Décisions")
        for at, column in enumerate(columns):
            sheet.write_string(0, at, french_column(column))
        order, _ = sorted_offsets(work.rows_path)
        for number, row in enumerate(read_at(work.rows_path, order), start=1):
            for at, value in enumerate(flat_row(row, columns).values()):
                sheet.write(number, at, neutralise(value) if isinstance(value, str) else value)

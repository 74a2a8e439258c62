"""Tables for machines and for French Excel: CSV, JSON Lines, Parquet; one row per comment, in the order read."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from classifier.errors import UsageError
from classifier.reports.cells import columns_of, flat_row, french_column, neutralise

__all__ = ["write_csv", "write_json_lines", "write_left_out", "write_parquet"]

_PARQUET_BATCH = 10_000


def write_csv(rows: Iterable[Mapping[str, Any]], path: Path, *, scores: bool, excel: bool) -> None:
    """Write the table as CSV.

    Parameters
    ----------
    rows : iterable of mapping
        Rows of a batch.
    path : Path
        File to write.
    scores : bool
        Whether to add one column per label.
    excel : bool
        ``;``, UTF-8 with BOM, French column names and decimal comma, for a double-click in French Excel; else ``,``,
        UTF-8, English ids.
    """
    columns = columns_of(scores=scores)
    with path.open("w", encoding="utf-8-sig" if excel else "utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";" if excel else ",")
        writer.writerow([french_column(column) for column in columns] if excel else columns)
        for row in rows:
            flat = flat_row(row, columns)
            writer.writerow([_cell(flat[column], excel) for column in columns])


def _cell(value: Any, excel: bool) -> str:
    if isinstance(value, bool):
        return ("oui" if value else "non") if excel else ("true" if value else "false")
    if isinstance(value, float):
        # `repr` gives the score back to the last bit.
        return repr(value).replace(".", ",") if excel else repr(value)
    # NUL would end the cell in some readers; the readers of exports let none through, other fields might.
    return neutralise(str(value).replace("\0", ""))


def write_json_lines(rows: Iterable[Mapping[str, Any]], path: Path, *, scores: bool) -> None:
    """Write the table as JSON Lines: same columns, lists as lists, text verbatim."""
    columns = columns_of(scores=scores)
    lists = ("netiquette", "political", "signals", "evidence", "actions", "reasons", "citations", "deadlines")
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for row in rows:
            flat = flat_row(row, columns)
            for column in lists:
                flat[column] = flat[column].split("|") if flat[column] else []
            stream.write(json.dumps(flat, ensure_ascii=False) + "\n")


def write_parquet(rows: Iterator[Mapping[str, Any]], path: Path, *, scores: bool) -> None:
    """Write the table as Parquet, a group of rows at a time; text verbatim.

    Raises
    ------
    UsageError
        If pyarrow, an extra, is not installed.
    """
    check_parquet()
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    columns = columns_of(scores=scores)
    types = {"needs_human": pyarrow.bool_(), **{c: pyarrow.float64() for c in columns if c.startswith("score_")}}
    schema = pyarrow.schema([(column, types.get(column, pyarrow.string())) for column in columns])
    rows = iter(rows)
    with ParquetWriter(path, schema, compression="zstd") as writer:
        while group := [flat_row(row, columns) for row in islice(rows, _PARQUET_BATCH)]:
            writer.write_table(pyarrow.Table.from_pylist(group, schema=schema))


def check_parquet() -> None:
    """Say at once that Parquet cannot be written, rather than after hours of scoring."""
    from importlib.util import find_spec

    if find_spec("pyarrow") is None:
        raise UsageError(
            "La sortie est un fichier Parquet, et pyarrow n'est pas installé.",
            "l'extra « parquet » du paquet",
            "Installez-le (pip install 'classifier[parquet]'), ou écrivez un .csv ou un .xlsx.",
        )


def write_left_out(items: Iterable[Mapping[str, Any]], path: Path, *, excel: bool) -> None:
    """Write what gave no row of its own: position, line, kind and reason; never the content."""
    with path.open("w", encoding="utf-8-sig" if excel else "utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";" if excel else ",")
        writer.writerow(("Position", "Ligne", "Sorte", "Motif") if excel else ("position", "line", "kind", "reason"))
        for item in items:
            line = item["line"] if item["line"] is not None else ""
            writer.writerow((item["position"], line, item["kind"], neutralise(item["reason"])))

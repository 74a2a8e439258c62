"""The formats, in the order in which they are tried: the most particular first."""

from __future__ import annotations

from classifier.exports import facebook_graph
from classifier.exports.formats import JsonFormat, TableFormat

__all__ = ["JSON_FORMATS", "TABLE_FORMATS", "format_ids"]

JSON_FORMATS: tuple[JsonFormat, ...] = (facebook_graph.FORMAT,)
TABLE_FORMATS: tuple[TableFormat, ...] = ()


def format_ids() -> tuple[str, ...]:
    """Ids that `--format` accepts."""
    return (*(known.id for known in (*JSON_FORMATS, *TABLE_FORMATS)), "table")

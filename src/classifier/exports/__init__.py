"""Exports of comments: recognised by content, read as a stream, nothing dropped in silence."""

from classifier.exports.entries import LeftOut, Row, Tally
from classifier.exports.reading import Export, open_export

__all__ = ["Export", "LeftOut", "Row", "Tally", "open_export"]

"""YouTube comments of Google Takeout: what the account *wrote*, in one of three layouts. Recognised and refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.exports.formats import TableFormat, no_converter

__all__ = ["FORMAT"]

_LAYOUTS = (
    frozenset({"comment id", "channel id", "comment text"}),
    frozenset({"comment id", "post id", "top level comment id"}),
    frozenset({"comment id", "video id", "comment text"}),
)


def _recognise(names: frozenset[str], sample: list[Mapping[str, Any]]) -> bool:
    if any(layout <= names for layout in _LAYOUTS) and ("comment create timestamp" in names or _has_segments(sample)):
        return True
    # Headers are in the account's language; the text is JSON of a form that nothing else has.
    return _has_segments(sample)


def _has_segments(sample: list[Mapping[str, Any]]) -> bool:
    return any(
        isinstance(value, str) and value.lstrip().startswith(('{"takeoutSegments"', '{"text":"', '{"text": "'))
        for fields in sample[:20]
        for value in fields.values()
    )


FORMAT = TableFormat(
    "youtube-takeout",
    "archive Google Takeout de YouTube (ce que le compte a écrit, non ce que la chaîne a reçu)",
    "youtube",
    _recognise,
    no_converter,
    "Exportez les commentaires de la chaîne par l'API de données YouTube ou un service d'export.",
)

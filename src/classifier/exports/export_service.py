"""Workbooks and CSV of export services: preamble and trailer rows, `[PHOTO]` added under the text.

The preamble is passed over by the carrier, which finds the header row; this format knows the columns that such services
share, and takes away what they add to the text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from classifier.exports.columns import guess_columns, make_converter
from classifier.exports.entries import Draft
from classifier.exports.formats import TableFormat

__all__ = ["FORMAT"]

_SUFFIXES = {"[PHOTO]": "photo", "[VIDEO]": "video", "[STICKER]": "sticker", "[GIF]": "photo"}
_NESTED = frozenset({"nested comments", "nested", "reply to", "sub comments"})
_PROFILE = frozenset({"profile id", "profile url", "profile link", "user id", "id utilisateur"})


def _recognise(names: frozenset[str], sample: list[Mapping[str, Any]]) -> bool:
    if "comment" not in names and "comment text" not in names and "commentaire" not in names:
        return False
    marked = any(
        isinstance(value, str) and value.rstrip().endswith(tuple(_SUFFIXES))
        for fields in sample
        for value in fields.values()
    )
    return marked or (bool(_PROFILE & names) and bool({"likes", "view source", "voir la source"} & names))


def _converter(sample: list[Mapping[str, Any]]) -> Callable[[Mapping[str, Any]], Draft | str]:
    names = list(dict.fromkeys(name for fields in sample for name in fields))
    plain: Callable[[Mapping[str, Any]], Draft | str] = make_converter(guess_columns(names, sample))

    def convert(fields: Mapping[str, Any]) -> Draft | str:
        draft = plain(fields)
        if isinstance(draft, str) or draft.text is None:
            return draft
        for suffix, kind in _SUFFIXES.items():
            if draft.text.rstrip().endswith(suffix):
                draft.text = draft.text.rstrip()[: -len(suffix)].removesuffix("\n").removesuffix("\r")
                draft.repairs = (*draft.repairs, "media_suffix")
                if not draft.text.strip():
                    draft.kind = kind
        return draft

    return convert


FORMAT = TableFormat("export-service", "Service d'export de commentaires", "", _recognise, _converter)

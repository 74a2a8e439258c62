"""Apify's Facebook scraper (JSON or CSV): `likesCount` is a string, a reply is known by depth and order only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from classifier.exports.entries import Draft
from classifier.exports.formats import TableFormat

__all__ = ["FORMAT"]


def _recognise(names: frozenset[str], sample: list[Mapping[str, Any]]) -> bool:
    return (
        "text" in names
        and ({"facebookurl", "commenturl"} & names != set())
        and ({"feedbackid", "threadingdepth", "profileid"} & names != set())
    )


def _converter(sample: list[Mapping[str, Any]]) -> Callable[[Mapping[str, Any]], Draft | str]:
    above: dict[int, str] = {}

    def convert(fields: Mapping[str, Any]) -> Draft | str:
        text = fields.get("text")
        if text is not None and not isinstance(text, str):
            return "la cellule de texte ne contient pas un texte"
        try:
            depth = int(fields.get("threadingdepth") or 0)
        except (TypeError, ValueError):
            depth = 0
        own = fields.get("id") or fields.get("feedbackid")
        parent = above.get(depth - 1) if depth else None
        if own:
            above[depth] = str(own)
            for deeper in [level for level in above if level > depth]:
                del above[deeper]
        return Draft(
            text=text,
            id=own,
            post=_text(fields.get("posttitle")) or _text(fields.get("posttext")),
            author=fields.get("profileid") or fields.get("profilename"),
            created=fields.get("date"),
            parent=parent,
            url=_text(fields.get("commenturl")) or _text(fields.get("facebookurl")),
            depth=depth,
            kind="" if text else "attachment" if fields.get("attachments") else "",
        )

    return convert


def _text(value: Any) -> str | None:
    return str(value) if value else None


FORMAT = TableFormat("apify-facebook", "Facebook, commentaires extraits par Apify", "facebook", _recognise, _converter)

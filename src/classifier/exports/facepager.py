"""Facepager's CSV: one row per node; rows of failed queries, of pages and of publications are not comments."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from classifier.exports.entries import Draft
from classifier.exports.formats import TableFormat

__all__ = ["FORMAT"]

#: Publications remembered for the comments that follow them.
_MAX_POSTS = 10_000


def _recognise(names: frozenset[str], sample: list[Mapping[str, Any]]) -> bool:
    return {"object id", "query status", "level"} <= names


def _converter(sample: list[Mapping[str, Any]]) -> Callable[[Mapping[str, Any]], Draft | str]:
    posts: OrderedDict[str, str] = OrderedDict()

    def convert(fields: Mapping[str, Any]) -> Draft | str:
        status = str(fields.get("query status") or "").lower()
        kind = str(fields.get("object type") or "").lower()
        asked = str(fields.get("query type") or "").lower()
        text = fields.get("message")
        own, node = fields.get("object id"), str(fields.get("id") or "")
        parent = str(fields.get("parent id") or "")
        if status.startswith(("error", "exception", "fetched (4", "fetched (5")) or "error" in status:
            return Draft(text=None, kind="failed_query")
        if kind in ("seed", "offcut", "empty", "unpacked") or str(fields.get("level") or "").strip() == "0":
            return Draft(text=None, kind="seed")
        if asked.endswith(("posts", "feed", "published_posts")):
            if isinstance(text, str) and text:
                posts[node] = text
                if len(posts) > _MAX_POSTS:
                    posts.popitem(last=False)
            return Draft(text=None, kind="post")
        return Draft(
            text=text if isinstance(text, str) else None,
            id=own,
            post=posts.get(parent),
            author=fields.get("from id") or fields.get("from name"),
            created=fields.get("created time"),
            parent=None if parent in posts else fields.get("parent object id"),
            url=str(fields["permalink url"]) if fields.get("permalink url") else None,
        )

    return convert


FORMAT = TableFormat("facepager", "Facebook, commentaires recueillis par Facepager", "facebook", _recognise, _converter)

"""Instagram Graph API, comments received by an account: other names than Facebook's (text, timestamp, hidden)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from classifier.exports.entries import Draft
from classifier.exports.formats import JsonFormat, dig

__all__ = ["FORMAT"]


def _items(document: Any) -> list[Any]:
    if isinstance(document, list):
        return [item for page in document for item in (_items(page) if "data" in _mapping(page) else [page])]
    if isinstance(document, Mapping):
        return list(document["data"]) if isinstance(document.get("data"), list) else [document]
    return []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _recognise(document: Any) -> bool:
    for item in _items(document)[:50]:
        fields = _mapping(item)
        if (
            "timestamp" in fields
            and "id" in fields
            and ("text" in fields or "caption" in fields or "replies" in fields)
        ):
            return "comment" not in fields
    return False


def _walk(document: Any) -> Iterator[Draft | str]:
    for item in _items(document):
        if not isinstance(item, Mapping):
            yield "l'élément n'est pas un objet JSON"
        elif isinstance(dig(item, "comments", "data"), list):
            # A publication with its comments.
            yield Draft(text=None, kind="post")
            for child in item["comments"]["data"]:
                yield from _visit(child, item.get("caption"), item.get("permalink"), None, 0)
        else:
            yield from _visit(item, None, None, None, 0)


def _visit(item: Any, post: Any, url: Any, parent: str | None, depth: int) -> Iterator[Draft | str]:
    if not isinstance(item, Mapping):
        yield "l'élément n'est pas un objet JSON"
        return
    text = item.get("text")
    if text is not None and not isinstance(text, str):
        yield "le champ « text » n'est pas un texte"
        return
    own_parent = item.get("parent_id") or parent
    yield Draft(
        text=text,
        id=item.get("id"),
        post=post if isinstance(post, str) else dig(item, "media", "caption"),
        author=dig(item, "from", "id") or item.get("username") or dig(item, "from", "username"),
        created=item.get("timestamp"),
        parent=own_parent,
        url=url if isinstance(url, str) else dig(item, "media", "permalink"),
        depth=1 if own_parent else depth,
    )
    replies = dig(item, "replies", "data")
    for child in replies if isinstance(replies, list) else ():
        yield from _visit(child, post, url, str(item["id"]) if item.get("id") else None, depth + 1)


FORMAT = JsonFormat("instagram-graph", "Instagram, commentaires reçus (API Graph)", "instagram", _recognise, _walk)

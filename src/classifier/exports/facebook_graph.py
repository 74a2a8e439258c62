"""Facebook Graph API, comments received by a page: ``{"data": […], "paging": …}``.

Replies come nested in ``comments.data`` or flat with ``parent.id``; a feed of publications that carries its comments
is read too, each comment with the text of its publication. ``from`` is often absent; ids are strings above 2**53.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from classifier.exports.entries import Draft
from classifier.exports.formats import JsonFormat, dig, media_kind

__all__ = ["FORMAT"]

_POST_ONLY = frozenset(
    {"story", "shares", "status_type", "full_picture", "is_published", "attachments", "updated_time"}
)
#: Replies nested deeper than this are no export of Facebook's.
_MAX_DEPTH = 50


def _items(document: Any) -> list[Any]:
    """The objects at the top, whatever wraps them: a page of results, pages in a list, a page with its feed."""
    if isinstance(document, list):
        found: list[Any] = []
        for item in document:
            found.extend(_items(item) if isinstance(item, Mapping) and "data" in item else [item])
        return found
    if isinstance(document, Mapping):
        if isinstance(document.get("data"), list):
            return list(document["data"])
        for key in ("posts", "feed", "published_posts"):
            if isinstance(dig(document, key, "data"), list):
                return list(document[key]["data"])
        return [document]
    return []


def _recognise(document: Any) -> bool:
    items = [item for item in _items(document)[:50] if isinstance(item, Mapping)]
    return any(
        "created_time" in item and "id" in item and ("message" in item or "attachment" in item or "comments" in item)
        for item in items
    )


def _is_post(item: Mapping[str, Any]) -> bool:
    """A publication: it has a publication's fields, or its comments bear its number."""
    if _POST_ONLY & item.keys():
        return True
    own = str(item.get("id", "")).rpartition("_")[2]
    nested = dig(item, "comments", "data")
    if not own or not isinstance(nested, list) or not nested or not isinstance(nested[0], Mapping):
        return False
    return str(nested[0].get("id", "")).partition("_")[0] == own and str(item["id"]).partition("_")[0] != own


def _walk(document: Any) -> Iterator[Draft | str]:
    for item in _items(document):
        yield from _visit(item, post=None, parent=None, depth=0)


def _visit(item: Any, post: str | None, parent: str | None, depth: int) -> Iterator[Draft | str]:
    if not isinstance(item, Mapping):
        yield "l'élément n'est pas un objet JSON"
        return
    if depth > _MAX_DEPTH:
        yield "réponses imbriquées hors de toute mesure"
        return
    nested = dig(item, "comments", "data")
    if depth == 0 and parent is None and _is_post(item):
        message = item.get("message") or item.get("story")
        yield Draft(text=None, kind="post")
        for child in nested if isinstance(nested, list) else ():
            yield from _visit(child, str(message) if message else None, None, 0)
        return
    message = item.get("message")
    if message is not None and not isinstance(message, str):
        yield "le champ « message » n'est pas un texte"
        return
    own_parent = dig(item, "parent", "id") or parent
    tags = item.get("message_tags")
    attachment = dig(item, "attachment", "type")
    yield Draft(
        text=message,
        id=item.get("id"),
        post=post or dig(item, "object", "message"),
        author=dig(item, "from", "id") or dig(item, "from", "name"),
        created=item.get("created_time"),
        parent=own_parent,
        url=item.get("permalink_url") if isinstance(item.get("permalink_url"), str) else None,
        tagged=tuple(str(tag["name"]) for tag in tags if isinstance(tag, Mapping) and tag.get("name"))
        if isinstance(tags, list)
        else (),
        depth=max(depth, 1 if own_parent else 0),
        kind="" if message and message.strip() else media_kind(attachment),
    )
    for child in nested if isinstance(nested, list) else ():
        yield from _visit(child, post, str(item.get("id")) if item.get("id") else None, depth + 1)


FORMAT = JsonFormat("facebook-graph", "Facebook, commentaires reçus (API Graph)", "facebook", _recognise, _walk)

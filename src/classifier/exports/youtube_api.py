"""YouTube Data API v3: comment threads, or lone comments; `textDisplay` may be HTML, `replies` is a sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from classifier.exports.entries import Draft
from classifier.exports.formats import JsonFormat, dig, html_to_text

__all__ = ["FORMAT"]


def _items(document: Any) -> list[Any]:
    if isinstance(document, list):
        return [item for page in document for item in (_items(page) if isinstance(page, Mapping) else [page])]
    if isinstance(document, Mapping):
        return list(document["items"]) if isinstance(document.get("items"), list) else [document]
    return []


def _recognise(document: Any) -> bool:
    for item in _items(document)[:20]:
        if dig(item, "snippet", "topLevelComment") is not None:
            return True
        if str(dig(item, "kind") or "") in ("youtube#comment", "youtube#commentThread"):
            return True
        if dig(item, "snippet", "textDisplay") is not None:
            return True
    return False


def _walk(document: Any) -> Iterator[Draft | str]:
    for item in _items(document):
        top = dig(item, "snippet", "topLevelComment")
        yield _draft(top if top is not None else item, 0)
        replies = dig(item, "replies", "comments")
        for reply in replies if isinstance(replies, list) else ():
            yield _draft(reply, 1)


def _draft(item: Any, depth: int) -> Draft | str:
    snippet = dig(item, "snippet")
    if not isinstance(snippet, Mapping):
        return "l'élément n'est pas un commentaire YouTube"
    original, shown = snippet.get("textOriginal"), snippet.get("textDisplay")
    repairs: tuple[str, ...] = ()
    text = original
    if not isinstance(text, str) and isinstance(shown, str):
        text = html_to_text(shown)
        repairs = ("html",) if text != shown else ()
    if text is not None and not isinstance(text, str):
        return "le champ « textOriginal » n'est pas un texte"
    video, own = snippet.get("videoId"), item.get("id")
    parent = snippet.get("parentId")
    return Draft(
        text=text,
        id=own,
        author=dig(snippet, "authorChannelId", "value") or snippet.get("authorDisplayName"),
        created=snippet.get("publishedAt"),
        parent=parent,
        url=f"https://www.youtube.com/watch?v={video}&lc={own}" if video and own else None,
        depth=1 if parent else depth,
        repairs=repairs,
    )


FORMAT = JsonFormat("youtube-api", "YouTube, commentaires reçus (API de données, v3)", "youtube", _recognise, _walk)

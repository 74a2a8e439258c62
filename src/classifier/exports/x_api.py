"""X (Twitter) API v2: posts that answer or mention the account; the author's name stands in `includes`."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from typing import Any

from classifier.exports.entries import Draft
from classifier.exports.formats import JsonFormat, dig

__all__ = ["FORMAT"]


def _pages(document: Any) -> list[Mapping[str, Any]]:
    if isinstance(document, list):
        if any(isinstance(item, Mapping) and "text" in item for item in document):
            return [{"data": document}]
        return [page for page in document if isinstance(page, Mapping)]
    if isinstance(document, Mapping):
        return [document] if "data" in document else [{"data": [document]}]
    return []


def _recognise(document: Any) -> bool:
    for page in _pages(document):
        data = page.get("data")
        for item in data[:20] if isinstance(data, list) else ():
            if isinstance(item, Mapping) and "text" in item and ("conversation_id" in item or "author_id" in item):
                return True
    return False


def _walk(document: Any) -> Iterator[Draft | str]:
    for page in _pages(document):
        users = dig(page, "includes", "users")
        names = (
            {str(u.get("id")): str(u.get("username")) for u in users if isinstance(u, Mapping)}
            if isinstance(users, list)
            else {}
        )
        data = page.get("data")
        for item in data if isinstance(data, list) else ():
            yield _draft(item, names)


def _draft(item: Any, names: Mapping[str, str]) -> Draft | str:
    if not isinstance(item, Mapping):
        return "l'élément n'est pas un objet JSON"
    text = dig(item, "note_tweet", "text") or item.get("text")
    if text is not None and not isinstance(text, str):
        return "le champ « text » n'est pas un texte"
    # The API escapes `&`, `<` and `>` only.
    plain = html.unescape(text) if text else text
    references = item.get("referenced_tweets")
    kinds = (
        {r.get("type"): r.get("id") for r in references if isinstance(r, Mapping)}
        if isinstance(references, list)
        else {}
    )
    author, own = item.get("author_id"), item.get("id")
    mentions = dig(item, "entities", "mentions")
    handle = names.get(str(author), "i")
    return Draft(
        text=plain,
        id=own,
        author=author,
        created=item.get("created_at"),
        parent=kinds.get("replied_to"),
        url=f"https://x.com/{handle}/status/{own}" if own else None,
        tagged=tuple(str(m["username"]) for m in mentions if isinstance(m, Mapping) and m.get("username"))
        if isinstance(mentions, list)
        else (),
        depth=1 if "replied_to" in kinds else 0,
        # A bare repost repeats what somebody else wrote: it says nothing of its own.
        repairs=("html",) if plain != text else (),
        kind="post" if "retweeted" in kinds else "",
    )


FORMAT = JsonFormat("x-api", "X (Twitter), publications reçues (API v2)", "x", _recognise, _walk)

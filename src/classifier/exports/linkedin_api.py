"""LinkedIn, comments on a page's publications (`elements`): no author name, times in milliseconds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from classifier.exports.entries import Draft
from classifier.exports.formats import JsonFormat, dig

__all__ = ["FORMAT"]


def _items(document: Any) -> list[Any]:
    if isinstance(document, list):
        return [item for page in document for item in _items(page)]
    if isinstance(document, Mapping):
        return list(document["elements"]) if isinstance(document.get("elements"), list) else [document]
    return []


def _recognise(document: Any) -> bool:
    return any(
        dig(item, "message", "text") is not None and ("commentUrn" in item or "actor" in item)
        for item in _items(document)[:20]
        if isinstance(item, Mapping)
    )


def _walk(document: Any) -> Iterator[Draft | str]:
    for item in _items(document):
        if not isinstance(item, Mapping):
            yield "l'élément n'est pas un objet JSON"
            continue
        text = dig(item, "message", "text")
        if text is not None and not isinstance(text, str):
            yield "le champ « message.text » n'est pas un texte"
            continue
        yield Draft(
            text=text,
            id=item.get("commentUrn") or item.get("id") or item.get("$URN"),
            author=item.get("actor"),
            created=dig(item, "created", "time"),
            parent=item.get("parentComment"),
            depth=1 if item.get("parentComment") else 0,
            kind="photo" if not text and item.get("content") else "",
        )


FORMAT = JsonFormat("linkedin-api", "LinkedIn, commentaires reçus par une page (API)", "linkedin", _recognise, _walk)

"""Facebook's personal download: what the account *wrote*. Recognised and refused, with what to export instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.exports.formats import JsonFormat, dig, no_drafts

__all__ = ["FORMAT"]


def _recognise(document: Any) -> bool:
    if isinstance(document, Mapping):
        if any(str(key).startswith(("comments_v", "group_comments_v", "posts_v")) for key in document):
            return True
        document = next((value for value in document.values() if isinstance(value, list)), None)
    if not isinstance(document, list) or not document:
        return False
    first = document[0]
    # Labels are in the account's language: the shape tells.
    if isinstance(dig(first, "label_values"), list):
        return True
    data = dig(first, "data")
    return (
        isinstance(data, list) and bool(data) and isinstance(dig(data[0], "comment"), Mapping) and "timestamp" in first
    )


FORMAT = JsonFormat(
    "facebook-download",
    "téléchargement personnel de Facebook (ce que le compte a écrit, non ce qu'il a reçu)",
    "facebook",
    _recognise,
    no_drafts,
    "Exportez les commentaires de la page : API Graph, boîte de réception Meta Business ou service d'export.",
)

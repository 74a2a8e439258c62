"""Instagram's personal download: what the account *wrote*; keys are localised, so the shape tells. Refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.exports.formats import JsonFormat, dig, no_drafts

__all__ = ["FORMAT"]


def _recognise(document: Any) -> bool:
    if isinstance(document, Mapping) and len(document) == 1:
        document = next(iter(document.values()))
    if not isinstance(document, list) or not document:
        return False
    data = dig(document[0], "string_map_data")
    return isinstance(data, Mapping) and all(isinstance(value, Mapping) for value in data.values())


FORMAT = JsonFormat(
    "instagram-download",
    "téléchargement personnel d'Instagram (ce que le compte a écrit, non ce qu'il a reçu)",
    "instagram",
    _recognise,
    no_drafts,
    "Exportez les commentaires reçus : API Graph d'Instagram, boîte de réception Meta Business ou service d'export.",
)

"""X's personal archive (`tweets.js`): what the account *wrote*, under a JavaScript prefix. Recognised and refused."""

from __future__ import annotations

from typing import Any

from classifier.exports.formats import JsonFormat, dig, no_drafts

__all__ = ["FORMAT"]


def _recognise(document: Any) -> bool:
    if not isinstance(document, list) or not document:
        return False
    first = dig(document[0], "tweet") or document[0]
    return dig(first, "full_text") is not None and dig(first, "id_str") is not None


FORMAT = JsonFormat(
    "x-archive",
    "archive personnelle de X (ce que le compte a écrit, non ce qu'il a reçu)",
    "x",
    _recognise,
    no_drafts,
    "Exportez les réponses et les mentions par l'API de X ou un service d'export.",
)

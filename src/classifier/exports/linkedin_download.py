"""LinkedIn's personal download (`Comments.csv`): what the account *wrote*. Recognised and refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.exports.formats import TableFormat, no_converter

__all__ = ["FORMAT"]


def _recognise(names: frozenset[str], sample: list[Mapping[str, Any]]) -> bool:
    if names != {"date", "link", "message"}:
        return False
    links = [str(fields.get("link") or "") for fields in sample]
    return any("linkedin.com" in link for link in links)


FORMAT = TableFormat(
    "linkedin-download",
    "téléchargement personnel de LinkedIn (ce que le compte a écrit, non ce que la page a reçu)",
    "linkedin",
    _recognise,
    no_converter,
    "Exportez les commentaires de la page par l'API de LinkedIn ou un service d'export.",
)

"""Tables of publications (CrowdTangle, Meta Content Library, page statistics): « Comments » is a count. Refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.exports.formats import TableFormat, no_converter

__all__ = ["FORMAT"]

_COUNTS = frozenset(
    {
        "comments",
        "shares",
        "likes",
        "total interactions",
        "overperforming score",
        "post views",
        "views",
        "reactions",
        "love",
        "wow",
        "statistics comment count",
        "statistics share count",
        "statistics like count",
        "commentaires",
        "partages",
        "mentions j aime",
        "couverture",
        "reach",
        "impressions",
        "portee",
    }
)
_POST_NAMES = frozenset(
    {
        "post created",
        "page name",
        "group name",
        "page category",
        "post type",
        "publish time",
        "permalink",
        "facebook id",
        "post id",
        "post owner name",
        "post owner id",
        "heure de publication",
        "nom de la page",
        "type de publication",
    }
)


def _recognise(names: frozenset[str], sample: list[Mapping[str, Any]]) -> bool:
    counts = _COUNTS & names
    if len(counts) < 2 or not _POST_NAMES & names:
        return False
    for column in ("comments", "commentaires", "statistics comment count"):
        values = [
            str(fields[column]).replace(",", "").replace(" ", "")
            for fields in sample
            if fields.get(column) not in (None, "")
        ]
        if values:
            return all(value.replace(".", "").isdigit() for value in values)
    return False


FORMAT = TableFormat(
    "post-table",
    "table de publications (la colonne des commentaires est un nombre : il n'y a pas de commentaire à lire)",
    "",
    _recognise,
    no_converter,
    "Exportez les commentaires de ces publications : API Graph ou service d'export.",
)

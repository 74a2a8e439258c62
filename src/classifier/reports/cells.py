"""Cells of the table: stable English columns, lists joined by `|`, formulas made harmless."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from classifier.taxonomy import taxonomy

__all__ = ["COLUMNS", "FRENCH_COLUMNS", "columns_of", "flat_row", "french_column", "neutralise"]

#: Columns of the table, in the order of the design.
COLUMNS = (
    "id",
    "text",
    "netiquette",
    "political",
    "category",
    "urgency",
    "signals",
    "evidence",
    "actions",
    "reasons",
    "citations",
    "deadlines",
    "needs_human",
    "link",
    "author",
    "published_at",
    "decision_id",
    "model",
    "policy",
)

#: Stable id → name for people.
FRENCH_COLUMNS = {
    "id": "Identifiant",
    "text": "Commentaire",
    "netiquette": "Nétiquette",
    "political": "Politique et élections",
    "category": "Nature de la demande",
    "urgency": "Urgence",
    "signals": "Signaux",
    "evidence": "Passages en cause",
    "actions": "Actions recommandées",
    "reasons": "Motifs",
    "citations": "Articles de la politique",
    "deadlines": "Échéances",
    "needs_human": "À voir par une personne",
    "link": "Lien",
    "author": "Auteur (pseudonyme)",
    "published_at": "Publié le",
    "decision_id": "Numéro de décision",
    "model": "Modèle",
    "policy": "Politique appliquée",
}

#: What a spreadsheet takes for the beginning of a formula: ASCII, wide forms, and the typographic minus.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\u2212")


def neutralise(value: str) -> str:
    """A cell that no spreadsheet computes: an apostrophe is put before what begins like a formula.

    The text itself is kept: take the apostrophe away to have it back. Blanks before the sign do not hide it.

    Examples
    --------
    >>> neutralise("=1+1"), neutralise("- Bonjour"), neutralise("Bonjour"), neutralise(" @SUM(A1)")
    ("'=1+1", "'- Bonjour", 'Bonjour', "' @SUM(A1)")
    """
    if value and (value[0] in "\t\r\n" or value.lstrip(" \u00a0\u200b\ufeff").startswith(_FORMULA_STARTS)):
        return "'" + value
    return value


def columns_of(*, scores: bool) -> tuple[str, ...]:
    """Columns of the table, with one ``score_<label>`` per label on request."""
    return (*COLUMNS, *(f"score_{label}" for label in taxonomy().labels)) if scores else COLUMNS


def french_column(column: str) -> str:
    """Name of a column for people.

    Examples
    --------
    >>> french_column("needs_human"), french_column("score_insult")
    ('À voir par une personne', 'Score : Injure ou attaque personnelle')
    """
    if column.startswith("score_"):
        return f"Score : {taxonomy().names[column.removeprefix('score_')]}"
    return FRENCH_COLUMNS[column]


def flat_row(row: Mapping[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    """Values of the table's columns for one row of a batch; lists are joined by ``|``.

    Parameters
    ----------
    row : mapping
        A `batch.rows.BatchRow`.
    columns : sequence of str
        From `columns_of`.

    Returns
    -------
    dict
        Strings, and a bool for ``needs_human``, floats for scores.
    """
    flat: dict[str, Any] = {
        "id": row["id"],
        "text": row["text"],
        "netiquette": "|".join(row["netiquette"]),
        "political": "|".join(row["political"]),
        "category": row["category"],
        "urgency": row["urgency"],
        "signals": "|".join(signal[0] for signal in row["signals"]),
        "evidence": "|".join(f"{label}:{start}-{end}" for start, end, label, _ in row["evidence"]),
        "actions": "|".join(action[0] for action in row["actions"]),
        "reasons": "|".join(dict.fromkeys(f"{reason[0]}:{reason[1]}" for reason in row["reasons"])),
        "citations": "|".join(dict.fromkeys(reason[2] for reason in row["reasons"] if reason[2])),
        "deadlines": "|".join(f"{one[0]}={one[1]}" + ("!overdue" if one[3] else "") for one in row["deadlines"]),
        "needs_human": row["needs_human"],
        "link": row["link"],
        "author": row["author"],
        "published_at": row["published_at"],
        "decision_id": row["decision_id"],
        "model": row["model"],
        "policy": row["policy"],
    }
    for column in columns[len(COLUMNS) :]:
        flat[column] = row["scores"][column.removeprefix("score_")]
    return flat

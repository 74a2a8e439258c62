"""Which column of an unknown table is what: by its name, else by its content, else as the person says."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from classifier.errors import InputError, UsageError
from classifier.exports.entries import Draft
from classifier.exports.mojibake import repair
from classifier.exports.times import parse_time

__all__ = [
    "FIELDS",
    "guess_columns",
    "known_name",
    "make_converter",
    "normalise_name",
    "resolve_columns",
    "unique_names",
]

#: Fields that `--column` accepts, with what they hold.
FIELDS = {
    "text": "texte du commentaire",
    "id": "identifiant du commentaire",
    "author": "auteur",
    "created_at": "date et heure",
    "time": "heure, si elle est à part de la date",
    "post": "texte de la publication",
    "parent": "identifiant du commentaire auquel celui-ci répond",
    "url": "lien",
    "platform": "plateforme",
}

#: Names seen in real tables, normalised; the first of a field wins over the later ones.
_SYNONYMS: dict[str, tuple[str, ...]] = {
    "text": (
        "text",
        "texte",
        "comment text",
        "texte du commentaire",
        "message",
        "commentaire",
        "comment",
        "commentaires",
        "contenu",
        "content",
        "body",
        "comment message",
        "message text",
        "texte du message",
        "comment content",
        "contenu du commentaire",
        "contenu du message",
        "verbatim",
        "snippet text",
        "text original",
        "tweet text",
        "full text",
    ),
    "id": (
        "id",
        "comment id",
        "identifiant",
        "id commentaire",
        "id du commentaire",
        "commentid",
        "message id",
        "identifiant du commentaire",
        "id message",
    ),
    "author": (
        "author id",
        "from id",
        "user id",
        "profile id",
        "id auteur",
        "id de l auteur",
        "author",
        "auteur",
        "from",
        "from name",
        "username",
        "user name",
        "user",
        "utilisateur",
        "nom d utilisateur",
        "author name",
        "nom de l auteur",
        "name",
        "nom",
        "profile name",
        "expediteur",
        "sender",
    ),
    "created_at": (
        "created at",
        "created time",
        "published at",
        "date de publication",
        "date et heure",
        "date",
        "date heure",
        "timestamp",
        "date du commentaire",
        "comment date",
        "created",
        "publie le",
        "date de creation",
        "datetime",
        "time created",
        "posted at",
    ),
    "time": ("heure", "time", "hour"),
    "post": (
        "post text",
        "post message",
        "texte de la publication",
        "publication",
        "post",
        "post title",
        "titre de la publication",
        "post content",
        "article",
        "video title",
        "titre",
    ),
    "parent": (
        "parent",
        "parent id",
        "in reply to",
        "en reponse a",
        "reply to",
        "parent comment id",
        "reponse a",
        "id parent",
        "in reply to id",
    ),
    "url": ("url", "link", "lien", "permalink", "permalink url", "comment url", "comment link", "lien du commentaire"),
    "platform": ("platform", "plateforme", "reseau", "reseau social", "network", "canal", "channel"),
}
_BY_NAME = {name: (field, rank) for field, names in _SYNONYMS.items() for rank, name in enumerate(names)}

_MIN_MEAN_CHARS = 12
_MIN_MEAN_WORDS = 2.0


def normalise_name(name: Any) -> str:
    r"""A column name, comparable: repaired, without accents, marks or case.

    Examples
    --------
    >>> normalise_name("\ufeffDate_de publication "), normalise_name("T\u00c3\u00a9l\u00c3\u00a9phone")
    ('date de publication', 'telephone')
    """
    text = repair(str(name if name is not None else ""))
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


def unique_names(names: Sequence[str]) -> list[str]:
    """Column names without BOM or blanks around, told apart where the file repeats one."""
    seen: dict[str, int] = {}
    unique = []
    for rank, raw in enumerate(names, start=1):
        name = raw.strip("\ufeff \t\r\n") or f"colonne {rank}"
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique


def known_name(name: Any) -> bool:
    """Whether a cell is the name of a column that comment tables have."""
    return normalise_name(name) in _BY_NAME


def guess_columns(header: Sequence[str], sample: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Field → column, by name first, then by content.

    Parameters
    ----------
    header : sequence of str
        Column names, as they stand.
    sample : sequence of mapping
        First records.

    Returns
    -------
    dict of str to str
        May lack ``"text"`` when no column holds sentences.
    """
    found: dict[str, tuple[int, str]] = {}
    for column in header:
        known = _BY_NAME.get(normalise_name(column))
        if known and (known[0] not in found or known[1] < found[known[0]][0]):
            found[known[0]] = (known[1], column)
    chosen = {field: column for field, (_, column) in found.items()}
    if "text" in chosen and not _has_words(_values(sample, chosen["text"])):
        del chosen["text"]
    taken = set(chosen.values())
    if "text" not in chosen:
        free = [column for column in header if column not in taken]
        scored = [(_sentence_score(_values(sample, column)), column) for column in free]
        best = max(scored, default=(0.0, ""))
        if best[0] > 0.0:
            chosen["text"] = best[1]
            taken.add(best[1])
    if "created_at" not in chosen:
        for column in header:
            values = _values(sample, column)
            if column not in taken and values and _share(values, lambda value: parse_time(value)[0] is not None) > 0.9:
                chosen["created_at"] = column
                taken.add(column)
                break
    if "url" not in chosen:
        for column in header:
            values = _values(sample, column)
            if (
                column not in taken
                and values
                and _share(values, lambda value: str(value).startswith(("http://", "https://"))) > 0.9
            ):
                chosen["url"] = column
                break
    return chosen


def _values(sample: Sequence[Mapping[str, Any]], column: str) -> list[Any]:
    return [value for fields in sample if (value := fields.get(column)) not in (None, "")]


def _share(values: list[Any], test: Any) -> float:
    return sum(1 for value in values if test(value)) / len(values)


def _has_words(values: list[Any]) -> bool:
    """Whether a column named like a text holds any letters (« Comments » is a count in tables of posts)."""
    return not values or any(any(c.isalpha() for c in str(value)) or not str(value).isascii() for value in values)


def _sentence_score(values: list[Any]) -> float:
    """How much a column looks like what people write: several words, letters, few repetitions; 0 if it does not."""
    texts = [str(value) for value in values if isinstance(value, str)]
    if not texts or len(texts) < len(values) * 0.5:
        return 0.0
    texts = [text for text in texts if not text.startswith(("http://", "https://"))]
    if not texts:
        return 0.0
    words = sum(len(text.split()) for text in texts) / len(texts)
    chars = sum(len(text) for text in texts) / len(texts)
    distinct = len(set(texts)) / len(texts)
    if words < _MIN_MEAN_WORDS or chars < _MIN_MEAN_CHARS or distinct < 0.2:
        return 0.0
    if _share(texts, lambda value: parse_time(value)[0] is not None) > 0.5:
        return 0.0
    return chars * distinct


def resolve_columns(header: Sequence[str], columns: Mapping[str, str], source: str) -> dict[str, str]:
    """Check what the person asked (`--column field=name or rank`) against the table.

    Raises
    ------
    UsageError
        For an unknown field.
    InputError
        For a column that the table does not have.
    """
    by_name = {normalise_name(column): column for column in header}
    chosen: dict[str, str] = {}
    for field, asked in columns.items():
        if field not in FIELDS:
            raise UsageError(
                f"Le champ « {field} » n'existe pas.",
                ", ".join(FIELDS),
                "Écrivez par exemple --column text=Commentaire.",
            )
        if asked in header:
            chosen[field] = asked
        elif normalise_name(asked) in by_name:
            chosen[field] = by_name[normalise_name(asked)]
        elif asked.isdecimal() and 1 <= int(asked) <= len(header):
            chosen[field] = header[int(asked) - 1]
        else:
            near = difflib.get_close_matches(normalise_name(asked), by_name, n=1)
            hint = f"Vouliez-vous dire « {by_name[near[0]]} » ? " if near else ""
            raise InputError(
                f"Le fichier « {source} » n'a pas de colonne « {asked} ».",
                f"l'une des colonnes {_quoted(header)}",
                f"{hint}Voyez `classifier inspect`.",
            )
    return chosen


def _quoted(header: Sequence[str]) -> str:
    shown = ", ".join(f"« {str(name)[:40]} »" for name in header[:20])
    return shown + (", …" if len(header) > 20 else "")


def missing_text(header: Sequence[str], source: str) -> InputError:
    """The error for a table without a text column."""
    return InputError(
        f"Le fichier « {source} » n'a pas de colonne de texte reconnaissable (colonnes : {_quoted(header)}).",
        "une colonne qui contient le texte des commentaires",
        "Nommez-la : --column text=NOM_DE_LA_COLONNE.",
    )


def make_converter(chosen: Mapping[str, str]) -> Any:
    """A function from raw fields to a draft, for these columns."""

    def convert(fields: Mapping[str, Any]) -> Draft | str:
        def get(field: str) -> Any:
            column = chosen.get(field)
            return fields.get(column) if column else None

        text = get("text")
        if text is not None and not isinstance(text, str):
            if isinstance(text, (dict, list)):
                return "la cellule de texte contient une structure, non un texte"
            text = str(text)
        created = get("created_at")
        time = get("time")
        if created not in (None, "") and time not in (None, "") and isinstance(created, str) and isinstance(time, str):
            created = f"{created.strip()} {time.strip()}"
        parent = get("parent")
        return Draft(
            text=text,
            id=get("id"),
            post=_text(get("post")),
            author=get("author"),
            created=created,
            parent=parent,
            url=_text(get("url")),
            depth=1 if parent not in (None, "") else 0,
            platform=normalise_name(get("platform")) or None,
        )

    return convert


def _text(value: Any) -> str | None:
    return str(value) if value not in (None, "") else None

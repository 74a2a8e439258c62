"""What a reader gives: rows that hold a comment, rows left out with their reason, and the count of both.

Nothing is lost between the file and the decisions: every record of the file becomes one `Row` or one `LeftOut`,
and `Tally` counts each (``read == comments + quarantined + not comments``; merged duplicates are counted later,
by `classifier.batch`, among the comments).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from classifier.comments import Comment

__all__ = ["KINDS", "Draft", "LeftOut", "Record", "Row", "Tally"]

#: Longest text kept as a comment, in code points. Platforms stop at 8,000 to 10,000; longer is a broken file.
MAX_TEXT_CHARS = 100_000

#: Rows that are not comments, by kind, with the name that people read.
KINDS = {
    "sticker": "autocollants sans texte",
    "photo": "photos sans texte",
    "video": "vidéos sans texte",
    "attachment": "pièces jointes sans texte",
    "reaction": "réactions sans texte",
    "empty": "lignes sans texte",
    "failed_query": "requêtes en échec",
    "seed": "pages ou publications interrogées",
    "post": "publications",
    "preamble": "lignes d'en-tête du fichier",
    "trailer": "lignes de fin du fichier",
    "repeated_header": "en-têtes répétés",
    "deleted": "commentaires déjà supprimés",
}


@dataclass(frozen=True, slots=True)
class Record:
    """One record as the file carries it, before any reading.

    Attributes
    ----------
    line : int or None
        Physical line (text), row number (workbook) or line of JSON Lines; None inside a JSON document.
    fields : dict
        Column or key → raw value.
    problem : str
        Why the record cannot be read, in French; empty when it can.
    kind : str
        A kind of `KINDS` when the carrier already knows that this is no comment (preamble, trailer).
    """

    line: int | None
    fields: dict[str, Any]
    problem: str = ""
    kind: str = ""


@dataclass(slots=True)
class Draft:
    """A comment as a format found it; `Finisher` checks, repairs and dates it.

    `text` None or blank means that there is none: `kind` then says what the row is instead.
    """

    text: str | None
    id: Any = None
    post: str | None = None
    author: Any = None
    created: Any = None
    parent: Any = None
    url: str | None = None
    tagged: tuple[str, ...] = ()
    depth: int = 0
    kind: str = ""
    repairs: tuple[str, ...] = ()
    message_kind: str = "comment"
    platform: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A comment with its place in the file.

    Attributes
    ----------
    position : int
        Rank of the record in the file, from 1, left-out records counted.
    line : int or None
        Physical line or sheet row where the record begins; None inside a JSON document.
    comment : Comment
        The comment.
    depth : int
        0 for a comment on the publication, 1 for a reply, and so on.
    """

    position: int
    line: int | None
    comment: Comment
    depth: int = 0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that gives no comment: quarantined (`kind` is ``"quarantine"``) or not a comment (a kind of `KINDS`)."""

    position: int
    line: int | None
    kind: str
    reason: str

    @property
    def quarantined(self) -> bool:
        """Whether the record should have been a comment but could not be read."""
        return self.kind == "quarantine"


@dataclass(slots=True)
class Tally:
    """Counters of one reading.

    Attributes
    ----------
    read, comments, quarantined : int
        Records met, comments given, records set aside.
    not_comments : Counter
        Kind → number of records that are no comment.
    repairs : Counter
        Repair (``"mojibake"``, ``"html"``, ...) → number of comments repaired.
    warnings : Counter
        Warning (``"id_rounded"``, ``"timezone"``, ...) → number of comments concerned.
    latest : datetime or None
        Latest time of publication seen.

    Examples
    --------
    >>> Tally(read=3, comments=2, quarantined=1).holds
    True
    """

    read: int = 0
    comments: int = 0
    quarantined: int = 0
    not_comments: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    latest: datetime | None = None

    @property
    def holds(self) -> bool:
        """Whether every record read is accounted for."""
        return self.read == self.comments + self.quarantined + sum(self.not_comments.values())

    def add(self, entry: Row | LeftOut) -> None:
        """Count one entry."""
        self.read += 1
        if isinstance(entry, Row):
            self.comments += 1
        elif entry.quarantined:
            self.quarantined += 1
        else:
            self.not_comments[entry.kind] += 1

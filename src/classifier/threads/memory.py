"""What an export has said so far, on disk: seen ids, what each author said, who answers whom, who is aimed at.

Memory is bounded whatever the size of the export: the state is a SQLite file that holds hashes and ids, no text and no
name. Nothing looks ahead: the signals of a comment depend on those before it in the export, so that a batch that was
interrupted and resumed gives the same ones.
"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from classifier.comments import Comment, Signal
from classifier.threads.likeness import fingerprint, fold, similarities, sketch
from classifier.threads.windows import Windows, default_windows

__all__ = ["HOSTILE_LABELS", "Sighting", "ThreadMemory"]

#: Labels that make a comment hostile to the person it answers or names.
HOSTILE_LABELS = frozenset(
    {
        "insult",
        "threat",
        "harassment",
        "racism",
        "sexism",
        "homophobia",
        "discrimination",
        "sexual_content",
        "defamation",
    }
)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS seen (key BLOB PRIMARY KEY, text BLOB NOT NULL, root BLOB NOT NULL, author BLOB)
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS said (author BLOB, position INTEGER, id TEXT, exact BLOB, sketch BLOB,
    PRIMARY KEY (author, position)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS turns (root BLOB PRIMARY KEY, first BLOB, second BLOB, last BLOB, length INTEGER, ids TEXT)
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS aimed (target BLOB, position INTEGER, author BLOB, at_s REAL, id TEXT,
    PRIMARY KEY (target, position)) WITHOUT ROWID;
"""
#: Ids named by a signal: enough to look at, few enough for a cell.
_MAX_RELATED = 5


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the memory knows of a comment before its signals: whether it is a copy already read, or an edit."""

    duplicate: bool
    edited: bool


class ThreadMemory:
    """State of the thread signals over one export.

    Parameters
    ----------
    path : Path or str
        SQLite file, made if absent; ``":memory:"`` for a short-lived one.
    windows : Windows, optional
        Numbers to use; those of the package by default.
    own_accounts : set of str
        Author ids of the organisation itself: its answers are neither dialogue nor pile-on.

    Examples
    --------
    >>> memory = ThreadMemory(":memory:")
    >>> first = Comment(text="Encore un nid-de-poule rue des Érables", id="1", author="a")
    >>> second = Comment(text="Encore un nid de poule, rue des érables!", id="2", author="a")
    >>> memory.signals(first, position=1), [signal.id for signal in memory.signals(second, position=2)]
    ((), ['repeated'])
    """

    def __init__(
        self, path: Path | str, *, windows: Windows | None = None, own_accounts: frozenset[str] = frozenset()
    ) -> None:
        self._windows = windows or default_windows()
        self._own = frozenset(_key("author", account) for account in own_accounts)
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;")
        self._database.executescript(_SCHEMA)
        self._database.execute("BEGIN")

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection, for what must be committed in the same transaction (a checkpoint)."""
        return self._database

    def commit(self) -> None:
        """Make what was learnt durable, together with anything written through `connection`."""
        self._database.execute("COMMIT")
        self._database.execute("BEGIN")

    def close(self) -> None:
        """Forget what was not committed, and free the file (Windows keeps it locked otherwise)."""
        if self._database.in_transaction:
            self._database.execute("ROLLBACK")
        self._database.close()

    def sight(self, comment: Comment) -> Sighting:
        """Note that a comment was read; say whether the same id was read before, with the same text or another.

        A comment without id is never a duplicate: two people may well write the same words.
        """
        if comment.id is None:
            return Sighting(False, False)
        key = _key("id", comment.platform or "", comment.id)
        text = hashlib.blake2b(comment.text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        known = self._database.execute("SELECT text FROM seen WHERE key = ?", (key,)).fetchone()
        if known is not None:
            if known[0] == text:
                return Sighting(True, False)
            self._database.execute("UPDATE seen SET text = ? WHERE key = ?", (text, key))
            return Sighting(False, True)
        author = _key("author", comment.author) if comment.author else None
        self._database.execute("INSERT INTO seen VALUES (?, ?, ?, ?)", (key, text, self._root(comment) or key, author))
        return Sighting(False, False)

    def signals(self, comment: Comment, *, position: int, labels: tuple[str, ...] = ()) -> tuple[Signal, ...]:
        """Signals of one comment, given those before it; the comment is remembered.

        Parameters
        ----------
        comment : Comment
            Without an author there is no thread signal: the caller says that they are missing.
        position : int
            Rank in the export, growing from call to call.
        labels : tuple of str
            Netiquette labels of the comment: only hostile comments pile on.

        Returns
        -------
        tuple of Signal
            At most one each of ``repeated``, ``private_dialogue`` and ``pile_on``.
        """
        if not comment.author:
            return ()
        author = _key("author", comment.author)
        folded = fold(comment.text)
        found = (
            self._repeated(comment, author, folded, position),
            self._private_dialogue(comment, author),
            self._pile_on(comment, author, folded, position) if HOSTILE_LABELS.intersection(labels) else None,
        )
        return tuple(signal for signal in found if signal is not None)

    def _repeated(self, comment: Comment, author: bytes, folded: str, position: int) -> Signal | None:
        windows = self._windows
        exact, drawn = fingerprint(folded), sketch(folded)
        rows = self._database.execute(
            "SELECT id, exact, sketch FROM said WHERE author = ? ORDER BY position DESC LIMIT ?",
            (author, windows.look_back_comments),
        ).fetchall()
        self._database.execute(
            "INSERT OR REPLACE INTO said VALUES (?, ?, ?, ?, ?)", (author, position, comment.id, exact, drawn)
        )
        same = [row for row in rows if row[1] == exact]
        needed = 1 if len(folded) >= windows.exact_min_chars else windows.short_occurrences - 1
        if folded and len(same) >= needed:
            return Signal("repeated", "identique", related=_related(row[0] for row in reversed(same)))
        if len(folded) < windows.near_min_chars:
            return None
        alike = similarities(drawn, [row[2] for row in rows]) if rows else ()
        near = [row for row, share in zip(rows, alike) if share >= windows.near_similarity]
        if near:
            return Signal("repeated", "presque identique", related=_related(row[0] for row in reversed(near)))
        return None

    def _private_dialogue(self, comment: Comment, author: bytes) -> Signal | None:
        root = self._root(comment)
        if root is None:
            # A comment on the publication opens a thread: its author is the first to speak there.
            if comment.id is not None:
                opened = (_key("id", comment.platform or "", comment.id), author, comment.id)
                self._database.execute("INSERT OR IGNORE INTO turns VALUES (?1, ?2, NULL, ?2, 1, ?3)", opened)
            return None
        row = self._database.execute(
            "SELECT first, second, last, length, ids FROM turns WHERE root = ?", (root,)
        ).fetchone()
        first, second, last, length, ids = row if row else (None, None, None, 0, "")
        people = {person for person in (first, second) if person is not None}
        if author == last or (author not in people and len(people) == 2) or not people:
            # The same person again, or a third one: the exchange begins anew here.
            first, second, length, ids = (
                (author, None, 1, comment.id or "")
                if author == last or last is None
                else (last, author, 2, comment.id or "")
            )
        else:
            second = second if author in people else author
            length += 1
            ids = "\n".join([*ids.split("\n"), comment.id or ""][-_MAX_RELATED - 1 :])
        self._database.execute(
            "INSERT OR REPLACE INTO turns VALUES (?, ?, ?, ?, ?, ?)", (root, first, second, author, length, ids)
        )
        if length < self._windows.turns or self._own.intersection({first, second}):
            return None
        return Signal(
            "private_dialogue", f"{length} échanges entre deux personnes", related=_related(ids.split("\n")[:-1])
        )

    def _pile_on(self, comment: Comment, author: bytes, folded: str, position: int) -> Signal | None:
        targets = [_key("tag", tag.casefold()) for tag in comment.tagged]
        if comment.parent:
            parent = self._database.execute(
                "SELECT author FROM seen WHERE key = ?", (_key("id", comment.platform or "", comment.parent),)
            ).fetchone()
            if parent and parent[0] and parent[0] != author and parent[0] not in self._own:
                targets.append(parent[0])
        if len(folded) >= self._windows.same_text_min_chars:
            targets.append(_key("said", folded))
        at_s = comment.created_at.timestamp() if comment.created_at else None
        best: Signal | None = None
        most = self._windows.people - 1
        for target in dict.fromkeys(targets):
            rows = self._database.execute(
                "SELECT author, at_s, id FROM aimed WHERE target = ? ORDER BY position DESC LIMIT 500", (target,)
            ).fetchall()
            self._database.execute(
                "INSERT OR REPLACE INTO aimed VALUES (?, ?, ?, ?, ?)", (target, position, author, at_s, comment.id)
            )
            recent = [row for row in rows if row[0] != author and self._within(at_s, row[1])]
            people = {row[0] for row in recent}
            if len(people) >= max(most, self._windows.people - 1) and (best is None or len(people) > most):
                most = len(people)
                best = Signal(
                    "pile_on",
                    f"{len(people) + 1} personnes contre la même cible",
                    related=_related(row[2] for row in recent),
                )
        return best

    def _within(self, now_s: float | None, then_s: float | None) -> bool:
        """Whether a comment is recent enough; one without a time counts, since it stands just before in the export."""
        return now_s is None or then_s is None or now_s - then_s <= self._windows.hours * 3_600

    def _root(self, comment: Comment) -> bytes | None:
        """Key of the comment that opened the thread; None for a comment on the publication."""
        if not comment.parent:
            return None
        parent = _key("id", comment.platform or "", comment.parent)
        row = self._database.execute("SELECT root FROM seen WHERE key = ?", (parent,)).fetchone()
        return bytes(row[0]) if row else parent


def _key(*parts: str) -> bytes:
    message = b"\0".join(part.encode("utf-8", "surrogatepass") for part in parts)
    return hashlib.blake2b(message, digest_size=16).digest()


def _related(ids: object) -> tuple[str, ...]:
    return tuple(one for one in ids if one)[:_MAX_RELATED]  # type: ignore[attr-defined]

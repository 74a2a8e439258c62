"""Walks the chain record by record, and tells what happened where a link does not hold.

Each record is checked under the digest stored before it. Where that fails, the walk asks what would make it hold: the
digest of a neighbour, the number that the record itself carries (``n``), the shift found so far. That tells a record
that was edited from one that was moved, doubled, or that follows one taken out, in one pass and bounded memory.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from .canonical import GENESIS_DIGEST, link

__all__ = ["Chain", "Finding", "Row"]

#: How many findings and suspects are kept in full; the rest are counted.
KEPT = 1000

#: Suspects compared with one another at the end (their number squared is the cost).
_COMPARED = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold.

    Attributes
    ----------
    seq : int
        Place in the chain, 0 for the log as a whole.
    kind : str
        ``edited``, ``dropped``, ``reordered``, ``doubled``, ``apart``, ``publication``, ``purge``, ``schema``,
        ``tail`` or ``rewritten``.
    message : str
        In French, for the person who reads.
    """

    seq: int
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Row:
    """A record as it is stored."""

    seq: int
    kind: str
    id: str
    at_us: int
    about: str | None
    seal: bytes | None
    body: str
    digest: bytes

    def digest_after(self, previous: bytes, seq: int) -> bytes:
        """Digest that the record would have at place `seq` after the digest `previous`."""
        return link(previous, seq, self.kind, self.id, self.at_us, self.about, self.seal, self.body)

    def own_number(self) -> int | None:
        """The place that the record itself says it has; None for what is stored once, which says none."""
        try:
            number = json.loads(self.body)["n"]
        except (ValueError, KeyError, TypeError):
            return None
        return number if isinstance(number, int) else None


@dataclass(slots=True)
class Chain:
    """The state of a walk.

    Examples
    --------
    >>> row = Row(1, "genesis", "x", 0, None, None, "{}", b"")
    >>> good = Row(1, "genesis", "x", 0, None, None, "{}", row.digest_after(GENESIS_DIGEST, 1))
    >>> chain = Chain()
    >>> chain.check(good)
    >>> list(chain.conclude()), chain.count
    ([], 1)
    """

    count: int = 0
    last_digest: bytes = GENESIS_DIGEST
    _shift: int = 0
    _expected: int = 1
    _computed: bytes | None = None
    _recent: deque[bytes] = field(default_factory=lambda: deque([GENESIS_DIGEST], maxlen=4))
    _after_gap: bool = False
    _findings: list[Finding] = field(default_factory=list)
    _suspects: list[Row] = field(default_factory=list)
    _moved: list[bytes] = field(default_factory=list)
    uncounted: int = 0

    def check(self, row: Row) -> None:
        """Take the next record, in the order of `seq`."""
        if row.seq != self._expected:
            self._report_gap(row)
        if row.digest_after(self.last_digest, row.seq) == row.digest:
            self._computed = None
        else:
            self._question(row)
        self.count += 1
        self._expected = row.seq + 1
        self._after_gap = False
        self.last_digest = row.digest
        self._recent.append(row.digest)

    def conclude(self, digest_at: Callable[[int], bytes | None] = lambda _: None) -> Iterator[Finding]:
        """All findings; those that need the whole chain to be told apart come last.

        Parameters
        ----------
        digest_at : callable
            Digest stored at a place of the chain.
        """
        yield from self._findings
        for row in self._suspects[:_COMPARED]:
            yield from self._diagnose(row, digest_at)
        for row in self._suspects[_COMPARED:]:
            yield Finding(row.seq, "edited", f"L'enregistrement {row.seq} ne se vérifie pas.")

    def _report_gap(self, row: Row) -> None:
        first, last = self._expected, row.seq - 1
        if row.seq < self._expected:
            self._add(Finding(row.seq, "reordered", f"L'enregistrement {row.seq} n'est pas à sa place."))
            return
        missing = (
            f"L'enregistrement {first} manque" if first == last else f"Les enregistrements {first} à {last} manquent"
        )
        self._add(Finding(first, "dropped", f"{missing}."))
        self._after_gap = True

    def _question(self, row: Row) -> None:
        """A link does not hold: find under what it would."""
        computed_before = self._computed
        self._computed = row.digest_after(self.last_digest, row.seq)
        if computed_before is not None and row.digest_after(computed_before, row.seq) == row.digest:
            # The record before is whole but for its digest: it is among the suspects already.
            self._computed = None
            return
        number = row.own_number()
        if number is None:
            number = row.seq + self._shift
        if row.digest_after(self.last_digest, number) == row.digest:
            self._report_shift(row, number)
        elif any(row.digest_after(previous, number) == row.digest for previous in self._recent):
            self._report_move(row, number)
        elif self._after_gap:
            return  # What it followed is gone: nothing to check it against; the gap is reported.
        elif len(self._suspects) < KEPT:
            self._suspects.append(row)
        else:
            self.uncounted += 1

    def _report_shift(self, row: Row, number: int) -> None:
        """The record is whole and follows the one before it, but all are counted from another place."""
        self._computed = None
        shift = number - row.seq
        count, self._shift = shift - self._shift, shift
        if count > 0:
            words = "un enregistrement a été retiré" if count == 1 else f"{count} enregistrements ont été retirés"
            self._add(
                Finding(
                    row.seq, "dropped", f"Avant l'enregistrement {row.seq}, {words} (il portait le numéro {number})."
                )
            )

    def _report_move(self, row: Row, number: int) -> None:
        """The record is whole, but does not follow the one before it."""
        self._computed = None
        if len(self._moved) < _COMPARED:
            self._moved.append(row.digest)
        if row.digest in self._recent:
            self._add(_doubled(row, number))
        elif number != row.seq:
            self._add(_moved(row, number))

    def _diagnose(self, row: Row, digest_at: Callable[[int], bytes | None]) -> Iterator[Finding]:
        """Tell what happened to a suspect, with the whole chain at hand."""
        number = row.own_number()
        others = [*self._moved, *(one.digest for one in self._suspects[:_COMPARED])]
        if any(row.digest_after(previous, row.seq) == row.digest for previous in others):
            return  # Whole and in place: the record that it follows is the one that was moved.
        if number is None or number == row.seq:
            yield Finding(row.seq, "edited", f"L'enregistrement {row.seq} a été modifié.")
            return
        before = digest_at(number - 1)
        candidates = others if before is None else [before, *others]
        if not any(row.digest_after(previous, number) == row.digest for previous in candidates):
            yield Finding(
                row.seq,
                "dropped" if number > row.seq else "reordered",
                f"L'enregistrement {row.seq} porte le numéro {number} : "
                "il a été déplacé, ou un autre a été retiré avant lui.",
            )
        elif digest_at(number) == row.digest:
            yield _doubled(row, number)
        else:
            yield _moved(row, number)

    def _add(self, finding: Finding) -> None:
        if len(self._findings) < KEPT:
            self._findings.append(finding)
        else:
            self.uncounted += 1


def _doubled(row: Row, number: int) -> Finding:
    return Finding(row.seq, "doubled", f"L'enregistrement {row.seq} est un double de l'enregistrement {number}.")


def _moved(row: Row, number: int) -> Finding:
    return Finding(row.seq, "reordered", f"L'enregistrement {row.seq} a été déplacé : il portait le numéro {number}.")

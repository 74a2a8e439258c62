"""Reads recorded decisions back, whole: the chain's three bodies, what stands apart if it still exists, what came
after.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from classifier.errors import AuditError, InputError

from . import schema
from .apart import open_payload
from .canonical import from_microseconds
from .log import AuditLog
from .privacy import MASK
from .records import read_decision

__all__ = [
    "Event",
    "KeptText",
    "Reader",
    "RecordedDecision",
    "find_author",
    "find_decision",
    "iterate_decisions",
    "read_decisions",
    "require_kept",
]

_PER_QUERY = 500


@dataclass(frozen=True, slots=True)
class Event:
    """What came after a decision: a review, a notice, an appeal or its outcome."""

    kind: str
    id: str
    at: datetime
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class KeptText:
    """What stands apart of a comment.

    Attributes
    ----------
    text : str
        As it is kept: whole, or with its hidden spans masked.
    hidden : tuple of (int, int, str)
        Masked spans and their kinds.
    whole : bool
        Whether text and publication are the originals: what the model read.
    author : str or None
        Pseudonym.
    publication : str
        What it answers; empty if none.
    moment : datetime
        Time of the comment; of its recording where `details` says ``"undated"``.
    retention, form : str
        Retention class; ``"redacted"`` or ``"encrypted"``.
    details : dict
        ``id``, ``url``, ``parent``, ``kind``, ``role``, ``proof``… where they are known.
    """

    text: str
    hidden: tuple[tuple[int, int, str], ...]
    whole: bool
    author: str | None
    publication: str
    moment: datetime
    retention: str
    form: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """A decision as the log holds it.

    Attributes
    ----------
    seq, id, at, digest : int, str, datetime, str
        Its place, its id, when it was recorded, its digest in hexadecimal.
    former_id : str
        Decision that it follows; empty if none.
    said : dict
        See `records.read_decision`.
    kept : KeptText or None
        None once destroyed.
    locked : bool
        Whether something is kept that cannot be opened without its key.
    events : tuple of Event
        In the order of the log.
    """

    seq: int
    id: str
    at: datetime
    digest: str
    former_id: str
    said: dict[str, Any]
    kept: KeptText | None
    locked: bool = False
    events: tuple[Event, ...] = field(default=())


class Reader:
    """Reads decisions in one transaction; what many share is read once."""

    def __init__(self, connection: Connection, log: AuditLog) -> None:
        self._connection = connection
        self._cipher = log.cipher
        self._objects: dict[int, dict[str, Any]] = {}
        self._publications: dict[str, str] = {}

    def read(self, rows: Sequence[Row[Any]]) -> Iterator[RecordedDecision]:
        """Decisions of rows that `_query` gave."""
        events = self._events([row.id for row in rows])
        for row in rows:
            body = json.loads(row.body)
            said = read_decision(body, self._object(body["c"]), self._object(body["o"]))
            kept, locked = self._kept(row)
            yield RecordedDecision(
                row.seq,
                row.id,
                from_microseconds(row.at_us),
                bytes(row.digest).hex(),
                row.about or "",
                said,
                kept,
                locked,
                tuple(events.get(row.id, ())),
            )

    def policy_source(self, said: dict[str, Any]) -> str:
        """Text of the policy that decided; empty if the run did not give it."""
        records = schema.records.c
        rows = self._connection.execute(select(records.body).where(records.kind == "policy"))
        for body in rows.scalars():
            policy = json.loads(body)
            if policy["sha256"] == said["policy"]["sha256"]:
                return str(policy["source"])
        return ""

    def _object(self, seq: int) -> dict[str, Any]:
        if seq not in self._objects:
            body = self._connection.execute(
                select(schema.records.c.body).where(schema.records.c.seq == seq)
            ).scalar_one()
            self._objects[seq] = json.loads(body)
        return self._objects[seq]

    def _kept(self, row: Row[Any]) -> tuple[KeptText | None, bool]:
        if row.salt is None:
            return None, False
        if row.form == "encrypted" and self._cipher is None:
            return None, True
        details = open_payload(row.form, bytes(row.salt), bytes(row.payload), self._cipher)
        hidden = tuple((start, end, kind) for start, end, kind in details.pop("hidden", ()))
        publication = self._publication(row.publication)
        kept = KeptText(
            text=details.pop("text"),
            hidden=hidden,
            whole=row.form == "encrypted" or not (hidden or MASK in publication),
            author=row.author,
            publication=publication,
            moment=from_microseconds(row.moment_us),
            retention=row.retention,
            form=row.form,
            details=details,
        )
        return kept, False

    def _publication(self, key: str | None) -> str:
        if key is None:
            return ""
        if key not in self._publications:
            columns = schema.publications.c
            body = self._connection.execute(select(columns.body).where(columns.key == key)).scalar()
            self._publications[key] = bytes(body).decode("utf-8", "surrogatepass") if body is not None else ""
        return self._publications[key]

    def _events(self, ids: Sequence[str]) -> dict[str, list[Event]]:
        records = schema.records.c
        found: dict[str, list[Event]] = {}
        for start in range(0, len(ids), _PER_QUERY):
            rows = self._connection.execute(
                select(records.about, records.kind, records.id, records.at_us, records.body)
                .where(records.about.in_(ids[start : start + _PER_QUERY]), records.kind != "decision")
                .order_by(records.seq)
            )
            for row in rows:
                event = Event(row.kind, row.id, from_microseconds(row.at_us), json.loads(row.body))
                found.setdefault(row.about, []).append(event)
        return found


def _query() -> Any:
    records, apart = schema.records.c, schema.apart.c
    return (
        select(
            records.seq,
            records.id,
            records.at_us,
            records.about,
            records.body,
            records.digest,
            apart.author,
            apart.publication,
            apart.moment_us,
            apart.retention,
            apart.form,
            apart.salt,
            apart.payload,
        )
        .select_from(schema.records.outerjoin(schema.apart, apart.seq == records.seq))
        .where(records.kind == "decision")
    )


def find_decision(log: AuditLog, decision_id: str) -> tuple[RecordedDecision, str]:
    """A decision, by its id or the beginning of it, and the text of the policy that made it.

    Raises
    ------
    InputError
        If no decision, or more than one, has this id.
    """
    wanted = decision_id.strip().lower()
    records = schema.records.c
    if not wanted or any(character not in "0123456789abcdef" for character in wanted):
        raise InputError("L'identifiant de décision n'est pas lisible.", "32 chiffres hexadécimaux, ou les premiers.")
    with log.database.read() as connection:
        # A range, not LIKE: it uses the index.
        rows = connection.execute(_query().where(records.id >= wanted, records.id < wanted + "g").limit(2)).all()
        if not rows:
            raise InputError(
                f"La décision « {wanted} » n'est pas dans ce registre.", todo="Vérifiez l'identifiant et le registre."
            )
        if len(rows) > 1:
            raise InputError(
                f"Plusieurs décisions commencent par « {wanted} ».", todo="Donnez l'identifiant au complet."
            )
        reader = Reader(connection, log)
        [decision] = reader.read(rows)
        return decision, reader.policy_source(decision.said)


def find_author(log: AuditLog, author: str) -> tuple[str, list[RecordedDecision]]:
    """All decisions on an author, oldest comment first.

    Parameters
    ----------
    author : str
        A pseudonym, or the name or identifier that the platform gives (it is turned into the pseudonym, and not kept).

    Returns
    -------
    str
        The pseudonym.
    list of RecordedDecision
        Empty if the log holds nothing on this author.
    """
    known = author.strip()
    pseudonym = known if _is_pseudonym(known) else log.pseudonym(known)
    with log.database.read() as connection:
        rows = connection.execute(
            _query().where(schema.apart.c.author == pseudonym).order_by(schema.apart.c.moment_us)
        ).all()
        return pseudonym, list(Reader(connection, log).read(rows))


def iterate_decisions(log: AuditLog) -> Iterator[RecordedDecision]:
    """All decisions of the log in the order of the chain, streamed."""
    records = schema.records.c
    with log.database.read() as connection:
        reader = Reader(connection, log)
        last = 0
        while True:
            rows = connection.execute(_query().where(records.seq > last).order_by(records.seq).limit(_PER_QUERY)).all()
            if not rows:
                return
            last = rows[-1].seq
            yield from reader.read(rows)


def read_decisions(log: AuditLog, ids: Iterable[str]) -> dict[str, RecordedDecision]:
    """Decisions of `ids`, by id; those that the log does not hold are absent."""
    wanted = sorted(set(ids))
    found: dict[str, RecordedDecision] = {}
    with log.database.read() as connection:
        reader = Reader(connection, log)
        for start in range(0, len(wanted), _PER_QUERY):
            some = wanted[start : start + _PER_QUERY]
            rows = connection.execute(_query().where(schema.records.c.id.in_(some))).all()
            found.update({decision.id: decision for decision in reader.read(rows)})
    return found


def require_kept(decision: RecordedDecision) -> KeptText:
    """What stands apart of a decision.

    Raises
    ------
    AuditError
        If it was destroyed, or cannot be opened.
    """
    if decision.kept is not None:
        return decision.kept
    reason = "est chiffré et sa clé manque" if decision.locked else "a été détruit"
    raise AuditError(f"Le texte de la décision {decision.id} {reason}.")


def _is_pseudonym(author: str) -> bool:
    return len(author) == 21 and author[0] == "a" and all(character in "0123456789abcdef" for character in author[1:])

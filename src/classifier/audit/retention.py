"""Destruction of what stands apart, by retention class and date: recorded in the chain first, then done for good.

The record of a destruction says what, under which rule, by whom and how many; the ranges of records destroyed let
anybody verify
that nothing else went. The decision itself stays, without text, author or link.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, text

from classifier.errors import AuditError, UsageError

from . import schema
from .apart import RETENTION_CLASSES
from .canonical import canonical_json, to_microseconds
from .events import Draft
from .log import AuditLog
from .writer import Writer

__all__ = ["PurgeResult", "compact", "count_purgeable", "purge"]

#: Ranges that one record of destruction lists.
_RANGES_PER_RECORD = 500


@dataclass(frozen=True, slots=True)
class PurgeResult:
    """What a purge did (or would do).

    Attributes
    ----------
    destroyed : int
        Rows destroyed.
    held : int
        Rows kept because an appeal is open on their decision.
    proofs : tuple of str
        Ids of the records of destruction.
    """

    destroyed: int
    held: int
    proofs: tuple[str, ...] = ()


def count_purgeable(log: AuditLog, classes: Sequence[str], before: datetime) -> PurgeResult:
    """How many rows a purge would destroy, without destroying any."""
    with log.database.read() as connection:
        chosen = connection.execute(
            select(func.count()).select_from(schema.apart).where(_chosen(classes, before))
        ).scalar_one()
        held = len(_held(connection, classes, before))
    return PurgeResult(chosen - held, held)


def purge(log: AuditLog, classes: Sequence[str], before: datetime, *, by: str, rule: str) -> PurgeResult:
    """Destroy texts, pseudonyms and links of decisions whose comment is older than `before`.

    Parameters
    ----------
    classes : sequence of str
        Keys of `RETENTION_CLASSES`.
    before : datetime
        Aware; comments of this time or later stay.
    by : str
        Function of the person who destroys.
    rule : str
        Rule of the retention schedule that is applied.

    Returns
    -------
    PurgeResult
        Decisions with an open appeal are held back and counted.

    Raises
    ------
    UsageError
        If a class is not known, or nobody or no rule is named.
    AuditError
        If the database refuses; nothing is then destroyed.
    """
    _check(classes, before, by, rule)
    with log.database.write() as connection:
        held = _held(connection, classes, before)
        rows = connection.execute(
            select(schema.apart.c.seq).where(_chosen(classes, before)).order_by(schema.apart.c.seq)
        )
        ranges = list(_ranges(seq for seq in rows.scalars() if seq not in held))
        destroyed = sum(last - first + 1 for first, last in ranges)
        proofs = _record(connection, log, ranges, classes, before, by, rule)
        for first, last in ranges:
            connection.execute(delete(schema.apart).where(schema.apart.c.seq.between(first, last)))
        _drop_publications(connection)
    if destroyed:
        _compact(log)
    return PurgeResult(destroyed, len(held), tuple(proofs))


def _check(classes: Sequence[str], before: datetime, by: str, rule: str) -> None:
    unknown = [one for one in classes if one not in RETENTION_CLASSES]
    if unknown or not classes:
        raise UsageError(
            f"Classe de conservation inconnue : {', '.join(unknown) or 'aucune'}.", ", ".join(RETENTION_CLASSES) + "."
        )
    if before.tzinfo is None:
        raise UsageError("La date limite n'a pas de fuseau horaire.")
    if not by.strip() or not rule.strip():
        raise UsageError(
            "Une destruction doit dire qui la fait et selon quelle règle.",
            "la fonction de la personne et la règle du calendrier de conservation.",
        )


def _chosen(classes: Sequence[str], before: datetime) -> ColumnElement[bool]:
    return and_(schema.apart.c.retention.in_(classes), schema.apart.c.moment_us < to_microseconds(before))


def _held(connection: Connection, classes: Sequence[str], before: datetime) -> set[int]:
    """Rows whose decision has an appeal that nobody has decided yet."""
    records, apart = schema.records, schema.apart
    appeal, answer = records.alias("appeal"), records.alias("answer")
    answers = (
        select(func.count())
        .select_from(answer)
        .where(answer.c.about == appeal.c.about, answer.c.kind == "appeal_decision", answer.c.seq > appeal.c.seq)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(apart.c.seq)
        .join(records, records.c.seq == apart.c.seq)
        .join(appeal, appeal.c.about == records.c.id)
        .where(_chosen(classes, before), appeal.c.kind == "appeal", answers == 0)
    )
    return set(rows.scalars())


def _ranges(seqs: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Runs of consecutive numbers.

    >>> list(_ranges([1, 2, 3, 7, 9, 10]))
    [(1, 3), (7, 7), (9, 10)]
    """
    first = last = -1
    for seq in seqs:
        if seq != last + 1 or first < 0:
            if first >= 0:
                yield first, last
            first = seq
        last = seq
    if first >= 0:
        yield first, last


def _record(
    connection: Connection,
    log: AuditLog,
    ranges: Sequence[tuple[int, int]],
    classes: Sequence[str],
    before: datetime,
    by: str,
    rule: str,
) -> list[str]:
    proofs = []
    for start in range(0, len(ranges), _RANGES_PER_RECORD):
        some = ranges[start : start + _RANGES_PER_RECORD]
        body = {
            "before": before.isoformat(),
            "by": by,
            "classes": sorted(classes),
            "count": sum(last - first + 1 for first, last in some),
            "ranges": [list(one) for one in some],
            "rule": rule,
        }
        # What was destroyed cannot be destroyed again: the ranges make the id unique.
        proof = sha256(f"destruction\n{canonical_json(body)}".encode()).hexdigest()[:32]
        writer = Writer(connection, log.clock, {})
        writer.write([Draft("destruction", proof, body)])
        connection.execute(
            insert(schema.purges),
            [{"seq": writer.head.seq, "first_seq": first, "last_seq": last} for first, last in some],
        )
        proofs.append(proof)
    return proofs


def _drop_publications(connection: Connection) -> None:
    """A publication that nothing refers to any more has served its purpose."""
    used = select(schema.apart.c.publication).where(schema.apart.c.publication == schema.publications.c.key).exists()
    connection.execute(delete(schema.publications).where(~used))


def _compact(log: AuditLog) -> None:
    """Leave no trace in the files: `secure_delete` has zeroed the cells, VACUUM rewrites the pages, the journal is
    cut to zero.
    """
    try:
        with log.database.autocommit() as connection:
            if log.database.dialect == "sqlite":
                connection.execute(text("VACUUM"))
                busy = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).scalar_one()
            else:
                connection.execute(text("VACUUM FULL audit_apart"))
                connection.execute(text("VACUUM FULL audit_publications"))
                busy = 0
    except AuditError as error:
        raise _left(error.came) from None
    if busy:
        raise _left("Un autre programme lit le registre.")


def _left(came: str) -> AuditError:
    return AuditError(
        f"{came} La destruction est consignée et faite, mais d'anciennes pages peuvent en garder la trace.",
        todo="Fermez les autres programmes, puis exécutez « classifier audit purge --compact ».",
    )


def compact(log: AuditLog) -> None:
    """Rewrite the files without what was destroyed (after a purge that another reader kept from doing it)."""
    _compact(log)

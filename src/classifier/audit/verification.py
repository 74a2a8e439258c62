"""`verify`: reads the whole log once, in bounded memory, and says what does not hold.

It needs no key: anybody who may read the database may verify it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, LargeBinary, cast, func, select
from sqlalchemy.sql.elements import ColumnElement

from . import schema
from .canonical import FORMAT, publication_key, seal
from .chain import KEPT, Chain, Finding, Row
from .checkpoints import Checkpoint
from .database import Database

__all__ = ["Report", "verify"]

_ROWS_PER_FETCH = 500

#: A row of `audit_apart`, in the order of its columns.
Beside = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification found.

    Attributes
    ----------
    records, decisions, kept, destroyed : int
        Records read; decisions among them; rows kept apart; rows whose destruction is recorded.
    head_digest : str
        Digest of the last record, in hexadecimal.
    findings : tuple of Finding
        The first thousand things that do not hold; empty if the log is whole.
    uncounted : int
        Findings beyond those.
    """

    records: int
    decisions: int
    kept: int
    destroyed: int
    head_digest: str
    findings: tuple[Finding, ...]
    uncounted: int

    @property
    def holds(self) -> bool:
        """Whether everything holds."""
        return not self.findings


def verify(
    database: Database,
    *,
    checkpoints: Sequence[Checkpoint] = (),
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Verify a log.

    Parameters
    ----------
    database : Database
        `AuditLog.database`, or one opened for reading.
    checkpoints : sequence of Checkpoint
        Signed ends of the chain, kept elsewhere: without one, a tail that was cut and a log written anew cannot be
        seen.
    progress : callable, optional
        Told how many records were read since the last time.
    """
    walk = _Walk(checkpoints)
    with database.read() as connection:
        walk.check_schema(connection)
        walk.open_ranges(connection)
        for batch in _batches(connection):
            for row, beside in batch:
                walk.check(row, beside, connection)
            if progress is not None:
                progress(len(batch))
        walk.check_purges(connection)
        walk.check_tail()
        walk.check_orphans(connection)
        walk.check_publications(connection)
        told = list(walk.chain.conclude(lambda seq: _digest_at(connection, seq)))
    findings = sorted([*told, *walk.findings], key=lambda finding: finding.seq)
    return Report(
        walk.chain.count,
        walk.decisions,
        walk.kept,
        walk.destroyed,
        walk.chain.last_digest.hex(),
        tuple(findings[:KEPT]),
        walk.chain.uncounted + max(0, len(findings) - KEPT),
    )


class _Walk:
    def __init__(self, checkpoints: Sequence[Checkpoint]) -> None:
        self._checkpoints = {checkpoint.seq: checkpoint for checkpoint in checkpoints}
        self.chain = Chain()
        self.findings: list[Finding] = []
        self.decisions = self.kept = self.destroyed = 0
        self._ranges: _Ranges | None = None

    def add(self, seq: int, kind: str, message: str) -> None:
        if len(self.findings) <= KEPT:
            self.findings.append(Finding(seq, kind, message))

    def check(self, row: Row, beside: Beside | None, connection: Connection) -> None:
        self.chain.check(row)
        if row.kind == "decision":
            self.decisions += 1
        elif row.kind == "destruction":
            self._check_destruction(row, connection)
        elif row.kind == "genesis":
            self._check_genesis(row)
        if (checkpoint := self._checkpoints.pop(row.seq, None)) is not None and checkpoint.digest != row.digest.hex():
            self.add(
                row.seq,
                "rewritten",
                f"L'enregistrement {row.seq} n'est pas celui du point de contrôle {_told(checkpoint)}.",
            )
        if row.seal is not None:
            self._check_apart(row, beside)
        elif beside is not None:
            self.add(
                row.seq, "apart", f"Un texte est conservé pour l'enregistrement {row.seq}, qui n'en annonce aucun."
            )

    def _check_apart(self, row: Row, beside: Beside | None) -> None:
        purged = self._ranges is not None and self._ranges.covers(row.seq)
        if beside is None:
            if purged:
                self.destroyed += 1
            else:
                self.add(
                    row.seq, "apart", f"Le texte de l'enregistrement {row.seq} a disparu sans destruction consignée."
                )
            return
        self.kept += 1
        if purged:
            self.add(row.seq, "apart", f"Le texte de l'enregistrement {row.seq}, dit détruit, est encore là.")
        if not _seal_holds(beside, row.seal):
            self.add(row.seq, "apart", f"Le texte ou l'auteur conservé pour l'enregistrement {row.seq} a été modifié.")

    def _check_destruction(self, row: Row, connection: Connection) -> None:
        columns = schema.purges.c
        stored = connection.execute(
            select(columns.first_seq, columns.last_seq).where(columns.seq == row.seq).order_by(columns.first_seq)
        ).all()
        if [list(one) for one in stored] != _listed_ranges(row):
            self.add(
                row.seq, "purge", f"La table des destructions ne dit pas ce que l'enregistrement {row.seq} consigne."
            )

    def _check_genesis(self, row: Row) -> None:
        if f'"format":{FORMAT},' not in row.body:
            self.add(row.seq, "schema", "Le premier enregistrement annonce un format que ce programme ne connaît pas.")
        for checkpoint in self._checkpoints.values():
            if checkpoint.log != row.id:
                self.add(
                    row.seq, "rewritten", f"Le point de contrôle {_told(checkpoint)} est celui d'un autre registre."
                )

    def check_tail(self) -> None:
        for checkpoint in self._checkpoints.values():
            self.add(
                checkpoint.seq,
                "tail",
                f"Le registre s'arrête à {self.chain.count} enregistrements ; il en comptait {checkpoint.seq} "
                f"au point de contrôle {_told(checkpoint)} : sa fin a été coupée.",
            )

    def check_schema(self, connection: Connection) -> None:
        expected = [(migration.version, migration.change) for migration in schema.MIGRATIONS]
        columns = schema.versions.c
        rows = connection.execute(
            select(columns.version, _bytes(connection, columns.change)).order_by(columns.version)
        ).all()
        if [(version, _text(change)) for version, change in rows] != expected:
            self.add(0, "schema", "La liste des changements de schéma n'est pas celle de ce programme.")

    def open_ranges(self, connection: Connection) -> None:
        self._ranges = _Ranges(connection)

    def check_purges(self, connection: Connection) -> None:
        purges, records = schema.purges.c, schema.records.c
        rows = connection.execute(
            select(purges.seq)
            .distinct()
            .outerjoin(schema.records, (records.seq == purges.seq) & (records.kind == "destruction"))
            .where(records.seq.is_(None))
            .limit(KEPT)
        )
        for seq in rows.scalars():
            self.add(
                seq, "purge", f"Une destruction est dite consignée sous le numéro {seq}, qui n'en consigne aucune."
            )

    def check_orphans(self, connection: Connection) -> None:
        apart, records = schema.apart, schema.records
        rows = connection.execute(
            select(apart.c.seq)
            .outerjoin(records, records.c.seq == apart.c.seq)
            .where(records.c.seq.is_(None))
            .order_by(apart.c.seq)
            .limit(KEPT)
        )
        for seq in rows.scalars():
            self.add(seq, "apart", f"Un texte est conservé sous le numéro {seq}, sans enregistrement.")

    def check_publications(self, connection: Connection) -> None:
        columns = schema.publications.c
        rows = connection.execute(
            select(_bytes(connection, columns.key), columns.body), execution_options={"yield_per": _ROWS_PER_FETCH}
        )
        for key, body in rows:
            if publication_key(bytes(body)) != _text(key):
                self.add(0, "publication", "Une publication conservée ne correspond plus à son empreinte.")
        missing = connection.execute(
            select(func.min(schema.apart.c.seq))
            .outerjoin(schema.publications, columns.key == schema.apart.c.publication)
            .where(schema.apart.c.publication.is_not(None), columns.key.is_(None))
        ).scalar()
        if missing is not None:
            self.add(missing, "publication", f"La publication citée par l'enregistrement {missing} manque.")


def _batches(connection: Connection) -> Iterator[list[tuple[Row, Beside | None]]]:
    records, apart = schema.records.c, schema.apart.c
    query = (
        select(
            records.seq,
            _bytes(connection, records.kind),
            _bytes(connection, records.id),
            records.at_us,
            _bytes(connection, records.about),
            records.seal,
            _bytes(connection, records.body),
            records.digest,
            apart.seq,
            _bytes(connection, apart.author),
            _bytes(connection, apart.subject),
            _bytes(connection, apart.publication),
            apart.moment_us,
            _bytes(connection, apart.retention),
            _bytes(connection, apart.form),
            apart.salt,
            apart.payload,
        )
        .select_from(schema.records.outerjoin(schema.apart, apart.seq == records.seq))
        .order_by(records.seq)
    )
    result = connection.execute(query, execution_options={"yield_per": _ROWS_PER_FETCH})
    for partition in result.partitions():
        batch = []
        for found in partition:
            row = Row(
                found[0],
                _text(found[1]) or "",
                _text(found[2]) or "",
                found[3],
                _text(found[4]),
                bytes(found[5]) if found[5] is not None else None,
                _text(found[6]) or "",
                bytes(found[7]),
            )
            batch.append((row, tuple(found[8:]) if found[8] is not None else None))
        yield batch


def _digest_at(connection: Connection, seq: int) -> bytes | None:
    digest = connection.execute(select(schema.records.c.digest).where(schema.records.c.seq == seq)).scalar()
    return bytes(digest) if digest is not None else None


def _told(checkpoint: Checkpoint) -> str:
    return f"du {checkpoint.at[:10]} ({checkpoint.at[11:16]})"


def _seal_holds(beside: Beside, sealed: bytes | None) -> bool:
    _, author, subject, publication, moment_us, retention, form, salt, payload = beside
    try:
        found = seal(
            bytes(salt),
            _text(author),
            _text(subject),
            _text(publication),
            moment_us,
            _text(retention) or "",
            _text(form) or "",
            bytes(payload),
        )
    except (TypeError, UnicodeError):
        return False
    return found == sealed


def _bytes(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The column's bytes: damaged text in SQLite would otherwise stop the driver before it can be reported."""
    return cast(column, LargeBinary) if connection.dialect.name == "sqlite" else column


def _text(value: bytes | str | None) -> str | None:
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


class _Ranges:
    """The ranges destroyed, read beside the chain in the same order: never all in memory."""

    def __init__(self, connection: Connection) -> None:
        columns = schema.purges.c
        query = select(columns.first_seq, columns.last_seq).order_by(columns.first_seq)
        self._rows = iter(connection.execute(query, execution_options={"yield_per": _ROWS_PER_FETCH}))
        self._first, self._last = 0, 0

    def covers(self, seq: int) -> bool:
        """Whether `seq`, never smaller than the one asked before, is in a range."""
        while seq > self._last:
            row = next(self._rows, None)
            if row is None:
                return False
            self._first, self._last = row[0], row[1]
        return self._first <= seq


def _listed_ranges(row: Row) -> list[list[int]] | None:
    try:
        return sorted([int(first), int(last)] for first, last in json.loads(row.body)["ranges"])
    except (ValueError, KeyError, TypeError):
        return None  # A damaged body: the chain says so too.

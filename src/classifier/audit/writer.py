"""Gives records their places in the chain, inside one write transaction, and reads the chain's two ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from classifier.errors import AuditError

from . import schema
from .canonical import GENESIS_DIGEST, canonical_json, link, to_microseconds
from .events import Draft

__all__ = ["Head", "Writer", "known_ids", "read_genesis", "read_head", "split_ids"]

#: How many ids one query may carry (SQLite once stopped at 999 variables).
_IDS_PER_QUERY = 500


@dataclass(frozen=True, slots=True)
class Head:
    """End of the chain: how many records, and the digest of the last."""

    seq: int
    digest: bytes


class Writer:
    """Gives drafts their places in the chain, inside one write transaction."""

    def __init__(self, connection: Connection, clock: Callable[[], datetime], places: dict[str, int]) -> None:
        self._connection = connection
        self._places = places
        self.new_places: dict[str, int] = {}
        self.head = read_head(connection)
        self._at_us = to_microseconds(clock())
        self._rows: list[dict[str, Any]] = []
        self._apart_rows: list[dict[str, Any]] = []
        self._publications: dict[str, bytes] = {}

    def write(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Insert what is new among `drafts`, in order, and return it."""
        seen = known_ids(self._connection, [draft.id for draft in drafts])
        fresh: list[Draft] = []
        for draft in drafts:
            if draft.id not in seen:
                seen.add(draft.id)
                fresh.append(draft)
        self._find_places({stored.id for draft in fresh for stored in draft.objects})
        for draft in fresh:
            self._place(draft)
        if self._rows:
            self._connection.execute(insert(schema.records), self._rows)
        self._insert_publications()
        if self._apart_rows:
            self._connection.execute(insert(schema.apart), self._apart_rows)
        return fresh

    def _place(self, draft: Draft) -> None:
        body = dict(draft.body)
        for stored, name in zip(draft.objects, draft.names, strict=True):
            place = self._places.get(stored.id) or self.new_places.get(stored.id)
            if place is None:
                place = self.new_places[stored.id] = self._add(stored.kind, stored.id, None, None, stored.body)
            if name:
                body[name] = place
        body["n"] = self.head.seq + 1
        sealed = draft.apart.seal if draft.apart is not None else None
        seq = self._add(draft.kind, draft.id, draft.about, sealed, canonical_json(body))
        if draft.apart is not None:
            self._apart_rows.append(draft.apart.row(seq))
            if draft.apart.publication_body:
                self._publications[draft.apart.publication or ""] = draft.apart.publication_body

    def _add(self, kind: str, record_id: str, about: str | None, sealed: bytes | None, body: str) -> int:
        seq = self.head.seq + 1
        digest = link(self.head.digest, seq, kind, record_id, self._at_us, about, sealed, body)
        self._rows.append(
            {
                "seq": seq,
                "kind": kind,
                "id": record_id,
                "at_us": self._at_us,
                "about": about,
                "seal": sealed,
                "body": body,
                "digest": digest,
            }
        )
        self.head = Head(seq, digest)
        return seq

    def _find_places(self, ids: set[str]) -> None:
        for some in split_ids([one for one in ids if one not in self._places]):
            rows = self._connection.execute(
                select(schema.records.c.id, schema.records.c.seq).where(schema.records.c.id.in_(some))
            )
            self.new_places.update({row.id: row.seq for row in rows})

    def _insert_publications(self) -> None:
        known: set[str] = set()
        for some in split_ids(list(self._publications)):
            known.update(
                self._connection.execute(
                    select(schema.publications.c.key).where(schema.publications.c.key.in_(some))
                ).scalars()
            )
        rows = [{"key": key, "body": body} for key, body in self._publications.items() if key not in known]
        if rows:
            self._connection.execute(insert(schema.publications), rows)


def read_head(connection: Connection) -> Head:
    """End of the chain as this transaction sees it."""
    records = schema.records
    row = connection.execute(select(records.c.seq, records.c.digest).order_by(records.c.seq.desc()).limit(1)).first()
    return Head(row.seq, bytes(row.digest)) if row is not None else Head(0, GENESIS_DIGEST)


def read_genesis(connection: Connection) -> dict[str, Any]:
    """What the first record says."""
    row = connection.execute(select(schema.records.c.body).where(schema.records.c.seq == 1)).first()
    try:
        genesis = json.loads(row.body) if row is not None else None
    except ValueError:
        genesis = None
    if not isinstance(genesis, dict) or not {"key", "log"} <= genesis.keys():
        raise AuditError("Le premier enregistrement du registre manque ou est abîmé.", todo="Restaurez une copie.")
    return genesis


def known_ids(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Which of these ids are records."""
    found: set[str] = set()
    for some in split_ids(ids):
        found.update(connection.execute(select(schema.records.c.id).where(schema.records.c.id.in_(some))).scalars())
    return found


def split_ids(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Ids in groups that one query can carry."""
    for start in range(0, len(ids), _IDS_PER_QUERY):
        yield ids[start : start + _IDS_PER_QUERY]

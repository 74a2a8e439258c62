"""Tables, triggers and migrations of the log.

Four tables. ``audit_records`` is the chain and only ever grows. ``audit_apart`` holds what can be destroyed (redacted
text,
pseudonym, link), ``audit_publications`` the publications that were commented on, ``audit_purges`` the ranges whose
destruction the chain records: a row of ``audit_apart`` can be deleted only inside such a range.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, LargeBinary, MetaData, Table, Text, inspect, text

from classifier.errors import AuditError

from . import triggers

__all__ = ["MIGRATIONS", "Migration", "apart", "migrate", "publications", "purges", "records", "schema_version"]

_metadata = MetaData()

#: SQLite makes a 64-bit rowid of « INTEGER PRIMARY KEY » only; PostgreSQL needs « BIGINT ».
_Seq = BigInteger().with_variant(Integer, "sqlite")

records = Table(
    "audit_records",
    _metadata,
    Column("seq", _Seq, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("about", Text),
    Column("seal", LargeBinary),
    Column("body", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
)
Index("audit_records_id", records.c.id, unique=True)
Index(
    "audit_records_about",
    records.c.about,
    sqlite_where=records.c.about.is_not(None),
    postgresql_where=records.c.about.is_not(None),
)

apart = Table(
    "audit_apart",
    _metadata,
    Column("seq", _Seq, primary_key=True, autoincrement=False),
    Column("author", Text),
    Column("subject", Text),
    Column("publication", Text),
    Column("moment_us", BigInteger, nullable=False),
    Column("retention", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)
Index(
    "audit_apart_author",
    apart.c.author,
    sqlite_where=apart.c.author.is_not(None),
    postgresql_where=apart.c.author.is_not(None),
)
Index(
    "audit_apart_subject",
    apart.c.subject,
    sqlite_where=apart.c.subject.is_not(None),
    postgresql_where=apart.c.subject.is_not(None),
)

Index(
    "audit_apart_publication",
    apart.c.publication,
    sqlite_where=apart.c.publication.is_not(None),
    postgresql_where=apart.c.publication.is_not(None),
)

publications = Table(
    "audit_publications",
    _metadata,
    Column("key", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

purges = Table(
    "audit_purges",
    _metadata,
    Column("seq", _Seq, primary_key=True, autoincrement=False),
    Column("first_seq", _Seq, primary_key=True, autoincrement=False),
    Column("last_seq", _Seq, nullable=False),
)

# A destroyed row lies in the first range that ends at or after it: one look-up, however many ranges there are.
Index("audit_purges_last", purges.c.last_seq, purges.c.first_seq)

versions = Table(
    "audit_schema",
    _metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("change", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Migration:
    """One change of the schema: applied whole, with the line that says so, or not at all."""

    version: int
    change: str
    apply: Callable[[Connection], None]


def _create_tables(connection: Connection) -> None:
    _metadata.create_all(connection, tables=[records, apart, publications, purges])


def _create_triggers(connection: Connection) -> None:
    for statement in triggers.statements(connection.dialect.name):
        connection.execute(text(statement))


#: Every change since the first version, oldest first. Never edit one that was released: add the next.
MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, "tables", _create_tables),
    Migration(2, "triggers: append-only", _create_triggers),
)


def schema_version(connection: Connection) -> int:
    """Version of the schema found; 0 if there is no log in this database."""
    if not inspect(connection).has_table(versions.name):
        return 0
    return int(connection.execute(text("SELECT coalesce(max(version), 0) FROM audit_schema")).scalar_one())


def migrate(connection: Connection, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Bring the schema up to date inside the caller's transaction: all of it or nothing.

    Returns
    -------
    int
        How many changes were applied.

    Raises
    ------
    AuditError
        If the log was written by a later version of the program.
    """
    found = schema_version(connection)
    if found > migrations[-1].version:
        raise AuditError(
            f"Ce registre est au format de schéma {found}, plus récent que ce programme ({migrations[-1].version}).",
            todo="Mettez le programme à jour.",
        )
    if found == 0:
        versions.create(connection, checkfirst=True)
    applied = 0
    for migration in migrations:
        if migration.version > found:
            migration.apply(connection)
            connection.execute(versions.insert().values(version=migration.version, change=migration.change))
            applied += 1
    return applied

"""Schema changes: all of one, with the line that says so, or none; a later schema is refused."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy import text

from classifier.audit import AuditLog
from classifier.audit.database import Database
from classifier.audit.schema import MIGRATIONS, Migration, migrate, schema_version
from classifier.errors import AuditError


def add_column(connection):
    connection.execute(text("ALTER TABLE audit_publications ADD COLUMN note TEXT"))


def fail(connection):
    add_column(connection)
    connection.execute(text("ALTER TABLE nowhere ADD COLUMN x TEXT"))


def test_a_log_begins_with_the_last_schema(log):
    with log.database.read() as connection:
        assert schema_version(connection) == MIGRATIONS[-1].version
    assert [one.version for one in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


@pytest.mark.parametrize("server", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_a_change_is_applied_whole_or_not_at_all(server, path, request):
    url = f"sqlite:///{path}" if server == "sqlite" else request.getfixturevalue("postgresql")
    AuditLog.open(url, key=bytes(32)).close()
    database = Database(url, create=False)
    version = MIGRATIONS[-1].version
    with pytest.raises(AuditError), database.write() as connection:
        migrate(connection, [*MIGRATIONS, Migration(version + 1, "note", fail)])
    with database.read() as connection:
        assert schema_version(connection) == version
    with pytest.raises(AuditError), database.read() as connection:
        connection.execute(text("SELECT note FROM audit_publications"))
    with database.write() as connection:
        assert migrate(connection, [*MIGRATIONS, Migration(version + 1, "note", add_column)]) == 1
        assert migrate(connection, [*MIGRATIONS, Migration(version + 1, "note", add_column)]) == 0
    with database.read() as connection:
        connection.execute(text("SELECT note FROM audit_publications"))
    with pytest.raises(AuditError, match="plus récent"):
        AuditLog.open(url, key=bytes(32))
    database.close()


def test_a_first_version_is_brought_up_to_date(path, fill):
    connection = sqlite3.connect(path)
    database = Database(f"sqlite:///{path}", create=True)
    with database.write() as first:
        migrate(first, MIGRATIONS[:1])
    assert not connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    database.close()
    with AuditLog.open(f"sqlite:///{path}") as log:
        fill(log, 3)
    assert connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()

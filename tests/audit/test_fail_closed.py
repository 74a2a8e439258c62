"""Full disk, lock, lost connection, killed process, many writers: no row without its record, no record twice."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text

import classifier.audit.database as database
from classifier.audit import AuditLog, verify
from classifier.errors import AuditError

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src")}


def append_in_batches(log, item, shown):
    for start in range(1, 400, 10):
        log.append([item(log, number) for number in range(start, start + 10)])
        shown += range(start, start + 10)


def test_a_full_disk_stops_the_run_and_the_work_resumes(log, item, check, path):
    log.append([item(log, 0)])
    pages = sqlite3.connect(path).execute("PRAGMA page_count").fetchone()[0]
    engine = log.database._engine
    engine.dispose()

    def limit(connection, _):
        connection.execute(f"PRAGMA max_page_count = {pages + 4}")

    event.listen(engine, "connect", limit)
    shown: list[int] = []
    with pytest.raises(AuditError, match="plus de place"):
        append_in_batches(log, item, shown)
    assert log.not_recorded == 10
    assert check(path).decisions == len(shown) + 1
    event.remove(engine, "connect", limit)
    engine.dispose()
    log.append([item(log, number) for number in range(100)])
    assert log.not_recorded == 0
    report = check(path)
    assert (report.holds, report.decisions) == (True, 100)


def test_a_lock_that_lasts_stops_the_run(path, item, check, monkeypatch):
    monkeypatch.setattr(database, "LOCK_WAIT_S", 0.2)
    with AuditLog.open(f"sqlite:///{path}") as log:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(AuditError, match="un autre programme l'occupe"):
            log.append([item(log, 0)])
        other.execute("ROLLBACK")
        assert log.append([item(log, 0)]).recorded == 1
    assert check(path).holds


def test_a_log_that_may_not_be_written(path, item):
    AuditLog.open(f"sqlite:///{path}").close()
    with AuditLog.open(f"sqlite:///{path}") as log:
        engine = log.database._engine
        engine.dispose()
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only = ON"))
        with pytest.raises(AuditError, match="lecture seule"):
            log.append([item(log, 0)])
        assert log.not_recorded == 1


def test_a_process_killed_inside_the_transaction_leaves_nothing(path, check):
    script = (
        "import os, sys; sys.path.insert(0, 'tools')\n"
        "from demo_decisions import make_items\n"
        "from classifier.audit import AuditLog\n"
        "import classifier.audit.writer as module\n"
        f"log = AuditLog.open('sqlite:///{path.as_posix()}')\n"
        "log.append(list(make_items(log, 0, 10)))\n"
        "module.Writer._insert_publications = lambda self: os._exit(9)\n"
        "log.append(list(make_items(log, 10, 10)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=ENVIRONMENT)
    assert done.returncode == 9
    report = check(path)
    assert (report.holds, report.decisions) == (True, 10)


@pytest.mark.parametrize(
    ("script", "options"),
    [("demo_audit_writers", ["--processes", "4", "--records", "500"]), ("demo_audit_kills", ["--kills", "10"])],
)
def test_demonstrations(script, options):
    command = [sys.executable, str(ROOT / "tools" / f"{script}.py"), *options]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 anomalie(s)" in done.stdout


@pytest.mark.postgresql
def test_postgresql_records_verifies_and_refuses(postgresql, item, fill):
    with AuditLog.open(postgresql, key=bytes(32)) as log:
        ids = fill(log, 300)
        fill(log, 300, start=200)
        report = verify(log.database)
        assert (report.holds, report.decisions, report.kept) == (True, 500, 500)
        assert log.known(ids) == set(ids)
        comment, decision = item(log, 3)
        assert log.former("ville-inventee", "facebook", [comment.id]) == {comment.id: decision.decision_id}
        for statement in (
            "UPDATE audit_records SET body = '{}'",
            "DELETE FROM audit_records",
            "TRUNCATE audit_records",
            "DELETE FROM audit_apart",
            "UPDATE audit_apart SET author = 'x'",
            "INSERT INTO audit_purges VALUES (2, 1, 9)",
        ):
            with pytest.raises(AuditError, match="refuse de réécrire"), log.database.write() as connection:
                connection.execute(text(statement))
        with log.database.write() as connection:
            connection.execute(text("ALTER TABLE audit_records DISABLE TRIGGER ALL"))
            connection.execute(text("UPDATE audit_records SET body = body || ' ' WHERE seq = 40"))
        assert [finding.seq for finding in verify(log.database).findings] == [40]


@pytest.mark.postgresql
def test_postgresql_many_writers(postgresql):
    command = [sys.executable, str(ROOT / "tools" / "demo_audit_writers.py"), "--url", postgresql, "--records", "300"]
    environment = {**ENVIRONMENT, "CLASSIFIER_AUDIT_KEY": "ab" * 32}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.postgresql
def test_postgresql_lost_connection_resumes(postgresql, item):
    with AuditLog.open(postgresql, key=bytes(32)) as log:
        log.append([item(log, 0)])
        killer = create_engine(log.database._engine.url, isolation_level="AUTOCOMMIT")
        import classifier.audit.writer as module

        real = module.Writer._insert_publications

        def cut(writer):
            with killer.connect() as connection:
                connection.execute(
                    text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                         "AND pid <> pg_backend_pid()")
                )  # fmt: skip
            real(writer)

        module.Writer._insert_publications = cut
        try:
            with pytest.raises(AuditError, match="connexion"):
                log.append([item(log, number) for number in range(1, 9)])
        finally:
            module.Writer._insert_publications = real
        assert log.not_recorded == 8
        assert log.append([item(log, number) for number in range(9)]).recorded == 8
        assert log.not_recorded == 0
        assert verify(log.database).holds
        killer.dispose()


@pytest.mark.postgresql
def test_postgresql_lock_stops_the_run(postgresql, item, monkeypatch):
    monkeypatch.setattr(database, "LOCK_WAIT_S", 1)
    with AuditLog.open(postgresql, key=bytes(32)) as log:
        with log.database.write(), pytest.raises(AuditError, match="occupe"):
            log.append([item(log, 0)])
        assert log.append([item(log, 0)]).recorded == 1


def test_postgresql_needs_a_key_from_outside():
    with pytest.raises(AuditError):
        AuditLog.open("postgresql+psycopg://nobody@127.0.0.1:1/none")

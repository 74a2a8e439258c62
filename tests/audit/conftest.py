"""A log, made-up decisions (those of `tools/demo_decisions.py`), and a way to edit the database behind the log's
back."""

from __future__ import annotations

import importlib.util
import os
import secrets
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import create_engine, text

from classifier.audit import AuditLog
from classifier.audit.verification import Report, verify

TOOLS = Path(__file__).resolve().parents[2] / "tools"
KEY = bytes(range(32))


def _load(name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)
    return module


made = _load("demo_decisions")


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CLASSIFIER_AUDIT_KEY", "CLASSIFIER_AUDIT_TEXT_KEY", "CLASSIFIER_AUDIT_SIGNING_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit.db"


@pytest.fixture
def log(path: Path) -> Iterator[AuditLog]:
    with AuditLog.open(f"sqlite:///{path}") as opened:
        yield opened


@pytest.fixture
def fill() -> Callable[..., list[str]]:
    """Append made-up decisions; their ids."""

    def append(log: AuditLog, count: int, start: int = 0, seed: int = 0) -> list[str]:
        items = list(made.make_items(log, start, count, seed=seed))
        log.append(items)
        return [decision.decision_id for _, decision in items]

    return append


@pytest.fixture
def item() -> Callable[..., tuple]:
    """`make_item` of the made-up export."""
    return made.make_item


@pytest.fixture
def edit(path: Path) -> Callable[..., None]:
    """Run statements on the file, its triggers and unique index dropped, as somebody with the file in hand would."""

    def run(*statements: str | tuple[str, tuple]) -> None:
        connection = sqlite3.connect(path)
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("DROP INDEX IF EXISTS audit_records_id")
        for statement in statements:
            connection.execute(*([statement] if isinstance(statement, str) else statement))
        connection.commit()
        connection.close()

    return run


@pytest.fixture
def check() -> Callable[..., Report]:
    """Verify a log by its path."""

    def run(path: Path, **options: object) -> Report:
        with AuditLog.open(f"sqlite:///{path}", create=False) as opened:
            return verify(opened.database, **options)

    return run


@pytest.fixture
def postgresql() -> Iterator[str]:
    """URL of a new, empty PostgreSQL database."""
    server = os.environ.get("CLASSIFIER_TEST_POSTGRESQL", "")
    if not server:
        pytest.skip("CLASSIFIER_TEST_POSTGRESQL does not name a PostgreSQL server")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"audit_{secrets.token_hex(6)}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield engine.url.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()

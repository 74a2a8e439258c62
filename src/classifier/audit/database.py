"""Connections: SQLite in WAL mode or PostgreSQL, one transaction at a time, failures told clearly in French."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from classifier.errors import AuditError, ClassifierError

__all__ = ["LOCK_WAIT_S", "Database"]

#: How long a writer waits for another one before it gives up.
LOCK_WAIT_S = 120

#: Any number will do, as long as nothing else in the database uses it: PostgreSQL's advisory lock of the chain.
_CHAIN_LOCK = 0x0C1A551F1E5


class Database:
    """A database that holds, or will hold, a log.

    Parameters
    ----------
    url : str
        ``sqlite:///path``, ``postgresql+psycopg://…``, or a plain path to an SQLite file.
    create : bool
        Whether an SQLite file may be made.

    Raises
    ------
    AuditError
        If the address is not one of these, or the file is not there and may not be made.
    """

    def __init__(self, url: str, *, create: bool) -> None:
        self._url = _parse(url)
        self.path = _sqlite_path(self._url)
        if self.path is not None:
            _check_path(self.path, create)
        self._engine = self._make_engine()
        self._process = os.getpid()

    @property
    def dialect(self) -> str:
        """``"sqlite"`` or ``"postgresql"``."""
        return self._engine.dialect.name

    @property
    def name(self) -> str:
        """Address without password, for messages."""
        return str(self.path) if self.path is not None else self._url.render_as_string(hide_password=True)

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that reads one state of the log, whatever others append meanwhile."""
        with self._guard("lu"), self._connect() as connection:
            if self.dialect == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that holds the chain alone: committed whole, or nothing."""
        with self._guard("écrit"), self._connect() as connection:
            connection = connection.execution_options(audit_writes=True)
            with connection.begin():
                if self.dialect == "postgresql":
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_WAIT_S}s'")
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_CHAIN_LOCK})")
                yield connection

    @contextmanager
    def autocommit(self) -> Iterator[Connection]:
        """A connection outside any transaction, for VACUUM."""
        with self._guard("compacté"), self._connect() as connection:
            if self.dialect == "sqlite":
                yield connection.execution_options(audit_autocommit=True)
            else:
                yield connection.execution_options(isolation_level="AUTOCOMMIT")

    def _connect(self) -> Connection:
        if self._process != os.getpid():
            # After a fork the pool's connections belong to the parent: forget them without closing them.
            self._engine.dispose(close=False)
            self._process = os.getpid()
        return self._engine.connect()

    @contextmanager
    def _guard(self, verb: str) -> Iterator[None]:
        try:
            yield
        except ClassifierError:
            raise
        except (SQLAlchemyError, sqlite3.Error) as error:
            # `from None`: a driver's message may quote what was to be written.
            raise self._explain(error, verb) from None

    def _explain(self, error: Exception, verb: str) -> AuditError:
        # Only the driver's own first line, and only where it cannot quote a row.
        origin = error.orig if isinstance(error, DBAPIError) else error
        words = str(origin).splitlines()[0].lower() if str(origin) else ""
        came = f"Le registre « {self.name} » n'a pas pu être {verb}"
        if "disk is full" in words or "no space" in words or "disk full" in words:
            return AuditError(
                f"{came} : il n'y a plus de place.", todo="Libérez de l'espace, puis relancez : le travail reprendra."
            )
        if "locked" in words or "lock timeout" in words or "busy" in words:
            return AuditError(
                f"{came} : un autre programme l'occupe depuis plus de {LOCK_WAIT_S} s.",
                todo="Fermez-le, puis relancez.",
            )
        if "readonly" in words or "read-only" in words or "permission denied" in words:
            return AuditError(
                f"{came} : il est en lecture seule.", todo="Donnez-vous le droit d'écrire, ou nommez-en un autre."
            )
        if "unable to open" in words:
            return AuditError(f"{came} : le fichier ne s'ouvre pas.", todo="Vérifiez le chemin et vos droits.")
        if "not a database" in words or "malformed" in words:
            return AuditError(
                f"{came} : le fichier est abîmé ou n'est pas une base SQLite.", todo="Restaurez une copie."
            )
        if "append-only" in words or "audit:" in words:
            return AuditError(f"{came} : la base refuse de réécrire ce qui est consigné.")
        if "connect" in words or "terminat" in words or "closed" in words or "server" in words:
            return AuditError(
                f"{came} : la connexion est perdue ou refusée.", todo="Vérifiez le serveur, puis relancez."
            )
        return AuditError(f"{came} ({type(origin).__name__}).", todo="Vérifiez la base de données, puis relancez.")

    def _make_engine(self) -> Engine:
        # hide_parameters: a comment's text must never reach an exception's message.
        options: dict[str, Any] = {"hide_parameters": True}
        if self.path is not None:
            engine = create_engine(self._url, connect_args={"timeout": LOCK_WAIT_S}, **options)
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        try:
            return create_engine(self._url, pool_pre_ping=True, **options)
        except (ImportError, NoSuchModuleError):
            raise AuditError(
                "Le pilote de PostgreSQL n'est pas installé.", todo='Exécutez « pip install "classifier[postgresql]" ».'
            ) from None


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url if "://" in url else f"sqlite:///{url}")
    except (ArgumentError, ValueError):
        raise AuditError(
            "L'adresse du registre n'est pas lisible.", "« sqlite:///chemin » ou « postgresql+psycopg://… »."
        ) from None
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise AuditError(
            f"Le registre ne sait pas écrire dans une base « {backend} ».",
            "« sqlite:///chemin » ou « postgresql+psycopg://… ».",
        )
    if parsed.database in (None, "", ":memory:"):
        raise AuditError("Un registre en mémoire ne garderait rien.", "un fichier, « sqlite:///chemin ».")
    return parsed


def _sqlite_path(url: URL) -> Path | None:
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def _check_path(path: Path, create: bool) -> None:
    if path.is_dir():
        raise AuditError(f"« {path} » est un dossier.", "le chemin d'un fichier SQLite.")
    if not path.exists():
        if not create:
            raise AuditError(f"Le registre « {path} » est introuvable.", todo="Vérifiez le chemin.")
        if not path.parent.is_dir():
            raise AuditError(
                f"Le dossier « {path.parent} » n'existe pas.", todo="Créez-le, ou nommez un autre registre."
            )


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # Transactions are begun by `_begin_sqlite`, not by the driver's guesses.
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    # FULL: a row that was shown must still be recorded after a power cut.
    cursor.execute("PRAGMA synchronous = FULL")
    # What is destroyed is overwritten with zeros, not only forgotten.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("audit_autocommit", False):
        return
    # IMMEDIATE: the writer's place is taken before the chain's head is read.
    writes = options.get("audit_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

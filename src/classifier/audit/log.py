"""`AuditLog`: append and look up. The one door through which decisions enter the database."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from sqlalchemy import select

from classifier import __version__
from classifier.comments import Comment, Decision
from classifier.errors import AuditError
from classifier.policy.sanctions import History

from . import schema
from .apart import make_apart
from .canonical import FORMAT
from .database import Database
from .events import Draft, automatic_notices, read_history
from .identity import Identity, load_key
from .privacy import TextCipher, load_text_key
from .records import RunReference, StoredObject, body_of, context_of, outcome_of, policy_of
from .writer import Head, Writer, known_ids, read_genesis, read_head, split_ids

__all__ = ["AppendResult", "AuditLog"]


@dataclass(frozen=True, slots=True)
class AppendResult:
    """What an append did: decisions recorded, decisions that were there already."""

    recorded: int
    already: int


class AuditLog:
    """An append-only, hash-chained log of decisions.

    Open it with `AuditLog.open`. It can be shared between threads, used after a fork, and appended to by several
    processes.

    Attributes
    ----------
    not_recorded : int
        Decisions that an append refused and that no later append recorded. Zero, or the exit code is not.
    """

    def __init__(
        self, database: Database, key: bytes | None, text_key: bytes | None, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        #: Opens and closes texts that are kept whole; None where they are redacted.
        self.cipher = TextCipher(text_key) if text_key is not None else None
        self._identity = Identity(key) if key is not None else None
        self.clock = clock
        self._places: dict[str, int] = {}  # Objects stored once → their place; the log only grows, so it stays true.
        self._failed: set[str] = set()

    @classmethod
    def open(
        cls,
        url: str,
        *,
        key: bytes | None = None,
        create: bool = True,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> AuditLog:
        """Open a log, and begin it if the database holds none.

        Parameters
        ----------
        url : str
            ``sqlite:///path`` or ``postgresql+psycopg://…``.
        key : bytes, optional
            The log's key, 32 bytes or more. Else `CLASSIFIER_AUDIT_KEY`, else the file ``<database>.key``, drawn for
            a new log.
        create : bool
            False to read a log that must exist; nothing is then written.
        clock : callable
            Gives the time of recording.

        Raises
        ------
        AuditError
            If the log cannot be opened, made or written, or if the key is not the one that it was begun with.
        """
        database = Database(url, create=create)
        try:
            with database.read() as connection:
                version = schema.schema_version(connection)
                begun = version > 0 and connection.execute(select(schema.records.c.seq).limit(1)).first() is not None
            if not begun and not create:
                raise AuditError(f"« {database.name} » ne contient aucun registre.", todo="Vérifiez l'adresse.")
            key_path = database.path.with_name(database.path.name + ".key") if database.path is not None else None
            found = load_key(key_path, create=create and not begun, given=key)
            if create and found is None:
                raise AuditError(
                    f"La clé du registre « {database.name} » est introuvable.",
                    f"le fichier « {key_path} » ou la variable CLASSIFIER_AUDIT_KEY.",
                    "Remettez la clé en place : sans elle, un même auteur recevrait un autre pseudonyme.",
                )
            log = cls(database, found, load_text_key(), clock)
            log._begin(write=create)
        except BaseException:
            database.close()
            raise
        return log

    def __enter__(self) -> AuditLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._database.close()

    @property
    def database(self) -> Database:
        """The database, for the other modules of this package."""
        return self._database

    @property
    def path(self) -> Path | None:
        """The SQLite file; None on a server."""
        return self._database.path

    @property
    def identity(self) -> Identity:
        """What the key gives.

        Raises
        ------
        AuditError
            If the log was opened without its key.
        """
        if self._identity is None:
            raise AuditError(
                f"La clé du registre « {self._database.name} » est introuvable.",
                "le fichier « .key » à côté du registre, ou la variable CLASSIFIER_AUDIT_KEY.",
            )
        return self._identity

    @property
    def not_recorded(self) -> int:
        """Decisions that were refused and never recorded since."""
        return len(self._failed)

    def pseudonym(self, author: str) -> str:
        """Keyed pseudonym of an author, the only form in which one leaves the process."""
        return self.identity.pseudonym(author)

    def commitment(self, text: str) -> str:
        """Keyed hash of a text, for `decision_id`."""
        return self.identity.commitment(text)

    def append(self, items: Sequence[tuple[Comment, Decision]], *, run: RunReference | None = None) -> AppendResult:
        """Record decisions: all of them, or none and an error. A decision that is there already adds nothing.

        Parameters
        ----------
        items : sequence of (Comment, Decision)
            One batch; it is one transaction.
        run : RunReference, optional
            Whose page, and the policy's text.

        Returns
        -------
        AppendResult
            How many were recorded, and how many were there already.

        Raises
        ------
        AuditError
            If nothing was recorded; `not_recorded` then counts these decisions until an append records them.
        """
        run = run or RunReference()
        ids = [decision.decision_id for _, decision in items]
        try:
            drafts = [draft for comment, decision in items for draft in self._drafts(comment, decision, run)]
            recorded = self.append_drafts(drafts, counted="decision")
        except BaseException:
            self._failed.update(ids)
            raise
        self._failed.difference_update(ids)
        return AppendResult(recorded, len(items) - recorded)

    def append_drafts(self, drafts: Sequence[Draft], *, counted: str = "") -> int:
        """Record drafts of any kind in one transaction; those whose id is there already are left out.

        Returns
        -------
        int
            How many were recorded, of the kind `counted` if it is given.
        """
        if not drafts:
            return 0
        with self._database.write() as connection:
            writer = Writer(connection, self.clock, self._places)
            recorded = sum(1 for draft in writer.write(drafts) if not counted or draft.kind == counted)
        # Only now: places given in a transaction that fails are places of nothing.
        self._places.update(writer.new_places)
        return recorded

    def known(self, ids: Iterable[str]) -> set[str]:
        """Which of these decisions are recorded."""
        with self._database.read() as connection:
            return known_ids(connection, list(ids))

    def former(self, organisation: str, platform: str | None, comment_ids: Sequence[str]) -> dict[str, str]:
        """Last decision recorded for each of these comments, many at once.

        Returns
        -------
        dict of str to str
            Comment id → decision id; a comment never decided, or whose link was destroyed, is absent.
        """
        subjects = {self.identity.subject(organisation, platform, one): one for one in comment_ids}
        found: dict[str, str] = {}
        with self._database.read() as connection:
            for some in split_ids(list(subjects)):
                rows = connection.execute(
                    select(schema.apart.c.subject, schema.records.c.id)
                    .join(schema.records, schema.records.c.seq == schema.apart.c.seq)
                    .where(schema.apart.c.subject.in_(some), schema.records.c.kind == "decision")
                    .order_by(schema.apart.c.seq)
                )
                # In the order of the chain: the last one stays.
                found.update({subjects[row.subject]: row.id for row in rows})
        return found

    def history(self, pseudonyms: Iterable[str], before: datetime) -> dict[str, History]:
        """Strikes and bans given to these authors before a moment, many at once.

        Parameters
        ----------
        pseudonyms : iterable of str
            What `pseudonym` gave.
        before : datetime
            Aware; what was given at this time or later is left out.

        Returns
        -------
        dict of str to History
            Authors never sanctioned are absent. What an appeal cancelled is left out.
        """
        with self._database.read() as connection:
            return read_history(connection, list(dict.fromkeys(pseudonyms)), before)

    def head(self) -> Head:
        """End of the chain."""
        with self._database.read() as connection:
            return read_head(connection)

    def _drafts(self, comment: Comment, decision: Decision, run: RunReference) -> list[Draft]:
        context, outcome, policy = context_of(comment, decision, run), outcome_of(decision), policy_of(decision, run)
        objects: tuple[StoredObject, ...] = (context, outcome)
        names: tuple[str, ...] = ("c", "o")
        if policy is not None:
            objects, names = (policy, *objects), ("", *names)
        organisation = run.organisation or decision.policy.id
        stands_apart = make_apart(comment, decision, organisation, self.identity, self.clock(), self.cipher)
        body, former = body_of(decision), decision.former_id or None
        draft = Draft("decision", decision.decision_id, body, former, stands_apart, objects, names)
        return [draft, *automatic_notices(decision, self.clock())]

    def _begin(self, *, write: bool) -> None:
        """Create or migrate the schema, write the first record, refuse a wrong key."""
        fingerprint = self._identity.fingerprint if self._identity is not None else None
        if write:
            with self._database.write() as connection:
                schema.migrate(connection)
                if read_head(connection).seq == 0:
                    now = self.clock()
                    body = {
                        "begun": now.isoformat(),
                        "format": FORMAT,
                        "key": fingerprint,
                        "log": secrets.token_hex(16),
                        "program": __version__,
                    }
                    Writer(connection, self.clock, {}).write([Draft("genesis", str(body["log"]), body)])
        with self._database.read() as connection:
            self.genesis = read_genesis(connection)
        if fingerprint is not None and self.genesis["key"] != fingerprint:
            raise AuditError(
                f"La clé n'est pas celle du registre « {self._database.name} ».",
                f"la clé d'empreinte {self.genesis['key']} ; celle-ci a l'empreinte {fingerprint}.",
                "Remettez la clé d'origine, ou commencez un nouveau registre (voir docs/audit.md, « Rotation »).",
            )

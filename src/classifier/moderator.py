"""The one place where predictor, policy and audit meet: what a service embeds, and what a batch runs on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from os import PathLike
from types import TracebackType
from typing import TYPE_CHECKING

from .audit.identity import Identity, decision_id
from .audit.records import RunReference
from .comments import Comment, Decision, Prediction, Signal
from .errors import UsageError
from .policy import NO_HISTORY, History, Policy, PolicyRouter
from .predictor import Predictor

if TYPE_CHECKING:
    from .audit.log import AuditLog

__all__ = ["Moderator"]

#: Key of the ids of a simulation: nothing of it is kept, so nothing has to be hidden.
_SIMULATION_KEY = bytes(32)


class Moderator:
    """Decides what one organisation's policy prescribes for comments, and records each decision before giving it back.

    Open it with `Moderator.open`; it can be used as a context manager. Safe to share between threads.

    Examples
    --------
    >>> from classifier import Comment, Moderator
    >>> moderator = Moderator.open(policy="drummondville", audit=None)
    >>> [decision] = moderator.decide([Comment(text="Merci pour le beau parc!")])
    >>> decision.actions[0].id
    'publish'
    """

    def __init__(
        self, predictor: Predictor, policy: Policy, log: AuditLog | None = None, *, organisation: str | None = None
    ) -> None:
        self.predictor = predictor
        self.policy = policy
        self.log = log
        self.organisation = organisation or policy.id
        self._router = PolicyRouter(policy)
        self._identity = None if log is not None else Identity(_SIMULATION_KEY)
        self._run = RunReference(organisation=self.organisation, policy_source=policy.text)

    @classmethod
    def open(
        cls,
        *,
        policy: str | PathLike[str],
        audit: str | None,
        model: str | PathLike[str] | None = None,
        organisation: str | None = None,
    ) -> Moderator:
        """Load the policy and the model, and open the audit log.

        Parameters
        ----------
        policy : str or path
            Id of a shipped policy, or a YAML file.
        audit : str or None
            URL of the audit log (``sqlite:///audit.db``). None makes a simulation: decisions are not recorded.
        model : str or path, optional
            Bundle's folder; the released one if absent.
        organisation : str, optional
            Whose page it is; the policy's id if absent.

        Raises
        ------
        PolicyError, ModelError, AuditError
            In this order, before anything is written.
        """
        loaded = Policy.load(policy)
        predictor = Predictor.load(str(model) if model is not None else None)
        if audit is None:
            return cls(predictor, loaded, organisation=organisation)
        from .audit.log import AuditLog  # here, so that a simulation does not load the database library

        return cls(predictor, loaded, AuditLog.open(audit), organisation=organisation)

    def __enter__(self) -> Moderator:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the audit log."""
        if self.log is not None:
            self.log.close()

    @property
    def not_recorded(self) -> int:
        """Decisions that were made and not recorded; zero, or something went wrong."""
        return self.log.not_recorded if self.log is not None else 0

    def pseudonym(self, author: str) -> str:
        """Keyed pseudonym of an author: the only form in which one leaves the process."""
        return (self.log or self._require_identity()).pseudonym(author)

    def predict(self, comments: Sequence[Comment]) -> list[Prediction]:
        """What the comments are, without any policy; nothing is recorded."""
        return self.predictor.predict(comments)

    def decide(
        self,
        comments: Iterable[Comment | str],
        *,
        predictions: Sequence[Prediction] | None = None,
        signals: Sequence[tuple[Signal, ...]] | None = None,
        positions: Sequence[int] | None = None,
        now: datetime | None = None,
    ) -> list[Decision]:
        """Decide, record, then give the decisions back.

        Parameters
        ----------
        comments : iterable of Comment or str (n)
        predictions : sequence of Prediction (n), optional
            Already made, by another process say; made here if absent.
        signals : sequence of tuples of Signal (n), optional
            Signals of the thread, added to those of the text.
        positions : sequence of int (n), optional
            Rank of each comment in its export: tells apart equal comments without ids. Their order if absent.
        now : datetime, optional
            Aware time from which delays run for comments without a time of their own.

        Returns
        -------
        list of Decision (n)
            In the order of the comments, all of them recorded unless this is a simulation.

        Raises
        ------
        AuditError
            If the batch could not be recorded: then no decision is given.
        UsageError
            If the sequences are not of one length, or `now` has no time zone.
        """
        batch = [Comment(text=c) if isinstance(c, str) else c for c in comments]
        moment = now if now is not None else datetime.now(UTC)
        if moment.tzinfo is None:
            raise UsageError("Le moment donné n'a pas de fuseau horaire.", "un datetime avec fuseau.")
        made = list(predictions) if predictions is not None else self.predictor.predict(batch)
        extra = signals if signals is not None else [()] * len(batch)
        ranks = positions if positions is not None else range(len(batch))
        if not len(made) == len(extra) == len(ranks) == len(batch):
            raise UsageError(
                f"{len(batch)} commentaires, {len(made)} prédictions, {len(extra)} signaux, {len(ranks)} rangs.",
                "autant de chaque.",
            )
        made = [replace(p, signals=p.signals + s) if s else p for p, s in zip(made, extra)]
        ids = [self._identify(c, p, rank) for c, p, rank in zip(batch, made, ranks)]
        former = self._find_former(batch)
        histories = self._read_histories(batch, moment)
        decisions = [
            self._router.decide(
                comment,
                prediction,
                decision_id=identifier,
                now=moment,
                history=histories.get(comment.author or "", NO_HISTORY),
                former_id=self._former_of(former, comment, identifier),
            )
            for comment, prediction, identifier in zip(batch, made, ids)
        ]
        if self.log is not None and decisions:
            self.log.append(list(zip(batch, decisions)), run=self._run)
        return decisions

    def _require_identity(self) -> Identity:
        assert self._identity is not None
        return self._identity

    def _identify(self, comment: Comment, prediction: Prediction, rank: int) -> str:
        commitment = (self.log or self._require_identity()).commitment(comment.text)
        return decision_id(
            self.organisation,
            comment.platform,
            comment.id,
            commitment,
            rank,
            prediction.model.sha256,
            self.policy.sha256,
        )

    def _find_former(self, batch: Sequence[Comment]) -> dict[tuple[str | None, str], str]:
        """Decisions already recorded for these comments, by platform and id."""
        if self.log is None:
            return {}
        by_platform: dict[str | None, list[str]] = {}
        for comment in batch:
            if comment.id is not None:
                by_platform.setdefault(comment.platform, []).append(comment.id)
        return {
            (platform, one): found
            for platform, ids in by_platform.items()
            for one, found in self.log.former(self.organisation, platform, ids).items()
        }

    @staticmethod
    def _former_of(former: dict[tuple[str | None, str], str], comment: Comment, identifier: str) -> str:
        if comment.id is None:
            return ""
        found = former.get((comment.platform, comment.id), "")
        return "" if found == identifier else found

    def _read_histories(self, batch: Sequence[Comment], moment: datetime) -> dict[str, History]:
        """Strikes and bans of the authors of a batch; the router leaves out those not before each comment's time."""
        authors = {comment.author for comment in batch if comment.author}
        if self.log is None or not authors:
            return {}
        names = {self.log.pseudonym(author): author for author in authors}
        found = self.log.history(list(names), moment)
        return {names[pseudonym]: history for pseudonym, history in found.items()}

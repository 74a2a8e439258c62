"""`classifier audit replay`: brings the model and the policy that records name, and decides again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from classifier.audit.lookup import RecordedDecision, find_decision, iterate_decisions
from classifier.audit.replay import comment_of, compare, thread_signals_of
from classifier.comments import Decision
from classifier.policy import NO_HISTORY, Policy, PolicyRouter
from classifier.predictor import Predictor

if TYPE_CHECKING:
    from classifier.audit.log import AuditLog


def replay_decisions(
    log: AuditLog, decision_ids: Sequence[str], model_path: Path | None, policy_path: str, limit: int
) -> tuple[int, list[str]]:
    """Decide recorded comments again.

    Returns
    -------
    int
        How many differ.
    list of str
        Lines to show.
    """
    if decision_ids:
        chosen = [find_decision(log, one)[0] for one in decision_ids]
    else:
        chosen = list(islice(iterate_decisions(log), limit))
    again = _Again(log, Predictor.load(str(model_path) if model_path is not None else None), policy_path)
    lines, same, differing, gone, masked = [], 0, 0, 0, 0
    for decision in chosen:
        if decision.kept is None:
            gone += 1
            continue
        differences = compare(decision, again.decide(decision))
        if not differences:
            same += 1
        elif not decision.kept.whole:
            # A masked name or number is not what the model read: a difference proves nothing.
            masked += 1
            lines.append(f"{decision.id} (texte caviardé, comparaison indicative) : {' ; '.join(differences)}")
        else:
            differing += 1
            lines.append(f"{decision.id} : {' ; '.join(differences)}")
    lines.append(
        f"{len(chosen)} décisions refaites : {same} identiques, {differing} différentes, {masked} différentes "
        f"sur un texte caviardé, {gone} sans texte conservé."
    )
    return differing, lines


class _Again:
    """Decides with the policy that each record names, as the log keeps it."""

    def __init__(self, log: AuditLog, predictor: Predictor, policy_path: str) -> None:
        self._log = log
        self._predictor = predictor
        self._given = Policy.load(policy_path) if policy_path else None
        self._routers: dict[str, PolicyRouter] = {}

    def decide(self, decision: RecordedDecision) -> Decision:
        comment = comment_of(decision)
        [prediction] = self._predictor.predict([comment])
        prediction = replace(prediction, signals=prediction.signals + thread_signals_of(decision))
        author = decision.kept.author if decision.kept is not None else None
        before = comment.created_at or decision.at
        history = (
            self._log.history([author], min(before, decision.at)).get(author, NO_HISTORY) if author else NO_HISTORY
        )
        return self._router(decision).decide(
            comment, prediction, decision_id=decision.id, now=decision.at, history=history, former_id=decision.former_id
        )

    def _router(self, decision: RecordedDecision) -> PolicyRouter:
        named = decision.said["policy"]
        if named["sha256"] not in self._routers:
            _, source = find_decision(self._log, decision.id)
            policy = self._given or (Policy.parse(source) if source else Policy.load(named["id"]))
            self._routers[named["sha256"]] = PolicyRouter(policy)
        return self._routers[named["sha256"]]

"""What a record says: a decision turned into compact canonical JSON, and back.

What many decisions share is stored once, as records of its own: the *context* (organisation, platform, model, policy,
thresholds, labels) and the *outcome* (actions, reasons, deadlines without their times). A decision names both by their
place in the chain. Scores are whole ten-thousandths; the labels that fired are written out, so that rounding never
changes what was decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

from classifier import __version__
from classifier.comments import Comment, Decision, ModelReference, PolicyReference
from classifier.taxonomy import taxonomy

from .canonical import canonical_json, object_id

__all__ = [
    "KINDS",
    "RunReference",
    "StoredObject",
    "body_of",
    "context_of",
    "outcome_of",
    "policy_of",
    "to_ten_thousandths",
]

#: Every kind of record, in the order in which a log meets them.
KINDS = (
    "genesis",
    "policy",
    "context",
    "outcome",
    "decision",
    "review",
    "notice",
    "appeal",
    "appeal_decision",
    "destruction",
)


@dataclass(frozen=True, slots=True)
class RunReference:
    """What is common to the decisions of one run.

    Attributes
    ----------
    organisation : str
        Whose page; the policy's id if empty.
    policy_source : str
        Text of the policy file, stored once so that a decision can be made again; empty to store its hash only.
    """

    organisation: str = ""
    policy_source: str = ""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """A thing stored once: its kind, its id (a hash of what it says) and its canonical JSON."""

    kind: str
    id: str
    body: str


def to_ten_thousandths(score: float) -> int:
    """A probability as whole ten-thousandths.

    Examples
    --------
    >>> to_ten_thousandths(0.73456)
    7346
    """
    return round(score * 10_000)


def from_ten_thousandths(score: int) -> float:
    """The probability that `to_ten_thousandths` rounded."""
    return score / 10_000


@cache
def subjects() -> tuple[str, ...]:
    """Labels then signals: what a record names by number (the context carries the list)."""
    return (*taxonomy().labels, *taxonomy().signals)


@cache
def _places() -> Mapping[str, int]:
    return {subject: place for place, subject in enumerate(subjects())}


def _place(subject: str) -> int | str:
    return _places().get(subject, subject)


def _stored(kind: str, value: Mapping[str, Any]) -> StoredObject:
    body = canonical_json(value)
    return StoredObject(kind, object_id(kind, body), body)


def policy_of(decision: Decision, run: RunReference) -> StoredObject | None:
    """The policy's text, if the run gives it."""
    if not run.policy_source:
        return None
    return _policy(decision.policy, run.policy_source)


@lru_cache(maxsize=16)
def _policy(policy: PolicyReference, source: str) -> StoredObject:
    """Written out once a run, and not once a decision."""
    return _stored("policy", {"id": policy.id, "sha256": policy.sha256, "source": source, "version": policy.version})


def context_of(comment: Comment, decision: Decision, run: RunReference) -> StoredObject:
    """What the decision shares with its run: who, where, and what decided."""
    prediction, policy = decision.prediction, decision.policy
    thresholds = tuple(prediction.thresholds.items())
    return _context(run.organisation or policy.id, comment.platform or "", prediction.model, policy, thresholds)


@lru_cache(maxsize=64)
def _context(
    organisation: str,
    platform: str,
    model: ModelReference,
    policy: PolicyReference,
    thresholds: tuple[tuple[str, float], ...],
) -> StoredObject:
    """Written out once a run and platform, and not once a decision."""
    return _stored(
        "context",
        {
            "model": {"name": model.name, "sha256": model.sha256, "version": model.version},
            "organisation": organisation,
            "platform": platform,
            "policy": {"id": policy.id, "sha256": policy.sha256, "version": policy.version},
            "program": __version__,
            "subjects": subjects(),
            "taxonomy": taxonomy().version,
            "thresholds": dict(thresholds),
        },
    )


def outcome_of(decision: Decision) -> StoredObject:
    """What the policy prescribed, without what belongs to one comment (scores, times)."""
    times = _Times()
    actions = [
        {
            "autonomous": action.autonomous,
            "id": action.id,
            "parameters": {name: times.take(value) for name, value in sorted(action.parameters.items())},
        }
        for action in decision.actions
    ]
    return _stored(
        "outcome",
        {
            "actions": actions,
            "deadlines": [
                {"calendar": d.calendar, "clause": d.clause, "id": d.id, "start_assumed": d.start_assumed}
                for d in decision.deadlines
            ],
            "desk": decision.desk,
            "election_window": decision.election_window,
            "human_reasons": decision.human_reasons,
            "missing": decision.prediction.missing,
            "needs_human": decision.needs_human,
            "reasons": [
                {
                    "clause": reason.clause,
                    "coverage": reason.coverage,
                    "rule": reason.rule,
                    "subject": reason.subject,
                    "threshold": reason.threshold,
                    "threshold_source": reason.threshold_source,
                }
                for reason in decision.reasons
            ],
            "urgency": decision.urgency,
        },
    )


class _Times:
    """Takes the times out of the actions' parameters, so that decisions that differ by them alone share an outcome."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def take(self, value: str) -> str | dict[str, int]:
        value = str(value)
        if len(value) < 16 or value[4:5] != "-" or value[10:11] not in ("T", " "):
            return value
        try:
            datetime.fromisoformat(value)
        except ValueError:
            return value
        self.taken.append(value)
        return {"time": len(self.taken) - 1}


def body_of(decision: Decision) -> dict[str, Any]:
    """What belongs to this decision alone; `n`, `c` and `o` (places in the chain) are added under the log's lock.

    Keys: ``s`` scores, ``v`` any violation, ``l`` labels that fired (netiquette, political, category, alerts,
    uncertain),
    ``e`` evidence, ``g`` signals, ``p`` parts that carry a label, ``d`` deadlines (end in seconds, overdue),
    ``w`` times of the actions, ``r`` scores of the reasons that `s` does not hold.
    """
    prediction = decision.prediction
    scores = [to_ten_thousandths(prediction.scores.get(label, 0.0)) for label in taxonomy().labels]
    body: dict[str, Any] = {
        "l": [
            [_place(label) for label in prediction.netiquette],
            [_place(label) for label in prediction.political],
            _place(prediction.category),
            [_place(label) for label in prediction.alerts],
            [_place(label) for label in prediction.uncertain],
        ],
        "s": scores,
        "v": to_ten_thousandths(prediction.any_violation),
    }
    times = _Times()
    for action in decision.actions:
        for _, value in sorted(action.parameters.items()):
            times.take(value)
    optional = {
        "d": [[int(d.due.timestamp()), int(d.overdue)] for d in decision.deadlines],
        "e": [[e.start, e.end, _place(e.label), round(e.weight * 1000)] for e in prediction.evidence],
        "g": [[_place(g.id), g.detail, [list(span) for span in g.spans]] for g in prediction.signals],
        "p": [
            [part.start, part.end, [_place(label) for label in (*part.netiquette, *part.political)]]
            for part in prediction.parts
            if part.netiquette or part.political
        ],
        "r": _scores_elsewhere(decision),
        "w": times.taken,
    }
    body.update({key: value for key, value in optional.items() if value})
    return body


def _scores_elsewhere(decision: Decision) -> list[int | None]:
    """Scores of the reasons where they are not those of their label; empty if all are."""
    scores = decision.prediction.scores
    elsewhere = [
        None if reason.score is None or reason.score == scores.get(reason.subject) else to_ten_thousandths(reason.score)
        for reason in decision.reasons
    ]
    return elsewhere if any(score is not None for score in elsewhere) else []


def read_decision(body: Mapping[str, Any], context: Mapping[str, Any], outcome: Mapping[str, Any]) -> dict[str, Any]:
    """A recorded decision in full words: the three bodies put together again.

    Returns
    -------
    dict
        ``context``'s keys; ``scores`` (label → probability), ``any_violation``, ``netiquette``, ``political``,
        ``category``,
        ``alerts``, ``uncertain``; ``evidence``, ``signals``, ``parts``; ``actions``, ``reasons`` (with their scores),
        ``deadlines`` (``due`` as an aware datetime), and the rest of ``outcome``'s keys.
    """
    names: Sequence[str] = context["subjects"]

    def name(place: int | str) -> str:
        return names[place] if isinstance(place, int) else place

    netiquette, political, category, alerts, uncertain = body["l"]
    scores = {name(place): from_ten_thousandths(score) for place, score in enumerate(body["s"])}
    elsewhere = body.get("r") or [None] * len(outcome["reasons"])
    times = body.get("w", [])
    return {
        **{key: value for key, value in context.items() if key != "subjects"},
        **outcome,
        "scores": scores,
        "any_violation": from_ten_thousandths(body["v"]),
        "netiquette": [name(place) for place in netiquette],
        "political": [name(place) for place in political],
        "category": name(category),
        "alerts": [name(place) for place in alerts],
        "uncertain": [name(place) for place in uncertain],
        "evidence": [
            {"start": start, "end": end, "label": name(place), "weight": weight / 1000}
            for start, end, place, weight in body.get("e", [])
        ],
        "signals": [
            {"id": name(place), "detail": detail, "spans": spans} for place, detail, spans in body.get("g", [])
        ],
        "parts": [
            {"start": start, "end": end, "labels": [name(place) for place in places]}
            for start, end, places in body.get("p", [])
        ],
        "actions": [
            {
                **action,
                "parameters": {
                    key: times[value["time"]] if isinstance(value, dict) else value
                    for key, value in action["parameters"].items()
                },
            }
            for action in outcome["actions"]
        ],
        "reasons": [
            {
                **reason,
                "score": scores.get(reason["subject"]) if score is None else from_ten_thousandths(score),
            }
            for reason, score in zip(outcome["reasons"], elsewhere, strict=True)
        ],
        "deadlines": [
            {**deadline, "due": datetime.fromtimestamp(due_s, UTC), "overdue": bool(overdue)}
            for deadline, (due_s, overdue) in zip(outcome["deadlines"], body.get("d", []), strict=True)
        ],
    }

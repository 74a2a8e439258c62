"""Decides a recorded comment again and tells what differs. Nothing is written: a past record is never touched.

The caller brings the model and the policy that the record names (this package knows neither).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.comments import Comment, Decision, Signal
from classifier.taxonomy import taxonomy

from . import wording
from .lookup import RecordedDecision, require_kept

__all__ = ["comment_of", "compare", "thread_signals_of"]

#: Scores are recorded as whole ten-thousandths: they are the same when they round alike, give or take a last place.
_TOLERANCE = 1.01e-4


def comment_of(decision: RecordedDecision) -> Comment:
    """The comment as it is kept.

    Raises
    ------
    AuditError
        If its text was destroyed, or cannot be opened.
    """
    kept = require_kept(decision)
    details = kept.details
    return Comment(
        text=kept.text,
        id=details.get("id"),
        post=kept.publication or None,
        created_at=None if details.get("undated") else kept.moment,
        parent=details.get("parent"),
        url=details.get("url"),
        platform=decision.said["platform"] or None,
        kind=details.get("kind", "comment"),
        author_role=details.get("role"),
        assumed=tuple(details.get("assumed", ())),
    )


def thread_signals_of(decision: RecordedDecision) -> tuple[Signal, ...]:
    """Signals that came from the other comments: they are taken as recorded, since the thread is not kept."""
    return tuple(
        Signal(one["id"], one["detail"], tuple((start, end) for start, end in one["spans"]))
        for one in decision.said["signals"]
        if one["id"] in taxonomy().thread_signals
    )


def compare(decision: RecordedDecision, again: Decision) -> list[str]:
    """What differs between a record and the same comment decided again, in French; empty if nothing does."""
    said, prediction = decision.said, again.prediction
    lines = []
    for name, recorded, model in (
        ("modèle", said["model"]["sha256"], prediction.model.sha256),
        ("politique", said["policy"]["sha256"], again.policy.sha256),
    ):
        if recorded != model:
            lines.append(f"{name} : empreinte {recorded[:12]} consignée, {model[:12]} aujourd'hui")
    for name, before, after in (
        ("nétiquette", said["netiquette"], prediction.netiquette),
        ("politique (étiquettes)", said["political"], prediction.political),
        ("catégorie", [said["category"]], (prediction.category,)),
        ("alertes", said["alerts"], prediction.alerts),
        ("actions", [action["id"] for action in said["actions"]], tuple(action.id for action in again.actions)),
        ("urgence", [said["urgency"]], (again.urgency,)),
        ("clauses", [one["clause"] for one in said["reasons"]], tuple(one.clause for one in again.reasons)),
    ):
        if list(before) != list(after):
            lines.append(f"{name} : {_say(before)} → {_say(after)}")
    if said["needs_human"] != again.needs_human:
        lines.append(
            "intervention d'une personne : "
            + ("requise → non requise" if said["needs_human"] else "non requise → requise")
        )
    return [*lines, *_compare_scores(said["scores"], prediction.scores)]


def _compare_scores(before: Mapping[str, float], after: Mapping[str, float]) -> list[str]:
    moved = [(abs(score - after.get(label, 0.0)), label) for label, score in before.items()]
    moved = sorted((one for one in moved if one[0] > _TOLERANCE), reverse=True)
    if not moved:
        return []
    gap, label = moved[0]
    return [
        f"{len(moved)} probabilités diffèrent, d'au plus {gap:.4f} ({wording.name_subject(label)})".replace(".", ",")
    ]


def _say(subjects: Any) -> str:
    return (
        ", ".join(
            wording.name_action(one) if one == wording.name_subject(one) else wording.name_subject(one)
            for one in subjects
        )
        or "aucune"
    )

"""What would change if an organisation went from one version of its policy to another, on comments already scored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Iterable

from classifier.comments import Comment, Prediction
from classifier.policy.policy import Policy
from classifier.policy.router import PolicyRouter

__all__ = ["Comparison", "compare_policies"]

#: Comments named as examples; the counts say the rest.
_MAX_EXAMPLES = 20


@dataclass(slots=True)
class Comparison:
    """Counts of what changed; memory does not grow with the number of comments.

    Attributes
    ----------
    total, changed : int
        Comments read, and those with other actions, urgency, desk or need for a person.
    by_actions : Counter
        (action ids before, action ids after) → comments.
    by_human_reason : Counter
        Reason for a person → comments gained or lost.
    newly_human, no_longer_human : int
        Comments that a person must look at after and not before, and the reverse.
    examples : list of str
        Ids, or ranks, of the first changed comments. Never their text.
    """

    total: int = 0
    changed: int = 0
    by_actions: Counter[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=Counter)
    by_human_reason: Counter[str] = field(default_factory=Counter)
    newly_human: int = 0
    no_longer_human: int = 0
    examples: list[str] = field(default_factory=list)


def compare_policies(
    old: Policy, new: Policy, scored: Iterable[tuple[Comment, Prediction]], now: datetime
) -> Comparison:
    """Decide each comment under both policies, without history, and count the differences.

    Parameters
    ----------
    old, new : Policy
        The two versions.
    scored : iterable of (Comment, Prediction)
        Streamed; read once.
    now : datetime
        Aware time, the same for both.
    """
    before, after = PolicyRouter(old), PolicyRouter(new)
    comparison = Comparison()
    for rank, (comment, prediction) in enumerate(scored, start=1):
        comparison.total += 1
        first = before.decide(comment, prediction, decision_id="", now=now)
        second = after.decide(comment, prediction, decision_id="", now=now)
        first_ids = tuple(action.id for action in first.actions)
        second_ids = tuple(action.id for action in second.actions)
        for reason in second.human_reasons:
            comparison.by_human_reason[reason] += 1
        for reason in first.human_reasons:
            comparison.by_human_reason[reason] -= 1
        same = (
            first_ids == second_ids
            and first.needs_human == second.needs_human
            and first.urgency == second.urgency
            and first.desk == second.desk
        )
        if same:
            continue
        comparison.changed += 1
        comparison.by_actions[first_ids, second_ids] += 1
        comparison.newly_human += second.needs_human and not first.needs_human
        comparison.no_longer_human += first.needs_human and not second.needs_human
        if len(comparison.examples) < _MAX_EXAMPLES:
            comparison.examples.append(comment.id or f"rang {rank}")
    for reason in [reason for reason, count in comparison.by_human_reason.items() if count == 0]:
        del comparison.by_human_reason[reason]
    return comparison

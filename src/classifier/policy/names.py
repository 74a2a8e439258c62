"""French display names, for reports, the dossier and the review workbook."""

from __future__ import annotations

from classifier.policy.policy import Policy
from classifier.policy.vocabulary import ACTIONS, COVERAGES, HUMAN_REASONS, MESSAGES, URGENCIES

__all__ = ["action_name", "coverage_name", "desk_name", "human_reason_name", "message_name", "urgency_name"]


def action_name(action_id: str) -> str:
    """French name of an action.

    Examples
    --------
    >>> action_name("hide")
    'Masquer'
    """
    return ACTIONS.get(action_id, action_id)


def urgency_name(urgency: str) -> str:
    """French name of an urgency."""
    return URGENCIES.get(urgency, urgency)


def human_reason_name(reason: str) -> str:
    """French sentence that says why a person must look."""
    return HUMAN_REASONS.get(reason, reason)


def coverage_name(coverage: str) -> str:
    """French words for how a clause covers a case."""
    return COVERAGES.get(coverage, coverage)


def message_name(template_id: str) -> str:
    """French name of a message template."""
    return MESSAGES.get(template_id, template_id)


def desk_name(policy: Policy, desk_id: str) -> str:
    """French name of an office of the policy; empty for none."""
    desk = policy.content.desks.get(desk_id)
    return desk_id if desk is None else desk.name

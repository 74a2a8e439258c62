"""French display names, for reports, the dossier and the review workbook."""

from __future__ import annotations

from classifier.comments import Action
from classifier.policy.policy import Policy
from classifier.policy.vocabulary import ACTIONS, COVERAGES, HUMAN_REASONS, MESSAGES, URGENCIES

__all__ = [
    "action_name",
    "coverage_name",
    "describe_action",
    "desk_name",
    "human_reason_name",
    "message_name",
    "urgency_name",
]


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


def describe_action(policy: Policy, action: Action) -> str:
    """An action as a French sentence: who does it, who is called, under what condition, which message.

    Parameters
    ----------
    policy : Policy
        The policy that decided.
    action : Action
        One of a decision's actions.

    Examples
    --------
    >>> describe_action(Policy.load("sainte-sophie"), Action("delete", {"clause": "annexe", "desk": "communications"}))
    'Supprimer (Service des communications), section annexe.'
    """
    parameters = action.parameters
    if action.id == "escalate":
        return _describe_alert(policy, action)
    if action.id == "observe":
        would = [action_name(name).lower() for name in parameters.get("would", "").split("|")]
        return f"{action_name('observe')}\N{NO-BREAK SPACE}: {', '.join(would)}."
    text = action_name(action.id)
    if "desk" in parameters:
        text += f" ({desk_name(policy, parameters['desk'])})"
    if "alternatives" in parameters:
        text += "".join(f", ou {action_name(name).lower()}" for name in parameters["alternatives"].split("|"))
    if "clause" in parameters:
        text += f", section {parameters['clause']}"
    if "when" in parameters:
        text += f"; condition\N{NO-BREAK SPACE}: {parameters['when']}"
    if "message" in parameters:
        text += f"; modèle\N{NO-BREAK SPACE}: {message_name(parameters['message']).lower()}"
    if action.id == "ban":
        length = parameters.get("length_days", "to_be_set")
        text += "; durée " + ("à fixer" if length == "to_be_set" else f"de {length} jours")
    return f"{text}."


def _describe_alert(policy: Policy, action: Action) -> str:
    """Who must phone or write to whom, and what to attach: a mention on a page is no official report."""
    parameters = action.parameters

    def offices(key: str) -> str:
        names = []
        for desk_id in filter(None, parameters.get(key, "").split("|")):
            desk = policy.content.desks[desk_id]
            contact = desk.email if key == "write" and desk.email else desk.phone
            names.append(f"{desk.name}, {contact}" if contact and contact not in desk.name else desk.name)
        return "; ".join(names)

    text = f"{desk_name(policy, parameters['desk'])} doit appeler\N{NO-BREAK SPACE}: {offices('call')}."
    if offices("write"):
        text += f" Si la situation presse moins, écrire à\N{NO-BREAK SPACE}: {offices('write')}."
    attach = parameters.get("attach", "").replace("|", ", ")
    text += f" Joindre\N{NO-BREAK SPACE}: {attach}."
    return f"{text} Une mention sur un réseau social n'est pas un signalement officiel."

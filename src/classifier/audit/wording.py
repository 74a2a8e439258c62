"""The French words of pages, workbooks and letters: dates, actions, labels, events."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from classifier.policy.vocabulary import ACTIONS, COVERAGES, HUMAN_REASONS, MESSAGES, URGENCIES
from classifier.taxonomy import taxonomy

from .canonical import from_microseconds
from .events import APPEAL_OUTCOMES, AUTOMATIC
from .lookup import Event

__all__ = ["name_action", "name_human_reason", "name_subject", "say_action", "say_date", "say_event", "say_time"]

_ZONE = ZoneInfo("America/Toronto")
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip
_PARAMETERS = {
    "to": "destinataire",
    "told": "personne prévenue",
    "who": "personne prévenue",
    "message": "message",
    "template": "message",
    "until": "jusqu'au",
    "strike": "compte dans l'échelle",
    "length_days": "durée en jours",
    "appeal": "appel",
    "clause": "clause",
    "desk": "bureau",
    "would": "aurait recommandé",
    "ladder": "échelle",
    "step": "étape",
    "alternatives": "ou",
    "when": "si",
    "subject": "motif",
    "call": "à appeler",
    "attach": "à joindre",
    "strikes": "avertissements déjà donnés",
}
#: What was done, once it is done.
_DONE = {
    "warn": "Avertissement donné",
    "ban": "Bannissement de l'auteur",
    "hide": "Commentaire masqué",
    "delete": "Commentaire supprimé",
    "report": "Commentaire signalé à la plateforme",
    "explain": "Explication du retrait envoyée à l'auteur",
    "remind": "Rappel de la nétiquette envoyé",
    "answer": "Réponse donnée",
    "transfer": "Commentaire transmis au bureau concerné",
    "escalate": "Personne alertée",
}
_VALUES = {
    "to_be_set": "à fixer par l'organisme",
    "netiquette": "nétiquette",
    "advertising": "publicité",
    "emergency": "services d'urgence",
    "suicide_line": "ligne de prévention du suicide",
}


def say_date(moment: datetime) -> str:
    """A date in words, Québec time.

    >>> from datetime import UTC
    >>> say_date(datetime(2026, 3, 1, 12, tzinfo=UTC))
    '1er mars 2026'
    """
    local = moment.astimezone(_ZONE)
    day = "1er" if local.day == 1 else str(local.day)
    return f"{day} {_MONTHS[local.month - 1]} {local.year}"


def say_time(moment: datetime) -> str:
    r"""A date and time in words, Québec time.

    >>> from datetime import UTC
    >>> say_time(datetime(2026, 3, 2, 14, 5, tzinfo=UTC)).replace("\N{NO-BREAK SPACE}", " ")
    '2 mars 2026 à 9 h 05'
    """
    local = moment.astimezone(_ZONE)
    minutes = f" {local.minute:02d}" if local.minute else ""
    return f"{say_date(moment)} à {local.hour}\u00a0h{minutes}".replace("h ", "h\u00a0")


def name_subject(subject: str) -> str:
    """French name of a label, a signal, or a rule of the project."""
    return taxonomy().names.get(subject, subject.replace("_", " "))


def name_action(action: str) -> str:
    """French name of an action."""
    return ACTIONS.get(action, action)


def name_human_reason(reason: str) -> str:
    """French sentence for why a person must look."""
    return HUMAN_REASONS.get(reason, reason)


def name_urgency(urgency: str) -> str:
    """French name of an urgency."""
    return URGENCIES.get(urgency, urgency)


def name_coverage(coverage: str) -> str:
    """French name of how a clause covers a case."""
    return COVERAGES.get(coverage, coverage)


def say_action(action: dict[str, Any]) -> str:
    """An action with its parameters, in one line."""
    details = [f"{_PARAMETERS.get(key, key)} : {_say_value(key, value)}" for key, value in action["parameters"].items()]
    return name_action(action["id"]) + (f" ({' ; '.join(details)})" if details else "")


def _say_value(key: str, value: str) -> str:
    if key in ("message", "template"):
        return MESSAGES.get(value, value).lower()
    if key in ("would", "alternatives"):
        return " ou ".join(ACTIONS.get(one, one).lower() for one in value.split("|"))
    if key == "subject":
        return name_subject(value).lower()
    if len(value) >= 16 and value[4:5] == "-" and value[10:11] == "T":
        return say_time(datetime.fromisoformat(value))
    return ", ".join(_VALUES.get(one, one) for one in value.split("|"))


def say_event(event: Event) -> str:
    """What came after a decision, in one sentence."""
    body = event.body
    by = "sans intervention humaine" if body.get("by") == AUTOMATIC else f"par {body.get('by', '')}"
    if event.kind == "notice":
        counted = ", ".join(_VALUES.get(one, one) for one in body.get("strikes", ()))
        counts = f" ; compte dans l'échelle : {counted}" if counted else ""
        message = f" ; message : {MESSAGES.get(body['message'], body['message']).lower()}" if "message" in body else ""
        done = _DONE.get(body["action"], name_action(body["action"]))
        return f"{done} le {say_time(from_microseconds(body['given_us']))} {by}{message}{counts}."
    if event.kind == "review":
        result = "modifiée" if body.get("changed") else "confirmée"
        why = f" Motif : {body['why']}" if body.get("why") else ""
        return f"Décision revue et {result} {by}, le {say_time(from_microseconds(body['seen_us']))}.{why}"
    if event.kind == "appeal":
        received = say_time(from_microseconds(body["received_us"]))
        return f"Observations ou demande de révision reçues le {received} ({body['channel']}), {by}."
    if event.kind == "appeal_decision":
        outcome = APPEAL_OUTCOMES[body["outcome"]]
        return (
            f"Demande de révision : {outcome} {by}, le {say_time(from_microseconds(body['decided_us']))}. {body['why']}"
        )
    return event.kind

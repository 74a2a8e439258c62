"""What of a prediction matters to a policy: alerts, violations, what is left of the comment once they are taken out."""

from __future__ import annotations

from dataclasses import dataclass

from classifier.comments import Comment, Part, Prediction
from classifier.policy.schema import Content, Rule, Window
from classifier.taxonomy import taxonomy

__all__ = ["POLITICAL", "Finding", "Remainder", "addresses_official", "find_alerts", "find_breaches", "what_remains"]

#: Labels of opinion and campaign; `official_addressed` breaks nothing.
POLITICAL = frozenset(taxonomy().political) - {"official_addressed"}

#: Labels and signals that speak of the whole comment where no part carries them.
_WHOLE = frozenset(
    (
        "off_topic",
        "incoherent",
        "repeated",
        "private_dialogue",
        "pile_on",
        "other_language",
        "shouting",
        "special_characters",
    )
)

#: Detail of the signal `personal_data` when it found nothing but an address: the guide counts a street where a problem
#: is as no personal information, and a rule cannot tell it from somebody's home.
_PLACE = "address"

_URGENT = frozenset(taxonomy().alerts)


@dataclass(frozen=True, slots=True)
class Finding:
    """A label or signal that fired, with the policy's rule for it.

    Attributes
    ----------
    subject : str
        Label or signal id.
    rule : Rule
        What the policy says of it.
    score, threshold : float or None
        None for a signal.
    source : str
        Where the threshold came from: ``"bundle"`` or ``"policy"``.
    window : Window or None
        Election window that the rule rests on.
    """

    subject: str
    rule: Rule
    score: float | None
    threshold: float | None
    source: str
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class Remainder:
    """What is left once all that breaks the netiquette is taken out.

    Attributes
    ----------
    parts : tuple of Part
        Lawful parts that say something; empty if nothing is left.
    sure : bool
        False if something breaks a rule but no part shows where.
    """

    parts: tuple[Part, ...]
    sure: bool


def find_alerts(content: Content, prediction: Prediction) -> tuple[str, ...]:
    """Alerts of a prediction, in the taxonomy's order: by recall threshold, by category, or as a label that fired.

    A policy's own threshold can add an alert, never silence one.
    """
    quiet = not prediction.alerts and prediction.category not in _URGENT and "threat" not in prediction.netiquette
    if quiet and not content.thresholds:
        return ()
    found = {*prediction.alerts, *_URGENT.intersection((prediction.category, *prediction.netiquette))}
    for label in taxonomy().alerts:
        least = content.thresholds.get(label)
        if least is not None and prediction.scores.get(label, 0.0) >= least:
            found.add(label)
    return tuple(label for label in taxonomy().alerts if label in found)


def find_breaches(content: Content, prediction: Prediction, window: Window | None) -> tuple[Finding, ...]:
    """Labels that pass the policy's thresholds (else the bundle's), and signals, with their rules; gravest first.

    Parameters
    ----------
    content : Content
        The policy.
    prediction : Prediction
        Labels, scores and signals.
    window : Window or None
        Election window open at the time of the comment.
    """
    labels = prediction.netiquette + prediction.political
    if content.thresholds:
        labels = _judge_again(content, prediction)
    if not labels and not prediction.signals:
        return ()
    found: list[Finding] = []
    for label in labels:
        rule = content.rules.get(label)
        if rule is None:
            continue
        threshold = content.thresholds.get(label)
        source = "bundle" if threshold is None else "policy"
        if threshold is None:
            threshold = prediction.thresholds.get(label)
        applies = window if label == "electoral" and _binds(content, window) else None
        if applies is not None:
            rule = Rule(label, "remove", content.elections.clause, "named", "contenu de campagne", "")
        found.append(Finding(label, rule, prediction.scores.get(label), threshold, source, applies))
    subjects = {finding.subject for finding in found}
    for signal in prediction.signals:
        if signal.id == "personal_data":
            rule = content.rules["personal_information"]
            if signal.detail == _PLACE and rule.effect == "remove":
                found.append(Finding(signal.id, _as_place(rule), None, None, ""))
            elif "personal_information" not in subjects:
                found.append(Finding(signal.id, rule, None, None, ""))
        elif signal.id not in subjects and signal.id in content.rules:
            found.append(Finding(signal.id, content.rules[signal.id], None, None, ""))
            subjects.add(signal.id)
    if len(found) > 1:
        found.sort(key=lambda finding: finding.rule.subject not in content.grave)
    return tuple(found)


def _as_place(rule: Rule) -> Rule:
    """The rule for personal information, where only an address was found: it may be the place of a problem."""
    why = "une adresse peut être le lieu d'un problème"
    return Rule(rule.subject, "review", rule.clause, rule.coverage, rule.words, why)


def _binds(content: Content, window: Window | None) -> bool:
    """Whether campaign content is removed in this window."""
    elections = content.elections
    return window is not None and elections.content == "remove" and window.kind in elections.kinds


def addresses_official(content: Content, prediction: Prediction) -> bool:
    """Whether an elected person is addressed, by the policy's threshold if it has one."""
    least = content.thresholds.get("official_addressed")
    if least is None:
        return "official_addressed" in prediction.political
    return prediction.scores.get("official_addressed", 0.0) >= least


def _judge_again(content: Content, prediction: Prediction) -> tuple[str, ...]:
    """Labels of the first two tasks, those with a threshold of the policy judged by it."""
    fired = {*prediction.netiquette, *prediction.political}
    labels = []
    for label in (*taxonomy().netiquette, *taxonomy().political):
        least = content.thresholds.get(label)
        if label in fired if least is None else prediction.scores.get(label, 0.0) >= least:
            labels.append(label)
    return tuple(labels)


def what_remains(comment: Comment, prediction: Prediction, breaches: tuple[Finding, ...]) -> Remainder:
    """The parts left once those that break a rule are taken out.

    A label of the whole comment that no part carries alone leaves nothing if it speaks of the whole (off topic,
    repeated…), or if the comment has one part; otherwise one cannot tell, and a person must.
    """
    subjects = {finding.rule.subject for finding in breaches}
    spans = [
        (span, "personal_information" if signal.id == "personal_data" else signal.id)
        for signal in prediction.signals
        for span in signal.spans
        if signal.id in subjects or (signal.id == "personal_data" and "personal_information" in subjects)
    ]
    placed: set[str] = set()
    left: list[Part] = []
    for part in prediction.parts:
        carried = subjects.intersection((*part.netiquette, *part.political))
        carried |= {subject for (start, end), subject in spans if start < part.end and part.start < end}
        placed |= carried
        if not carried and any(char.isalnum() for char in comment.text[part.start : part.end]):
            left.append(part)
    unplaced = subjects - placed
    if unplaced & _WHOLE or len(prediction.parts) <= 1:
        return Remainder((), True)
    return Remainder(tuple(left), not unplaced)

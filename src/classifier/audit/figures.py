"""Figures on review: how often people change what the program recommends, label by label, and how much is decided
without a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from classifier.taxonomy import taxonomy

from .events import AUTOMATIC
from .log import AuditLog
from .lookup import RecordedDecision, iterate_decisions

__all__ = ["Figures", "LabelAgreement", "read_figures"]


@dataclass(slots=True)
class LabelAgreement:
    """On one label, among reviewed decisions: both have it, the program alone, the person alone."""

    both: int = 0
    program_only: int = 0
    person_only: int = 0

    @property
    def share(self) -> float:
        """Agreement where one of the two saw the label, in [0, 1]."""
        seen = self.both + self.program_only + self.person_only
        return self.both / seen if seen else 1.0


@dataclass(slots=True)
class Figures:
    """Counts over a log.

    Attributes
    ----------
    decisions, reviewed, changed : int
        Recorded; seen by a person; changed by one.
    without_person : int
        Decided without a person, so far.
    appeals, granted : int
        Appeals received; those that cancelled or changed the decision.
    labels : dict of str to LabelAgreement
        Every label that the program or a person gave to a reviewed decision.
    """

    decisions: int = 0
    reviewed: int = 0
    changed: int = 0
    without_person: int = 0
    appeals: int = 0
    granted: int = 0
    labels: dict[str, LabelAgreement] = field(default_factory=dict)

    @property
    def override_rate(self) -> float:
        """Share of reviewed decisions that a person changed."""
        return self.changed / self.reviewed if self.reviewed else 0.0

    @property
    def share_without_person(self) -> float:
        """Share of all decisions that no person took part in."""
        return self.without_person / self.decisions if self.decisions else 0.0

    def add(self, decision: RecordedDecision) -> None:
        """Count a decision; the last review is the one that counts."""
        self.decisions += 1
        reviews = [event.body for event in decision.events if event.kind == "review"]
        people = [event for event in decision.events if event.body.get("by") != AUTOMATIC and event.kind != "appeal"]
        if not people and not decision.said["needs_human"]:
            self.without_person += 1
        for event in decision.events:
            self.appeals += event.kind == "appeal"
            self.granted += event.kind == "appeal_decision" and event.body["outcome"] != "upheld"
        if reviews:
            self.reviewed += 1
            self.changed += bool(reviews[-1]["changed"])
            self._compare(decision.said, reviews[-1])

    def _compare(self, said: Mapping[str, Any], review: Mapping[str, Any]) -> None:
        program = {*said["netiquette"], *said["political"], said["category"]}
        person = {*review["netiquette"], *review["political"], review["category"]}
        for label in taxonomy().labels:
            if label in program or label in person:
                agreement = self.labels.setdefault(label, LabelAgreement())
                agreement.both += label in program and label in person
                agreement.program_only += label in program and label not in person
                agreement.person_only += label not in program and label in person


def read_figures(log: AuditLog) -> Figures:
    """Figures over the whole log, streamed."""
    figures = Figures()
    for decision in iterate_decisions(log):
        figures.add(decision)
    return figures

"""A decision in the making: what the steps of the router add to, and the order in which it is told."""

from __future__ import annotations

from typing import Mapping

from classifier.comments import Action, Reason
from classifier.policy.schema import Autonomy, Window

__all__ = ["Draft"]

_ORDER = ("low", "normal", "high", "immediate")

_PUBLISH = Action("publish", {}, autonomous=True)
_REVIEW = Action("review", {})


class Draft:
    """Collects actions, reasons and why a person must look.

    Attributes
    ----------
    escalations, removals, follow_ups : list of Action
        Told in this order, with the verdict (`publish` or `review`) between the first two and the last.
    """

    __slots__ = (
        "autonomy",
        "delays",
        "desk",
        "escalations",
        "follow_ups",
        "human",
        "reasons",
        "removals",
        "review",
        "urgency",
        "window",
    )

    def __init__(self, autonomy: Autonomy) -> None:
        self.autonomy = autonomy
        self.escalations: list[Action] = []
        self.removals: list[Action] = []
        self.follow_ups: list[Action] = []
        self.review: Action | None = None
        self.reasons: list[Reason] = []
        self.human: list[str] = []
        self.delays: list[str] = []
        self.desk = ""
        self.urgency = "low"
        self.window: Window | None = None

    def ask(self, *reasons: str) -> None:
        """Ask for a person, each reason once."""
        self.human.extend(reason for reason in reasons if reason not in self.human)

    def ask_review(self, why: str, clause: str = "") -> None:
        """Leave the verdict to a person; a review that cites a clause is kept over one that does not."""
        self.ask(why)
        if self.review is None or (clause and not self.review.parameters):
            self.review = Action("review", {"clause": clause}) if clause else _REVIEW

    def raise_to(self, urgency: str) -> None:
        """Raise the urgency, never lower it."""
        if _ORDER.index(urgency) > _ORDER.index(self.urgency):
            self.urgency = urgency

    def propose(self, action: str, parameters: Mapping[str, str], score: float, person: bool) -> Action:
        """An action that runs alone only if the organisation lets it, above its score, and nothing asks for a person.

        Parameters
        ----------
        score : float
            Confidence in [0, 1] that the action rests on.
        person : bool
            Whether something already asks for a person.
        """
        least = self.autonomy.minima.get(action)
        alone = least is not None and not person and score >= least
        if least is None:
            self.ask("not_autonomous")
        elif not person and not alone:
            self.ask("below_autonomy")
        return Action(action, {key: value for key, value in parameters.items() if value}, alone)

    @property
    def actions(self) -> tuple[Action, ...]:
        """All actions, in order of application; in shadow mode, what would have been recommended is only noted.

        Urgent cases are never silenced.
        """
        verdict = self.removals or [self.review or _PUBLISH]
        if self.autonomy.mode == "shadow":
            would = "|".join(action.id for action in (*verdict, *self.follow_ups))
            return (*self.escalations, Action("observe", {"would": would}))
        return (*self.escalations, *verdict, *self.follow_ups)

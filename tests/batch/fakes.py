"""A small fake moderator for the tests of this room: no model, no policy, decisions that depend on the words alone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from classifier.comments import (
    Action,
    Comment,
    Deadline,
    Decision,
    Evidence,
    ModelReference,
    PolicyReference,
    Prediction,
    Reason,
    Signal,
)
from classifier.taxonomy import taxonomy

MODEL = ModelReference("fake", "1", "0" * 64)
POLICY = PolicyReference("ville", "1", "1" * 64)


class FakeModerator:
    """Words decide: « idiot » insults, « mourir » is a risk, « maire » is political, « ? » asks."""

    policy = POLICY
    not_recorded = 0

    def __init__(self) -> None:
        self.recorded: dict[str, Decision] = {}
        self.predictor = self

    @property
    def model(self) -> ModelReference:
        return MODEL

    def close(self) -> None:
        pass

    def predict(self, comments: Sequence[Comment]) -> list[Prediction]:
        return [self._predict(comment) for comment in comments]

    def _predict(self, comment: Comment) -> Prediction:
        text = comment.text
        netiquette = ("insult",) if "idiot" in text else ()
        political = ("official_addressed",) if "maire" in text else ()
        category = "suicide_risk" if "mourir" in text else "question" if "?" in text else "neutral"
        scores = dict.fromkeys(taxonomy().labels, 0.01)
        for label in (*netiquette, *political, category):
            scores[label] = 0.9
        at = text.find("idiot")
        return Prediction(
            netiquette=netiquette,
            political=political,
            category=category,
            scores=scores,
            any_violation=0.9 if netiquette else 0.05,
            alerts=("suicide_risk",) if category == "suicide_risk" else (),
            uncertain=("insult",) if "pas fort" in text else (),
            parts=(),
            signals=(Signal("personal_information", "téléphone", ((text.index("514"), text.index("514") + 12),)),)
            if "514-555-01" in text
            else (),
            evidence=(Evidence(at, at + 5, "insult", 1.0),) if at >= 0 else (),
            missing=(),
            thresholds={"insult": 0.5},
            model=MODEL,
        )

    def decide(
        self,
        comments: Sequence[Comment],
        *,
        predictions: Sequence[Prediction] | None = None,
        signals: Sequence[tuple[Signal, ...]] | None = None,
        positions: Sequence[int] | None = None,
        now: datetime | None = None,
    ) -> list[Decision]:
        predictions = predictions if predictions is not None else self.predict(comments)
        signals = signals or [()] * len(comments)
        positions = positions or list(range(len(comments)))
        decisions = []
        for comment, prediction, found, position in zip(comments, predictions, signals, positions, strict=True):
            prediction = replace(prediction, signals=prediction.signals + found)
            start = comment.created_at or now
            assert start is not None
            remove = bool(prediction.netiquette)
            identifier = hashlib.sha256(
                f"{comment.platform}|{comment.id or position}|{comment.text}".encode()
            ).hexdigest()[:32]
            urgent = prediction.category == "suicide_risk"
            decision = Decision(
                decision_id=identifier,
                comment_id=comment.id,
                prediction=prediction,
                policy=POLICY,
                actions=(Action("escalate"),)
                if urgent
                else (Action("hide"),)
                if remove
                else (Action("publish", {}, True),),
                reasons=(Reason("insult", "retrait", "annexe 1, 4", "named", 0.9, 0.5, "bundle"),) if remove else (),
                deadlines=(
                    Deadline(
                        "reponse", start + timedelta(days=2), "8.1", "2025.1", start_assumed=comment.created_at is None
                    ),
                ),
                urgency="immediate" if urgent else "high" if remove else "low",
                needs_human=urgent or remove,
                human_reasons=("uncertain",) if prediction.uncertain else (),
                desk="Communications" if remove or urgent else "",
            )
            self.recorded.setdefault(identifier, decision)
            decisions.append(decision)
        return decisions

    def pseudonym(self, author: str) -> str:
        return "a-" + hashlib.sha256(author.encode()).hexdigest()[:10]

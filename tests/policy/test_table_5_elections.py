"""Conformance, table 5: election windows, candidates, campaign content, logistics."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.policy.made import TORONTO, TUESDAY, predict, write

from classifier.comments import Decision
from classifier.policy import Policy, PolicyRouter

BEFORE = datetime(2025, 9, 18, 23, 59, tzinfo=TORONTO)
OPEN = datetime(2025, 9, 19, 0, 0, tzinfo=TORONTO)
LAST = datetime(2025, 11, 2, 23, 59, tzinfo=TORONTO)
AFTER = datetime(2025, 11, 3, 0, 0, tzinfo=TORONTO)
PROVISIONAL = datetime(2029, 10, 1, 12, 0, tzinfo=TORONTO)
PROVINCIAL = datetime(2022, 9, 15, 12, 0, tzinfo=TORONTO)


def decide(
    policy_id: str, *labels: str, created_at: datetime = TUESDAY, role: str | None = None, category: str = "neutral"
) -> Decision:
    router = PolicyRouter(Policy.load(policy_id))
    comment = write(created_at=created_at, author_role=role)
    return router.decide(comment, predict(*labels, category=category), decision_id="d", now=created_at)


def first(decision: Decision) -> str:
    return decision.actions[0].id


@pytest.mark.parametrize(
    ("moment", "clause", "window"),
    [
        (BEFORE, "5.1", ""),
        (OPEN, "7", "municipal-2025"),
        (LAST, "7", "municipal-2025"),
        (AFTER, "5.1", ""),
        (PROVINCIAL, "7", "provincial-2022"),
    ],
)
def test_montmagny_7_removes_campaign_content_in_the_window(moment: datetime, clause: str, window: str) -> None:
    decision = decide("montmagny", "electoral", created_at=moment)
    assert first(decision) == "delete"
    assert (decision.reasons[0].clause, decision.election_window) == (clause, window)
    assert ("our_reading" in decision.human_reasons) == (clause == "5.1")


def test_provisional_windows_say_so() -> None:
    decision = decide("montmagny", "electoral", created_at=PROVISIONAL)
    assert decision.election_window == "municipal-2029"
    assert "provisional_window" in decision.human_reasons
    assert "provisional_window" not in decide("montmagny", "electoral", created_at=OPEN).human_reasons


@pytest.mark.parametrize("moment", [TUESDAY, OPEN])
def test_drummondville_removes_campaign_content_at_any_time(moment: datetime) -> None:
    decision = decide("drummondville", "electoral", created_at=moment)
    assert first(decision) == "hide"
    assert decision.reasons[0].clause == "Élections municipales"


@pytest.mark.parametrize("moment", [TUESDAY, OPEN])
@pytest.mark.parametrize("policy_id", ["baie-comeau", "sainte-sophie"])
def test_silent_towns_leave_residents_campaign_talk(policy_id: str, moment: datetime) -> None:
    assert first(decide(policy_id, "electoral", created_at=moment)) == "publish"


@pytest.mark.parametrize(
    ("policy_id", "clause"), [("montmagny", "7"), ("sainte-sophie", "9"), ("drummondville", "Élections municipales")]
)
def test_candidates_in_a_municipal_window(policy_id: str, clause: str) -> None:
    decision = decide(policy_id, created_at=OPEN, role="candidate")
    assert first(decision) == "review"
    assert decision.human_reasons[0] == "author_role"
    assert (decision.reasons[0].clause, decision.reasons[0].rule) == (clause, "roles.candidate")


def test_candidates_out_of_the_window() -> None:
    assert first(decide("montmagny", created_at=TUESDAY, role="candidate")) == "publish"
    assert first(decide("sainte-sophie", created_at=TUESDAY, role="candidate")) == "publish"
    assert first(decide("drummondville", created_at=TUESDAY, role="candidate")) == "review", "at any time"
    assert first(decide("montmagny", created_at=PROVINCIAL, role="candidate")) == "publish", "municipal only"


@pytest.mark.parametrize(
    ("policy_id", "role", "clause"),
    [
        ("montmagny", "elected", "9.3"),
        ("montmagny", "employee", "9.2"),
        ("baie-comeau", "elected", "11"),
        ("baie-comeau", "employee", "11"),
        ("sainte-sophie", "elected", "24"),
        ("sainte-sophie", "employee", "23"),
        ("drummondville", "elected", "Membres du conseil"),
        ("drummondville", "employee", "Membres du personnel"),
    ],
)
def test_known_roles_are_for_a_person(policy_id: str, role: str, clause: str) -> None:
    decision = decide(policy_id, role=role)
    assert (first(decision), decision.reasons[0].clause) == ("review", clause)


@pytest.mark.parametrize("policy_id", ["mamh", "montmagny", "baie-comeau", "sainte-sophie", "drummondville"])
@pytest.mark.parametrize("moment", [TUESDAY, OPEN, PROVINCIAL])
def test_logistics_are_always_answered(policy_id: str, moment: datetime) -> None:
    decision = decide(policy_id, "electoral", created_at=moment, category="question")
    ids = [action.id for action in decision.actions]
    assert not {"hide", "delete", "warn", "ban"} & set(ids)
    assert {"answer", "redirect"} & set(ids)


@pytest.mark.parametrize("policy_id", ["mamh", "montmagny", "baie-comeau", "sainte-sophie", "drummondville"])
@pytest.mark.parametrize("labels", [("partisan",), ("electoral",), ("partisan", "electoral", "political_opinion")])
def test_every_party_is_treated_alike(policy_id: str, labels: tuple[str, ...]) -> None:
    router = PolicyRouter(Policy.load(policy_id))
    texts = ("Votez Parti bleu, les autres sont finis!", "Votez Parti vert, les autres sont finis!")
    bleu, vert = (
        router.decide(write(text, created_at=OPEN), predict(*labels), decision_id="d", now=OPEN) for text in texts
    )
    assert bleu == vert


def test_question_beside_campaign_content_is_answered_apart() -> None:
    from classifier.comments import Part

    text = "Votez bleu! Où vote-t-on?"
    parts = (Part(0, 11, (), ("electoral",), "neutral"), Part(12, len(text), (), (), "question"))
    router = PolicyRouter(Policy.load("montmagny"))
    decision = router.decide(
        write(text, created_at=OPEN), predict("electoral", parts=parts, category="neutral"), decision_id="d", now=OPEN
    )
    assert [action.id for action in decision.actions] == ["delete", "answer"]
    assert "election_logistics" in decision.human_reasons

"""Conformance, table 2: removal, explanation, sanctions, urgent cases, private messages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.policy.made import TUESDAY, predict, write

from classifier.comments import Decision, Part
from classifier.policy import History, Policy, PolicyRouter, Strike

POLICIES = ("mamh", "montmagny", "baie-comeau", "sainte-sophie", "drummondville")


def decide(policy_id: str, *labels: str, history: History | None = None, **changes: object) -> Decision:
    comment = {key: changes.pop(key) for key in ("kind", "author_role", "tagged") if key in changes}
    prediction = predict(*labels, **changes)  # type: ignore[arg-type]
    router = PolicyRouter(Policy.load(policy_id))
    return router.decide(write(**comment), prediction, decision_id="d", now=TUESDAY, history=history)


def ids(decision: Decision) -> list[str]:
    return [action.id for action in decision.actions]


def strikes(count: int, kind: str = "netiquette") -> History:
    return History(tuple(Strike(kind, TUESDAY - timedelta(days=day + 1)) for day in range(count)))


@pytest.mark.parametrize(
    ("policy_id", "action", "clause", "alternatives"),
    [
        ("mamh", "hide", "8.2", "delete"),
        ("montmagny", "delete", "5.1", None),
        ("baie-comeau", "delete", "10", "hide"),
        ("sainte-sophie", "delete", "annexe", None),
        ("drummondville", "hide", "annexe 1, 7", "delete"),
    ],
)
def test_removal(policy_id: str, action: str, clause: str, alternatives: str | None) -> None:
    removal = decide(policy_id, "insult").actions[0]
    assert (removal.id, removal.parameters["clause"], removal.parameters.get("alternatives")) == (
        action,
        clause,
        alternatives,
    )


def test_drummondville_reports_hate_besides() -> None:
    assert ids(decide("drummondville", "racism"))[:2] == ["hide", "report"]
    assert "report" not in ids(decide("drummondville", "off_topic"))


def test_explanation_is_the_ministry_s_only() -> None:
    explained = [policy_id for policy_id in POLICIES if "explain" in ids(decide(policy_id, "insult"))]
    assert explained == ["mamh"]


@pytest.mark.parametrize(
    ("policy_id", "label", "kind", "steps"),
    [
        ("mamh", "insult", "netiquette", ["warn", "ban", "ban"]),
        ("montmagny", "insult", "netiquette", ["", "ban", "ban"]),
        ("baie-comeau", "insult", "netiquette", ["warn", "ban", "ban"]),
        ("sainte-sophie", "insult", "netiquette", ["warn", "ban", "ban"]),
        ("sainte-sophie", "advertising", "advertising", ["warn", "warn", "ban", "ban"]),
        ("drummondville", "insult", "netiquette", ["warn", "warn", "ban", "ban"]),
    ],
)
def test_sanctions(policy_id: str, label: str, kind: str, steps: list[str]) -> None:
    for count, step in enumerate(steps):
        decision = decide(policy_id, label, history=strikes(count, kind))
        sanctions = [action for action in ids(decision) if action in ("warn", "ban")]
        assert sanctions == ([step] if step else [])
        if step == "ban":
            assert "ban_terms_unset" in decision.human_reasons
            assert not any(action.autonomous for action in decision.actions)


def test_second_warning_has_its_own_message() -> None:
    decision = decide("drummondville", "insult", history=strikes(1))
    warning = next(action for action in decision.actions if action.id == "warn")
    assert warning.parameters["message"] == "second_warning"


def test_sainte_sophie_keeps_its_two_ladders_apart() -> None:
    decision = decide("sainte-sophie", "advertising", history=strikes(3, "netiquette"))
    assert "warn" in ids(decision)
    both = decide("sainte-sophie", "insult", "advertising", history=strikes(1, "netiquette"))
    assert "ban" in ids(both), "the hardest step of the two ladders"
    first = decide("sainte-sophie", "insult", "advertising")
    warning = next(action for action in first.actions if action.id == "warn")
    assert set(warning.parameters["strike"].split("|")) == {"netiquette", "advertising"}


def test_montmagny_counts_removals_done() -> None:
    assert decide("montmagny", "insult").actions[0].parameters["strike"] == "netiquette"


@pytest.mark.parametrize("alert", ["suicide_risk", "crime_report", "threat"])
def test_mamh_calls_the_centrale(alert: str) -> None:
    decision = decide("mamh", alerts=(alert,))
    escalation = decision.actions[0]
    assert escalation.id == "escalate"
    assert escalation.parameters["call"].split("|")[0] == "cic"
    assert escalation.parameters["write"] == "cic"
    assert "capture d'écran" in escalation.parameters["attach"]
    assert (decision.reasons[0].clause, decision.reasons[0].coverage) == ("8.2", "named")
    desk = Policy.load("mamh").content.desks["cic"]
    assert (desk.phone, desk.email) == ("1 800 569-4264", "cic@surete.qc.ca")


@pytest.mark.parametrize("policy_id", POLICIES[1:])
@pytest.mark.parametrize("alert", ["suicide_risk", "crime_report", "threat"])
def test_silent_towns_follow_the_project_s_rule_shown_as_such(policy_id: str, alert: str) -> None:
    decision = decide(policy_id, alerts=(alert,))
    escalation = decision.actions[0]
    assert escalation.id == "escalate"
    assert "emergency" in escalation.parameters["call"].split("|")
    assert ("suicide_line" in escalation.parameters["call"].split("|")) == (alert == "suicide_risk")
    assert "cic" not in escalation.parameters["call"], "the Centrale is the ministry's clause"
    assert "clause" not in escalation.parameters
    assert (decision.reasons[0].clause, decision.reasons[0].coverage) == ("", "project")
    assert (decision.urgency, decision.needs_human) == ("immediate", True)
    assert escalation.parameters["desk"], "somebody must phone: a mention is no report"


@pytest.mark.parametrize("policy_id", POLICIES)
def test_private_messages_are_never_hidden(policy_id: str) -> None:
    decision = decide(policy_id, "insult", kind="private_message")
    assert not {"hide", "delete"} & set(ids(decision))
    assert "private_message" in decision.human_reasons
    sanctioned = policy_id in ("mamh", "montmagny", "drummondville")
    assert ("review" in ids(decision)) is True
    assert bool({"warn", "ban"} & set(ids(decision))) == (sanctioned and policy_id != "montmagny")


# --- the ministry's removal by parts ---------------------------------------------------------------------------------

TEXT = "Bande de nouilles. À quelle heure ouvre la piscine?"


def parts(*first: str) -> tuple[Part, ...]:
    return (Part(0, 18, tuple(first), (), "negative"), Part(19, len(TEXT), (), (), "question"))


def decide_parts(policy_id: str, labels: tuple[str, ...], first: tuple[str, ...], **changes: object) -> Decision:
    prediction = predict(*labels, parts=parts(*first), **changes)  # type: ignore[arg-type]
    router = PolicyRouter(Policy.load(policy_id))
    return router.decide(write(TEXT), prediction, decision_id="d", now=TUESDAY)


def test_mamh_keeps_what_remains_and_answers_it() -> None:
    decision = decide_parts("mamh", ("insult",), ("insult",))
    assert ids(decision) == ["publish", "answer", "transfer"]
    assert {reason.clause for reason in decision.reasons} == {"annexe 7", "8.2"}
    assert not decision.needs_human


@pytest.mark.parametrize("label", ["threat", "racism", "personal_information", "sexual_content"])
def test_mamh_grave_part_beside_a_lawful_one_is_for_a_person_at_once(label: str) -> None:
    decision = decide_parts("mamh", (label,), (label,))
    assert next(action for action in ids(decision) if action != "escalate") == "review"
    assert decision.urgency in ("high", "immediate")
    assert {"grave_part", "freedom_of_expression"} <= set(decision.human_reasons)
    assert {"annexe 7", "8.2"} <= {reason.clause for reason in decision.reasons}


def test_mamh_removes_when_every_part_breaks_a_rule() -> None:
    whole = (Part(0, 18, ("insult",), (), "negative"), Part(19, len(TEXT), ("profanity",), (), "negative"))
    router = PolicyRouter(Policy.load("mamh"))
    decision = router.decide(write(TEXT), predict("insult", "profanity", parts=whole), decision_id="d", now=TUESDAY)
    assert ids(decision)[0] == "hide"


def test_mamh_asks_a_person_when_no_part_shows_the_breach() -> None:
    decision = decide_parts("mamh", ("insult",), ())
    assert ids(decision)[0] == "review"
    assert "parts_disagree" in decision.human_reasons


def test_mamh_whole_comment_labels_leave_nothing() -> None:
    assert ids(decide_parts("mamh", ("off_topic",), ()))[0] == "hide"
    assert ids(decide_parts("mamh", ("repeated",), ()))[0] == "hide"


@pytest.mark.parametrize("policy_id", POLICIES[1:])
def test_towns_remove_the_whole_comment(policy_id: str) -> None:
    assert ids(decide_parts(policy_id, ("insult",), ("insult",)))[0] in ("hide", "delete")


@pytest.mark.parametrize("policy_id", POLICIES)
def test_possible_distress_is_read_before_anything_is_removed(policy_id: str) -> None:
    decision = decide(policy_id, "insult", alerts=("suicide_risk",), category="suicide_risk")
    assert ids(decision)[:2] == ["escalate", "review"]
    assert "possible_distress" in decision.human_reasons

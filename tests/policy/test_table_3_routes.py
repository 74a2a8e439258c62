"""Conformance, table 3: where a lawful comment goes, cell by cell, written here from the documents.

A cell reads ``clause: action>desk, action>desk``; ``project`` for a clause means that the document is silent.
"""

from __future__ import annotations

import pytest
from tests.policy.made import TUESDAY, predict, write

from classifier.comments import Decision
from classifier.policy import Policy, PolicyRouter

POLICIES = ("mamh", "montmagny", "baie-comeau", "sainte-sophie", "drummondville")

TABLE = """
question
  mamh          8.2: answer>community, transfer>respondent
  montmagny     8.2: answer>communications, redirect>service
  baie-comeau   10: answer>communications, redirect>customer_service
  sainte-sophie 15: redirect>communications, transfer>service
  drummondville Commentaires: answer>communications, redirect>resource
unclear
  mamh          8.2: ask_details>community, transfer>respondent
  montmagny     project: no_reply
  baie-comeau   project: no_reply
  sainte-sophie project: no_reply
  drummondville project: no_reply
complaint
  mamh          8.2: redirect>complaints
  montmagny     5.12: transfer>service, redirect>communications
  baie-comeau   10: redirect>customer_service
  sainte-sophie 15: redirect>communications, transfer>service
  drummondville Commentaires: redirect>311
wrongdoing_disclosure
  mamh          annexe 7: redirect>cmq
  montmagny     project: transfer>general_management
  baie-comeau   project: transfer>general_management
  sainte-sophie project: transfer>general_management
  drummondville project: transfer>communications
media_request
  mamh          annexe 7: redirect>press
  montmagny     5.11: redirect>general_management
  baie-comeau   project: transfer>communications
  sainte-sophie 16: redirect>general_management
  drummondville project: transfer>communications
access_request
  mamh          annexe 7: redirect>access
  montmagny     5.13: redirect>clerk
  baie-comeau   project: transfer>communications
  sainte-sophie project: transfer>communications
  drummondville project: transfer>communications
employment
  mamh          annexe 7: redirect>human_resources
  montmagny     project: answer>communications
  baie-comeau   project: transfer>communications
  sainte-sophie project: transfer>communications
  drummondville project: transfer>communications
litigation
  mamh          8.2: decline>community, no_reply
  montmagny     project: transfer>general_management
  baie-comeau   project: transfer>general_management
  sainte-sophie project: transfer>general_management
  drummondville project: transfer>communications
private_case
  mamh          8.2: redirect>regional, transfer>respondent, transfer>regional
  montmagny     5.13: redirect>clerk
  baie-comeau   10: redirect>customer_service
  sainte-sophie 15: redirect>communications, transfer>service
  drummondville Commentaires: redirect>resource
other_organization
  mamh          8.2: redirect>other_body, transfer>other_body, transfer>respondent
  montmagny     8.2: redirect>communications
  baie-comeau   project: transfer>communications
  sainte-sophie project: transfer>communications
  drummondville Commentaires: redirect>resource
service_request
  mamh          8.2: transfer>respondent
  montmagny     8.6: transfer>service, acknowledge>communications
  baie-comeau   10: redirect>customer_service
  sainte-sophie 15: redirect>communications, transfer>service
  drummondville annexe 1, 9: redirect>311
suggestion
  mamh          8.2: transfer>respondent
  montmagny     8.7: answer>communications
  baie-comeau   project: no_reply
  sainte-sophie project: no_reply
  drummondville Commentaires: no_reply
negative
  mamh          8.2: no_reply, acknowledge>community, redirect>regional, answer>community
  montmagny     8.7: answer>communications
  baie-comeau   10: no_reply
  sainte-sophie project: no_reply
  drummondville Commentaires: no_reply
positive
  mamh          8.2: no_reply, answer>community
  montmagny     8.7: answer>communications
  baie-comeau   project: no_reply
  sainte-sophie project: no_reply
  drummondville Commentaires: no_reply
neutral
  mamh          8.2: no_reply, answer>community
  montmagny     8.7: answer>communications
  baie-comeau   project: no_reply
  sainte-sophie project: no_reply
  drummondville Commentaires: no_reply
"""


def cells() -> list[object]:
    found = []
    category = ""
    for line in TABLE.strip("\n").splitlines():
        if not line.startswith(" "):
            category = line.strip()
            continue
        policy_id, rest = line.split(maxsplit=1)
        clause, _, steps = rest.partition(": ")
        found.append(pytest.param(policy_id, category, clause, steps, id=f"{policy_id}: {category} ({clause})"))
    return found


def decide(policy_id: str, *labels: str, category: str = "negative", tagged: tuple[str, ...] = ()) -> Decision:
    router = PolicyRouter(Policy.load(policy_id))
    return router.decide(write(tagged=tagged), predict(*labels, category=category), decision_id="d", now=TUESDAY)


def steps_of(decision: Decision) -> str:
    actions = [action for action in decision.actions if action.id not in ("publish", "escalate")]
    return ", ".join(f"{one.id}>{one.parameters['desk']}" if "desk" in one.parameters else one.id for one in actions)


@pytest.mark.parametrize(("policy_id", "category", "clause", "steps"), cells())
def test_cell(policy_id: str, category: str, clause: str, steps: str) -> None:
    decision = decide(policy_id, category=category)
    assert decision.actions[0].id == "publish"
    assert not decision.needs_human
    assert steps_of(decision) == steps
    reason = decision.reasons[0]
    if clause == "project":
        assert (reason.clause, reason.coverage) == ("", "project")
    else:
        assert (reason.clause, reason.coverage) == (clause, "named")
    first = next((step.partition(">")[2] for step in steps.split(", ") if ">" in step), "")
    assert decision.desk == first


def test_table_speaks_of_every_category_but_the_urgent_ones() -> None:
    from classifier.taxonomy import taxonomy

    written = {line for line in TABLE.strip("\n").splitlines() if not line.startswith(" ")}
    assert written == {*taxonomy().category} - {"suicide_risk", "crime_report"}


# --- labels that change the way ---------------------------------------------------------------------------------------


def test_mamh_official_not_tagged_goes_to_the_press_attache() -> None:
    decision = decide("mamh", "official_addressed")
    assert steps_of(decision) == "transfer>minister_press"
    assert decision.reasons[0].clause == "8.2"


def test_mamh_official_tagged_gets_no_reply() -> None:
    decision = decide("mamh", "official_addressed", tagged=("ministre.exemple",))
    assert steps_of(decision) == "no_reply"
    assert "tagged_official" in decision.human_reasons, "the file lists no account: a person checks whose it is"


def test_mamh_question_to_the_minister_may_have_an_administrative_answer() -> None:
    assert steps_of(decide("mamh", "official_addressed", category="question")) == (
        "answer>community, transfer>respondent, transfer>minister_press"
    )


@pytest.mark.parametrize(
    ("policy_id", "clause", "steps"),
    [
        ("montmagny", "4.3", "redirect>elected"),
        ("sainte-sophie", "24", "no_reply"),
        ("drummondville", "Membres du conseil", "no_reply"),
        ("baie-comeau", "10", "no_reply"),
    ],
)
def test_elected_people_are_reached_elsewhere(policy_id: str, clause: str, steps: str) -> None:
    decision = decide(policy_id, "official_addressed")
    assert (steps_of(decision), decision.reasons[0].clause) == (steps, clause)


@pytest.mark.parametrize(
    ("policy_id", "clause"), [("baie-comeau", "6"), ("sainte-sophie", "8"), ("drummondville", "Ligne éditoriale")]
)
def test_political_matter_gets_no_opinion(policy_id: str, clause: str) -> None:
    decision = decide(policy_id, "political_opinion")
    assert decision.actions[0].id == "publish"
    assert "no_reply" in steps_of(decision)
    assert decision.reasons[0].clause == clause


def test_baie_comeau_tells_the_general_management() -> None:
    assert "transfer>general_management" in steps_of(decide("baie-comeau", "political_opinion"))


def test_mamh_wrong_premise_is_answered_and_harm_is_for_a_person() -> None:
    decision = decide("mamh", "misinformation")
    assert steps_of(decision) == "answer>community, transfer>respondent, correct>community"
    assert decision.human_reasons == ("harm_to_judge",)
    assert "first_return" in [deadline.id for deadline in decision.deadlines]


@pytest.mark.parametrize("policy_id", ["montmagny", "drummondville"])
def test_misinformation_is_removed_where_the_document_says_so(policy_id: str) -> None:
    assert decide(policy_id, "misinformation").actions[0].id in ("hide", "delete")


def test_mamh_litigation_answers_only_that_it_does_not_comment() -> None:
    decision = decide("mamh", category="litigation")
    declined = next(action for action in decision.actions if action.id == "decline")
    text = Policy.load("mamh").render(declined.parameters["message"])
    assert "ne commente pas" in text

"""French names and sentences that reports, the dossier and the review workbook show."""

from __future__ import annotations

import pytest
from tests.policy.made import TUESDAY, predict, write

from classifier.policy import Policy, PolicyRouter, list_policies
from classifier.policy.names import describe_action, human_reason_name, urgency_name
from classifier.policy.vocabulary import ACTIONS, HUMAN_REASONS


def test_an_alert_says_who_must_phone_whom_and_what_to_attach() -> None:
    policy = Policy.load("mamh")
    decision = PolicyRouter(policy).decide(write(), predict(alerts=("crime_report",)), decision_id="d", now=TUESDAY)
    sentence = describe_action(policy, decision.actions[0])
    assert "Gestionnaires de communauté" in sentence
    assert "1 800 569-4264" in sentence
    assert "cic@surete.qc.ca" in sentence
    assert "capture d'écran" in sentence
    assert "signalement officiel" in sentence


@pytest.mark.parametrize("policy_id", list_policies())
@pytest.mark.parametrize("labels", [("insult",), ("threat",), ("private_dialogue",), ("electoral",), ()])
def test_every_action_has_a_sentence(policy_id: str, labels: tuple[str, ...]) -> None:
    policy = Policy.load(policy_id)
    prediction = predict(*labels, category="question")
    for action in PolicyRouter(policy).decide(write(), prediction, decision_id="d", now=TUESDAY).actions:
        sentence = describe_action(policy, action)
        assert sentence.endswith(".")
        assert "to_be_set" not in sentence
        assert "_" not in sentence, "no identifier shows"


def test_names_are_french() -> None:
    assert urgency_name("immediate") == "Immédiate"
    assert human_reason_name("urgent").endswith(".")
    assert all(name[0].isupper() for name in (*ACTIONS.values(), *HUMAN_REASONS.values()))

"""Conformance, table 5: election windows, candidates, campaign content, logistics; then thresholds and autonomy."""

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


@pytest.mark.parametrize("policy_id", ["mamh", "montmagny", "drummondville"])
def test_every_party_is_treated_alike(policy_id: str) -> None:
    # The router sees labels only: nothing in a policy can name a party or a candidate.
    content = Policy.load(policy_id).content
    assert not {"party", "candidate_name"} & set(content.rules)


# --- thresholds and autonomy ------------------------------------------------------------------------------------------


def changed(policy_id: str, *replacements: tuple[str, str]) -> PolicyRouter:
    text = Policy.load(policy_id).text
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return PolicyRouter(Policy.parse(text))


def test_policy_thresholds_override_the_bundle_s() -> None:
    router = changed("montmagny", ("grave: [", "thresholds: {insult: 0.95, profanity: 0.3}\ngrave: ["))
    strict = router.decide(write(), predict("insult"), decision_id="d", now=TUESDAY)
    assert first(strict) == "publish"
    scores = {"profanity": 0.4, "negative": 0.9}
    lower = router.decide(write(), predict(scores=scores), decision_id="d", now=TUESDAY)
    assert first(lower) == "delete"
    reason = lower.reasons[0]
    assert (reason.subject, reason.threshold, reason.threshold_source) == ("profanity", 0.3, "policy")


def test_policy_threshold_may_add_an_alert_but_never_silence_one() -> None:
    router = changed("montmagny", ("grave: [", "thresholds: {suicide_risk: 0.05, threat: 0.99}\ngrave: ["))
    scores = {"suicide_risk": 0.1, "negative": 0.9}
    assert first(router.decide(write(), predict(scores=scores), decision_id="d", now=TUESDAY)) == "escalate"
    alerted = predict(alerts=("threat",), scores={"threat": 0.2, "negative": 0.9})
    assert first(router.decide(write(), alerted, decision_id="d", now=TUESDAY)) == "escalate"


def test_actions_run_alone_only_above_their_score() -> None:
    router = changed("montmagny", ("  alone: {} ", "  alone: {delete: 0.92} "))
    below = router.decide(write(), predict("insult"), decision_id="d", now=TUESDAY)
    assert (below.actions[0].autonomous, below.human_reasons) == (False, ("below_autonomy",))
    sure = predict("insult", scores={"insult": 0.97, "negative": 0.9})
    above = router.decide(write(), sure, decision_id="d", now=TUESDAY)
    assert (above.actions[0].autonomous, above.needs_human) == (True, False)


@pytest.mark.parametrize("label", ["harassment", "fraud", "political_opinion"])
def test_our_reading_and_opinions_never_run_alone(label: str) -> None:
    router = changed("montmagny", ("  alone: {} ", "  alone: {delete: 0.5} "))
    decision = router.decide(write(), predict(label), decision_id="d", now=TUESDAY)
    assert not any(action.autonomous for action in decision.actions)
    assert "freedom_of_expression" in decision.human_reasons


def test_signals_alone_never_run_alone() -> None:
    router = changed("montmagny", ("  alone: {} ", "  alone: {delete: 0.5} "))
    decision = router.decide(write(), predict("repeated"), decision_id="d", now=TUESDAY)
    assert (decision.actions[0].id, decision.actions[0].autonomous) == ("delete", False)


def test_shadow_mode_records_and_recommends_nothing() -> None:
    router = changed("montmagny", ("  mode: recommend ", "  mode: shadow "))
    decision = router.decide(write(), predict("insult"), decision_id="d", now=TUESDAY)
    assert [(action.id, action.parameters) for action in decision.actions] == [("observe", {"would": "delete"})]
    assert decision.reasons, "the reasons are recorded all the same"
    urgent = router.decide(write(), predict(alerts=("suicide_risk",)), decision_id="d", now=TUESDAY)
    assert [action.id for action in urgent.actions] == ["escalate", "observe"]


def test_bans_run_alone_once_their_terms_are_set() -> None:
    from datetime import timedelta

    from classifier.policy import History, Strike

    router = changed(
        "drummondville",
        ("length_days: to_be_set", "length_days: 90"),
        ("appeal: to_be_set", "appeal: écrire au greffe"),
        ("  alone: {}", "  alone: {hide: 0.8, report: 0.8, warn: 0.8, ban: 0.8}"),
    )
    history = History(tuple(Strike("netiquette", TUESDAY - timedelta(days=n)) for n in (1, 2)))
    decision = router.decide(write(), predict("insult"), decision_id="d", now=TUESDAY, history=history)
    ban = decision.actions[-1]
    assert (ban.id, ban.autonomous, ban.parameters["length_days"], ban.parameters["appeal"]) == (
        "ban",
        True,
        "90",
        "écrire au greffe",
    )


def test_expired_warnings_no_longer_count() -> None:
    from datetime import timedelta

    from classifier.policy import History, Strike

    router = changed("sainte-sophie", ("warning_expires_days: to_be_set", "warning_expires_days: 365"))
    for days, step in ((364, "ban"), (366, "warn")):
        history = History((Strike("netiquette", TUESDAY - timedelta(days=days)),))
        decision = router.decide(write(), predict("insult"), decision_id="d", now=TUESDAY, history=history)
        assert decision.actions[-1].id == step


def test_doubt_and_failed_signals_go_to_a_person() -> None:
    router = PolicyRouter(Policy.load("montmagny"))
    uncertain = router.decide(write(), predict(uncertain=("insult",)), decision_id="d", now=TUESDAY)
    assert (first(uncertain), uncertain.human_reasons) == ("review", ("uncertain",))
    failed = router.decide(write(), predict(missing=("shouting",)), decision_id="d", now=TUESDAY)
    assert (first(failed), failed.human_reasons) == ("review", ("missing_signal",))
    alone = router.decide(write(post=None), predict(missing=("off_topic", "repeated")), decision_id="d", now=TUESDAY)
    assert (first(alone), alone.needs_human) == ("publish", False), "no publication, no thread: nothing failed"
    permitted = PolicyRouter(Policy.load("baie-comeau"))
    allowed = permitted.decide(write(), predict(uncertain=("advertising",)), decision_id="d", now=TUESDAY)
    assert first(allowed) == "publish", "the policy allows it: no doubt to settle"


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

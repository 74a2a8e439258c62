"""Thresholds and autonomy by organisation: what may run alone, what always takes a person, shadow mode, doubts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.policy.made import TUESDAY, predict, write

from classifier.comments import Decision
from classifier.policy import History, Policy, PolicyRouter, Strike


def first(decision: Decision) -> str:
    return decision.actions[0].id


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


@pytest.mark.parametrize("alert", ["suicide_risk", "crime_report", "threat"])
def test_nothing_runs_alone_beside_an_alert(alert: str) -> None:
    router = changed("montmagny", ("  alone: {} ", "  alone: {delete: 0.5} "))
    sure = predict("insult", alerts=(alert,), scores={"insult": 0.99, "negative": 0.9})
    decision = router.decide(write(), sure, decision_id="d", now=TUESDAY)
    assert decision.needs_human
    assert not any(action.autonomous for action in decision.actions if action.id != "publish")
    assert decision.actions[0].id == "escalate"


def test_confidence_is_the_best_ground_or_the_worst_part() -> None:
    scores = {"insult": 0.97, "profanity": 0.6, "negative": 0.9}
    both = predict("insult", "profanity", scores=scores)
    whole = changed("montmagny", ("  alone: {} ", "  alone: {delete: 0.92} "))
    assert whole.decide(write(), both, decision_id="d", now=TUESDAY).actions[0].autonomous, "one ground is enough"
    remainder = changed("mamh", ("  alone: {}", "  alone: {hide: 0.92, explain: 0.92, warn: 0.92}"))
    decision = remainder.decide(write(), both, decision_id="d", now=TUESDAY)
    assert not any(action.autonomous for action in decision.actions), "every part must break a rule for sure"
    assert decision.human_reasons == ("below_autonomy",)

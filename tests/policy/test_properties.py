"""Properties that hold for every policy and every prediction (Hypothesis)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.policy.made import TORONTO, TUESDAY, predict

from classifier.comments import Comment, Decision, Part, Prediction
from classifier.policy import History, Policy, PolicyRouter, Strike, list_policies
from classifier.policy.calendar import WorkingCalendar
from classifier.policy.vocabulary import SEVERITY
from classifier.taxonomy import taxonomy

ROUTERS = {policy_id: PolicyRouter(Policy.load(policy_id)) for policy_id in list_policies()}
LABELS = (*taxonomy().netiquette, *taxonomy().political)
SIGNALS = taxonomy().signals
TEXT = "Première phrase. Deuxième phrase. Troisième phrase."
BOUNDS = ((0, 16), (17, 33), (34, 51))

routers = st.sampled_from(list(ROUTERS.values()))
labels = st.lists(st.sampled_from((*LABELS, *SIGNALS)), unique=True, max_size=5)
categories = st.sampled_from(taxonomy().category)
alerts = st.lists(st.sampled_from(taxonomy().alerts), unique=True, max_size=2).map(tuple)
times = st.datetimes(datetime(2020, 1, 1), datetime(2031, 1, 1), timezones=st.sampled_from([TORONTO, timezone.utc]))
kinds = st.sampled_from(("comment", "private_message"))
histories = st.lists(st.tuples(st.sampled_from(("netiquette", "advertising")), st.integers(1, 900)), max_size=4).map(
    lambda given: History(tuple(Strike(kind, TUESDAY - timedelta(days=days)) for kind, days in given))
)


@st.composite
def parts(draw: st.DrawFn) -> tuple[Part, ...]:
    """Three sentences, or none, each with labels of its own."""
    if draw(st.booleans()):
        return ()
    found = []
    for start, end in BOUNDS:
        mine = draw(st.lists(st.sampled_from(LABELS), unique=True, max_size=3))
        netiquette = tuple(label for label in mine if label in taxonomy().netiquette)
        political = tuple(label for label in mine if label in taxonomy().political)
        found.append(Part(start, end, netiquette, political, draw(categories)))
    return tuple(found)


def decide(
    router: PolicyRouter, prediction: Prediction, history: History | None = None, kind: str = "comment"
) -> Decision:
    comment = Comment(TEXT, kind=kind, created_at=TUESDAY, post="p")
    return router.decide(comment, prediction, decision_id="d", now=TUESDAY, history=history)


def severity(decision: Decision) -> int:
    return max(SEVERITY.get(action.id, 0) for action in decision.actions)


@given(routers, categories, parts(), histories, kinds)
def test_no_clean_comment_is_ever_removed(
    router: PolicyRouter, category: str, some: tuple[Part, ...], history: History, kind: str
) -> None:
    decision = decide(router, predict(category=category, parts=some), history, kind)
    assert {"hide", "delete", "report", "warn", "ban"}.isdisjoint(action.id for action in decision.actions)


@given(routers, labels, categories, parts(), alerts, histories, kinds)
def test_an_urgent_comment_is_always_flagged_first(
    router: PolicyRouter,
    fired: list[str],
    category: str,
    some: tuple[Part, ...],
    alerted: tuple[str, ...],
    history: History,
    kind: str,
) -> None:
    decision = decide(router, predict(*fired, category=category, parts=some, alerts=alerted), history, kind)
    urgent = bool(alerted) or "threat" in fired or category in ("suicide_risk", "crime_report")
    assert (decision.actions[0].id == "escalate") == urgent
    assert (decision.urgency == "immediate") == urgent
    if urgent:
        assert decision.needs_human
        assert not any(action.autonomous for action in decision.actions if action.id in ("hide", "delete", "ban"))


@settings(max_examples=400)
@given(routers, labels, st.sampled_from((*LABELS, *SIGNALS)), categories, parts(), alerts, histories, kinds)
def test_more_violations_never_lead_to_a_milder_action(
    router: PolicyRouter,
    fired: list[str],
    more: str,
    category: str,
    some: tuple[Part, ...],
    alerted: tuple[str, ...],
    history: History,
    kind: str,
) -> None:
    fewer = predict(*fired, category=category, parts=some, alerts=alerted)
    greater = predict(*dict.fromkeys((*fired, more)), category=category, parts=some, alerts=alerted)
    assert severity(decide(router, greater, history, kind)) >= severity(decide(router, fewer, history, kind))


@given(routers, labels, categories, histories, st.integers(0, 3))
def test_more_strikes_never_lead_to_a_milder_action(
    router: PolicyRouter, fired: list[str], category: str, history: History, days: int
) -> None:
    prediction = predict(*fired, category=category)
    more = History((*history.strikes, Strike("netiquette", TUESDAY - timedelta(days=days + 1))), history.bans)
    assert severity(decide(router, prediction, more)) >= severity(decide(router, prediction, history))


@given(routers, labels, categories, parts())
def test_removal_on_our_reading_or_opinion_always_takes_a_person(
    router: PolicyRouter, fired: list[str], category: str, some: tuple[Part, ...]
) -> None:
    decision = decide(router, predict(*fired, category=category, parts=some))
    grounds = [reason for reason in decision.reasons if reason.rule.startswith("prohibited.")]
    removed = {"hide", "delete"} & {action.id for action in decision.actions}
    if removed and all(ground.coverage != "named" or ground.subject == "political_opinion" for ground in grounds):
        assert decision.needs_human
        assert "freedom_of_expression" in decision.human_reasons


@given(st.lists(st.tuples(labels, categories), min_size=2, max_size=6), routers, st.randoms(use_true_random=False))
def test_decisions_do_not_depend_on_the_order_of_a_batch(
    batch: list[tuple[list[str], str]], router: PolicyRouter, random: object
) -> None:
    predictions = [predict(*fired, category=category) for fired, category in batch]
    alone = [decide(router, prediction) for prediction in predictions]
    order = list(range(len(predictions)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = {position: decide(router, predictions[position]) for position in order}
    assert [shuffled[position] for position in range(len(predictions))] == alone


@given(routers, categories, times, kinds)
def test_working_deadlines_fall_in_working_hours(
    router: PolicyRouter, category: str, created_at: datetime, kind: str
) -> None:
    comment = Comment(TEXT, kind=kind, created_at=created_at, post="p")
    decision = router.decide(comment, predict(category=category), decision_id="d", now=created_at)
    content = router.policy.content
    calendar = WorkingCalendar(content.hours)
    assert list(decision.deadlines) == sorted(decision.deadlines, key=lambda one: one.due.timestamp())
    for deadline in decision.deadlines:
        delay = content.delays[deadline.id]
        assert deadline.due.timestamp() > created_at.timestamp()
        assert kind in delay.applies
        if delay.elapsed_hours is None:
            assert calendar.is_working(deadline.due)
        else:
            assert deadline.due.timestamp() - created_at.timestamp() == delay.elapsed_hours * 3600


@given(routers, labels, categories, parts(), alerts, histories, kinds)
def test_every_decision_can_be_told(
    router: PolicyRouter,
    fired: list[str],
    category: str,
    some: tuple[Part, ...],
    alerted: tuple[str, ...],
    history: History,
    kind: str,
) -> None:
    from classifier.policy.vocabulary import ACTIONS, COVERAGES, HUMAN_REASONS, URGENCIES

    decision = decide(router, predict(*fired, category=category, parts=some, alerts=alerted), history, kind)
    content = router.policy.content
    assert decision.actions
    assert decision.reasons
    assert decision.urgency in URGENCIES
    assert set(decision.human_reasons) <= set(HUMAN_REASONS)
    assert decision.needs_human == bool(decision.human_reasons)
    assert not decision.desk or decision.desk in content.desks
    for action in decision.actions:
        assert action.id in ACTIONS
        assert action.parameters.get("clause", next(iter(content.clauses))) in content.clauses
        message = action.parameters.get("message")
        assert message is None or router.policy.render(message)
    for reason in decision.reasons:
        assert reason.coverage in COVERAGES
        assert (reason.clause == "") == (reason.coverage == "project")
        assert not reason.clause or router.policy.clause(reason.clause)
    decision.to_dict()

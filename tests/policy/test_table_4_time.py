"""Conformance, table 4: delays, their unit and what they apply to; working hours, holidays, closures, clock changes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

import pytest
from tests.policy.made import TORONTO, TUESDAY, predict, write

from classifier.comments import Comment, Decision
from classifier.errors import PolicyError
from classifier.policy import Policy, PolicyRouter
from classifier.policy.calendar import WorkingCalendar
from classifier.policy.schema import Closure, Delay, Hours


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TORONTO)


def decide(
    policy_id: str, category: str, created_at: datetime | None, kind: str = "comment", now: datetime | None = None
) -> Decision:
    router = PolicyRouter(Policy.load(policy_id))
    comment = write(created_at=created_at, kind=kind)
    return router.decide(comment, predict(category=category), decision_id="d", now=now or created_at or TUESDAY)


def due(decision: Decision) -> dict[str, str]:
    return {deadline.id: deadline.due.strftime("%Y-%m-%d %H:%M") for deadline in decision.deadlines}


def test_mamh_8_1_shares_of_a_tuesday_at_ten() -> None:
    decision = decide("mamh", "question", at("2027-02-09 10:00"))
    assert due(decision) == {
        "triage": "2027-02-09 11:30",  # + 1 h 30
        "sector": "2027-02-10 15:00",  # + 13 h, in days of 8 h
        "delivery": "2027-02-10 16:00",  # + 14 h
        "first_return": "2027-02-11 10:00",  # two working days at most
    }
    assert {deadline.clause for deadline in decision.deadlines} == {"8.1"}


def test_mamh_8_1_friday_evening_starts_on_monday() -> None:
    assert due(decide("mamh", "question", at("2027-02-12 20:00"))) == {
        "triage": "2027-02-15 10:00",
        "sector": "2027-02-16 13:30",
        "delivery": "2027-02-16 14:30",
        "first_return": "2027-02-17 08:30",
    }


def test_mamh_8_2_other_organisation_has_24_elapsed_hours() -> None:
    decision = decide("mamh", "other_organization", at("2027-02-12 20:00"))
    assert due(decision)["other_body_reply"] == "2027-02-13 20:00"
    assert next(one for one in decision.deadlines if one.id == "other_body_reply").clause == "8.2"


@pytest.mark.parametrize("category", ["positive", "neutral", "negative"])
def test_mamh_no_delay_where_no_answer_is_required(category: str) -> None:
    assert decide("mamh", category, TUESDAY).deadlines == ()


def test_montmagny_8_6_two_then_two_working_days() -> None:
    decision = decide("montmagny", "service_request", at("2027-02-11 15:00"))
    assert due(decision) == {"service_reached": "2027-02-15 15:00", "person_answered": "2027-02-17 15:00"}


def test_baie_comeau_10_private_messages_only() -> None:
    assert decide("baie-comeau", "question", at("2027-02-12 20:00")).deadlines == ()
    private = decide("baie-comeau", "question", at("2027-02-12 20:00"), kind="private_message")
    assert due(private) == {"private_usual": "2027-02-13 20:00", "private_most": "2027-02-14 20:00"}


@pytest.mark.parametrize("policy_id", ["sainte-sophie", "drummondville"])
def test_silent_or_unnumbered_delays_give_no_deadline(policy_id: str) -> None:
    assert decide(policy_id, "question", TUESDAY).deadlines == ()


def test_holidays_of_quebec_do_not_count() -> None:
    # Wednesday 23 June 2027, 15:30: the 24th is the national holiday, the 25th a Friday.
    assert due(decide("mamh", "question", at("2027-06-23 15:30")))["first_return"] == "2027-06-28 15:30"
    # Friday 3 April 2026 is Good Friday; Easter Monday is a working day for the library.
    assert due(decide("montmagny", "question", at("2026-04-02 10:00")))["service_reached"] == "2026-04-07 10:00"


def test_clock_changes_keep_office_hours() -> None:
    # Clocks go forward on Sunday 14 March 2027, back on Sunday 7 November 2027.
    for start, end in (("2027-03-12 16:00", "2027-03-15 09:30"), ("2027-11-05 16:00", "2027-11-08 09:30")):
        assert due(decide("mamh", "question", at(start)))["triage"] == end
    # Elapsed hours are real hours: 24 h over the spring change end one hour later by the clock.
    assert due(decide("mamh", "other_organization", at("2027-03-13 20:00")))["other_body_reply"] == "2027-03-14 21:00"


def test_times_in_other_zones_are_the_same_moment() -> None:
    utc = at("2027-02-09 10:00").astimezone(timezone.utc)
    assert due(decide("mamh", "question", utc))["triage"] == "2027-02-09 11:30"


def test_overdue_and_assumed_starts_are_marked() -> None:
    late = decide("mamh", "question", TUESDAY - timedelta(days=30), now=TUESDAY)
    assert all(deadline.overdue and not deadline.start_assumed for deadline in late.deadlines)
    for created_at in (None, datetime(1970, 1, 1, tzinfo=timezone.utc), TUESDAY + timedelta(days=800)):
        assumed = decide("mamh", "question", created_at, now=TUESDAY)
        assert all(deadline.start_assumed and not deadline.overdue for deadline in assumed.deadlines)
        assert due(assumed)["triage"] == "2027-02-09 11:30"


def test_deadlines_name_their_calendar() -> None:
    calendar = decide("mamh", "question", TUESDAY).deadlines[0].calendar
    assert calendar.startswith("mamh@1.0.0 congés:QC-")


def hours(**changes: object) -> Hours:
    span = (time(8, 30), time(16, 30))
    values: dict[str, object] = {
        "clause": "",
        "coverage": "project",
        "words": "",
        "zone": "America/Toronto",
        "days": dict.fromkeys(range(1, 6), span),
        "holidays": "quebec",
        "closures": (),
    }
    return Hours(**{**values, **changes})  # type: ignore[arg-type]


def test_closures_do_not_count() -> None:
    closure = Closure(date(2027, 2, 10), date(2027, 2, 12), "note de service")
    calendar = WorkingCalendar(hours(closures=(closure,)))
    delay = Delay("d", "d", "1", ("comment",), 8.0, None, None)
    assert calendar.due(at("2027-02-09 12:30"), delay) == at("2027-02-15 12:30")


def test_short_days_cap_working_days_at_closing() -> None:
    days = {1: (time(8, 30), time(16, 30)), 2: (time(9, 0), time(12, 0))}
    delay = Delay("d", "d", "1", ("comment",), None, 1, None)
    assert WorkingCalendar(hours(days=days)).due(at("2027-02-08 15:00"), delay) == at("2027-02-09 12:00")


def test_a_calendar_never_open_says_so() -> None:
    new_year = date(2027, 1, 1)
    closures = tuple(
        Closure(new_year + timedelta(days=50 * n), new_year + timedelta(days=50 * n + 49), "x") for n in range(10)
    )
    with pytest.raises(PolicyError, match="aucun jour de service"):
        WorkingCalendar(hours(closures=closures)).due(at("2027-02-09 10:00"), Delay("d", "d", "1", (), 1.0, None, None))


def test_long_delays_go_past_the_days_kept_in_memory() -> None:
    delay = Delay("d", "d", "1", ("comment",), 80.0, None, None)  # ten days of eight hours
    assert WorkingCalendar(hours()).due(at("2027-02-09 10:00"), delay) == at("2027-02-23 10:00")


def test_comment_without_time_runs_from_now() -> None:
    comment = Comment("Une question?", post="p")
    router = PolicyRouter(Policy.load("mamh"))
    decision = router.decide(comment, predict(category="question"), decision_id="d", now=TUESDAY)
    assert decision.deadlines[0].start_assumed

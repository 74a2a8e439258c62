"""The ladder's memory: only what was given before the comment counts."""

from __future__ import annotations

from datetime import timedelta

from tests.policy.made import TUESDAY, predict, write

from classifier.comments import Action, Decision
from classifier.policy import NO_HISTORY, History, Policy, PolicyRouter, Strike

ROUTER = PolicyRouter(Policy.load("drummondville"))
SECOND = timedelta(seconds=1)


def decide(history: History, after: timedelta = timedelta(0)) -> Decision:
    comment = write(created_at=TUESDAY + after)
    now = TUESDAY + timedelta(days=30)
    return ROUTER.decide(comment, predict("insult"), decision_id="d", now=now, history=history)


def sanction(decision: Decision) -> Action:
    return next(action for action in decision.actions if action.id in ("warn", "ban"))


def test_strikes_count_only_before_the_comment() -> None:
    before, same, after = (History((Strike("netiquette", TUESDAY + gap),)) for gap in (-SECOND, 0 * SECOND, SECOND))
    assert sanction(decide(before)).parameters["message"] == "second_warning"
    assert sanction(decide(same)).parameters["message"] == "first_warning"
    assert sanction(decide(after)).parameters["message"] == "first_warning"


def test_several_offences_before_the_first_warning_are_one_step() -> None:
    # Nobody gave the warnings that the first two decisions recommend: the third recommends the same.
    messages = [sanction(decide(NO_HISTORY, timedelta(hours=hour))).parameters["message"] for hour in range(3)]
    assert messages == ["first_warning"] * 3
    given = History((Strike("netiquette", TUESDAY + timedelta(hours=3)),))
    assert sanction(decide(given, timedelta(hours=2))).parameters["message"] == "first_warning"
    assert sanction(decide(given, timedelta(hours=4))).parameters["message"] == "second_warning"


def test_strikes_of_another_ladder_do_not_count() -> None:
    assert sanction(decide(History((Strike("advertising", TUESDAY - SECOND),)))).parameters["strikes"] == "0"


def test_a_past_ban_puts_the_author_on_the_last_step() -> None:
    assert sanction(decide(History(bans=(TUESDAY - SECOND,)))).id == "ban"
    assert sanction(decide(History(bans=(TUESDAY + SECOND,)))).id == "warn"


def test_no_sanction_without_removal() -> None:
    history = History(tuple(Strike("netiquette", TUESDAY - timedelta(days=n)) for n in range(1, 5)))
    decision = ROUTER.decide(write(), predict("political_opinion"), decision_id="d", now=TUESDAY, history=history)
    assert not {"warn", "ban"} & {action.id for action in decision.actions}


def test_an_unset_term_is_told_and_a_ban_needs_a_person() -> None:
    history = History(tuple(Strike("netiquette", TUESDAY - timedelta(days=n)) for n in (1, 2)))
    ban = sanction(decide(history))
    assert (ban.id, ban.autonomous) == ("ban", False)
    assert (ban.parameters["length_days"], ban.parameters["appeal"]) == ("to_be_set", "to_be_set")
    assert "strike" not in ban.parameters, "a ban is no warning"

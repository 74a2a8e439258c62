"""The sanctions ladder: which step an author has reached, from strikes recorded as given.

A strike is what a person gave (or an action that the organisation let run alone): never a recommendation. The audit
log counts an applied action as a strike when its parameters carry ``"strike"``, whose value names the ladders joined
by ``|``. Several offences before the first warning are one step, since none of them was a strike yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Iterable

from classifier.policy.schema import Ladder, Sanctions, Step

__all__ = ["NO_HISTORY", "History", "LadderStep", "Strike", "reached_steps"]


@dataclass(frozen=True, slots=True)
class Strike:
    """A warning (or, where the policy counts them, a removal) recorded as given.

    Attributes
    ----------
    kind : str
        Id of the ladder that it counts for (``"netiquette"``, ``"advertising"``).
    given_at : datetime
        Aware time at which it was given.
    """

    kind: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """What the audit log knows of an author, by pseudonym.

    Attributes
    ----------
    strikes : tuple of Strike
        In any order; those not before the comment's time are left out of account.
    bans : tuple of datetime
        Times at which bans were given.
    """

    strikes: tuple[Strike, ...] = ()
    bans: tuple[datetime, ...] = ()


#: History of an author never seen before.
NO_HISTORY = History()


@dataclass(frozen=True, slots=True)
class LadderStep:
    """The step that an offence reaches: the `ladder`, its `step`, and `strikes` given before."""

    ladder: Ladder
    step: Step
    strikes: int


def reached_steps(
    sanctions: Sanctions, subjects: Iterable[str], history: History, moment: datetime
) -> list[LadderStep]:
    """The step of each ladder that the offences of one comment reach, hardest first.

    Parameters
    ----------
    sanctions : Sanctions
        Ladders of the policy.
    subjects : iterable of str
        Labels and signals that the comment breaks.
    history : History
        Strikes and bans of the author.
    moment : datetime
        Time of the comment: only strikes given before it count.
    """
    named = {label: ladder for ladder in sanctions.ladders for label in ladder.labels}
    default = next((ladder for ladder in sanctions.ladders if not ladder.labels), None)
    ladders: dict[str, Ladder] = {}
    for subject in subjects:
        ladder = named.get(subject, default)
        if ladder is not None:
            ladders[ladder.id] = ladder
    expires_days = sanctions.terms.warning_expires_days
    since = moment - timedelta(days=expires_days) if expires_days is not None else None
    banned = any(given < moment for given in history.bans)
    reached = []
    for ladder in ladders.values():
        strikes = sum(
            1
            for strike in history.strikes
            if strike.kind == ladder.id and strike.given_at < moment and (since is None or strike.given_at >= since)
        )
        index = len(ladder.steps) - 1 if banned else min(strikes, len(ladder.steps) - 1)
        reached.append(LadderStep(ladder, ladder.steps[index], strikes))
    hardness = {"ban": 0, "warn": 1, "none": 2}
    reached.sort(key=lambda one: hardness[one.step.action])
    return reached

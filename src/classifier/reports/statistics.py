"""What the page counts: one pass over the rows, in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from classifier.exports.times import TORONTO
from classifier.reports.topics import Topics

__all__ = ["DayVolume", "Statistics", "bucket_days"]

#: Categories that wait for a word from the organisation.
ASKING = frozenset(
    {
        "question",
        "service_request",
        "complaint",
        "private_case",
        "access_request",
        "media_request",
        "employment",
        "other_organization",
        "unclear",
        "wrongdoing_disclosure",
    }
)
_REMOVALS = frozenset({"hide", "delete"})


@dataclass(slots=True)
class DayVolume:
    """Comments of one day: all, and those that break the netiquette."""

    total: int = 0
    broken: int = 0


@dataclass(slots=True)
class Statistics:
    """Counts of a batch.

    Attributes
    ----------
    total, urgent, human, broken, asking, uncertain, removals, undated : int
        Comments: all; of immediate or high urgency; that a person must see; that break the netiquette; that ask for
        something; with a label in its review band; for which the policy prescribes hiding or deleting; without a date.
    days : dict of date to DayVolume
        By day, in Québec time.
    hours : Counter
        (weekday from Monday 0, hour) → comments.
    categories, netiquette, political, signals, desks, actions, urgencies, platforms, human_reasons : Counter
        By id.
    delays : dict of str to list
        Delay id → [comments, overdue, next end as ISO 8601].
    topics : Topics
        What draws questions.
    """

    total: int = 0
    urgent: int = 0
    human: int = 0
    broken: int = 0
    asking: int = 0
    uncertain: int = 0
    removals: int = 0
    undated: int = 0
    days: dict[date, DayVolume] = field(default_factory=dict)
    hours: Counter[tuple[int, int]] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    netiquette: Counter[str] = field(default_factory=Counter)
    political: Counter[str] = field(default_factory=Counter)
    signals: Counter[str] = field(default_factory=Counter)
    desks: Counter[str] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)
    urgencies: Counter[str] = field(default_factory=Counter)
    platforms: Counter[str] = field(default_factory=Counter)
    human_reasons: Counter[str] = field(default_factory=Counter)
    delays: dict[str, list[Any]] = field(default_factory=dict)
    topics: Topics = field(default_factory=Topics)
    model: str = ""
    policy: str = ""

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> Statistics:
        """Count rows."""
        statistics = cls()
        for row in rows:
            statistics.add(row)
        return statistics

    def add(self, row: Mapping[str, Any]) -> None:
        """Count one row."""
        broken = bool(row["netiquette"])
        self.total += 1
        self.urgent += row["urgency"] in ("immediate", "high")
        self.human += bool(row["needs_human"])
        self.broken += broken
        self.uncertain += bool(row["uncertain"])
        self.removals += any(action[0] in _REMOVALS for action in row["actions"])
        self.categories[row["category"]] += 1
        self.netiquette.update(row["netiquette"])
        self.political.update(row["political"])
        self.signals.update({signal[0] for signal in row["signals"]})
        self.urgencies[row["urgency"]] += 1
        self.platforms[row["platform"]] += 1
        self.human_reasons.update(row["human_reasons"])
        self.desks[row["desk"]] += 1
        if row["actions"]:
            self.actions[row["actions"][0][0]] += 1
        self.model, self.policy = row["model"], row["policy"]
        for delay, due, _, overdue, _ in row["deadlines"]:
            entry = self.delays.setdefault(delay, [0, 0, ""])
            entry[0] += 1
            entry[1] += bool(overdue)
            if not overdue and (not entry[2] or _instant(due) < _instant(entry[2])):
                entry[2] = due
        asking = row["category"] in ASKING
        self.asking += asking
        self.topics.add(
            row["post"],
            row["text"],
            asking=row["category"] == "question" or (asking and "?" in row["text"]),
            broken=broken,
        )
        self._date(row["published_at"], broken)

    def _date(self, published_at: str, broken: bool) -> None:
        if not published_at:
            self.undated += 1
            return
        moment = datetime.fromisoformat(published_at).astimezone(TORONTO)
        volume = self.days.setdefault(moment.date(), DayVolume())
        volume.total += 1
        volume.broken += broken
        self.hours[moment.weekday(), moment.hour] += 1


def _instant(iso: str) -> float:
    return datetime.fromisoformat(iso).timestamp()


def bucket_days(days: Mapping[date, DayVolume]) -> tuple[str, list[tuple[date, DayVolume]]]:
    """Volumes by day, week or month, whichever gives a readable plot; empty buckets are kept.

    Parameters
    ----------
    days : mapping of date to DayVolume

    Returns
    -------
    (str, list of (date, DayVolume))
        ``"jour"``, ``"semaine"`` or ``"mois"``; first day and volume of each bucket, in order.

    Examples
    --------
    >>> bucket_days({date(2025, 1, 1): DayVolume(2, 1), date(2025, 1, 3): DayVolume(1, 0)})[1][1]
    (datetime.date(2025, 1, 2), DayVolume(total=0, broken=0))
    """
    if not days:
        return "jour", []
    first, last = min(days), max(days)
    span_days = (last - first).days + 1
    unit = "jour" if span_days <= 62 else "semaine" if span_days <= 62 * 7 else "mois"

    def start(day: date) -> date:
        if unit == "semaine":
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if unit == "mois" else day

    def following(day: date) -> date:
        if unit == "mois":
            return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        return day + timedelta(days=7 if unit == "semaine" else 1)

    buckets: dict[date, DayVolume] = {}
    at = start(first)
    # A stray year (1990 beside 2025) must not make thousands of empty months.
    while at <= last and len(buckets) < 600:
        buckets[at] = DayVolume()
        at = following(at)
    for day, volume in days.items():
        bucket = buckets.setdefault(start(day), DayVolume())
        bucket.total += volume.total
        bucket.broken += volume.broken
    return unit, sorted(buckets.items())

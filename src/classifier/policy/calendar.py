"""Working time of an organisation: opening hours, Québec holidays, closures, daylight saving time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.metadata import version as distribution_version
from itertools import islice
from typing import Iterable, Iterator
from zoneinfo import ZoneInfo

from classifier.errors import PolicyError
from classifier.policy.schema import Delay, Hours

__all__ = ["WorkingCalendar"]

#: Longest run of days without service before the calendar is taken to be wrong.
_MAX_CLOSED_DAYS = 400

#: Days kept in memory; a batch touches a few hundred.
_MAX_CACHED_DAYS = 5000

#: Open days kept with each day: the delays of the five policies end within them.
_RUN_DAYS = 7


@cache
def _quebec_holidays(year: int) -> frozenset[date]:
    """Québec public holidays of a year, with the days on which those of a Sunday are observed."""
    from holidays import country_holidays  # here: start-up stays light for those who compute no deadline

    return frozenset(country_holidays("CA", subdiv="QC", years=year))


class WorkingCalendar:
    """Adds working hours, working days and elapsed hours to a time.

    Parameters
    ----------
    hours : Hours
        Service hours, holidays and closures of the organisation.
    policy_id, policy_version : str
        Named in `version`.

    Examples
    --------
    A Friday at 16:00 and two working hours, 8:30 to 16:30, end on Monday at 10:00.
    """

    def __init__(self, hours: Hours, policy_id: str = "", policy_version: str = "") -> None:
        self._hours = hours
        self._zone = ZoneInfo(hours.zone)
        self._shortest_day_s = min(_length_s(*span) for span in hours.days.values())
        self._spans: dict[date, tuple[float, float] | None] = {}
        self._runs: dict[date, tuple[tuple[float, float], ...]] = {}
        self._base = f"{policy_id}@{policy_version}"
        self._version = ""

    @property
    def version(self) -> str:
        """Policy, its version and the holiday library's: what a deadline was counted with."""
        if not self._version:
            if self._hours.holidays == "quebec":
                self._version = f"{self._base} congés:QC-{distribution_version('holidays')}"
            else:
                self._version = f"{self._base} congés:aucun"
        return self._version

    @property
    def zone(self) -> ZoneInfo:
        """Time zone of the organisation."""
        return self._zone

    def local_date(self, moment: datetime) -> date:
        """The organisation's date at this moment."""
        return moment.astimezone(self._zone).date()

    def is_working(self, moment: datetime) -> bool:
        """Whether the office is open, closing time included."""
        span = self._span(self.local_date(moment))
        return span is not None and span[0] <= moment.timestamp() <= span[1]

    def due(self, start: datetime, delay: Delay) -> datetime:
        """End of a delay that starts at `start`, in the organisation's time zone.

        Raises
        ------
        PolicyError
            If the calendar has no open day for more than a year.
        """
        return self.due_all(start, (delay,))[0][1]

    def due_all(self, start: datetime, delays: Iterable[Delay]) -> list[tuple[float, datetime]]:
        """Ends of several delays that start together, in seconds since the epoch and as local times."""
        start_s = start.timestamp()
        day = start.astimezone(self._zone).date()
        spans = self._run(day, _RUN_DAYS)
        ends = []
        for delay in delays:
            if delay.elapsed_hours is not None:
                end_s = start_s + delay.elapsed_hours * 3600
            elif delay.working_days is not None:
                if delay.working_days > _RUN_DAYS - 3:
                    spans = self._run(day, delay.working_days + 3)
                end_s = _add_days(start_s, spans, delay.working_days)
            else:
                hours = delay.working_hours or 0.0
                if hours * 3600 > self._shortest_day_s * (_RUN_DAYS - 3):
                    spans = self._run(day, int(hours * 3600 / self._shortest_day_s) + 3)
                end_s = _add_hours(start_s, spans, hours)
            ends.append((end_s, datetime.fromtimestamp(end_s, self._zone)))
        return ends

    def _run(self, day: date, count: int) -> tuple[tuple[float, float], ...]:
        """Opening and closing of the first open days from `day` on, at least `count` of them."""
        run = self._runs.get(day)
        if run is None or len(run) < count:
            if len(self._runs) >= _MAX_CACHED_DAYS:
                self._runs.clear()
            run = self._runs[day] = tuple(islice(self._walk(day), count))
        return run

    def _walk(self, day: date) -> Iterator[tuple[float, float]]:
        closed_days = 0
        while closed_days < _MAX_CLOSED_DAYS:
            span = self._span(day)
            if span is None:
                closed_days += 1
            else:
                closed_days = 0
                yield span
            day += timedelta(days=1)
        raise self._closed()

    def _span(self, day: date) -> tuple[float, float] | None:
        """Opening and closing of a day, in seconds since the epoch; None when closed."""
        try:
            return self._spans[day]
        except KeyError:
            pass
        if len(self._spans) >= _MAX_CACHED_DAYS:
            self._spans.clear()
        times = self._hours.days.get(day.isoweekday())
        span = None
        if times is not None and not self._is_closed(day):
            opening = datetime.combine(day, times[0], self._zone).timestamp()
            span = (opening, datetime.combine(day, times[1], self._zone).timestamp())
        self._spans[day] = span
        return span

    def _is_closed(self, day: date) -> bool:
        if self._hours.holidays == "quebec" and day in _quebec_holidays(day.year):
            return True
        return any(closure.first <= day <= closure.last for closure in self._hours.closures)

    def _closed(self) -> PolicyError:
        return PolicyError(
            f"Le calendrier de « {self._base} » n'a aucun jour de service pendant {_MAX_CLOSED_DAYS} jours.",
            expected="des jours de service dans « hours »",
        )


def _length_s(opening: time, closing: time) -> float:
    """Length of a service day; one hour less, since clocks may go forward in it."""
    minutes = (closing.hour - opening.hour) * 60 + closing.minute - opening.minute
    return max((minutes - 60) * 60, 60)


def _add_hours(start_s: float, spans: tuple[tuple[float, float], ...], hours: float) -> float:
    """End of so many open hours after `start_s`, which lies before the second of `spans`."""
    left_s = hours * 3600
    for opening_s, closing_s in spans:
        if start_s < closing_s:
            begin_s = opening_s if opening_s > start_s else start_s
            if begin_s + left_s <= closing_s:
                return begin_s + left_s
            left_s -= closing_s - begin_s
    raise AssertionError("the caller gives as many days as the delay needs")


def _add_days(start_s: float, spans: tuple[tuple[float, float], ...], days: int) -> float:
    """The same time into the service day, `days` open days later; counting starts at the next opening."""
    first = 0 if start_s < spans[0][1] else 1
    into_day_s = max(start_s - spans[first][0], 0.0)
    opening_s, closing_s = spans[first + days]
    return min(opening_s + into_day_s, closing_s)

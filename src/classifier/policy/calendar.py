"""Working time of an organisation: opening hours, Québec holidays, closures, daylight saving time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from classifier.errors import PolicyError
from classifier.policy.schema import Delay, Hours

__all__ = ["WorkingCalendar"]

#: Longest run of days without service before the calendar is taken to be wrong.
_MAX_CLOSED_DAYS = 400

#: Days kept in memory; a batch touches a few hundred.
_MAX_CACHED_DAYS = 5000


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
        self._spans: dict[date, tuple[float, float] | None] = {}
        self._base = f"{policy_id}@{policy_version}"
        self._version = ""

    @property
    def version(self) -> str:
        """Policy, its version and the holiday library's: what a deadline was counted with."""
        if not self._version:
            if self._hours.holidays == "quebec":
                from holidays import __version__

                self._version = f"{self._base} congés:QC-{__version__}"
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
        if delay.elapsed_hours is not None:
            return datetime.fromtimestamp(start.timestamp() + delay.elapsed_hours * 3600, self._zone)
        if delay.working_days is not None:
            return self._add_days(start, delay.working_days)
        return self._add_hours(start, delay.working_hours or 0.0)

    def _add_hours(self, start: datetime, hours: float) -> datetime:
        left_s = hours * 3600
        moment_s = start.timestamp()
        day = self.local_date(start)
        for _ in range(_MAX_CLOSED_DAYS):
            span = self._span(day)
            if span is not None and moment_s < span[1]:
                begin_s = max(moment_s, span[0])
                if begin_s + left_s <= span[1]:
                    return datetime.fromtimestamp(begin_s + left_s, self._zone)
                left_s -= span[1] - begin_s
            day += timedelta(days=1)
        raise self._closed()

    def _add_days(self, start: datetime, days: int) -> datetime:
        """The same time into the service day, `days` open days later; counting starts at the next opening."""
        moment_s = start.timestamp()
        day = self.local_date(start)
        into_day_s = None
        for _ in range(_MAX_CLOSED_DAYS + days * 7):
            span = self._span(day)
            if span is not None:
                if into_day_s is None:
                    if moment_s < span[1]:
                        into_day_s = max(moment_s, span[0]) - span[0]
                else:
                    days -= 1
                    if days == 0:
                        return datetime.fromtimestamp(min(span[0] + into_day_s, span[1]), self._zone)
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
            f"Le calendrier de « {self._base} » n'a aucun jour de service pendant {_MAX_CLOSED_DAYS} jours.",
            expected="des jours de service dans « hours »",
        )



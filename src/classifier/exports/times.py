"""Times as exports write them → aware times in America/Toronto, with what had to be assumed.

Without a zone, a time is read in America/Toronto and marked ``"timezone"``; the hour that exists twice in autumn is
read as the first and marked ``"dst"``; the hour that does not exist in spring is moved forward and marked ``"dst"``.
``03/04/2025`` is day/month, as people write here.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

__all__ = ["TORONTO", "parse_time"]

#: Legal time of the organisations that the package serves.
TORONTO = ZoneInfo("America/Toronto")

_MONTHS = {
    "janvier": 1,
    "janv": 1,
    "jan": 1,
    "january": 1,
    "fevrier": 2,
    "fevr": 2,
    "fev": 2,
    "feb": 2,
    "february": 2,
    "mars": 3,
    "mar": 3,
    "march": 3,
    "avril": 4,
    "avr": 4,
    "apr": 4,
    "april": 4,
    "mai": 5,
    "may": 5,
    "juin": 6,
    "jun": 6,
    "june": 6,
    "juillet": 7,
    "juil": 7,
    "jul": 7,
    "july": 7,
    "aout": 8,
    "aug": 8,
    "august": 8,
    "septembre": 9,
    "sept": 9,
    "sep": 9,
    "september": 9,
    "octobre": 10,
    "oct": 10,
    "october": 10,
    "novembre": 11,
    "nov": 11,
    "november": 11,
    "decembre": 12,
    "dec": 12,
    "december": 12,
}

_ISO = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?)? ?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
_DAY_FIRST = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[T ,]*(?:à )?(\d{1,2})(?::| ?h ?)(\d{2})?(?::(\d{2}))?)?"
)
_NAMED = re.compile(
    r"(?:[a-z]{2,9}\.?,? )?(?:le )?(\d{1,2})(?:er)? ([a-z]{3,9})\.?,? (\d{4})"
    r"(?:,? (?:a )?(\d{1,2})(?::| ?h ?)(\d{2})?(?::(\d{2}))?)?(?: ?(z|utc|gmt|[+-]\d{2}:?\d{2}))?"
)
_TWITTER = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{2}):(\d{2}):(\d{2}) ([+-]\d{4}) (\d{4})")
_NUMBER = re.compile(r"\d{1,16}(?:[.,]\d{1,9})?")

#: Excel counts days from here (with its leap year of 1900 that never was).
_EXCEL_EPOCH = datetime(1899, 12, 30)
_MAX_TIME_CHARS = 64


def parse_time(value: Any) -> tuple[datetime | None, tuple[str, ...]]:
    """Read a time.

    Parameters
    ----------
    value : str, int, float, datetime or None
        ISO 8601, epoch in seconds or milliseconds, Excel serial, ``"19 sept. 2025 à 14 h 03"``,
        ``"03/04/2025 14:03"`` or ``"Wed Oct 10 20:19:24 +0000 2018"``.

    Returns
    -------
    (datetime or None, tuple of str)
        The time in America/Toronto and what was assumed: ``"timezone"``, ``"dst"``; ``"time_unreadable"`` with None
        when there was a value that could not be read, an empty tuple with None when there was none.

    Examples
    --------
    >>> parse_time("2025-09-19T14:03:22+0000")[0].isoformat()
    '2025-09-19T10:03:22-04:00'
    >>> parse_time("03/04/2025")
    (datetime.datetime(2025, 4, 3, 0, 0, tzinfo=zoneinfo.ZoneInfo(key='America/Toronto')), ('timezone',))
    """
    if value is None or value == "":
        return None, ()
    try:
        found = _read(value)
    except (ValueError, OverflowError, OSError):
        found = None
    if found is None or not 1990 <= found.year <= 2200:
        return None, ("time_unreadable",)
    return _settle(found)


def _read(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return _from_number(float(value))
    text = unicodedata.normalize("NFC", str(value)).replace("\u00a0", " ").replace("\u202f", " ").strip()
    if not text or len(text) > _MAX_TIME_CHARS:
        return None
    if _NUMBER.fullmatch(text):
        return _from_number(float(text.replace(",", ".")))
    if match := _ISO.fullmatch(text):
        year, month, day, hour, minute, second, zone = match.groups()
        return _build(year, month, day, hour, minute, second, zone)
    if match := _TWITTER.fullmatch(text):
        name, day, hour, minute, second, zone, year = match.groups()
        return _build(year, _MONTHS[name.lower()], day, hour, minute, second, zone)
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year, hour, minute, second = match.groups()
        return _build(year, month, day, hour, minute, second, None)
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    if match := _NAMED.fullmatch(plain):
        day, name, year, hour, minute, second, zone = match.groups()
        if name in _MONTHS:
            return _build(year, _MONTHS[name], day, hour, minute, second, zone.upper() if zone else None)
    return None


def _from_number(number: float) -> datetime | None:
    if 20_000 <= number < 100_000:
        return _EXCEL_EPOCH + timedelta(seconds=round(number * 86_400))
    if number >= 1e14:
        number /= 1e6
    elif number >= 1e11:
        number /= 1e3
    if number < 6e8:
        return None
    return datetime.fromtimestamp(number, tz=timezone.utc)


def _build(year: Any, month: Any, day: Any, hour: Any, minute: Any, second: Any, zone: str | None) -> datetime:
    built = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
    if not zone:
        return built
    if zone in ("Z", "UTC", "GMT"):
        return built.replace(tzinfo=timezone.utc)
    sign = -1 if zone[0] == "-" else 1
    digits = zone[1:].replace(":", "")
    return built.replace(tzinfo=timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))))


def _settle(found: datetime) -> tuple[datetime, tuple[str, ...]]:
    """Give the time in Toronto, and say what was assumed."""
    if found.tzinfo is not None:
        return found.astimezone(TORONTO), ()
    local = found.replace(tzinfo=TORONTO, fold=0)
    back = local.astimezone(timezone.utc).astimezone(TORONTO)
    if back.replace(tzinfo=None) != found:
        return back, ("timezone", "dst")
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        return local, ("timezone", "dst")
    return local, ("timezone",)

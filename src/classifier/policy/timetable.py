"""Reading of what a policy says of time: delays, service hours, closures, election windows."""

from __future__ import annotations

from datetime import time
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from classifier.policy.document import Entry, Source, closest
from classifier.policy.schema import Closure, Delay, ElectionRule, Hours, Window
from classifier.policy.vocabulary import COMMENT_KINDS

__all__ = ["read_delays", "read_elections", "read_hours", "shared_windows", "shared_windows_text"]

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = ("working_hours", "working_days", "elapsed_hours")
_KINDS = ("municipal", "provincial")


def read_delays(entry: Entry) -> dict[str, Delay]:
    """Section ``delays``: each in exactly one unit, and for which kinds of message."""
    delays: dict[str, Delay] = {}
    for name, _, value in entry.pairs():
        found = value.table(("name", "clause", "applies"), _UNITS)
        units = [unit for unit in _UNITS if unit in found]
        if len(units) != 1:
            value.flag(f"{len(units)} unités pour un délai", f"exactement une de : {', '.join(_UNITS)}")
        amount = {unit: found[unit].number(0.25, 2000) for unit in units}
        days = amount.get("working_days")
        delays[name] = Delay(
            id=name,
            name=found["name"].text() if "name" in found else "",
            clause=found["clause"].refer("clause") if "clause" in found else "",
            applies=(
                tuple(item.text(tuple(COMMENT_KINDS), "sorte de message") for item in found["applies"].items())
                if "applies" in found
                else ()
            ),
            working_hours=amount.get("working_hours"),
            working_days=int(days) if days is not None else None,
            elapsed_hours=amount.get("elapsed_hours"),
        )
    return delays


def read_hours(entry: Entry) -> Hours:
    """Section ``hours``: opening hours by day of the week, holidays and closures."""
    found = entry.table(("zone", "days", "open", "close", "holidays"), ("clause", "named", "project", "closures"))
    if ("named" in found) == ("project" in found):
        entry.flag("source des heures absente ou double", "named: (le document les dit) ou project: (à confirmer)")
    zone = found["zone"].text() if "zone" in found else "America/Toronto"
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        found["zone"].flag(f"fuseau inconnu « {zone} »", "un fuseau comme America/Toronto")
    opening = found["open"].clock() if "open" in found else None
    closing = found["close"].clock() if "close" in found else None
    if opening is not None and closing is not None and opening >= closing:
        found["close"].flag("la fermeture n'est pas après l'ouverture", "une heure plus tardive")
    names = [item.text(_DAYS, "jour") for item in found["days"].items()] if "days" in found else []
    if "days" in found and not names:
        found["days"].flag("aucun jour de service", "au moins un jour")
    span = (opening or time(8, 30), closing or time(16, 30))
    return Hours(
        clause=found["clause"].refer("clause") if "clause" in found else "",
        coverage="named" if "named" in found else "project",
        words=found["named"].text() if "named" in found else found["project"].text() if "project" in found else "",
        zone=zone,
        days=MappingProxyType({_DAYS.index(name) + 1: span for name in names if name}),
        holidays=found["holidays"].text(("quebec", "none"), "calendrier de congés") if "holidays" in found else "none",
        closures=_read_closures(found["closures"]) if "closures" in found else (),
    )


def _read_closures(entry: Entry) -> tuple[Closure, ...]:
    closures = []
    for item in entry.items():
        found = item.table(("first", "last", "source"))
        first = found["first"].day() if "first" in found else None
        last = found["last"].day() if "last" in found else None
        if first is not None and last is not None:
            if last < first:
                item.flag("la fermeture finit avant de commencer", "first ≤ last")
            elif (last - first).days > 60:
                item.flag("une fermeture de plus de 60 jours", "au plus 60 jours")
            closures.append(Closure(first, last, found["source"].text() if "source" in found else ""))
    return tuple(closures)


def read_elections(entry: Entry) -> ElectionRule:
    """Section ``elections``: windows that bind the organisation, and what campaign content entails in them."""
    found = entry.table(("windows",), ("clause", "content", "kinds", "own"))
    clause = found["clause"].refer("clause") if "clause" in found else ""
    content = found["content"].text(("remove", "as_usual"), "conduite") if "content" in found else "as_usual"
    if content == "remove" and not clause:
        entry.flag("retrait en période électorale sans clause", "la clause qui le prescrit")
    windows: list[Window] = []
    shared = shared_windows()
    for item in found["windows"].items() if "windows" in found else ():
        name = item.text()
        if name in shared:
            windows.append(shared[name])
        elif name:
            item.flag(f"période inconnue « {name} »", f"une de : {', '.join(shared)}", closest(name, shared))
    if "own" in found:
        windows.extend(_read_windows(found["own"]).values())
    _check_windows(entry, windows)
    named = found["kinds"].items() if "kinds" in found else []
    kinds = tuple(item.text(_KINDS, "sorte d'élection") for item in named)
    return ElectionRule(clause, content, kinds or _KINDS, tuple(windows))


def _check_windows(entry: Entry, windows: list[Window]) -> None:
    for index, window in enumerate(windows):
        for other in windows[:index]:
            if window.id == other.id:
                entry.flag(f"la période « {window.id} » est listée deux fois", "une seule fois")
            elif window.kind == other.kind and window.first <= other.last and other.first <= window.last:
                entry.flag(f"les périodes « {other.id} » et « {window.id} » se chevauchent", "des périodes distinctes")


def _read_windows(entry: Entry) -> dict[str, Window]:
    windows: dict[str, Window] = {}
    for name, _, value in entry.pairs():
        found = value.table(("name", "kind", "first", "last", "status", "source"))
        first = found["first"].day() if "first" in found else None
        last = found["last"].day() if "last" in found else None
        if first is None or last is None:
            continue
        if last < first:
            value.flag("période impossible : elle finit avant de commencer", "first ≤ last")
        elif (last - first).days > 120:
            value.flag(f"période impossible : {(last - first).days} jours", "au plus 120 jours")
        windows[name] = Window(
            id=name,
            name=found["name"].text() if "name" in found else "",
            kind=found["kind"].text(_KINDS, "sorte d'élection") if "kind" in found else "",
            first=first,
            last=last,
            status=found["status"].text(("final", "provisional"), "statut") if "status" in found else "",
            source=found["source"].text() if "source" in found else "",
        )
    return windows


@cache
def shared_windows_text() -> str:
    """Text of the shared election windows; part of each policy's hash."""
    return files(__package__).joinpath("elections.yaml").read_text(encoding="utf-8")


@cache
def shared_windows() -> Mapping[str, Window]:
    """The election windows shipped with the package, by id."""
    source = Source("elections.yaml", shared_windows_text())
    found = source.root.table(("windows",))
    windows = _read_windows(found["windows"])
    if source.problems:
        raise ValueError(source.report())
    return MappingProxyType(windows)

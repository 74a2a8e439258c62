"""Plots of the page as inline SVG: no library, no network, readable by eye, by screen reader and on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from markupsafe import Markup, escape

from classifier.reports.names import format_count
from classifier.reports.statistics import DayVolume

__all__ = ["MONTHS", "WEEKDAYS", "heat_map", "show_day", "volume_plot"]

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_SHORT_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc.")


def show_day(day: date, *, short: bool = False) -> str:
    """A day in French.

    Examples
    --------
    >>> show_day(date(2025, 3, 1)), show_day(date(2025, 9, 19), short=True)
    ('1er mars 2025', '19 sept.')
    """
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {_SHORT_MONTHS[day.month - 1]}" if short else f"{number} {MONTHS[day.month - 1]} {day.year}"


def volume_plot(buckets: Sequence[tuple[date, DayVolume]], unit: str) -> Markup:
    """Stacked bars: comments that respect the netiquette, and those that break it, over time.

    Parameters
    ----------
    buckets : sequence of (date, DayVolume)
        From `bucket_days`.
    unit : str
        ``"jour"``, ``"semaine"`` or ``"mois"``.
    """
    width, height, left, bottom, top = 960, 300, 44, 34, 12
    most = max((volume.total for _, volume in buckets), default=1) or 1
    ticks = _ticks(most)
    scale = (height - top - bottom) / ticks[-1]
    step = (width - left - 8) / max(1, len(buckets))
    bar = max(1.5, min(46.0, step * 0.72))
    pieces: list[str] = []
    for tick in ticks:
        y = height - bottom - tick * scale
        pieces.append(f'<line class="grid" x1="{left}" y1="{y:.1f}" x2="{width - 8}" y2="{y:.1f}"/>')
        pieces.append(
            f'<text class="axis" x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{format_count(tick)}</text>'
        )
    every = max(1, -(-len(buckets) // 10))
    for rank, (day, volume) in enumerate(buckets):
        x = left + rank * step + (step - bar) / 2
        kept = (volume.total - volume.broken) * scale
        broken = volume.broken * scale
        name = _bucket_name(day, unit)
        base = height - bottom
        pieces.append(
            f"<g><title>{escape(name)} : {volume.total} commentaires, "
            f"dont {volume.broken} contraires à la nétiquette</title>"
        )
        pieces.append(f'<rect class="kept" x="{x:.1f}" y="{base - kept:.1f}" width="{bar:.1f}" height="{kept:.1f}"/>')
        pieces.append(
            f'<rect class="broken" x="{x:.1f}" y="{base - kept - broken:.1f}" '
            f'width="{bar:.1f}" height="{broken:.1f}"/></g>'
        )
        if rank % every == 0:
            middle = x + bar / 2
            shown = f"{_SHORT_MONTHS[day.month - 1]} {day.year}" if unit == "mois" else show_day(day, short=True)
            pieces.append(
                f'<text class="axis" x="{middle:.1f}" y="{height - 12}" text-anchor="middle">{escape(shown)}</text>'
            )
    total = sum(volume.total for _, volume in buckets)
    best = max(buckets, key=lambda one: one[1].total)
    summary = f"{format_count(total)} commentaires datés. Sommet : {best[1].total} ({_bucket_name(best[0], unit)})."
    return _svg("volume", f"Commentaires par {unit}", summary, width, height, pieces)


def heat_map(hours: Mapping[tuple[int, int], int]) -> Markup:
    """Day of the week by hour: when people write."""
    cell_w, cell_h, left, top = 36, 30, 88, 26
    width, height = left + 24 * cell_w + 4, top + 7 * cell_h + 4
    most = max(hours.values(), default=1) or 1
    pieces = []
    for hour in range(0, 24, 3):
        pieces.append(
            f'<text class="axis" x="{left + hour * cell_w + cell_w / 2}" y="16" text-anchor="middle">{hour} h</text>'
        )
    for day, name in enumerate(WEEKDAYS):
        y = top + day * cell_h
        pieces.append(f'<text class="axis" x="{left - 10}" y="{y + 19}" text-anchor="end">{name}</text>')
        for hour in range(24):
            count = hours.get((day, hour), 0)
            level = 0 if not count else 1 + min(4, int(5 * count / most - 1e-9))
            x = left + hour * cell_w
            pieces.append(
                f'<g><title>{name}, {hour} h : {count}</title><rect class="heat h{level}" x="{x}" y="{y}" '
                f'width="{cell_w - 3}" height="{cell_h - 3}" rx="4"/>'
            )
            if count:
                tone = "on-dark" if level >= 4 else "on-light"
                pieces.append(
                    f'<text class="{tone}" x="{x + cell_w / 2 - 1.5}" y="{y + 18}" '
                    f'text-anchor="middle">{_compact(count)}</text>'
                )
            pieces.append("</g>")
    summary = "Aucun commentaire daté."
    if hours:
        (day, hour), count = max(hours.items(), key=lambda one: one[1])
        summary = f"Le plus souvent le {WEEKDAYS[day]} à {hour} h ({count} commentaires)."
    return _svg("heat", "Jour et heure de publication, à l'heure du Québec", summary, width, height, pieces)


def _compact(count: int) -> str:
    return (
        str(count)
        if count < 1_000
        else f"{count / 1_000:.0f}k"
        if count >= 10_000
        else f"{count / 1_000:.1f}k".replace(".", ",")
    )


def _bucket_name(day: date, unit: str) -> str:
    if unit == "mois":
        return f"{MONTHS[day.month - 1]} {day.year}"
    return show_day(day) if unit == "jour" else f"semaine du {show_day(day)}"


def _ticks(most: int) -> list[int]:
    """Whole, round steps from zero to at least `most`.

    Examples
    --------
    >>> _ticks(7), _ticks(42)
    ([0, 2, 4, 6, 8], [0, 10, 20, 30, 40, 50])
    """
    step, factors = 1, (2, 5, 10)
    while most / step > 5:
        power = 10 ** (len(str(step)) - 1)
        step = next(power * factor for factor in factors if power * factor > step)
    return list(range(0, (-(-most // step)) * step + 1, step))


def _svg(name: str, title: str, summary: str, width: float, height: float, pieces: Sequence[str]) -> Markup:
    # Numbers, and names that were escaped where they came in.
    return Markup(  # noqa: S704
        f'<svg class="plot {name}" viewBox="0 0 {width:g} {height:g}" role="img" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(summary)}</desc>'
        f"{''.join(pieces)}</svg>"
    )

"""The page for people: one HTML file in French, self-contained, printable, urgent ones first.

Personal information is masked unless asked otherwise. The page carries up to `MAX_EMBEDDED` comments, gravest first;
its figures always speak of all of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from markupsafe import Markup

from classifier import __version__
from classifier.exports import Export
from classifier.exports.entries import KINDS
from classifier.exports.times import TORONTO
from classifier.exports.wording import REPAIRS, WARNINGS
from classifier.reports.cards import Card, Masker, make_card
from classifier.reports.charts import heat_map, show_day, volume_plot
from classifier.reports.names import Names, format_count, format_share
from classifier.reports.order import read_at, sorted_offsets
from classifier.reports.outcome import BatchOutcome
from classifier.reports.source import Source
from classifier.reports.statistics import Statistics, bucket_days

__all__ = ["MAX_EMBEDDED", "write_page"]

#: Comments that the page carries for its filters and search; browsers stay quick with these.
MAX_EMBEDDED = 50_000
_URGENT_SHOWN = 40
_UNCERTAIN_SHOWN = 20
_LEFT_OUT_SHOWN = 200


def write_page(
    work: Source, export: Export, outcome: BatchOutcome, path: Path, *, unmasked: bool = False, policy: Any = None
) -> None:
    """Write the page.

    Parameters
    ----------
    work : Source
        Rows of the batch.
    export, outcome : Export, BatchOutcome
        What was read, and its sum.
    path : Path
        File to write.
    unmasked : bool
        Personal information in clear: for the people who handle the comments only.
    policy : Policy, optional
        For its names.
    """
    import jinja2

    names = Names(policy)
    masker = Masker(enabled=not unmasked)
    statistics = Statistics.of(work.rows())
    order, _ = sorted_offsets(work.rows_path)
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("classifier.reports"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["count"] = format_count
    environment.filters["moment"] = show_moment
    environment.filters["typography"] = typography
    source = environment.loader
    assert source is not None
    unit, buckets = bucket_days(statistics.days)
    urgent = [
        make_card(row, names, masker)
        for row in islice(read_at(work.rows_path, order), _URGENT_SHOWN)
        if row["urgency"] in ("immediate", "high")
    ]
    context = {
        "css": Markup(source.get_source(environment, "page.css")[0]),  # noqa: S704 — our own file
        "script": Markup(source.get_source(environment, "page.js")[0]),  # noqa: S704 — our own file
        "version": __version__,
        "names": names,
        "export": export,
        "outcome": outcome,
        "statistics": statistics,
        "masked": not unmasked,
        "written_at": work.settings["now"],
        "period": _period(statistics),
        "unit": unit,
        "buckets": [(show_day(day) if unit == "jour" else day.isoformat(), volume) for day, volume in buckets],
        "volume": volume_plot(buckets, unit) if buckets else "",
        "heat": heat_map(statistics.hours) if statistics.hours else "",
        "bars": _bars(statistics, names),
        "delays": [
            (names.delay(delay), count, overdue, due)
            for delay, (count, overdue, due) in sorted(statistics.delays.items(), key=lambda one: one[1][2] or "9999")
        ],
        "posts": [(masker.mask(post.post), post) for post in statistics.topics.busiest(8)],
        "words": statistics.topics.words(24),
        "urgent": urgent,
        "urgent_left": max(0, statistics.urgent - len(urgent)),
        "uncertain": _uncertain(work, order, names, masker),
        "left_out": list(islice(work.left_out(), _LEFT_OUT_SHOWN)),
        "left_out_total": outcome.read - outcome.decided,
        "kinds": {**KINDS, "quarantine": "mis en quarantaine", "duplicate": "doublons fusionnés"},
        "repairs": [(REPAIRS.get(name, name), count) for name, count in sorted(outcome.repairs.items())],
        "warnings": [(WARNINGS.get(name, name), count) for name, count in sorted(outcome.warnings.items())],
        "human_reasons": [
            (names.human_reason(reason), count) for reason, count in statistics.human_reasons.most_common(8)
        ],
        "embedded": min(statistics.total, MAX_EMBEDDED),
        "share": format_share,
    }
    head, tail = environment.get_template("page.html").render(context).split("@@DATA@@")
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(head)
        for piece in _data(work, order, names, masker):
            stream.write(piece)
        stream.write(tail)


def _bars(statistics: Statistics, names: Names) -> list[dict[str, Any]]:
    """Horizontal bars: title, and (name, count, share of the longest in per cent)."""
    groups = (
        ("Ce que demandent les commentaires", statistics.categories, names.label),
        ("Manquements à la nétiquette", statistics.netiquette, names.label),
        ("Contenu politique et électoral", statistics.political, names.label),
        ("Signaux calculés", statistics.signals, names.label),
        ("Première action recommandée", statistics.actions, names.action),
        ("Bureaux concernés", statistics.desks, lambda desk: names.desk(desk) if desk else "Aucun bureau désigné"),
    )
    bars = []
    for title, counts, name in groups:
        if counts:
            most = max(counts.values())
            items = [(name(key), count, round(100 * count / most, 1)) for key, count in counts.most_common(20)]
            bars.append({"title": title, "items": items})
    return bars


def _period(statistics: Statistics) -> str:
    if not statistics.days:
        return "sans dates"
    first, last = min(statistics.days), max(statistics.days)
    return f"le {show_day(first)}" if first == last else f"du {show_day(first)} au {show_day(last)}"


def _uncertain(work: Source, order: Any, names: Names, masker: Masker) -> list[Card]:
    """Those whose labels lie in their review band, gravest first; urgent ones already lead the page."""
    found: list[Card] = []
    for row in read_at(work.rows_path, order):
        if row["uncertain"] and row["urgency"] not in ("immediate", "high"):
            found.append(make_card(row, names, masker))
            if len(found) == _UNCERTAIN_SHOWN:
                break
    return found


def _data(work: Source, order: Any, names: Names, masker: Masker) -> Iterator[str]:
    """The comments as JSON, one array each, then the names that they use, each written once; piece by piece."""
    ranks: dict[str, int] = {}
    yield '{"rows":['
    for rank, row in enumerate(islice(read_at(work.rows_path, order), MAX_EMBEDDED)):
        packed = make_card(row, names, masker).packed(lambda name: ranks.setdefault(name, len(ranks)))
        yield ("," if rank else "") + _embed(packed)
    yield f'],"names":{_embed(list(ranks))}}}'


def _embed(value: Any) -> str:
    """JSON that no text can make end the script that holds it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def show_moment(iso: str, *, day_only: bool = False) -> str:
    r"""A time in French, in Québec time.

    Examples
    --------
    >>> show_moment("2025-09-19T14:03:22+00:00").replace("\u00a0", " ")
    '19 septembre 2025, 10 h 03'
    """
    if not iso:
        return ""
    moment = datetime.fromisoformat(iso).astimezone(TORONTO)
    shown = show_day(moment.date())
    return shown if day_only else f"{shown}, {moment.hour}\u00a0h\u00a0{moment.minute:02d}"


def typography(text: str) -> str:
    r"""No-break spaces where French wants them.

    Examples
    --------
    >>> typography("Motif : « oui »")
    'Motif\xa0: «\xa0oui\xa0»'
    """
    for plain, right in ((" :", "\u00a0:"), ("« ", "«\u00a0"), (" »", "\u00a0»"), (" %", "\u00a0%")):
        text = text.replace(plain, right)
    return text

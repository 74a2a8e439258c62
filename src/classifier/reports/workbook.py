"""The workbook that staff open: gravest first, a sheet per desk, a legend, and what was left out.

Rows are written as they come (constant memory); texts are strings, never formulas; the evidence stands in bold inside
the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from classifier.exports import Export
from classifier.exports.entries import KINDS
from classifier.exports.times import TORONTO
from classifier.exports.wording import REPAIRS, WARNINGS
from classifier.reports.cards import Card, Masker, make_card
from classifier.reports.cells import neutralise
from classifier.reports.names import Names
from classifier.reports.order import read_at, sorted_offsets
from classifier.reports.outcome import BatchOutcome
from classifier.reports.source import Source
from classifier.taxonomy import taxonomy

__all__ = ["MAX_SHEET_ROWS", "write_workbook"]

#: Rows of one sheet, header apart; Excel stops at 1,048,576. What is beyond goes on in a next sheet.
MAX_SHEET_ROWS = 1_000_000
#: Excel's longest cell.
_MAX_CELL_CHARS = 32_000
#: Excel bolds no more pieces than its cell may hold; beyond, a text all in bold says nothing.
_MAX_SPANS = 12

_LINE_POINTS = 15
_MAX_SIDE_LINES = 5
#: Excel's tallest row.
_MAX_ROW_POINTS = 409

#: Columns: (title, width in characters, kind).
_COLUMNS = (
    ("Urgence", 12, "urgency"),
    ("Commentaire", 70, "text"),
    ("Nature de la demande", 26, "plain"),
    ("Nétiquette", 28, "plain"),
    ("Politique et élections", 24, "plain"),
    ("Actions recommandées", 54, "plain"),
    ("Bureau", 28, "plain"),
    ("Échéance", 17, "date"),
    ("À voir par une personne", 13, "plain"),
    ("Pourquoi", 40, "plain"),
    ("Motifs", 60, "plain"),
    ("Signaux", 26, "plain"),
    ("Publié le", 17, "date"),
    ("Publication", 36, "plain"),
    ("Auteur (pseudonyme)", 18, "plain"),
    ("Lien", 30, "link"),
    ("Identifiant", 22, "plain"),
    ("Numéro de décision", 34, "plain"),
)
_URGENCY_COLOURS = {
    "immediate": ("#9B1B1B", "#FFFFFF"),
    "high": ("#F2C29B", "#4A2200"),
    "normal": ("#CFE2F0", "#12344F"),
    "low": ("#ECEFF2", "#2E3A45"),
}
#: Characters that Excel forbids in the name of a sheet.
_FORBIDDEN = str.maketrans("[]:*?/\\", "       ")


def write_workbook(
    work: Source, export: Export, outcome: BatchOutcome, path: Path, *, scores: bool, policy: Any = None
) -> None:
    """Write the workbook.

    Parameters
    ----------
    work : Source
        Rows of the batch.
    export, outcome : Export, BatchOutcome
        What was read, and its sum.
    path : Path
        File to write.
    scores : bool
        Whether to add one column per label.
    policy : Policy, optional
        For its names.
    """
    import xlsxwriter

    names = Names(policy)
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "tmpdir": str(work.folder),
    }
    order, desks = sorted_offsets(work.rows_path, desks=True)
    with xlsxwriter.Workbook(path, options) as book:
        writer = _Writer(book, names, scores)
        taken = {"Décisions", "Légende", "Laissées de côté"}
        for part in range(max(1, -(-len(order) // MAX_SHEET_ROWS))):
            offsets = order[part * MAX_SHEET_ROWS : (part + 1) * MAX_SHEET_ROWS]
            writer.rows(
                "Décisions" + (f" ({part + 1})" if part else ""), read_at(work.rows_path, offsets), len(offsets)
            )
        for desk in sorted(desks, key=lambda one: -len(desks[one])):
            offsets = desks[desk][:MAX_SHEET_ROWS]
            writer.rows(
                _sheet_name(names.desk(desk), taken), read_at(work.rows_path, np.asarray(offsets)), len(offsets)
            )
        writer.legend(export, outcome, work)
        writer.left_out(work.left_out())


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that Excel accepts, and that no other sheet bears.

    Examples
    --------
    >>> _sheet_name("Greffe : accès/documents", set())
    'Greffe   accès documents'
    """
    clean = name.translate(_FORBIDDEN).strip(" '")[:28].strip() or "Bureau"
    unique, rank = clean, 2
    while unique.lower() in {one.lower() for one in taken}:
        unique, rank = f"{clean[:25]} {rank}", rank + 1
    taken.add(unique)
    return unique


def _line_count(text: str, width_chars: int) -> int:
    """Lines that a text takes in a column, words kept whole.

    Examples
    --------
    >>> _line_count("un deux trois", 8), _line_count("", 8)
    (2, 1)
    """
    # Words do not fill their lines to the end: a tenth is lost.
    return sum(max(1, -(-len(line) * 10 // (width_chars * 9))) for line in text[:_MAX_CELL_CHARS].split("\n"))


class _Writer:
    """Formats and sheets of one workbook."""

    def __init__(self, book: Any, names: Names, scores: bool) -> None:
        self._book = book
        self._names = names
        self._labels = taxonomy().labels if scores else ()
        self._masker = Masker(enabled=False)
        base = {"valign": "top", "font_name": "Calibri", "font_size": 11, "bottom": 1, "bottom_color": "#D9DDE2"}
        self._wrap = book.add_format({**base, "text_wrap": True})
        self._date = book.add_format({**base, "num_format": "yyyy-mm-dd hh:mm"})
        self._late = book.add_format({**base, "num_format": "yyyy-mm-dd hh:mm", "font_color": "#9B1B1B", "bold": True})
        self._score = book.add_format({**base, "num_format": "0.000"})
        self._bold = book.add_format({"bold": True, "font_color": "#9B1B1B"})
        self._head = book.add_format(
            {
                **base,
                "bold": True,
                "bg_color": "#12344F",
                "font_color": "#FFFFFF",
                "text_wrap": True,
                "valign": "vcenter",
                "border": 1,
            }
        )
        self._title = book.add_format({**base, "bold": True, "font_size": 16, "font_color": "#12344F"})
        self._strong = book.add_format({**base, "bold": True})
        self._urgency = {
            urgency: book.add_format({**base, "bold": True, "bg_color": back, "font_color": front})
            for urgency, (back, front) in _URGENCY_COLOURS.items()
        }

    def rows(self, name: str, rows: Iterable[Mapping[str, Any]], count: int) -> None:
        """One sheet of decisions."""
        sheet = self._book.add_worksheet(name)
        columns = [(title, width) for title, width, _ in _COLUMNS]
        columns += [(f"Score : {taxonomy().names[label]}", 12) for label in self._labels]
        for at, (_, width) in enumerate(columns):
            sheet.set_column(at, at, width)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(1, count), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(5)
        sheet.fit_to_pages(1, 0)
        # On paper, what a meeting needs: up to whether a person must look.
        sheet.print_area(0, 0, max(1, count), 8)
        sheet.repeat_rows(0)
        sheet.set_row(0, 34)
        for at, (title, _) in enumerate(columns):
            sheet.write_string(0, at, title, self._head)
        for number, row in enumerate(rows, start=1):
            self._row(sheet, number, row)

    def _row(self, sheet: Any, number: int, row: Mapping[str, Any]) -> None:
        card = make_card(row, self._names, self._masker)
        values = (
            card.urgency_name,
            card,
            card.category,
            "\n".join(card.netiquette),
            "\n".join(card.political),
            "\n".join(card.actions),
            card.desk,
            card.deadlines[0][1] if card.deadlines else "",
            "oui" if card.needs_human else "non",
            " ".join(card.human_reasons),
            "\n".join(card.reasons),
            "\n".join(card.signals),
            card.published_at,
            card.post,
            card.author,
            card.link,
            card.id,
            card.decision_id,
        )
        # Without a height, some spreadsheets show one line of a wrapped cell and draw the rest over its neighbours.
        # The text is shown whole; the other columns may need a click to be read to their end.
        others = (_line_count(str(values[at]), _COLUMNS[at][1]) for at in (3, 4, 5, 6))
        lines = max(_line_count(card.text, _COLUMNS[1][1]), min(max(others), _MAX_SIDE_LINES))
        sheet.set_row(number, min(_MAX_ROW_POINTS, 4 + lines * _LINE_POINTS))
        for at, (value, (_, _, kind)) in enumerate(zip(values, _COLUMNS, strict=True)):
            if kind == "text":
                self._text(sheet, number, at, card)
            elif kind == "date":
                late = bool(at == 7 and card.deadlines and card.deadlines[0][2])
                self._moment(sheet, number, at, str(value), self._late if late else self._date)
            elif kind == "urgency":
                sheet.write_string(number, at, str(value), self._urgency.get(card.urgency, self._wrap))
            elif kind == "link" and value and len(str(value)) < 2_000:
                sheet.write_url(number, at, str(value).replace(" ", "%20"), self._wrap, "Voir en ligne")
            else:
                sheet.write_string(number, at, neutralise(str(value))[:_MAX_CELL_CHARS], self._wrap)
        for at, label in enumerate(self._labels, start=len(_COLUMNS)):
            sheet.write_number(number, at, row["scores"][label], self._score)

    def _text(self, sheet: Any, number: int, at: int, card: Card) -> None:
        """The text, its evidence in bold."""
        text = card.text[:_MAX_CELL_CHARS]
        neutral = neutralise(text)
        shift = len(neutral) - len(text)
        fragments: list[Any] = []
        last = 0
        for start, end, _ in card.spans[:_MAX_SPANS]:
            start, end = start + shift, min(end + shift, len(neutral))
            if start >= end:
                continue
            if start > last:
                fragments.append(neutral[last:start])
            fragments += [self._bold, neutral[start:end]]
            last = end
        if last and last < len(neutral):
            fragments.append(neutral[last:])
        # A rich string needs two pieces at least, and Excel's limit on its length.
        if len(fragments) > 2 and sheet.write_rich_string(number, at, *fragments, self._wrap) == 0:
            return
        sheet.write_string(number, at, neutral[:_MAX_CELL_CHARS], self._wrap)

    def _moment(self, sheet: Any, number: int, at: int, iso: str, style: Any) -> None:
        if not iso:
            sheet.write_blank(number, at, None, style)
            return
        # Excel knows no zone: the time shown is that of Québec.
        local = datetime.fromisoformat(iso).astimezone(TORONTO).replace(tzinfo=None)
        sheet.write_datetime(number, at, local, style)

    def legend(self, export: Export, outcome: BatchOutcome, work: Source) -> None:
        """What the workbook is, its sum, its colours and its labels."""
        sheet = self._book.add_worksheet("Légende")
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 1, 110)
        sheet.hide_gridlines(2)
        lines: list[tuple[str, str, Any]] = [
            ("Décisions de modération", "", self._title),
            ("Organisme", self._names.organisation, self._strong),
            ("Document appliqué", self._names.document, self._strong),
            ("Export lu", f"{export.path.name} : {export.title} ({export.carrier})", self._strong),
            ("Écrit le", work.settings["now"], self._strong),
            ("Le compte y est", outcome.sum_line(), self._strong),
        ]
        lines += [
            (f"Réparés : {count}", REPAIRS.get(name, name), self._strong)
            for name, count in sorted(outcome.repairs.items())
        ]
        lines += [
            (f"À savoir : {count}", WARNINGS.get(name, name), self._strong)
            for name, count in sorted(outcome.warnings.items())
        ]
        lines += [
            ("", "", self._wrap),
            (
                "Ce que dit ce classeur",
                "L'outil recommande; une personne décide. Rien n'est exécuté par ce classeur.",
                self._strong,
            ),
            (
                "Ordre",
                "Les plus graves d'abord. Une feuille par bureau reprend les lignes qui le concernent.",
                self._strong,
            ),
            ("Gras rouge", "Passages qui ont pesé dans la décision.", self._strong),
            (
                "Apostrophe devant un texte",
                "Le texte commençait comme une formule (=, +, -, @) : elle empêche Excel de le calculer.",
                self._strong,
            ),
            (
                "Heures",
                "Toutes les heures sont celles du Québec (America/Toronto). Une échéance en rouge est dépassée.",
                self._strong,
            ),
            (
                "Auteur",
                "Pseudonyme calculé avec la clé du registre : le même auteur garde le même pseudonyme.",
                self._strong,
            ),
            ("", "", self._wrap),
        ]
        number = 0
        for title, text, style in lines:
            sheet.write_string(number, 0, title, style)
            sheet.write_string(number, 1, neutralise(text), self._wrap)
            number += 1
        for urgency in _URGENCY_COLOURS:
            sheet.write_string(number, 0, f"Urgence {self._names.urgency(urgency).lower()}", self._urgency[urgency])
            number += 1
        number += 1
        for title, labels in (
            ("Nétiquette", taxonomy().netiquette),
            ("Politique et élections", taxonomy().political),
            ("Nature de la demande", taxonomy().category),
            ("Signaux calculés", taxonomy().signals),
        ):
            sheet.write_string(number, 0, title, self._strong)
            number += 1
            for label in labels:
                sheet.write_string(number, 0, taxonomy().names[label], self._wrap)
                sheet.write_string(number, 1, label, self._wrap)
                number += 1

    def left_out(self, items: Iterable[Mapping[str, Any]]) -> None:
        """What gave no decision of its own."""
        sheet = self._book.add_worksheet("Laissées de côté")
        for at, (title, width) in enumerate((("Rang dans l'export", 18), ("Ligne", 12), ("Sorte", 34), ("Motif", 80))):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, title, self._head)
        sheet.freeze_panes(1, 0)
        names = {**KINDS, "quarantine": "Quarantaine", "duplicate": "Doublon fusionné"}
        number = 0
        for number, item in enumerate(islice(items, MAX_SHEET_ROWS), start=1):
            sheet.write_number(number, 0, item["position"], self._wrap)
            sheet.write_string(number, 1, "" if item["line"] is None else str(item["line"]), self._wrap)
            sheet.write_string(number, 2, names.get(item["kind"], item["kind"]), self._wrap)
            sheet.write_string(number, 3, neutralise(item["reason"]), self._wrap)
        sheet.autofilter(0, 0, max(1, number), 3)

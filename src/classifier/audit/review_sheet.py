"""The workbook in which people review: what the program recommends on the left, what the person decides on the
right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier.errors import InputError
from classifier.policy.vocabulary import ACTIONS
from classifier.taxonomy import taxonomy

from . import wording
from .events import APPEAL_OUTCOMES
from .lookup import RecordedDecision

__all__ = ["COLUMNS", "SHEET", "Column", "clean_cell", "open_appeal", "write_workbook"]

#: Sheet that is read back.
SHEET = "Révision"

_CELL_CHARS = 32_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the workbook.

    Attributes
    ----------
    id, name : str
        Key in the code; header that people see.
    width : int
        In characters.
    choices : str
        List of the drop-down (« labels », « categories »…); empty for free text.
    entry : bool
        Whether the person fills it in.
    """

    id: str
    name: str
    width: int
    choices: str = ""
    entry: bool = False


COLUMNS = (
    Column("decision_id", "Décision", 14),
    Column("date", "Commentaire du", 18),
    Column("text", "Commentaire", 60),
    Column("publication", "Publication", 30),
    Column("urgency", "Urgence", 11),
    Column("actions", "Recommandation", 32),
    Column("reasons", "Motifs et sections", 34),
    Column("evidence", "Passages qui ont pesé", 30),
    Column("why_human", "Pourquoi une personne", 34),
    Column("appeal", "Demande de révision", 20),
    Column("by", "Revu par", 18, entry=True),
    Column("seen", "Revu le (AAAA-MM-JJ)", 14, entry=True),
    Column("netiquette_1", "Nétiquette 1", 24, "netiquette", True),
    Column("netiquette_2", "Nétiquette 2", 24, "netiquette", True),
    Column("netiquette_3", "Nétiquette 3", 24, "netiquette", True),
    Column("political_1", "Politique 1", 24, "political", True),
    Column("political_2", "Politique 2", 24, "political", True),
    Column("category", "Catégorie", 24, "category", True),
    Column("action_1", "Action retenue 1", 26, "actions", True),
    Column("action_2", "Action retenue 2", 26, "actions", True),
    Column("action_3", "Action retenue 3", 26, "actions", True),
    Column("done", "Action appliquée", 12, "yes_no", True),
    Column("outcome", "Issue de la demande", 20, "outcomes", True),
    Column("why", "Motif", 40, entry=True),
)

#: Lists of the drop-downs: French name → id.
CHOICES: dict[str, dict[str, str]] = {
    "netiquette": {taxonomy().names[one]: one for one in taxonomy().netiquette},
    "political": {taxonomy().names[one]: one for one in taxonomy().political},
    "category": {taxonomy().names[one]: one for one in taxonomy().category},
    "actions": {name: one for one, name in ACTIONS.items()},
    "yes_no": {"Oui": "yes", "Non": "no"},
    "outcomes": {name.capitalize(): one for one, name in APPEAL_OUTCOMES.items()},
}


def open_appeal(decision: RecordedDecision) -> str:
    """Id of the last appeal that nobody has decided; empty if there is none."""
    appeal = ""
    for event in decision.events:
        if event.kind == "appeal":
            appeal = event.id
        elif event.kind == "appeal_decision":
            appeal = ""
    return appeal


def clean_cell(text: str) -> str:
    r"""Text that a cell can hold: without control characters, within its size.

    >>> clean_cell("a\x00b")
    'ab'
    """
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:_CELL_CHARS]


def write_workbook(path: Path, decisions: Iterable[RecordedDecision]) -> int:
    """Write the workbook; return how many decisions it holds.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    book = xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": False}
    )
    book.set_properties({"title": "Révision des décisions de modération"})
    formats = {
        "head": book.add_format(
            {"bold": True, "bg_color": "#14507A", "font_color": "#FFFFFF", "text_wrap": True, "valign": "top"}
        ),
        "entry_head": book.add_format(
            {"bold": True, "bg_color": "#7A5A14", "font_color": "#FFFFFF", "text_wrap": True, "valign": "top"}
        ),
        "fixed": book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#F3F5F7"}),
        "entry": book.add_format(
            {"text_wrap": True, "valign": "top", "locked": False, "border": 1, "border_color": "#D5DDE5"}
        ),
    }
    sheet = book.add_worksheet(SHEET)
    lists = book.add_worksheet("Listes")
    help_sheet = book.add_worksheet("Mode d'emploi")
    ranges = _write_lists(lists)
    count = 0
    for count, decision in enumerate(decisions, 1):
        for place, (column, value) in enumerate(zip(COLUMNS, _row(decision), strict=True)):
            sheet.write_string(count, place, clean_cell(value), formats["entry" if column.entry else "fixed"])
    for place, column in enumerate(COLUMNS):
        sheet.write_string(0, place, column.name, formats["entry_head" if column.entry else "head"])
        sheet.set_column(place, place, column.width)
        if column.choices and count:
            sheet.data_validation(
                1,
                place,
                count,
                place,
                {
                    "validate": "list",
                    "source": ranges[column.choices],
                    "error_title": "Valeur inconnue",
                    "error_message": "Choisissez une valeur de la liste.",
                },
            )
    sheet.freeze_panes(1, 3)
    if count:
        sheet.autofilter(0, 0, count, len(COLUMNS) - 1)
    # No password: the lock is against slips of the hand; the import checks everything again.
    sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True})
    lists.protect()
    _write_help(help_sheet)
    try:
        book.close()
    except (FileCreateError, OSError):
        raise InputError(
            f"Le classeur « {path} » ne peut pas être écrit.",
            todo="Fermez-le s'il est ouvert dans Excel, puis relancez.",
        ) from None
    return count


def _row(decision: RecordedDecision) -> list[str]:
    said, kept = decision.said, decision.kept
    netiquette, political = list(said["netiquette"])[:3], list(said["political"])[:2]
    actions = [action["id"] for action in said["actions"]][:3]
    reasons = [
        wording.name_subject(one["subject"]) + (f" ({one['clause']})" if one["clause"] else "")
        for one in said["reasons"]
    ]
    evidence = sorted(said["evidence"], key=lambda one: -one["weight"])[:4]
    words = [f"« {kept.text[one['start'] : one['end']]} »" for one in evidence] if kept is not None else []
    return [
        decision.id,
        wording.say_time(kept.moment if kept is not None else decision.at),
        kept.text if kept is not None else "",
        kept.publication if kept is not None else "",
        wording.name_urgency(said["urgency"]),
        "\n".join(wording.say_action(action) for action in said["actions"]),
        "\n".join(reasons),
        " ".join(words),
        "\n".join(wording.name_human_reason(one) for one in said["human_reasons"]),
        "Oui, à trancher" if open_appeal(decision) else "",
        "",
        "",
        *_padded([wording.name_subject(one) for one in netiquette], 3),
        *_padded([wording.name_subject(one) for one in political], 2),
        wording.name_subject(said["category"]),
        *_padded([wording.name_action(one) for one in actions], 3),
        "",
        "",
        "",
    ]


def _padded(values: Sequence[str], count: int) -> list[str]:
    return [*values, *[""] * (count - len(values))]


def _write_lists(lists: Any) -> dict[str, str]:
    ranges = {}
    for place, (name, choices) in enumerate(CHOICES.items()):
        letter = chr(ord("A") + place)
        lists.set_column(place, place, 36)
        for line, choice in enumerate(choices):
            lists.write_string(line, place, choice)
        ranges[name] = f"=Listes!${letter}$1:${letter}${len(choices)}"
    return ranges


def _write_help(sheet: Any) -> None:
    sheet.set_column(0, 0, 110)
    for line, words in enumerate(
        (
            "Chaque ligne est une décision recommandée par le programme. Les colonnes bleues ne se modifient pas.",
            "Les colonnes brunes sont à vous : elles contiennent d'avance ce que le programme propose.",
            "1. Lisez le commentaire.",
            "2. Corrigez au besoin les étiquettes et les actions, avec les listes déroulantes.",
            "3. Inscrivez votre fonction ou vos initiales dans « Revu par » et la date dans « Revu le ».",
            "4. Si vous changez quelque chose, dites pourquoi dans « Motif » : la personne concernée peut le demander.",
            "5. « Action appliquée » : Oui, si les actions retenues ont été faites sur la plateforme.",
            "6. Une demande de révision se tranche par une autre personne que celle qui a revu la décision.",
            "Une ligne sans « Revu par » n'est pas importée ; vous pourrez y revenir.",
        )
    ):
        sheet.write_string(line, 0, words)

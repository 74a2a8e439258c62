"""Reads a reviewed workbook back, checks it, and records who saw what, when, what was changed and why.

Rows that do not hold are reported with their line and reason; the others are recorded; the workbook is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from classifier.errors import InputError

from .canonical import to_microseconds
from .events import Draft, appeal_decision_draft, event_draft, notice_draft
from .log import AuditLog
from .lookup import RecordedDecision, iterate_decisions, read_decisions
from .review_sheet import CHOICES, COLUMNS, SHEET, clean_cell, open_appeal

__all__ = ["Fault", "ImportResult", "import_reviews", "reviewers_of", "select_for_review"]

_ZONE = ZoneInfo("America/Toronto")


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that was not recorded: its line in the workbook and why, in French."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did.

    Attributes
    ----------
    recorded, already, untouched : int
        Reviews recorded now; recorded before; rows that nobody has reviewed yet.
    faults : tuple of Fault
        Rows to correct and import again.
    """

    recorded: int
    already: int
    untouched: int
    faults: tuple[Fault, ...]


class _RowError(Exception):
    """A row that does not hold."""


def select_for_review(log: AuditLog, *, everything: bool = False) -> list[RecordedDecision]:
    """Decisions that wait for a person, the most urgent first: those that need one and were not seen, and open
    appeals.
    """
    order = {"immediate": 0, "high": 1, "normal": 2, "low": 3}
    chosen = []
    for decision in iterate_decisions(log):
        seen = any(event.kind in ("review", "appeal_decision") for event in decision.events)
        if everything or open_appeal(decision) or (decision.said["needs_human"] and not seen):
            chosen.append(decision)
    chosen.sort(key=lambda one: (order.get(one.said["urgency"], 9), one.kept.moment if one.kept else one.at))
    return chosen


def import_reviews(log: AuditLog, path: Path, *, now: datetime | None = None) -> ImportResult:
    """Check a workbook and record its reviews, in one transaction.

    Raises
    ------
    InputError
        If the file is not such a workbook.
    """
    rows = list(_read_rows(path))
    ids = {str(row["decision_id"]) for _, row in rows}
    known = read_decisions(log, ids)
    moment = now or datetime.now(UTC)
    drafts: list[list[Draft]] = []
    faults: list[Fault] = []
    untouched = 0
    seen_ids: set[str] = set()
    for line, row in rows:
        try:
            if not row["by"]:
                _refuse_orphan_entry(row, known)
                untouched += 1
                continue
            made = _drafts_of(row, known, moment)
            if row["decision_id"] in seen_ids:
                raise _RowError("la même décision figure deux fois dans le classeur")
            seen_ids.add(row["decision_id"])
            drafts.append(made)
        except _RowError as error:
            faults.append(Fault(line, str(error)))
    before = log.known([made[0].id for made in drafts])
    log.append_drafts([draft for made in drafts for draft in made])
    already = sum(1 for made in drafts if made[0].id in before)
    return ImportResult(len(drafts) - already, already, untouched, tuple(faults))


def reviewers_of(decision: RecordedDecision) -> set[str]:
    """Who has already reviewed a decision, in lower case."""
    return {str(event.body["by"]).casefold() for event in decision.events if event.kind == "review"}


def _read_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except OSError as error:
        raise InputError(f"Le classeur « {path} » ne peut pas être lu ({error.strerror}).") from None
    except Exception:
        # openpyxl lets zip, XML and key errors through; all mean the same to the person at the keyboard.
        raise InputError(
            f"« {path} » n'est pas un classeur Excel.", "un fichier écrit par « review export »."
        ) from None
    try:
        if SHEET not in book.sheetnames:
            raise InputError(
                f"Le classeur « {path} » n'a pas de feuille « {SHEET} ».", "un fichier écrit par « review export »."
            )
        lines = book[SHEET].iter_rows(values_only=True)
        header = [str(cell or "").strip() for cell in next(lines, ())]
        places = {column.id: header.index(column.name) for column in COLUMNS if column.name in header}
        missing = [column.name for column in COLUMNS if column.id not in places]
        if missing:
            raise InputError(
                f"Il manque des colonnes au classeur : {', '.join(missing)}.", todo="Exportez-le de nouveau."
            )
        for line, cells in enumerate(lines, 2):
            row = {name: _cell_text(cells[place] if place < len(cells) else None) for name, place in places.items()}
            if any(row.values()):
                yield line, row
    finally:
        book.close()


def _cell_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value).strip()


def _refuse_orphan_entry(row: Mapping[str, str], known: Mapping[str, RecordedDecision]) -> None:
    """A row that was changed but not signed would be lost in silence: report it."""
    decision = known.get(row["decision_id"])
    if decision is None:
        raise _RowError("cette décision n'est pas dans le registre")
    if row["seen"] or row["why"] or row["done"] or row["outcome"] or _entered(row) != _proposed(decision):
        raise _RowError("la ligne est remplie, mais « Revu par » est vide")


def _drafts_of(row: Mapping[str, str], known: Mapping[str, RecordedDecision], now: datetime) -> list[Draft]:
    """The records that a row makes: a review, and a notice for each sanction applied, or the outcome of an appeal."""
    decision = known.get(row["decision_id"])
    if decision is None:
        raise _RowError("cette décision n'est pas dans le registre")
    if decision.kept is not None and clean_cell(decision.kept.text).strip() != clean_cell(row["text"]).strip():
        raise _RowError("le texte du commentaire a été changé dans le classeur")
    entered, proposed = _entered(row), _proposed(decision)
    seen_at = _read_date(row["seen"], now)
    changed = entered != proposed
    if changed and not row["why"]:
        raise _RowError("la décision est changée sans motif")
    if row["outcome"]:
        return [_appeal_outcome(row, decision, seen_at)]
    body: dict[str, Any] = {
        **entered,
        "by": row["by"],
        "changed": changed,
        "seen_us": to_microseconds(seen_at),
    }
    if row["why"]:
        body["why"] = row["why"]
    drafts = [event_draft("review", decision.id, body)]
    if row["done"] and _choice("yes_no", row["done"]) == "yes":
        drafts += _notices(entered["actions"], decision, seen_at, row["by"])
    return drafts


def _appeal_outcome(row: Mapping[str, str], decision: RecordedDecision, seen_at: datetime) -> Draft:
    appeal = open_appeal(decision)
    if not appeal:
        raise _RowError("aucune demande de révision n'est en attente pour cette décision")
    if row["by"].casefold() in reviewers_of(decision):
        raise _RowError("la demande doit être tranchée par une autre personne que celle qui a revu la décision")
    if not row["why"]:
        raise _RowError("l'issue de la demande n'est pas motivée")
    outcome = _choice("outcomes", row["outcome"])
    return appeal_decision_draft(appeal, decision.id, seen_at, outcome=outcome, by=row["by"], why=row["why"])


def _notices(actions: list[str], decision: RecordedDecision, given_at: datetime, by: str) -> list[Draft]:
    proposed = {action["id"]: action["parameters"] for action in decision.said["actions"]}
    drafts = []
    for action in actions:
        parameters = proposed.get(action, {})
        strikes = [ladder for ladder in parameters.get("strike", "").split("|") if ladder]
        if not strikes and action == "warn":
            strikes = ["netiquette"]
        message = parameters.get("message", "")
        drafts.append(notice_draft(decision.id, action, given_at, by=by, strikes=strikes, message=message))
    return drafts


def _entered(row: Mapping[str, str]) -> dict[str, Any]:
    def several(kind: str, *names: str) -> list[str]:
        return list(dict.fromkeys(_choice(kind, row[name]) for name in names if row[name]))

    if not row["category"]:
        raise _RowError("la catégorie est vide")
    return {
        "actions": several("actions", "action_1", "action_2", "action_3"),
        "category": _choice("category", row["category"]),
        "netiquette": several("netiquette", "netiquette_1", "netiquette_2", "netiquette_3"),
        "political": several("political", "political_1", "political_2"),
    }


def _proposed(decision: RecordedDecision) -> dict[str, Any]:
    said = decision.said
    return {
        "actions": [action["id"] for action in said["actions"]][:3],
        "category": said["category"],
        "netiquette": list(said["netiquette"])[:3],
        "political": list(said["political"])[:2],
    }


def _choice(kind: str, name: str) -> str:
    try:
        return CHOICES[kind][name]
    except KeyError:
        raise _RowError(f"« {name[:60]} » n'est pas dans la liste") from None


def _read_date(text: str, now: datetime) -> datetime:
    if not text:
        return now
    try:
        return datetime.combine(date.fromisoformat(text[:10]), time(12), _ZONE)
    except ValueError:
        raise _RowError("la date de l'examen n'est pas lisible (AAAA-MM-JJ)") from None

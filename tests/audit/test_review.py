"""Review: a workbook with lists and locked cells goes out, comes back, is checked; reviews, notices, appeals;
figures."""

from __future__ import annotations

from datetime import UTC, datetime

import openpyxl
import pytest

from classifier.audit import verify
from classifier.audit.events import appeal_draft
from classifier.audit.figures import read_figures
from classifier.audit.lookup import find_decision
from classifier.audit.review import import_reviews, select_for_review
from classifier.audit.review_sheet import COLUMNS, SHEET, clean_cell, write_workbook
from classifier.errors import InputError

PLACES = {column.id: place + 1 for place, column in enumerate(COLUMNS)}
NOW = datetime(2026, 4, 1, 15, tzinfo=UTC)


@pytest.fixture
def book(log, fill, tmp_path):
    """Workbook of 30 decisions, six of which need a person."""
    fill(log, 30)
    path = tmp_path / "revision.xlsx"
    assert write_workbook(path, select_for_review(log)) == 6
    return path


def change(path, line, **values):
    workbook = openpyxl.load_workbook(path)
    for name, value in values.items():
        workbook[SHEET].cell(line, PLACES[name]).value = value
    workbook.save(path)


def id_at(path, line):
    return openpyxl.load_workbook(path)[SHEET].cell(line, PLACES["decision_id"]).value


def test_the_workbook_has_lists_and_locked_cells(book):
    workbook = openpyxl.load_workbook(book)
    sheet = workbook[SHEET]
    assert sheet.protection.sheet
    assert sheet.cell(2, PLACES["text"]).protection.locked
    assert not sheet.cell(2, PLACES["by"]).protection.locked
    lists = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    assert len(lists) == sum(1 for column in COLUMNS if column.choices)
    names = [cell.value for cell in workbook["Listes"]["A"]]
    assert "Injure ou attaque personnelle" in names
    assert "Masquer" in [cell.value for cell in workbook["Listes"]["D"]]
    assert sheet.freeze_panes == "D2"


def test_an_untouched_workbook_records_nothing(log, book):
    head = log.head()
    result = import_reviews(log, book, now=NOW)
    assert (result.recorded, result.already, result.untouched, result.faults) == (0, 0, 6, ())
    assert log.head() == head


def test_reviews_are_recorded_once_with_who_when_seen_changed_and_why(log, book):
    change(book, 2, by="conseillère M. B.", seen="2026-03-30")
    change(book, 3, by="conseillère M. B.", action_1="Laisser publié", action_2=None, netiquette_1=None, why="Sarcasme")
    result = import_reviews(log, book, now=NOW)
    assert (result.recorded, result.untouched, result.faults) == (2, 4, ())
    [first] = find_decision(log, id_at(book, 2))[0].events
    assert (first.body["by"], first.body["changed"]) == ("conseillère M. B.", False)
    [second] = find_decision(log, id_at(book, 3))[0].events
    assert (second.body["changed"], second.body["why"], second.body["actions"]) == (True, "Sarcasme", ["publish"])
    assert second.body["netiquette"] == []
    again = import_reviews(log, book, now=NOW)
    assert (again.recorded, again.already) == (0, 2)
    assert verify(log.database).holds
    assert len(select_for_review(log)) == 4
    figures = read_figures(log)
    assert (figures.decisions, figures.reviewed, figures.changed, figures.without_person) == (30, 2, 1, 24)
    assert figures.override_rate == 0.5
    insult = figures.labels["insult"]
    assert (insult.both, insult.program_only, insult.person_only, insult.share) == (1, 1, 0, 0.5)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"by": "x", "decision_id": "0" * 32}, "pas dans le registre"),
        ({"by": "x", "text": "un autre texte"}, "a été changé"),
        ({"by": "x", "netiquette_1": "Impolitesse"}, "n'est pas dans la liste"),
        ({"by": "x", "category": None}, "catégorie est vide"),
        ({"by": "x", "action_1": "Publier"}, "n'est pas dans la liste"),
        ({"by": "x", "netiquette_2": "Langage grossier"}, "sans motif"),
        ({"by": "x", "seen": "hier"}, "pas lisible"),
        ({"why": "oubli"}, "« Revu par » est vide"),
        ({"by": "x", "outcome": "Décision annulée", "why": "z"}, "aucune demande"),
    ],
)
def test_a_row_that_does_not_hold_is_reported_and_the_others_recorded(log, book, values, words):
    change(book, 4, **values)
    change(book, 5, by="agent")
    result = import_reviews(log, book, now=NOW)
    assert result.recorded == 1
    [fault] = result.faults
    assert fault.line == 4
    assert words in fault.reason


def test_the_same_decision_twice_in_a_workbook(log, book):
    workbook = openpyxl.load_workbook(book)
    sheet = workbook[SHEET]
    for place in range(1, len(COLUMNS) + 1):
        sheet.cell(8, place).value = sheet.cell(2, place).value
    sheet.cell(2, PLACES["by"]).value = sheet.cell(8, PLACES["by"]).value = "agent"
    workbook.save(book)
    result = import_reviews(log, book, now=NOW)
    assert result.recorded == 1
    assert "deux fois" in result.faults[0].reason


def test_applied_sanctions_become_strikes(log, book):
    change(book, 2, by="agent", done="Oui", seen=datetime(2026, 3, 30))
    import_reviews(log, book, now=NOW)
    decision = find_decision(log, id_at(book, 2))[0]
    assert [event.kind for event in decision.events] == ["review", "notice", "notice"]
    history = log.history([decision.kept.author], NOW)[decision.kept.author]
    assert [(strike.kind, strike.given_at.date().isoformat()) for strike in history.strikes] == [
        ("netiquette", "2026-03-30")
    ]


def test_an_appeal_goes_to_somebody_else(log, book):
    change(book, 2, by="Agent A")
    import_reviews(log, book, now=NOW)
    decision_id = id_at(book, 2)
    log.append_drafts([appeal_draft(decision_id, NOW, channel="courriel", received_by="greffe")])
    chosen = select_for_review(log)
    write_workbook(book, chosen)
    line = next(n for n in range(2, 9) if id_at(book, n) == decision_id)
    change(book, line, by="agent a", outcome="Décision annulée", why="Mauvaise lecture")
    assert "une autre personne" in import_reviews(log, book, now=NOW).faults[0].reason
    change(book, line, by="Directrice", why=None)
    assert "motivée" in import_reviews(log, book, now=NOW).faults[0].reason
    change(book, line, by="Directrice", why="Mauvaise lecture")
    result = import_reviews(log, book, now=NOW)
    assert (result.recorded, result.faults) == (1, ())
    figures = read_figures(log)
    assert (figures.appeals, figures.granted) == (1, 1)


def test_formulas_and_control_characters_stay_text(log, item, tmp_path):
    text = '=HYPERLINK("x")\x07 \ud83d\n@SOMME(A1)'
    log.append([item(log, 4, text=text)])
    path = tmp_path / "r.xlsx"
    write_workbook(path, select_for_review(log))
    cell = openpyxl.load_workbook(path)[SHEET].cell(2, PLACES["text"])
    assert cell.data_type == "s"
    change(path, 2, by="agent")
    assert import_reviews(log, path, now=NOW).faults == ()
    assert clean_cell("a\x07b") == "ab"


def test_a_file_that_is_no_such_workbook(log, tmp_path):
    (tmp_path / "a.xlsx").write_text("rien")
    openpyxl.Workbook().save(tmp_path / "b.xlsx")
    for name, words in (("a.xlsx", "pas un classeur"), ("b.xlsx", "pas de feuille"), ("c.xlsx", "ne peut pas être lu")):
        with pytest.raises(InputError, match=words):
            import_reviews(log, tmp_path / name)
    workbook = openpyxl.Workbook()
    workbook.active.title = SHEET
    workbook.save(tmp_path / "b.xlsx")
    with pytest.raises(InputError, match="manque des colonnes"):
        import_reviews(log, tmp_path / "b.xlsx")


def test_a_workbook_that_cannot_be_written(log, tmp_path):
    with pytest.raises(InputError, match="ne peut pas être écrit"):
        write_workbook(tmp_path / "absent" / "r.xlsx", [])

"""The table and the workbook: formulas harmless, French Excel served, gravest first, nothing lost."""

from __future__ import annotations

import csv

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock

from classifier.batch import Settings
from classifier.reports.cells import COLUMNS, FRENCH_COLUMNS, neutralise
from classifier.taxonomy import taxonomy

DANGEROUS = "=+-@\t\r\n"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@A1", "\tx", "\rx", "\nx", " =1", "\u00a0=1", "＝1", "−1", "\ufeff=1"]
)
def test_formulas_are_neutralised(text):
    assert neutralise(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Bonjour", "a=1", "1+1", "(514)", "«Non»", "5 - 3"])
def test_other_texts_are_untouched(text):
    assert neutralise(text) == text


@given(st.text(max_size=40))
def test_no_text_can_begin_a_cell_with_a_formula(text):
    assert not neutralise(text).lstrip(" ").startswith(tuple(DANGEROUS))
    assert neutralise(text).removeprefix("'") == text.removeprefix("'") or neutralise(text) == "'" + text


def test_csv_holds_no_formula_and_reads_back(outputs):
    with (outputs / "d.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 16
    assert tuple(rows[0]) == COLUMNS
    for row in rows:
        for value in row.values():
            assert not value.startswith(tuple(DANGEROUS))
    assert rows[0]["text"] == "'=1+1"
    assert rows[8]["text"] == "espèce d'idiot 🧑🏽‍🚒 fini"
    start, end = map(int, rows[8]["evidence"].partition(":")[2].split("-"))
    assert rows[8]["text"][start:end] == "idiot"


def test_csv_for_french_excel(make_outputs):
    folder = make_outputs(["d.csv"], settings=Settings(excel=True, scores=True))
    raw = (folder / "d.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines(keepends=True), delimiter=";"))
    assert list(rows[0])[:19] == [FRENCH_COLUMNS[column] for column in COLUMNS]
    assert rows[0]["À voir par une personne"] in ("oui", "non")
    assert rows[0]["Score : Injure ou attaque personnelle"] == "0,01"
    assert (folder / "d.ecartes.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.fixture(scope="module")
def book(outputs):
    return openpyxl.load_workbook(outputs / "d.xlsx", rich_text=True)


def test_workbook_sheets_filters_and_frozen_header(book):
    assert book.sheetnames == ["Décisions", "Communications", "Légende", "Laissées de côté"]
    sheet = book["Décisions"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == "A1:R17"
    assert sheet.max_row == 17
    assert book["Communications"].max_row == 4
    left_out = list(book["Laissées de côté"].iter_rows(min_row=2, values_only=True))
    assert left_out == [(17, "17", "Quarantaine", "la ligne n'est pas un objet JSON")]


def test_workbook_puts_the_gravest_first_in_colour(book):
    sheet = book["Décisions"]
    assert [cell.value for cell in sheet["A"][1:5]] == ["Immédiate", "Élevée", "Élevée", "Faible"]
    assert sheet["B2"].value == "je veux mourir"
    colours = {cell.fill.fgColor.rgb for cell in sheet["A"][1:4]}
    assert len(colours) == 2


def test_workbook_bolds_the_evidence(book):
    cell = next(c for c in book["Décisions"]["B"] if isinstance(c.value, CellRichText))
    bold = [str(block) for block in cell.value if isinstance(block, TextBlock) and block.font.b]
    assert bold == ["idiot"]
    assert str(cell.value) == "espèce d'idiot 🧑🏽‍🚒 fini"


def test_workbook_has_no_formula(book):
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert not str(cell.value or "").startswith(("=", "@", "+", "\t", "\r"))


def test_legend_names_every_label(book):
    values = {cell.value for cell in book["Légende"]["A"]}
    names = taxonomy().names
    assert {names[label] for label in (*taxonomy().labels, *taxonomy().signals)} <= values

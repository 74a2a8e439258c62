"""Text steps: what they see through, and the places that they keep."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text import CLUES, MAX_PARTS, analyse, fold


def words(text: str) -> list[str]:
    return [token.folded for token in analyse(text).tokens if token.is_word]


@pytest.mark.parametrize(
    ("disguised", "plain"),
    [
        ("ÉHONTÉ", "ehonte"),
        ("Noooon", "non"),
        ("cl0wns", "clowns"),
        ("n1ai$eux", "niaiseux"),
        ("c@ve", "cave"),
        ("œuvre", "oeuvre"),
        ("𝐜𝐥𝐨𝐰𝐧", "clown"),
        ("ｃｌｏｗｎ", "clown"),
        ("cl\u200bown", "clown"),
        ("e\u0301te\u0301", "ete"),
    ],
)
def test_disguises_are_seen_through(disguised: str, plain: str) -> None:
    assert words(disguised) == [plain]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tabarn**k", ["tabarn*k"]),
        ("m*rde", ["m*rde"]),
        ("20h30", ["h"]),
        ("covid19", ["covid"]),
        ("info@ville.ca", ["info", "ville", "ca"]),
        ("l’école d'en haut", ["l'", "ecole", "d'", "en", "haut"]),
        ("merci!bravo", ["merci", "bravo"]),
        ("peut-être", ["peut", "etre"]),
    ],
)
def test_what_is_no_disguise_stays(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("espèce de c o u c o u", ["coucou"]),
        ("la S.A.Q. ferme", ["saq"]),
        ("c-o-u", ["cou"]),
        ("il y a t il", []),
        ("a b c", []),
        ("a b. c d", []),
    ],
)
def test_words_spelled_letter_by_letter(text: str, spelled: list[str]) -> None:
    assert [t.folded for t in analyse(text).tokens if t.spelled] == spelled


def test_places_are_code_points_of_the_original() -> None:
    text = "👍🏽 T'es un cl0wn e\u0301puise\u0301 !"
    found = {token.folded: text[token.start : token.end] for token in analyse(text).tokens}
    assert found["clown"] == "cl0wn"
    assert found["epuise"] == "e\u0301puise\u0301"
    assert found["👍"] == "👍🏽"


def test_parts_are_sentences() -> None:
    text = "Merci M. Tremblay. C'est beau!!  Mais le parc… non\nFin"
    assert [text[a:b] for a, b in analyse(text).parts] == [
        "Merci M. Tremblay.",
        "C'est beau!!",
        "Mais le parc…",
        "non",
        "Fin",
    ]


def test_many_parts_are_bounded() -> None:
    assert len(analyse("Oui. " * 1000).parts) == MAX_PARTS


def test_long_sentences_are_cut() -> None:
    assert len(analyse("un mot " * 100).parts) > 3


def test_clues_count() -> None:
    analysis = analyse("AVIS!!! Voir www.exemple.ca 😡😡 10 $ @Julie #parc")
    clues = dict(zip(CLUES, [sum(row[i] for row in analysis.clues) for i in range(len(CLUES))]))
    assert (clues["exclamations"], clues["links"], clues["emojis"], clues["money"]) == (3, 1, 2, 1)
    assert (clues["mentions"], clues["hashtags"], clues["capitals"], clues["numbers"]) == (1, 1, 1, 1)


def test_an_empty_text_has_one_empty_part() -> None:
    assert analyse("").parts == [(0, 0)]
    assert analyse(" \n ").tokens == []


@given(st.text())
def test_any_text_keeps_its_places(text: str) -> None:
    analysis = analyse(text)
    assert len(analysis.parts) == len(analysis.clues) >= 1
    for token in analysis.tokens:
        assert 0 <= token.start < token.end <= len(text)
        assert 0 <= token.part < len(analysis.parts)
        start, end = analysis.parts[token.part]
        assert start <= token.start
        assert token.end <= end


@given(st.text(alphabet="abcdeéàçôœ ABCÉ'", max_size=60))
def test_case_and_composition_change_nothing(text: str) -> None:
    assert words(text.upper()) == words(text.lower()) == words(unicodedata.normalize("NFD", text))


@given(st.text(alphabet="abcé -", max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)

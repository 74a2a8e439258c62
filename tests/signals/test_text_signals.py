"""Signals computed from the text: hits beside near misses."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.features import extract
from classifier.lexicon import build_lexicon_table, lexicon_classes
from classifier.scoring.portable import count_lexicon
from classifier.signals import detect_signals
from classifier.signals.links import find_links


def signals(text: str) -> dict[str, str]:
    found = extract([text])
    lexicon = count_lexicon(build_lexicon_table(lexicon_classes()), found, len(lexicon_classes()))
    [detected] = detect_signals(
        [text], found.clues.sum(axis=0, keepdims=True), lexicon.sum(axis=0, keepdims=True), lexicon_classes()
    )
    return {signal.id: signal.detail for signal in detected}


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("RENDEZ-NOUS NOTRE PISCINE TOUT DE SUITE", "shouting"),
        ("j'en ai assez!!!!!!!!!!!!", "special_characters"),
        ("§§ ¶¶ ¬¬ ~~ la ville ^^", "special_characters"),
        ("😀" * 20, "special_characters"),
        ("https://exemple.ca/a https://exemple.ca/b allez voir ça tout le monde", "link_abuse"),
        ("allez lire ceci sans faute mes amis https://bit.ly/abc", "link_abuse"),
        ("https://exemple.ca", "link_abuse"),
        ("When will you fix the road in front of my house?", "other_language"),
        ("¿Cuándo van a abrir la piscina para los niños del barrio?", "other_language"),
        ("Когда откроется бассейн", "other_language"),
        ("rappelez-moi au 819 555-0142", "personal_data"),
    ],
)
def test_what_calls_for_a_signal_gets_it(text: str, signal: str) -> None:
    assert signal in signals(text)


@pytest.mark.parametrize(
    "text",
    [
        "La SAQ et la STM",
        "Bravo!!!",
        "Merci 👏👏👏",
        "Tout est expliqué ici, prenez le temps de lire : https://exemple.ca/budget",
        "c'est ben trop nice votre affaire",
        "Le parc est full beau, bravo to the team",
        "Le règlement 450-2019 est en vigueur",
        "Señor Gomez, bienvenue au conseil",
    ],
)
def test_everyday_comments_get_none(text: str) -> None:
    assert signals(text) == {}


def test_a_batch_gives_what_each_text_gives() -> None:
    texts = ["RENDEZ-NOUS NOTRE PISCINE", "Merci", "https://exemple.ca"]
    found = extract(texts)
    begins = found.text_parts[:-1]
    lexicon = count_lexicon(build_lexicon_table(lexicon_classes()), found, len(lexicon_classes()))
    detected = detect_signals(
        texts, np.add.reduceat(found.clues, begins), np.add.reduceat(lexicon, begins), lexicon_classes()
    )
    assert [{s.id: s.detail for s in one} for one in detected] == [signals(text) for text in texts]


def test_links_are_found_in_one_pass() -> None:
    text = "www.a.ca et http://b.ca puis www.c.ca, httpx ou https://d.ca"
    assert [text[a:b] for a, b in find_links(text)] == ["www.a.ca", "http://b.ca", "www.c.ca,", "https://d.ca"]
    assert find_links("aucun lien") == []

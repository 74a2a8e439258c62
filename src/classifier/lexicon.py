"""The project's own lexicon: forms by class, severity and region, read from `lexicon.csv`.

Forms are folded (see `text.fold`), one to four words long. A class means nothing by itself: the heads learn what each
one says about each label. Identity terms stand there in neutral use too, for the same reason.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from .errors import InputError
from .features import HashTable, combine, hash_word, mix

__all__ = ["Form", "build_lexicon_table", "lexicon_classes", "read_lexicon"]


@dataclass(frozen=True, slots=True)
class Form:
    """One entry: a folded form of one to four words, its class, severity (1 to 3) and region (qc, fr or all)."""

    form: str
    word_class: str
    severity: int
    region: str


@cache
def read_lexicon() -> tuple[Form, ...]:
    """All forms, in the order of the file.

    Raises
    ------
    InputError
        If a form is given twice or has more than four words.
    """
    text = files(__package__).joinpath("lexicon.csv").read_text(encoding="utf-8")
    forms = tuple(
        Form(row["form"], row["class"], int(row["severity"]), row["region"])
        for row in csv.DictReader(text.splitlines())
    )
    seen: set[str] = set()
    for form in forms:
        if form.form in seen or not 1 <= len(form.form.split(" ")) <= 4:
            raise InputError(
                f"Le lexique contient une forme en double ou trop longue (classe {form.word_class}).",
                "des formes uniques, d'un à quatre mots.",
            )
        seen.add(form.form)
    return forms


def lexicon_classes() -> tuple[str, ...]:
    """Class ids, in alphabetical order.

    Examples
    --------
    >>> "sacre" in lexicon_classes()
    True
    """
    return tuple(sorted({form.word_class for form in read_lexicon()}))


def build_lexicon_table(classes: Sequence[str]) -> HashTable:
    """Table from the hash of a folded phrase to the index of its class in `classes`."""
    index = {name: at for at, name in enumerate(classes)}
    hashes, values = [], []
    for form in read_lexicon():
        words = [np.array([hash_word(word)], dtype=np.uint64) for word in form.form.split(" ")]
        phrase = words[0]
        for word in words[1:]:
            phrase = combine(phrase, word)
        hashes.append(mix(phrase)[0])
        values.append(index[form.word_class])
    return HashTable.build(np.array(hashes, dtype=np.uint64), np.array(values, dtype=np.int64))

"""Signals computed from one text: one file each, all read from the counts that the scorer has taken already.

Each detector is cheap to refuse: it looks at the counts first, and at the text only when they call for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from classifier.comments import Signal
from classifier.text import CLUES

from . import language, links, personal, shouting, special

__all__ = ["detect_signals"]


@cache
def _limits() -> dict[str, Any]:
    raw = files(__package__).joinpath("limits.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(raw))


def detect_signals(
    texts: Sequence[str], clues: NDArray[np.int64], lexicon: NDArray[np.int64], classes: Sequence[str]
) -> list[tuple[Signal, ...]]:
    """Signals of a batch of texts.

    Parameters
    ----------
    texts : sequence of str (n)
    clues : int64 array (n, len(CLUES))
        Counts that the scorer took.
    lexicon : int64 array (n, len(classes))
        Occurrences by lexicon class.
    classes : sequence of str

    Returns
    -------
    list of tuple of Signal (n)
        In the order of the taxonomy; most are empty.

    Examples
    --------
    >>> import numpy as np
    >>> from classifier.text import CLUES
    >>> counts = np.array([[{"letters": 20, "upper_letters": 20, "words": 4}.get(c, 0) for c in CLUES]])
    >>> [[s.id for s in found] for found in detect_signals(["RENDEZ NOUS LA PISCINE"], counts, np.zeros((1, 0)), [])]
    [['shouting']]
    """
    limits = _limits()
    called = _call_for(clues, lexicon, classes).tolist()
    out: list[tuple[Signal, ...]] = []
    for at, text in enumerate(texts):
        found: list[Signal | None] = []
        if called[at]:
            counts = dict(zip(CLUES, clues[at].tolist()))
            words = dict(zip(classes, lexicon[at].tolist()))
            found = [
                shouting.detect(counts, **limits["shouting"]),
                special.detect(counts, **limits["special_characters"]),
                links.detect(text, counts, **limits["link_abuse"]),
                language.detect(text, counts, words, **limits["other_language"]),
            ]
        elif language.has_other_script(text):
            counts = dict(zip(CLUES, clues[at].tolist()))
            found = [language.detect(text, counts, {}, **limits["other_language"])]
        found.append(personal.detect(text))
        out.append(tuple(signal for signal in found if signal is not None))
    return out


def _call_for(clues: NDArray[np.int64], lexicon: NDArray[np.int64], classes: Sequence[str]) -> NDArray[np.bool_]:
    """Which texts have counts that call for a closer look: none that would give a signal is left out."""
    limits = _limits()
    letters, upper, symbols, exclamations, questions, emojis, found_links = (
        clues[:, CLUES.index(name)]
        for name in ("letters", "upper_letters", "symbols", "exclamations", "questions", "emojis", "links")
    )
    special_limits = limits["special_characters"]
    called = (letters >= limits["shouting"]["min_letters"]) & (upper >= limits["shouting"]["min_upper_share"] * letters)
    called |= symbols > special_limits["max_symbols"]
    called |= exclamations + questions > special_limits["max_marks"]
    called |= emojis > special_limits["max_emojis"]
    called |= found_links > 0
    for name in language.NAMES:
        if name in classes:
            called |= lexicon[:, classes.index(name)] >= limits["other_language"]["min_foreign_words"]
    return np.asarray(called, dtype=bool)

"""Signals computed from one text: one file each, all read from the counts that the scorer has taken already.

Each detector is cheap to refuse: it looks at the counts first, and at the text only when they call for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from classifier.comments import Signal

from . import language, links, personal, shouting, special

__all__ = ["TextCounts", "detect_signals"]


@dataclass(frozen=True, slots=True)
class TextCounts:
    """Counts of one comment, as the scorer took them.

    Attributes
    ----------
    clues : mapping of str to int
        By name of `text.CLUES`.
    lexicon : mapping of str to int
        Occurrences by lexicon class.
    """

    clues: Mapping[str, int]
    lexicon: Mapping[str, int]


@cache
def _limits() -> dict[str, Any]:
    raw = files(__package__).joinpath("limits.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(raw))


def detect_signals(text: str, counts: TextCounts) -> tuple[Signal, ...]:
    """Signals of one text, in the order of the taxonomy.

    Examples
    --------
    >>> from classifier.text import CLUES
    >>> counts = TextCounts(dict.fromkeys(CLUES, 0) | {"letters": 20, "upper_letters": 20, "words": 4}, {})
    >>> [s.id for s in detect_signals("RENDEZ NOUS LA PISCINE", counts)]
    ['shouting']
    """
    limits = _limits()
    found = (
        shouting.detect(counts.clues, **limits["shouting"]),
        special.detect(counts.clues, **limits["special_characters"]),
        links.detect(text, counts.clues, **limits["link_abuse"]),
        language.detect(text, counts.clues, counts.lexicon, **limits["other_language"]),
        personal.detect(text),
    )
    return tuple(signal for signal in found if signal is not None)

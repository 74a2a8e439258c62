"""`other_language`: a comment in another language than French (drummondville, annexe 1, point 5).

Function words decide between languages that share our alphabet (lexicon classes ``lang_*``); letters of another
script speak for themselves. A comment that mixes in an English word or two stays French.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from classifier.comments import Signal

__all__ = ["NAMES", "detect", "has_other_script"]

#: Lexicon class of a language's function words → its French name.
NAMES = {"lang_en": "anglais", "lang_es": "espagnol", "lang_ht": "créole haïtien", "lang_pt": "portugais"}
_LATIN_END = 0x250


def has_other_script(text: str) -> bool:
    """Whether a text holds a code point beyond the Latin blocks, an emoji or a letter (a cheap look).

    Examples
    --------
    >>> has_other_script("Élu œuvre"), has_other_script("Привет")
    (False, True)
    """
    return not text.isascii() and max(text) >= chr(_LATIN_END)


def detect(
    text: str,
    clues: Mapping[str, int],
    lexicon: Mapping[str, int],
    *,
    min_words: int,
    min_foreign_words: int,
    max_french_share: float,
    min_other_script_share: float,
) -> Signal | None:
    """Signal if another script, or another language's function words, carry the comment."""
    if has_other_script(text):
        foreign = sum(1 for char in text if ord(char) >= _LATIN_END and unicodedata.category(char)[0] == "L")
        if foreign and foreign >= min_other_script_share * max(1, clues["letters"]) and foreign >= min_words:
            return Signal("other_language", "autre écriture")
    if clues["words"] < min_words:
        return None
    language = max(NAMES, key=lambda name: lexicon.get(name, 0))
    seen = lexicon.get(language, 0)
    if seen < min_foreign_words:
        return None
    french = lexicon.get("lang_fr", 0)
    if french > max_french_share * (french + seen):
        return None
    return Signal("other_language", NAMES[language])

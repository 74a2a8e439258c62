"""How each code point is folded: its kind, its plain letter or letters, and whether it is a capital.

Accents and case go, ligatures become two letters, styled letters (mathematical bold, full width) become plain ones,
combining marks, joiners and skin tones are left out. The compiled scorer reads the same table.
"""

from __future__ import annotations

import unicodedata
from array import array
from dataclasses import dataclass
from functools import cache

__all__ = [
    "DIGIT",
    "EMOJI",
    "IGNORED",
    "LETTER",
    "NEWLINE",
    "PUNCTUATION",
    "SEPARATOR",
    "TABLE_SIZE",
    "Codes",
    "fold_far",
    "fold_place",
    "fold_table",
    "read_codes",
]

#: Kinds of code points.
SEPARATOR, LETTER, DIGIT, PUNCTUATION, EMOJI, IGNORED, NEWLINE = range(7)

#: Code points below this have an entry of their own in the fold table; beyond it ranges decide.
TABLE_SIZE = 0x3000

_SINGLES = {"œ": "oe", "æ": "ae", "ß": "ss"}


def _fold_one(code: int) -> tuple[int, int, int, int]:
    """Fold one code point: (kind, folded, second folded or 0, whether upper case)."""
    char = chr(code)
    if char in "\n\r\x0b\x0c\u2028\u2029\x85":
        return NEWLINE, 32, 0, 0
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Cf", "Cc", "Cs", "Co", "Cn") or char == "\ufe0f":
        return (SEPARATOR, 32, 0, 0) if char == "\t" else (IGNORED, 0, 0, 0)
    if category in ("Zs", "Zl", "Zp"):
        return SEPARATOR, 32, 0, 0
    upper = int(category in ("Lu", "Lt"))
    if category[0] == "L":
        lowered = char.lower()
        for composed in (_SINGLES.get(lowered), unicodedata.normalize("NFKD", lowered)):
            if composed is None:
                continue
            letters = [c for c in composed.lower() if unicodedata.category(c)[0] == "L"]
            if letters:
                return LETTER, ord(letters[0]), ord(letters[1]) if len(letters) > 1 else 0, upper
        return LETTER, code, 0, upper
    if category[0] == "N":
        try:
            return DIGIT, 48 + unicodedata.digit(char), 0, 0
        except ValueError:
            return DIGIT, 48, 0, 0
    if category == "So" or code in (0x2764, 0x203C):
        return EMOJI, code, 0, 0
    if category == "Mc":
        return LETTER, code, 0, 0
    if char in "’‘ʼ`´":
        return PUNCTUATION, 39, 0, 0
    if char in "“”„«»":
        return PUNCTUATION, 34, 0, 0
    if char in "‐‑–—−":
        return PUNCTUATION, 45, 0, 0
    if char == "…":
        return PUNCTUATION, code, 0, 0
    return PUNCTUATION, code, 0, 0


#: Ranges of styled letters beyond the table, with a place of their own after it: (first, count).
STYLED_RANGES = ((0x1D400, 0x400), (0xFF00, 0xF0), (0xFB00, 7))


@cache
def fold_table() -> tuple[array[int], array[int], array[int], array[int]]:
    """Kinds, first folds, second folds and case of the code points that have a place (see `fold_place`)."""
    kinds, first, second, upper = array("B"), array("I"), array("I"), array("B")
    entries = [_fold_one(code) for code in range(TABLE_SIZE)]
    for begin, count in STYLED_RANGES:
        entries.extend(_fold_styled(code) for code in range(begin, begin + count))
    for kind, one, two, is_upper in entries:
        kinds.append(kind)
        first.append(one)
        second.append(two)
        upper.append(is_upper)
    return kinds, first, second, upper


def fold_place(code: int) -> int:
    """Index of a code point in `fold_table`, -1 for one that `fold_far` decides."""
    if code < TABLE_SIZE:
        return code
    place = TABLE_SIZE
    for begin, count in STYLED_RANGES:
        if begin <= code < begin + count:
            return place + code - begin
        place += count
    return -1


def fold_far(code: int) -> int:
    """Kind of a code point that has no place in the table; it is folded to itself."""
    if 0x1F000 <= code < 0x1FB00:
        return IGNORED if 0x1F3FB <= code <= 0x1F3FF else EMOJI
    if 0x3000 <= code < 0x3004:
        return SEPARATOR
    if 0xFE00 <= code <= 0xFE0F or 0xD800 <= code < 0xE000 or code == 0xFEFF or 0xFFF0 <= code < 0x10000:
        return IGNORED
    if 0xE0000 <= code < 0xE1000:
        return IGNORED
    return LETTER


def _fold_styled(code: int) -> tuple[int, int, int, int]:
    plain = unicodedata.normalize("NFKC", chr(code))
    if not plain or ord(plain[0]) >= TABLE_SIZE:
        return LETTER, code, 0, 0
    kind, one, two, upper = _fold_one(ord(plain[0]))
    if len(plain) > 1 and two == 0 and kind == LETTER:
        two = _fold_one(ord(plain[1]))[1]
    return kind, one, two, upper


@dataclass(slots=True)
class Codes:
    """Folded code points of a text, ignorable ones left out."""

    kind: list[int]
    code: list[int]
    upper: list[int]
    start: list[int]


def read_codes(text: str) -> Codes:
    """Fold the code points of a text, with their places in it."""
    kinds, first, second, uppers = fold_table()
    out = Codes([], [], [], [])
    for position, char in enumerate(text):
        code = ord(char)
        place = code if code < TABLE_SIZE else fold_place(code)
        if place >= 0:
            kind, one, two, upper = kinds[place], first[place], second[place], uppers[place]
        else:
            kind, one, two, upper = fold_far(code), code, 0, 0
        if kind == IGNORED:
            continue
        out.kind.append(kind)
        out.code.append(one)
        out.upper.append(upper)
        out.start.append(position)
        if two:
            out.kind.append(kind)
            out.code.append(two)
            out.upper.append(upper)
            out.start.append(position)
    return out

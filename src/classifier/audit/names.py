"""Names of people in a comment, found by title, form, mention and list: one pass over the words.

Names that follow a public office (« la mairesse Untel ») are left: an elected person's role is public. So are names
of places
(« rue Jean-Untel »). Rules only: no model, no dictionary of persons. What they find and miss is measured in
`tests/audit/test_redaction.py` and told in `docs/audit.md`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache, cached_property
from importlib.resources import files

import yaml

__all__ = ["find_names"]

_WORD = re.compile(r"(?<![\w.@-])@\w[\w.-]*|[^\W_]+(?:['’.-][^\W_]+)*")
_PROFILE = re.compile(r"(?:facebook|instagram|fb|tiktok|twitter|x|linkedin)\.com/[\w.@/-]{1,80}", re.IGNORECASE)

_SENTENCE_ENDS = frozenset(".!?\n…:")
_PARTICLES = frozenset(("de", "du", "des", "la", "le", "van", "von", "ben", "el", "al", "st", "ste"))


@dataclass(frozen=True)
class _Lists:
    first: frozenset[str]
    ambiguous: frozenset[str]
    family: frozenset[str]
    family_words: frozenset[str]
    titles: frozenset[str]
    offices: frozenset[str]
    office_words: frozenset[str]
    cues: frozenset[str]
    places: frozenset[str]
    links: frozenset[str]

    @cached_property
    def given(self) -> frozenset[str]:
        """Given names, those that are words too included."""
        return self.first | self.ambiguous

    @cached_property
    def known(self) -> frozenset[str]:
        """All names that a list holds."""
        return self.given | self.family


@dataclass(slots=True)
class _Word:
    text: str
    start: int
    end: int
    plain: str  # Lower case, without accents.
    capital: bool
    opens: bool  # First of its sentence.


def find_names(text: str) -> list[tuple[int, int, str]]:
    """Spans of names of people, mentions and links to profiles.

    Returns
    -------
    list of (int, int, str)
        Start, end, and ``"name"``, ``"mention"`` or ``"profile"``; in order, never overlapping.

    Examples
    --------
    >>> [text[2:16] for text in ["À Julie Tremblay de répondre"] for _ in find_names(text)]
    ['Julie Tremblay']
    >>> find_names("La rue Jean-Talon est belle, bravo à la mairesse Julie Tremblay")
    []
    """
    found = [(match.start(), match.end(), "profile") for match in _PROFILE.finditer(text)]
    words = list(_words(text))
    place, known = 0, _lists().known
    while place < len(words):
        word = words[place]
        # Most words stop here: a name has a capital, a hyphen or a sign, or stands in a list.
        if not (word.capital or word.plain in known or "-" in word.plain or text[word.start] == "@"):
            place += 1
            continue
        length = _name_at(words, place, text)
        if length:
            start = words[place].start
            kind = "mention" if text[start] == "@" else "name"
            found.append((start, words[place + length - 1].end, kind))
        place += length or 1
    kept: list[tuple[int, int, str]] = []
    for one in sorted(found):
        if not kept or one[0] >= kept[-1][1]:
            kept.append(one)
    return kept


def _words(text: str) -> Iterator[_Word]:
    shouted = text.upper() == text
    end_before = -1
    for match in _WORD.finditer(text):
        word = match.group()
        gap = text[end_before : match.start()] if end_before >= 0 else "."
        bare = word.removeprefix("@")
        elided = bare[2:] if len(bare) > 2 and bare[1] in "'’" and bare[0] in "dDlLqQ" else bare
        start = match.start() + (len(bare) - len(elided))
        capital = elided[:1].isupper() and not shouted
        yield _Word(elided, start, match.end(), _plain(elided), capital, not _SENTENCE_ENDS.isdisjoint(gap))
        end_before = match.end()


def _name_at(words: list[_Word], place: int, text: str) -> int:
    """How many words from `place` make a name; 0 if none."""
    word, lists = words[place], _lists()
    if text[word.start] == "@":
        return 1 + _capitals(words, place + 1, text, 2)
    if _is_place(words, place, text) or _is_office(words, place):
        return 0
    if _titled(words, place, text):
        return _titled_length(words, place, text)
    following = words[place + 1] if place + 1 < len(words) and _adjacent(words[place], words[place + 1], text) else None
    sure = word.plain in lists.first or _is_compound(word.plain)
    given = sure or word.plain in lists.ambiguous
    if following is None and len(word.text) == 1 and word.capital and _initial_before_surname(words, place, text):
        return 2
    if given and following is not None:
        surname = following.plain in lists.family
        if surname and word.text.isupper() and following.text.isupper():
            return 2
        if surname and (word.capital or (sure and following.plain not in lists.family_words)):
            return 2 + _capitals(words, place + 2, text, 1)
        if word.capital and following.capital and following.plain not in lists.first:
            return 2 + _capitals(words, place + 2, text, 1)
        if word.capital and following.plain in _PARTICLES and _capitals(words, place + 2, text, 1):
            return 3
    if word.capital and sure:
        return 1
    unknown = word.capital and not word.opens and word.plain not in _lists().titles
    if unknown and following is not None and following.capital and following.plain in lists.family:
        return 2 if following.plain not in lists.family_words else 0
    if word.capital and word.plain in lists.family and word.plain not in lists.family_words:
        return 1
    return 0


def _is_compound(plain: str) -> bool:
    """« Anne-Sophie », « Ti-Luc »: a given name made of two."""
    lists = _lists()
    first, hyphen, second = plain.partition("-")
    return bool(hyphen) and (first in lists.given or first == "ti") and second in lists.given


def _initial_before_surname(words: list[_Word], place: int, text: str) -> bool:
    """« J. Gagnon »."""
    if place + 1 >= len(words) or text[words[place].end : words[place + 1].start] != ". ":
        return False
    surname = words[place + 1]
    return surname.capital and surname.plain in _lists().family and words[place].plain != "m"


def _titled(words: list[_Word], place: int, text: str) -> bool:
    if place == 0 or words[place].text[:1].isdigit():
        return False
    word, before, lists = words[place], words[place - 1], _lists()
    gap = text[before.end : word.start]
    if len(gap) > 3 or any(mark in gap for mark in ",;:!?\n"):
        return False
    if before.plain == "m" and not (before.capital and word.capital):
        return False
    if before.plain == "me" and not (before.capital and word.capital and gap.startswith(".")):
        return False
    known = word.plain in lists.family or word.plain in lists.first
    if before.plain in _lists().titles:
        return (word.capital or known) and word.plain not in _lists().offices and word.plain not in _lists().titles
    cue = before.plain in _lists().cues or (
        before.plain in ("les", "la", "le") and place > 1 and words[place - 2].plain in _lists().cues
    )
    return cue and word.capital and known


def _titled_length(words: list[_Word], place: int, text: str) -> int:
    if not words[place].capital:
        return 1 + int(
            place + 1 < len(words)
            and words[place + 1].plain in _lists().family
            and _lists().first >= {words[place].plain}
        )
    return 1 + _capitals(words, place + 1, text, 2)


def _capitals(words: list[_Word], place: int, text: str, most: int) -> int:
    """How many capitalised words, at most `most`, stand at `place` in the same breath."""
    count = 0
    while count < most and place + count < len(words):
        word = words[place + count]
        if not word.capital or not _adjacent(words[place + count - 1], word, text) or word.text[:1].isdigit():
            break
        count += 1
    return count


def _adjacent(one: _Word, other: _Word, text: str) -> bool:
    return text[one.end : other.start] in (" ", "\u00a0", "-", "\u202f")


def _is_place(words: list[_Word], place: int, text: str) -> bool:
    """Whether the words before say that this is the name of a place."""
    if words[place].plain.startswith(("saint-", "sainte-", "st-", "ste-")):
        return words[place].plain not in _lists().family or place == 0 or words[place - 1].plain not in _lists().titles
    steps = place - 1
    while steps >= 0 and place - steps <= 3 and words[steps].plain in _lists().links:
        steps -= 1
    return (
        steps >= 0 and words[steps].plain in _lists().places and len(text[words[steps].end : words[place].start]) <= 12
    )


def _is_office(words: list[_Word], place: int) -> bool:
    """Whether a public office stands just before, a given name between them or not."""
    before = words[max(0, place - 4) : place]
    if before and before[-1].capital and not before[-1].opens and before[-1].plain not in _lists().offices:
        before = before[:-1]
    if before and before[-1].plain in _lists().office_words:
        before = before[:-1]
    return bool(before) and before[-1].plain in _lists().offices


def _plain(word: str) -> str:
    lowered = word.lower()
    if lowered.isascii():
        return lowered
    return "".join(one for one in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(one))


@cache
def _lists() -> _Lists:
    raw = yaml.safe_load(files(__package__).joinpath("names.yaml").read_text(encoding="utf-8"))
    return _Lists(**{field.name: frozenset(map(_plain, raw[field.name].split())) for field in fields(_Lists)})

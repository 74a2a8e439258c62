"""UTF-8 that was read as latin-1 or cp1252: seen over a whole file, repaired string by string.

A repair is made only where the whole file shows the pattern: one comment that speaks of « Ã© » in a healthy file stays
as it is. Repair comes before any step on white space, since « à » is « Ã » plus a no-break space.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import ftfy

__all__ = ["Census", "repair", "shows_mojibake"]

#: A lead byte of UTF-8 read as a letter, then a continuation byte read as latin-1 or cp1252.
_BROKEN = re.compile(
    "[\u00c2-\u00c5][\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018\u2019"
    "\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]"
    "|\u00e2[\u0080\u20ac]|\u00f0[\u009f\u0178]"
)
_HEALTHY = re.compile("[àâçéèêëîïôùûüœÀÂÇÉÈÊËÎÏÔÙÛÜŒ’«»]")

#: Healthy accents after which a file without one broken pair is judged healthy, and reading ahead stops.
_ENOUGH_HEALTHY = 200
#: One healthy accent is forgiven per so many broken ones (a page name typed by the export tool, say).
_FORGIVEN_SHARE = 20


class Census:
    """Counts broken and healthy accents until the file is known.

    Examples
    --------
    >>> census = Census()
    >>> census.add("C\u00c3\u00a9line"), census.broken
    (None, 1)
    """

    def __init__(self) -> None:
        self.broken = 0
        self.healthy = 0

    def add(self, text: str) -> None:
        """Count one string."""
        if text.isascii():
            return
        rest, broken = _BROKEN.subn("", text)
        self.broken += broken
        self.healthy += len(_HEALTHY.findall(rest))

    @property
    def settled(self) -> bool:
        """Whether reading on would not change the verdict."""
        return not self.broken and self.healthy >= _ENOUGH_HEALTHY

    @property
    def verdict(self) -> bool:
        """Whether the file shows the pattern throughout."""
        return self.broken > 0 and self.healthy * _FORGIVEN_SHARE <= self.broken


def shows_mojibake(texts: Iterable[str]) -> bool:
    """Whether a file's texts, taken together, are mojibake.

    Examples
    --------
    >>> shows_mojibake(["D\u00c3\u00a9neigement", "Merci"]), shows_mojibake(["Déneigement"])
    (True, False)
    """
    census = Census()
    for text in texts:
        census.add(text)
        if census.settled:
            break
    return census.verdict


def repair(text: str) -> str:
    """Give the string that was meant, or the same string if it is not broken.

    Examples
    --------
    >>> repair("D\u00c3\u00a9neigement \u00c3\u00a0 Montmagny")
    'Déneigement à Montmagny'
    """
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return ftfy.fix_encoding(text)

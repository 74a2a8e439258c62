"""`link_abuse`: several links, a disguised one, or a link and nothing else (drummondville, annexe 1, point 6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classifier.comments import Signal

__all__ = ["detect", "find_links"]

_OPENINGS = ("http://", "https://", "www.")


def find_links(text: str) -> list[tuple[int, int]]:
    """Spans of the links of a text, in one pass: a word that begins like an address, up to the next space.

    Examples
    --------
    >>> find_links("voir www.exemple.ca!")
    [(5, 20)]
    """
    spans: list[tuple[int, int]] = []
    lowered, at = text.lower(), 0
    if len(lowered) != len(text):  # a letter whose small form is longer would shift the offsets
        lowered = text
    places = {"http": -1, "www.": -1}
    while True:
        for opening, place in places.items():
            if place < at:  # each opening is searched for once a place: the whole stays linear
                found = lowered.find(opening, at)
                places[opening] = found if found >= 0 else len(text)
        start = min(places.values())
        if start == len(text):
            return spans
        end = start
        while end < len(text) and not text[end].isspace():
            end += 1
        if lowered.startswith(_OPENINGS, start):
            spans.append((start, end))
        at = max(end, start + 1)


def detect(
    text: str, clues: Mapping[str, int], *, max_links: int, min_words_beside: int, shorteners: Sequence[str]
) -> Signal | None:
    """Signal if there are more than `max_links` links, a shortened one, or one with hardly a word beside it."""
    if not clues["links"]:
        return None
    spans = find_links(text)
    if not spans:
        return None
    if len(spans) > max_links:
        return Signal("link_abuse", f"{len(spans)} liens", tuple(spans))
    for start, end in spans:
        host = text[start:end].lower().removeprefix("https://").removeprefix("http://").removeprefix("www.")
        if host.split("/", 1)[0] in shorteners:
            return Signal("link_abuse", "lien raccourci", ((start, end),))
    beside = len("".join(text[: spans[0][0]] + " " + text[spans[-1][1] :]).split())
    if beside < min_words_beside:
        return Signal("link_abuse", "lien sans commentaire", tuple(spans))
    return None

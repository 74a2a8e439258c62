"""`personal_data`: a telephone, an address, a number of an official document, found by rule.

The rules are those of `personal_data.find_personal_data`, which the audit's redaction uses too.
"""

from __future__ import annotations

from classifier.comments import Signal

from .personal_data import find_personal_data

__all__ = ["detect"]


def detect(text: str) -> Signal | None:
    """Signal with the kinds found and their spans."""
    found = find_personal_data(text)
    if not found:
        return None
    kinds = sorted({kind for _, _, kind in found})
    return Signal("personal_data", ", ".join(kinds), tuple((start, end) for start, end, _ in found))

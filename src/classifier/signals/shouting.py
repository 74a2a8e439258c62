"""`shouting`: a comment written in capitals (drummondville, annexe 1, point 5)."""

from __future__ import annotations

from collections.abc import Mapping

from classifier.comments import Signal

__all__ = ["detect"]


def detect(clues: Mapping[str, int], *, min_letters: int, min_upper_share: float) -> Signal | None:
    """Signal if at least `min_upper_share` of at least `min_letters` letters are capitals."""
    letters = clues["letters"]
    if letters < min_letters or clues["upper_letters"] < min_upper_share * letters:
        return None
    return Signal("shouting", f"{round(100 * clues['upper_letters'] / letters)} % de majuscules")

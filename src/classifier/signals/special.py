"""`special_characters`: signs, marks or emojis piled up (montmagny 5.1; drummondville, annexe 1, point 5)."""

from __future__ import annotations

from collections.abc import Mapping

from classifier.comments import Signal

__all__ = ["detect"]


def detect(clues: Mapping[str, int], *, max_symbols: int, max_marks: int, max_emojis: int) -> Signal | None:
    """Signal if one of the three counts passes its maximum."""
    if clues["symbols"] > max_symbols:
        return Signal("special_characters", f"{clues['symbols']} signes")
    marks = clues["exclamations"] + clues["questions"]
    if marks > max_marks:
        return Signal("special_characters", f"{marks} points d'exclamation ou d'interrogation")
    if clues["emojis"] > max_emojis:
        return Signal("special_characters", f"{clues['emojis']} émojis")
    return None

"""Predictions made by hand: the router knows no model, and neither do its tests."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from classifier.comments import Comment, ModelReference, Part, Prediction, Signal

TORONTO = ZoneInfo("America/Toronto")

#: A Tuesday at 10:00, no holiday near, in no election window.
TUESDAY = datetime(2027, 2, 9, 10, 0, tzinfo=TORONTO)

_POLITICAL = {"political_opinion", "partisan", "electoral", "official_addressed"}
_SIGNALS = {
    "shouting",
    "special_characters",
    "link_abuse",
    "other_language",
    "personal_data",
    "repeated",
    "private_dialogue",
    "pile_on",
}


def predict(*labels: str, category: str = "negative", parts: tuple[Part, ...] = (), **changes: object) -> Prediction:
    """A prediction in which these labels and signals fired, each with a score of 0.9."""
    netiquette = tuple(label for label in labels if label not in _POLITICAL and label not in _SIGNALS)
    political = tuple(label for label in labels if label in _POLITICAL)
    values: dict[str, object] = {
        "netiquette": netiquette,
        "political": political,
        "category": category,
        "scores": {**dict.fromkeys((*netiquette, *political), 0.9), category: 0.8},
        "any_violation": 0.9 if netiquette else 0.1,
        "alerts": ("threat",) if "threat" in labels else (),
        "uncertain": (),
        "parts": parts,
        "signals": tuple(Signal(label) for label in labels if label in _SIGNALS),
        "evidence": (),
        "missing": (),
        "thresholds": dict.fromkeys((*netiquette, *political), 0.5),
        "model": ModelReference("test", "1", "0" * 64),
    }
    return Prediction(**{**values, **changes})  # type: ignore[arg-type]


def write(text: str = "Un commentaire.", **changes: object) -> Comment:
    """A comment of that Tuesday."""
    return Comment(**{"text": text, "created_at": TUESDAY, "post": "Une publication.", **changes})  # type: ignore[arg-type]

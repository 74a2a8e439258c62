"""Thresholds from goals: people review the goal, the machine finds the number.

A goal reads ``maximum f1 @ precision >= 0.6`` (the threshold of best F1 among those whose precision is at least 0.6)
or ``minimum threshold @ recall >= 0.95`` (the highest threshold that still reaches this recall, said from the other
end: the fewest alerts that miss no more). The form follows revscoring's threshold statements (Wikimedia).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.errors import InputError
from classifier.heads import Operating
from classifier.taxonomy import taxonomy

__all__ = ["Goal", "find_operating", "find_threshold", "parse_goal"]

F64 = NDArray[np.float64]
_PATTERN = re.compile(r"^(maximum|minimum) (f1|recall|precision|threshold) @ (precision|recall) >= (0?\.\d+|0|1|1\.0)$")
#: No threshold lies below this: under it, any comment would do.
MIN_THRESHOLD = 0.004


@dataclass(frozen=True, slots=True)
class Goal:
    """A parsed goal: what is maximised (``f1``, ``recall``, ``precision`` or ``threshold``), under which floor."""

    aim: str
    floor_of: str
    floor: float


def parse_goal(text: str) -> Goal:
    """Parse a goal.

    Raises
    ------
    InputError
        If it is not of the form given above.

    Examples
    --------
    >>> parse_goal("maximum recall @ precision >= 0.9")
    Goal(aim='recall', floor_of='precision', floor=0.9)
    """
    match = _PATTERN.match(text.strip())
    if match is None:
        raise InputError(
            f"L'objectif « {text} » n'est pas compris.",
            "par exemple « maximum recall @ precision >= 0.9 ».",
            "corrigez params.yaml.",
        )
    return Goal(match[2], match[3], float(match[4]))


def find_threshold(scores: F64, target: NDArray[np.int8], goal: Goal) -> float:
    """Threshold that meets a goal on out-of-fold scores (n).

    Where no threshold reaches the floor, the one that comes nearest is taken, so that a weak label is cautious
    rather than silent about it: the model card shows what it reaches.
    """
    order = np.argsort(-scores, kind="stable")
    ranked, hits = scores[order], target[order].astype(np.float64)
    true = np.cumsum(hits)
    flagged = np.arange(1, len(ranked) + 1)
    ends = np.r_[ranked[1:] != ranked[:-1], True]  # equal scores fall on one side together
    precision, recall = true / flagged, true / max(hits.sum(), 1.0)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    floor = precision if goal.floor_of == "precision" else recall
    aim = {"f1": f1, "recall": recall, "precision": precision, "threshold": ranked}[goal.aim]
    allowed = ends & (floor >= goal.floor) & (true >= 3)
    if not allowed.any():
        allowed = ends & (true >= 3)
        aim = floor if goal.floor_of == "precision" else recall
    if not allowed.any():
        return 0.5
    best = int(np.flatnonzero(allowed)[np.argmax(aim[allowed])])
    below = ranked[best + 1] if best + 1 < len(ranked) else 0.0
    return float(np.clip((ranked[best] + below) / 2, MIN_THRESHOLD, 0.99))


def find_operating(scores: F64, targets: NDArray[np.int8], goals: Mapping[str, Any]) -> Operating:
    """Thresholds, review bands and alert thresholds, from `params.yaml` (goals) and out-of-fold scores (n, 40)."""
    labels = taxonomy()
    multi = labels.netiquette + labels.political
    special = goals.get("labels") or {}
    unknown = sorted((set(special) - set(multi)) | (set(goals["alerts"]) ^ set(labels.alerts)))
    if unknown:
        raise InputError(f"Objectif pour une étiquette inconnue ou absente : {unknown[0]}.", "les étiquettes du guide.")
    thresholds = {
        label: find_threshold(scores[:, k], targets[:, k], parse_goal(special.get(label, goals["default"])))
        for k, label in enumerate(multi)
    }
    alerts = {
        label: find_threshold(
            scores[:, labels.labels.index(label)],
            targets[:, labels.labels.index(label)],
            parse_goal(goals["alerts"][label]),
        )
        for label in labels.alerts
    }
    share = float(goals["review_band"])
    bands = {label: (at * share, min(1.0, at + (1 - at) * share)) for label, at in thresholds.items()}
    for label, at in alerts.items():
        bands.setdefault(label, (at * share, at))
    return Operating(thresholds, bands, alerts)

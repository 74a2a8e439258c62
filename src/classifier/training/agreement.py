"""Agreement between the two blind readers of the test split (Cohen 1960)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from classifier.errors import InputError
from classifier.taxonomy import taxonomy

__all__ = ["READINGS_FILE", "Agreement", "measure_agreement"]

#: Labels of each reader, kept beside the adjudicated test split: reader, id, netiquette, political, category.
READINGS_FILE = "test-readings.csv"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement on one label: rows read twice, rows that either reader gave it, raw agreement, kappa."""

    label: str
    rows: int
    given: int
    agreed: float
    kappa: float


def measure_agreement(path: Path) -> list[Agreement]:
    """Agreement by label, then on the category as a whole (``category``).

    Parameters
    ----------
    path : Path
        CSV of two readings of the same rows.

    Raises
    ------
    InputError
        If the file is not one of two readings of the same rows.
    """
    readings: dict[str, dict[str, tuple[frozenset[str], str]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            labels = frozenset(filter(None, f"{row['netiquette']}|{row['political']}".split("|")))
            readings.setdefault(row["reader"], {})[row["id"]] = (labels, row["category"])
    if len(readings) != 2 or len({frozenset(read) for read in readings.values()}) != 1:
        raise InputError(f"« {path.name} » ne contient pas deux lectures des mêmes lignes.", "deux lectures complètes.")
    first, second = readings.values()
    pairs = [(first[one], second[one]) for one in sorted(first)]
    out = [
        _compare(label, [(label in a[0], label in b[0]) for a, b in pairs])
        for label in taxonomy().netiquette + taxonomy().political
    ]
    return [*out, _compare_classes([(a[1], b[1]) for a, b in pairs])]


def _compare(label: str, answers: list[tuple[bool, bool]]) -> Agreement:
    count = len(answers)
    agreed = sum(a == b for a, b in answers) / count
    yes_a, yes_b = sum(a for a, _ in answers) / count, sum(b for _, b in answers) / count
    chance = yes_a * yes_b + (1 - yes_a) * (1 - yes_b)
    kappa = 1.0 if chance == 1 else (agreed - chance) / (1 - chance)
    return Agreement(label, count, sum(a or b for a, b in answers), agreed, kappa)


def _compare_classes(answers: list[tuple[str, str]]) -> Agreement:
    count = len(answers)
    agreed = sum(a == b for a, b in answers) / count
    chance = sum(
        (sum(a == label for a, _ in answers) / count) * (sum(b == label for _, b in answers) / count)
        for label in taxonomy().category
    )
    return Agreement("category", count, count, agreed, (agreed - chance) / (1 - chance))

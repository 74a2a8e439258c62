"""Functional tests: minimal pairs, each of which asks one thing of one label."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier.comments import Comment, Prediction
from classifier.errors import InputError
from classifier.predictor import Predictor
from classifier.taxonomy import taxonomy

__all__ = ["Case", "measure_functional", "passes", "read_cases"]


@dataclass(frozen=True, slots=True)
class Case:
    """One case: does `label` fire (`expected`) on this comment?

    Attributes
    ----------
    id, functionality, pair, text, post : str
    label : str
        A netiquette or political label, ``category=<label>`` or ``alert=<label>``.
    expected : bool
    """

    id: str
    functionality: str
    pair: str
    text: str
    post: str
    label: str
    expected: bool


def read_cases(path: Path) -> list[Case]:
    """Cases of `data/functional/cases.csv`.

    Raises
    ------
    InputError
        If a label is unknown.
    """
    labels = taxonomy()
    known = {*labels.netiquette, *labels.political, *(f"category={x}" for x in labels.category)}
    known |= {f"alert={x}" for x in labels.alerts}
    cases = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["label"] not in known or row["expected"] not in ("0", "1"):
                raise InputError(f"« {path.name} », cas {row['id']} : étiquette ou attente inconnue.")
            cases.append(
                Case(
                    row["id"],
                    row["functionality"],
                    row["pair"],
                    row["text"],
                    row["post"],
                    row["label"],
                    row["expected"] == "1",
                )
            )
    return cases


def passes(case: Case, prediction: Prediction) -> bool:
    """Whether a prediction gives what the case expects."""
    kind, _, label = case.label.rpartition("=")
    if kind == "category":
        fired = prediction.category == label
    elif kind == "alert":
        fired = label in prediction.alerts
    else:
        fired = label in prediction.netiquette or label in prediction.political
    return fired == case.expected


def measure_functional(predictor: Predictor, cases: Sequence[Case]) -> dict[str, Any]:
    """Share of cases passed: overall, by functionality, and the ids of those failed."""
    predictions = predictor.predict([Comment(text=case.text, post=case.post or None) for case in cases])
    passed = [passes(case, prediction) for case, prediction in zip(cases, predictions)]
    by_functionality: dict[str, list[bool]] = {}
    for case, ok in zip(cases, passed):
        by_functionality.setdefault(case.functionality, []).append(ok)
    shares = {name: sum(oks) / len(oks) for name, oks in sorted(by_functionality.items())}
    return {
        "cases": len(cases),
        "passed": sum(passed) / len(cases),
        "worst": min(shares.values()),
        "functionalities": shares,
        "failed": [case.id for case, ok in zip(cases, passed) if not ok],
    }

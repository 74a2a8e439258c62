"""Measures: plain functions from scores and truth to figures."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score

__all__ = ["area_under_curve", "average_precision", "bootstrap", "calibration_error", "precision_recall_f1"]

F64 = NDArray[np.float64]


def average_precision(target: NDArray[np.int8], scores: F64) -> float:
    """Average precision; NaN where the label does not occur."""
    return float(average_precision_score(target, scores)) if target.any() else float("nan")


def area_under_curve(target: NDArray[np.int8], scores: F64) -> float:
    """Area under the ROC curve; NaN where there is one class only."""
    return float(roc_auc_score(target, scores)) if 0 < target.sum() < len(target) else float("nan")


def precision_recall_f1(target: NDArray[np.int8], fired: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Precision, recall and F1 of a yes-or-no answer; 0 where nothing fires.

    Examples
    --------
    >>> precision_recall_f1(np.array([1, 0, 1]), np.array([True, True, False]))
    (0.5, 0.5, 0.5)
    """
    hits = float((fired & (target == 1)).sum())
    precision = hits / fired.sum() if fired.any() else 0.0
    recall = hits / target.sum() if target.any() else 0.0
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return float(precision), float(recall), float(f1)


def calibration_error(target: NDArray[np.int8], scores: F64, bins: int = 10) -> float:
    """Expected calibration error over `bins` bins of equal mass: the mean gap between score and frequency."""
    order = np.argsort(scores, kind="stable")
    gaps = [
        abs(float(scores[part].mean()) - float(target[part].mean())) * len(part)
        for part in np.array_split(order, bins)
        if len(part)
    ]
    return sum(gaps) / len(scores)


def bootstrap(
    measure: Callable[[NDArray[np.int64]], float], size: int, *, seed: int, samples: int = 300
) -> tuple[float, float]:
    """95 % interval of a measure of row indices (n), by drawing rows with replacement."""
    random = np.random.default_rng(seed)
    values = [measure(random.integers(0, size, size)) for _ in range(samples)]
    kept = [value for value in values if not np.isnan(value)]
    if not kept:
        return float("nan"), float("nan")
    low, high = np.percentile(kept, [2.5, 97.5])
    return float(low), float(high)

"""From logits to calibrated scores, labels, alerts and review bands.

A score is a probability (Platt 1999, fitted on out-of-fold logits): for a label of a multi-label task,
``σ(slope_whole · whole + slope_part · strongest part + offset)``, so that one bad sentence in a long comment counts;
for the category, the softmax of the same sums. `any_violation` calibrates the noisy-or of the netiquette scores.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .taxonomy import taxonomy

__all__ = ["Calibration", "Operating", "combine_or"]

F64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Calibration of `h` heads.

    Attributes
    ----------
    slope_whole, slope_part, offset : float64 arrays (h)
    violation_slope, violation_offset : float
        Platt's line on the logit of the noisy-or of the netiquette scores.
    """

    slope_whole: F64
    slope_part: F64
    offset: F64
    violation_slope: float = 1.0
    violation_offset: float = 0.0

    def score(self, whole: F64, strongest: F64) -> F64:
        """Calibrated scores.

        Parameters
        ----------
        whole, strongest : float64 arrays (n, h)
            Logits of the whole comment, and the highest over its parts.

        Returns
        -------
        float64 array (n, h)
            Each row alone decides its scores: the same alone and in a batch.
        """
        sums = whole * self.slope_whole + strongest * self.slope_part + self.offset
        first = len(taxonomy().netiquette) + len(taxonomy().political)
        scores = np.empty_like(sums)
        scores[:, :first] = _sigmoid(sums[:, :first])
        category = np.ascontiguousarray(sums[:, first:])
        category -= category.max(axis=1, keepdims=True)
        np.exp(category, out=category)
        scores[:, first:] = category / category.sum(axis=1, keepdims=True)
        return scores

    def score_violation(self, scores: F64) -> F64:
        """Calibrated probability that the netiquette is broken: float64 array (n)."""
        noisy_or = combine_or(scores[:, : len(taxonomy().netiquette)])
        bounded = np.clip(noisy_or, 1e-12, 1 - 1e-12)
        logit = np.log(bounded) - np.log1p(-bounded)
        return _sigmoid(logit * self.violation_slope + self.violation_offset)


def combine_or(scores: F64) -> F64:
    """Noisy-or of the columns: the probability that at least one label holds, were they independent.

    Examples
    --------
    >>> combine_or(np.array([[0.5, 0.5]])).tolist()
    [0.75]
    """
    return np.asarray(1.0 - np.multiply.reduce(1.0 - scores, axis=1))


def _sigmoid(values: F64) -> F64:
    return 1.0 / (1.0 + np.exp(-np.clip(values, -500.0, 500.0)))


@dataclass(frozen=True, slots=True)
class Operating:
    """The numbers at which scores become labels; the goals that found them are in the model card.

    Attributes
    ----------
    thresholds : mapping of str to float
        Netiquette and political labels.
    bands : mapping of str to (float, float)
        Review band of each label, both ends included; around the threshold.
    alerts : mapping of str to float
        Recall thresholds of the alert labels.
    """

    thresholds: Mapping[str, float]
    bands: Mapping[str, tuple[float, float]]
    alerts: Mapping[str, float]

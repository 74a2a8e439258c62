"""Fitting: one linear head a label on a shared design matrix, calibrated on out-of-fold logits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from classifier.comments import Comment
from classifier.heads import Calibration, combine_or
from classifier.predictor import Predictor
from classifier.scoring.weights import Weights
from classifier.taxonomy import taxonomy

from .design import Blocks, Reading, fit_space, make_weights
from .vectors import WordVectors

__all__ = ["Settings", "fit_calibration", "fit_weights", "score_out_of_fold", "score_with"]

F64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Settings:
    """Numbers of `params.yaml` (train)."""

    min_documents: int
    max_grams: int
    word_block: float
    dense_block: float
    post_block: float
    regularisation: float
    positive_weight: float
    seed: int

    @property
    def blocks(self) -> Blocks:
        """Scales of the blocks."""
        return Blocks(self.word_block, self.dense_block, self.post_block)


def _fit_head(matrix: sp.csr_matrix, target: NDArray[np.int8], weight: F64, settings: Settings) -> tuple[F64, float]:
    if target.min() == target.max():
        return np.zeros(matrix.shape[1]), (12.0 if target[0] else -12.0)
    model = LogisticRegression(
        C=settings.regularisation,
        solver="liblinear",
        dual=True,
        tol=0.02,
        max_iter=200,
        intercept_scaling=4.0,
        random_state=settings.seed,
    )
    model.fit(matrix, target, sample_weight=weight * np.where(target == 1, settings.positive_weight, 1.0))
    return model.coef_[0], float(model.intercept_[0])


def _fit_heads(matrix: sp.csr_matrix, targets: NDArray[np.int8], weight: F64, settings: Settings) -> tuple[F64, F64]:
    """Coefficients (heads, columns) and intercepts (heads), fitted side by side."""
    matrix.sum_duplicates()  # now: the processes share it read-only
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    fitted = Parallel(n_jobs=-1, prefer="processes", max_nbytes="1M")(
        delayed(_fit_head)(matrix, targets[:, k], weight, settings) for k in range(targets.shape[1])
    )
    return np.array([c for c, _ in fitted]), np.array([b for _, b in fitted])


def fit_weights(
    reading: Reading, targets: NDArray[np.int8], weight: F64, vectors: WordVectors, settings: Settings
) -> Weights:
    """Fit all heads, keep the n-grams of most weight, fit again on these, and make the fused scorer.

    Parameters
    ----------
    reading : Reading (n comments)
    targets : int8 array (n, 40)
    weight : float64 array (n)
    vectors : WordVectors
    settings : Settings
    """
    space = fit_space(reading, min_documents=settings.min_documents, blocks=settings.blocks)
    coefficients, intercept = _fit_heads(space.transform(reading), targets, weight, settings)
    if len(space.hashes) > settings.max_grams:
        idf = np.sqrt(space.idf2)
        size = np.linalg.norm(coefficients[:, : len(space.hashes)], axis=0) * idf
        keep = space.hashes[np.argsort(-size, kind="stable")[: settings.max_grams]]
        space = fit_space(reading, min_documents=settings.min_documents, blocks=settings.blocks, keep=keep)
        coefficients, intercept = _fit_heads(space.transform(reading), targets, weight, settings)
    return make_weights(space, coefficients, intercept, vectors)


def score_with(weights: Weights, comments: Sequence[Comment]) -> tuple[F64, F64]:
    """Logits of whole comments and of their strongest parts, by the scorer that serves: two arrays (n, 40)."""
    return Predictor.from_weights(weights).score_logits(comments)


def score_out_of_fold(
    reading: Reading,
    comments: Sequence[Comment],
    targets: NDArray[np.int8],
    weight: F64,
    folds: NDArray[np.int64],
    vectors: WordVectors,
    settings: Settings,
) -> tuple[F64, F64]:
    """Logits of each comment by heads that never saw its fold: two arrays (n, 40).

    A fold of -1 is only trained on (public rows): its logits are NaN.
    """
    whole = np.full(targets.shape, np.nan)
    strongest = np.full(targets.shape, np.nan)
    for fold in range(int(folds.max()) + 1):
        held = np.flatnonzero(folds == fold)
        rest = np.flatnonzero(folds != fold)
        weights = fit_weights(reading.take(rest), targets[rest], weight[rest], vectors, settings)
        whole[held], strongest[held] = score_with(weights, [comments[i] for i in held.tolist()])
    return whole, strongest


def fit_calibration(whole: F64, strongest: F64, targets: NDArray[np.int8]) -> Calibration:
    """Platt's lines (multi-label heads), a tempered softmax (category) and a line for any violation.

    Parameters
    ----------
    whole, strongest : float64 arrays (n, 40)
        Out-of-fold logits.
    targets : int8 array (n, 40)
    """
    labels = taxonomy()
    multi = len(labels.netiquette) + len(labels.political)
    slope_whole, slope_part, offset = np.ones(40), np.zeros(40), np.zeros(40)
    for k in range(multi):
        slope_whole[k], slope_part[k], offset[k] = _fit_platt(whole[:, k], strongest[:, k], targets[:, k])
    slope_whole[multi:], slope_part[multi:], offset[multi:] = _fit_softmax(
        whole[:, multi:], strongest[:, multi:], targets[:, multi:]
    )
    plain = Calibration(slope_whole, slope_part, offset)
    netiquette = len(labels.netiquette)
    noisy = np.clip(combine_or(plain.score(whole, strongest)[:, :netiquette]), 1e-12, 1 - 1e-12)
    line = LogisticRegression(C=1e6).fit(np.log(noisy / (1 - noisy))[:, None], targets[:, :netiquette].any(axis=1))
    return Calibration(slope_whole, slope_part, offset, float(line.coef_[0, 0]), float(line.intercept_[0]))


def _fit_platt(whole: F64, strongest: F64, target: NDArray[np.int8]) -> tuple[float, float, float]:
    if target.sum() < 5:
        return 1.0, 0.0, 0.0
    both = LogisticRegression(C=1.0).fit(np.column_stack([whole, strongest]), target)
    slope_whole, slope_part = both.coef_[0]
    if slope_part < 0 or slope_whole < 0:  # a stronger part never makes a comment milder
        kept = whole if slope_part < 0 else strongest
        one = LogisticRegression(C=1.0).fit(kept[:, None], target)
        slope = float(max(one.coef_[0, 0], 0.0))
        return (slope, 0.0, float(one.intercept_[0])) if slope_part < 0 else (0.0, slope, float(one.intercept_[0]))
    return float(slope_whole), float(slope_part), float(both.intercept_[0])


def _fit_softmax(whole: F64, strongest: F64, targets: NDArray[np.int8]) -> tuple[F64, F64, F64]:
    classes = targets.shape[1]
    truth = targets.argmax(axis=1)
    rows = np.arange(len(truth))

    def loss(parameters: F64) -> tuple[float, F64]:
        slope_whole, slope_part, offset = parameters[0], parameters[1], parameters[2:]
        sums = slope_whole * whole + slope_part * strongest + offset
        sums -= sums.max(axis=1, keepdims=True)
        probability = np.exp(sums)
        probability /= probability.sum(axis=1, keepdims=True)
        error = probability.copy()
        error[rows, truth] -= 1.0
        gradient = np.concatenate([[(error * whole).sum(), (error * strongest).sum()], error.sum(axis=0)])
        value = -np.log(np.maximum(probability[rows, truth], 1e-12)).sum()
        return float(value + 0.5 * (parameters[2:] ** 2).sum()), gradient + np.concatenate([[0.0, 0.0], offset])

    bounds = [(0.0, 5.0), (0.0, 5.0)] + [(-10.0, 10.0)] * classes
    best = minimize(loss, np.concatenate([[1.0, 0.0], np.zeros(classes)]), jac=True, method="L-BFGS-B", bounds=bounds)
    return np.full(classes, best.x[0]), np.full(classes, best.x[1]), best.x[2:]

"""Studies whose results are committed and cited by the cards: learning curve by tranche, with and without public text.

They take minutes and are no stage of `dvc.yaml`: `pipelines/study.py` runs them and writes `data/figures/*.json`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.bundle import Bundle
from classifier.comments import ModelReference
from classifier.heads import Calibration, Operating
from classifier.predictor import Predictor
from classifier.scoring import Weights
from classifier.taxonomy import taxonomy

from .corpus import Row, label_matrix, read_corpus
from .design import read_comments
from .evaluation import measure_benchmarks
from .fitting import Settings, fit_weights
from .functional import measure_functional, read_cases
from .measures import area_under_curve, average_precision
from .public import benchmarks_folder, read_public_rows
from .vectors import load_word_vectors

__all__ = ["compare_public", "draw_curve"]


def draw_curve(root: Path, settings: Settings) -> list[dict[str, Any]]:
    """Figures on the test split and the benchmarks after each tranche of the written corpus.

    Ranking figures only (average precision, AUC, accuracy of the highest score): they need no calibration, so that
    each point is one fit.
    """
    rows = read_corpus(root / "data" / "corpus")
    tranches = sorted({_tranche(row) for row in rows})
    return [
        {
            "up_to": tranche,
            **_measure(root, [row for row in rows if _tranche(row) <= tranche], settings, functional=False),
        }
        for tranche in tranches
    ]


def compare_public(root: Path, settings: Settings, public_weight: float) -> dict[str, Any]:
    """Figures of the written corpus alone, and with the public rows, by label."""
    rows = read_corpus(root / "data" / "corpus")
    public = read_public_rows(root, public_weight)
    return {
        "written_only": _measure(root, rows, settings, functional=True),
        "with_public": _measure(root, [*rows, *public], settings, functional=True),
        "public_rows": len(public),
        "public_weight": public_weight,
    }


def _tranche(row: Row) -> str:
    """``seed``, then ``tranche-1`` and so on: the order of writing is that of the names."""
    return "seed" if row.source.startswith("seed") else row.source


def _measure(root: Path, rows: Sequence[Row], settings: Settings, *, functional: bool) -> dict[str, Any]:
    vectors = load_word_vectors(root / "work" / "vectors.npz")
    settings = replace(settings, max_grams=sys.maxsize)  # one fit a point: n-grams of little weight are kept
    targets = label_matrix(rows)
    weight = np.array([row.weight for row in rows])
    weights = fit_weights(read_comments([row.comment for row in rows], vectors), targets, weight, vectors, settings)
    predictor = _uncalibrated(weights)
    test = read_corpus(root / "data" / "corpus", test=True)
    scores, violation = predictor.score([row.comment for row in test])
    truth = label_matrix(test)
    labels = taxonomy()
    first = len(labels.netiquette) + len(labels.political)
    by_label = {x: average_precision(truth[:, k], scores[:, k]) for k, x in enumerate(labels.labels[:first])}
    broken: NDArray[np.int8] = np.asarray(truth[:, : len(labels.netiquette)].any(axis=1), dtype=np.int8)
    out: dict[str, Any] = {
        "rows": len(rows),
        "any_violation_auc": area_under_curve(broken, violation),
        "netiquette_mean_average_precision": float(np.nanmean([by_label[x] for x in labels.netiquette])),
        "political_mean_average_precision": float(np.nanmean([by_label[x] for x in labels.political])),
        "category_accuracy": float((scores[:, first:].argmax(axis=1) == truth[:, first:].argmax(axis=1)).mean()),
        "average_precision": by_label,
    }
    benchmarks = benchmarks_folder(root)
    if benchmarks is not None:
        out["benchmarks_auc"] = {k: v["auc"] for k, v in measure_benchmarks(predictor, benchmarks).items()}
    cases = root / "data" / "functional" / "cases.csv"
    if functional and cases.is_file():
        out["functional_passed_at_half"] = measure_functional(predictor, read_cases(cases))["passed"]
    return out


def _uncalibrated(weights: Weights) -> Predictor:
    """Predictor that counts the whole and the strongest part alike, with thresholds at one half."""
    heads = weights.gram_weights.shape[1]
    labels = taxonomy()
    operating = Operating(
        dict.fromkeys(labels.netiquette + labels.political, 0.5), {}, dict.fromkeys(labels.alerts, 0.1)
    )
    calibration = Calibration(np.full(heads, 0.5), np.full(heads, 0.5), np.zeros(heads))
    return Predictor(Bundle(ModelReference("study", "0", ""), weights, calibration, operating, Path()))


def describe(value: Mapping[str, Any]) -> str:
    """One line for the terminal."""
    return (
        f"{value['rows']} : violation {value['any_violation_auc']:.3f}, "
        f"nétiquette {value['netiquette_mean_average_precision']:.3f}, "
        f"politique {value['political_mean_average_precision']:.3f}, catégorie {value['category_accuracy']:.3f}"
    )

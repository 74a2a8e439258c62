"""Evaluation of a bundle: per label, any violation, lawful criticism, alerts, functional tests, benchmarks.

Every figure comes from the scorer that serves. Definitions are those of the model card.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.comments import Comment
from classifier.heads import combine_or
from classifier.predictor import Predictor
from classifier.taxonomy import taxonomy

from .corpus import TEST_FILE, Row, label_matrix, read_corpus
from .functional import measure_functional, read_cases
from .measures import area_under_curve, average_precision, bootstrap, calibration_error, precision_recall_f1
from .public import benchmarks_folder, read_texts

__all__ = ["LAWFUL", "evaluate_project", "evaluate_rows", "evaluate_scores", "measure_benchmarks", "toxicity"]

F64 = NDArray[np.float64]
#: Categories whose rows without netiquette label are lawful criticism.
LAWFUL = ("negative", "complaint", "question", "suggestion")
#: HateCheck speaks of hate against groups and of threats.
HATE = ("racism", "sexism", "homophobia", "discrimination", "threat")


def toxicity(scores: F64, labels: Sequence[str]) -> F64:
    """Noisy-or of some labels of a score matrix (n, 40): float64 array (n)."""
    columns = [taxonomy().labels.index(label) for label in labels]
    return combine_or(np.ascontiguousarray(scores[:, columns]))


def evaluate_scores(
    scores: F64,
    violation: F64,
    targets: NDArray[np.int8],
    thresholds: dict[str, float],
    bands: dict[str, tuple[float, float]],
    alerts: dict[str, float],
    *,
    seed: int,
    intervals: bool = True,
) -> dict[str, Any]:
    """All figures of a labelled set.

    Parameters
    ----------
    scores : float64 array (n, 40)
    violation : float64 array (n)
    targets : int8 array (n, 40)
    thresholds, bands, alerts
        The bundle's operating numbers.
    seed : int
        Of the bootstrap.
    intervals : bool
        Whether to draw 95 % intervals.

    Returns
    -------
    dict
        Plain numbers, by name.
    """
    labels = taxonomy()
    n_net, n_multi = len(labels.netiquette), len(labels.netiquette) + len(labels.political)
    per_label: dict[str, Any] = {}
    for k, label in enumerate(labels.labels[:n_multi]):
        fired = scores[:, k] >= thresholds[label]
        precision, recall, f1 = precision_recall_f1(targets[:, k], fired)
        per_label[label] = {
            "rows": int(targets[:, k].sum()),
            "average_precision": average_precision(targets[:, k], scores[:, k]),
            "precision": precision,
            "recall": recall,
            "f1": f1,
            "threshold": thresholds[label],
            "calibration_error": calibration_error(targets[:, k], scores[:, k]),
        }
        if intervals:
            per_label[label]["average_precision_95"] = bootstrap(
                lambda rows, k=k: average_precision(targets[rows, k], scores[rows, k]),  # type: ignore[misc]
                len(scores),
                seed=seed,
                samples=100,
            )
    truth, best = targets[:, n_multi:].argmax(axis=1), scores[:, n_multi:].argmax(axis=1)
    per_category = {}
    for k, label in enumerate(labels.category):
        precision, recall, f1 = precision_recall_f1((truth == k).astype(np.int8), best == k)
        per_category[label] = {"rows": int((truth == k).sum()), "precision": precision, "recall": recall, "f1": f1}
    broken: NDArray[np.int8] = np.asarray(targets[:, :n_net].any(axis=1), dtype=np.int8)
    grid = np.linspace(0.05, 0.95, 91)
    f1_at_half = precision_recall_f1(broken, violation >= 0.5)
    lawful: NDArray[np.bool_] = np.equal(broken, 0) & np.isin(truth, [labels.category.index(c) for c in LAWFUL])
    limits = np.array([thresholds[label] for label in labels.netiquette])
    removed: NDArray[np.bool_] = np.asarray((scores[:, :n_net] >= limits).any(axis=1))
    suicide = labels.labels.index("suicide_risk")
    at_risk = targets[:, suicide] == 1
    low = min(bands["suicide_risk"][0], alerts["suicide_risk"])
    out: dict[str, Any] = {
        "rows": len(scores),
        "any_violation": {
            "auc": area_under_curve(broken, violation),
            "precision": f1_at_half[0],
            "recall": f1_at_half[1],
            "f1": f1_at_half[2],
            "best_f1": max(precision_recall_f1(broken, violation >= at)[2] for at in grid),
        },
        "netiquette": {
            "mean_average_precision": _mean(per_label[x]["average_precision"] for x in labels.netiquette),
            "macro_f1": _mean(per_label[x]["f1"] for x in labels.netiquette),
        },
        "political": {
            "mean_average_precision": _mean(per_label[x]["average_precision"] for x in labels.political),
            "macro_f1": _mean(per_label[x]["f1"] for x in labels.political),
        },
        "category": {
            "accuracy": float((truth == best).mean()),
            "macro_f1": _mean(v["f1"] for v in per_category.values() if v["rows"]),
        },
        "lawful_criticism": {"rows": int(lawful.sum()), "wrongly_removed": float(removed[lawful].mean())},
        "calibration_error": _mean(v["calibration_error"] for v in per_label.values()),
        "suicide_risk_recall": float((scores[at_risk, suicide] >= low).mean()) if at_risk.any() else float("nan"),
        "alerts": {
            label: _alert(scores[:, labels.labels.index(label)], targets[:, labels.labels.index(label)], at)
            for label, at in alerts.items()
        },
        "labels": per_label,
        "categories": per_category,
    }
    if intervals:
        out["any_violation"]["auc_95"] = bootstrap(
            lambda rows: area_under_curve(broken[rows], violation[rows]), len(scores), seed=seed
        )
        lawful_rows = np.flatnonzero(lawful)
        out["lawful_criticism"]["wrongly_removed_95"] = bootstrap(
            lambda rows: float(removed[lawful_rows[rows]].mean()), len(lawful_rows), seed=seed
        )
    return out


def _alert(scores: F64, target: NDArray[np.int8], threshold: float) -> dict[str, float]:
    precision, recall, _ = precision_recall_f1(target, scores >= threshold)
    return {"threshold": threshold, "precision": precision, "recall": recall}


def _mean(values: Any) -> float:
    kept = [v for v in values if not np.isnan(v)]
    return float(np.mean(kept)) if kept else float("nan")


def evaluate_rows(predictor: Predictor, rows: Sequence[Row], *, seed: int, intervals: bool = True) -> dict[str, Any]:
    """`evaluate_scores` on labelled rows, scored by a predictor."""
    scores, violation = predictor.score([row.comment for row in rows])
    operating = predictor.operating
    return evaluate_scores(
        scores,
        violation,
        label_matrix(rows),
        dict(operating.thresholds),
        dict(operating.bands),
        dict(operating.alerts),
        seed=seed,
        intervals=intervals,
    )


def measure_benchmarks(predictor: Predictor, folder: Path) -> dict[str, Any]:
    """Figures on the public benchmarks (measured only), beside the peers' own answers on the same rows.

    Parameters
    ----------
    predictor : Predictor
    folder : Path
        With ``toxifrench.csv.gz``, ``jigsaw_fr.csv.gz`` and ``hatecheck_fr.csv.gz``.

    Returns
    -------
    dict
        By benchmark: ``auc``, and ``peers`` where the set has their answers.
    """
    out: dict[str, Any] = {}
    for name, labels in (
        ("toxifrench", taxonomy().toxicity),
        ("jigsaw_fr", taxonomy().toxicity),
        ("hatecheck_fr", HATE),
    ):
        rows = list(read_texts(folder / f"{name}.csv.gz"))
        truth = np.array([int(float(row["label"])) for row in rows], dtype=np.int8)
        scores, _ = predictor.score([Comment(text=row["text"]) for row in rows])
        toxic = toxicity(scores, labels)
        limits = [predictor.operating.thresholds[label] for label in labels]
        columns = [taxonomy().labels.index(label) for label in labels]
        fired: NDArray[np.bool_] = np.asarray((scores[:, columns] >= np.array(limits)).any(axis=1))
        figures: dict[str, Any] = {
            "rows": len(rows),
            "auc": area_under_curve(truth, toxic),
            "recall": float(fired[truth == 1].mean()),
            "clean_flagged": float(fired[truth == 0].mean()),
        }
        if name == "hatecheck_fr":
            figures["accuracy_non_hateful"] = float((~fired[truth == 0]).mean())
        peers = {}
        for peer in rows[0].keys() - {"id", "text", "label", "functionality", "target"}:
            values = [row[peer] for row in rows]
            known = np.array([v != "" for v in values])
            answers = np.array([float(v) if v != "" else 0.0 for v in values])
            peers[peer] = {
                "rows": int(known.sum()),
                "auc": area_under_curve(truth[known], answers[known]),
                "recall": float((answers[known & (truth == 1)] >= 0.5).mean()),
                "clean_flagged": float((answers[known & (truth == 0)] >= 0.5).mean()),
            }
        if peers:
            figures["peers"] = dict(sorted(peers.items()))
        out[name] = figures
    return out


def evaluate_project(root: Path, predictor: Predictor, *, seed: int) -> dict[str, Any]:
    """All figures of a trained bundle: out of fold, test split, functional tests, benchmarks (each if it is there).

    Parameters
    ----------
    root : Path
        The project's root, with `work/out_of_fold.npz` from `train`.
    predictor : Predictor
    seed : int
    """
    with np.load(root / "work" / "out_of_fold.npz", allow_pickle=False) as kept:
        scores, violation, targets = kept["scores"], kept["violation"], kept["targets"]
    operating = predictor.operating
    numbers = (dict(operating.thresholds), dict(operating.bands), dict(operating.alerts))
    out: dict[str, Any] = {"out_of_fold": evaluate_scores(scores, violation, targets, *numbers, seed=seed)}
    if (root / "data" / "corpus" / TEST_FILE).is_file():
        out["test"] = evaluate_rows(predictor, read_corpus(root / "data" / "corpus", test=True), seed=seed)
    cases = root / "data" / "functional" / "cases.csv"
    if cases.is_file():
        out["functional"] = measure_functional(predictor, read_cases(cases))
    benchmarks = benchmarks_folder(root)
    if benchmarks is not None:
        out["benchmarks"] = measure_benchmarks(predictor, benchmarks)
    return out

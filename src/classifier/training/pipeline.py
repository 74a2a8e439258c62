"""The stages of `dvc.yaml`, as functions: prepare, train, evaluate, package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from classifier.bundle import load_bundle, save_bundle
from classifier.errors import InputError
from classifier.predictor import Predictor
from classifier.taxonomy import taxonomy

from .card import describe_machine, today, write_card
from .corpus import TEST_FILE, assign_folds, label_matrix, read_corpus
from .design import read_comments
from .evaluation import evaluate_project
from .fitting import Settings, fit_calibration, fit_weights, score_out_of_fold
from .plots import draw_plots
from .public import read_public_rows
from .thresholds import find_operating
from .vectors import build_word_vectors, load_word_vectors, save_word_vectors

__all__ = [
    "CANDIDATE",
    "PLOTS",
    "TRAINED",
    "WORK",
    "evaluate",
    "package",
    "prepare",
    "read_metrics",
    "read_parameters",
    "read_settings",
    "train",
]

#: Folders of a run, from the project's root.
WORK, TRAINED, PLOTS, CANDIDATE = Path("work"), Path("work/trained"), Path("work/plots"), Path("models/candidate")


def read_parameters(root: Path) -> dict[str, Any]:
    """`params.yaml` of a project.

    Raises
    ------
    InputError
        If it is missing.
    """
    path = root / "params.yaml"
    if not path.is_file():
        raise InputError(
            "params.yaml est introuvable.", "la racine du projet.", "placez-vous dans le dossier du projet."
        )
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def read_settings(parameters: Mapping[str, Any]) -> Settings:
    """Settings of the fit, from `params.yaml`."""
    names = set(Settings.__dataclass_fields__) - {"seed"}
    return Settings(**{name: parameters["train"][name] for name in names}, seed=parameters["seed"])


def prepare(root: Path, parameters: Mapping[str, Any]) -> None:
    """Check the corpus, set its folds, and fold spaCy's vectors: `work/folds.json`, `work/vectors.npz`."""
    (root / WORK).mkdir(exist_ok=True)
    rows = read_corpus(root / "data" / "corpus")
    folds = assign_folds([row.group for row in rows], parameters["prepare"]["folds"], parameters["seed"])
    folds_by_id = dict(zip([row.id for row in rows], folds.tolist()))
    (root / WORK / "folds.json").write_text(json.dumps(folds_by_id, indent=0) + "\n", encoding="utf-8")
    save_word_vectors(build_word_vectors(parameters["prepare"]["vector_keys"]), root / WORK / "vectors.npz")


def train(root: Path, parameters: Mapping[str, Any]) -> None:
    """Fit, calibrate on out-of-fold logits, find thresholds: `work/trained` (a bundle), `work/out_of_fold.npz`."""
    numbers, settings = parameters["train"], read_settings(parameters)
    written = read_corpus(root / "data" / "corpus")
    fold_of = json.loads((root / WORK / "folds.json").read_text(encoding="utf-8"))
    rows = written + (read_public_rows(root, numbers["public_weight"]) if numbers["public_corpora"] else [])
    folds = np.array([fold_of.get(row.id, -1) if row.weight == 1.0 else -1 for row in rows], dtype=np.int64)
    targets = label_matrix(rows)
    weight = np.array([row.weight for row in rows])
    comments = [row.comment for row in rows]
    vectors = load_word_vectors(root / WORK / "vectors.npz")
    reading = read_comments(comments, vectors)
    whole, strongest = score_out_of_fold(reading, comments, targets, weight, folds, vectors, settings)
    own = folds >= 0
    calibration = fit_calibration(whole[own], strongest[own], targets[own])
    scores = calibration.score(whole[own], strongest[own])
    operating = find_operating(scores, targets[own], parameters["goals"])
    weights = fit_weights(reading, targets, weight, vectors, settings)
    save_bundle(
        root / TRAINED,
        name=parameters["package"]["name"],
        version=parameters["package"]["version"],
        weights=weights,
        calibration=calibration,
        operating=operating,
        goals=dict(parameters["goals"]),
    )
    np.savez(
        root / WORK / "out_of_fold.npz",
        scores=scores,
        violation=calibration.score_violation(scores),
        targets=targets[own],
        ids=np.array([row.id for row, kept in zip(rows, own) if kept]),
    )
    assert targets.shape[1] == len(taxonomy().labels)


def evaluate(root: Path, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Measure the trained bundle: `metrics.json`, which `dvc metrics` and the model card read."""
    rows = read_corpus(root / "data" / "corpus")
    public = read_public_rows(root, 1.0) if parameters["train"]["public_corpora"] else []
    metrics = {
        "date": today(),
        "machine": describe_machine(),
        "training_rows": len(rows),
        "public_rows": len(public),
        **evaluate_project(root, Predictor.load(root / TRAINED), seed=parameters["seed"]),
    }
    text = json.dumps(metrics, ensure_ascii=False, indent=1, sort_keys=True)
    (root / "metrics.json").write_text(text + "\n", encoding="utf-8")
    draw_plots(root / PLOTS, metrics, *_rows_to_show(root))
    return metrics


def _rows_to_show(root: Path) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int8]]:
    """Scores, any violation and truth of the test split, or of the out-of-fold rows where there is no test split."""
    if (root / "data" / "corpus" / TEST_FILE).is_file():
        rows = read_corpus(root / "data" / "corpus", test=True)
        scores, violation = Predictor.load(root / TRAINED).score([row.comment for row in rows])
        return scores, violation, label_matrix(rows)
    with np.load(root / WORK / "out_of_fold.npz", allow_pickle=False) as kept:
        return kept["scores"], kept["violation"], kept["targets"]


def read_metrics(root: Path) -> dict[str, Any]:
    """What `evaluate` wrote.

    Raises
    ------
    InputError
        If it has not run.
    """
    path = root / "metrics.json"
    if not path.is_file():
        raise InputError("metrics.json est introuvable.", todo="lancez d'abord « classifier evaluate ».")
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _read_variants(root: Path) -> dict[str, Any] | None:
    """The committed study of public text, if it was made."""
    path = root / "data" / "figures" / "public.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def package(root: Path, parameters: Mapping[str, Any]) -> None:
    """The trained bundle with its model card: `models/candidate`."""
    trained = load_bundle(root / TRAINED)
    metrics = read_metrics(root)
    save_bundle(
        root / CANDIDATE,
        name=trained.reference.name,
        version=trained.reference.version,
        weights=trained.weights,
        calibration=trained.calibration,
        operating=trained.operating,
        goals=dict(parameters["goals"]),
        card=write_card(trained, metrics, _read_variants(root)),
    )

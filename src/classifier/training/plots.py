"""Plots of an evaluation, as PNG files: calibration, labels, categories, functional tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.taxonomy import taxonomy

__all__ = ["draw_plots"]

F64 = NDArray[np.float64]
_BLUE, _GREY, _RED = "#2a6f97", "#b8bec5", "#b5383a"


def draw_plots(
    folder: Path, metrics: Mapping[str, Any], scores: F64, violation: F64, targets: NDArray[np.int8]
) -> None:
    """Draw all plots into a folder.

    Parameters
    ----------
    folder : Path
        Made if needed.
    metrics : mapping
        What `evaluate` wrote.
    scores : float64 array (n, 40)
        Of the rows to show: the test split, or the out-of-fold rows.
    violation : float64 array (n)
    targets : int8 array (n, 40)
    """
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    plt.rcParams.update({"axes.spines.top": False, "axes.spines.right": False, "font.size": 10, "figure.dpi": 120})
    folder.mkdir(parents=True, exist_ok=True)
    shown = metrics.get("test", metrics["out_of_fold"])
    _draw_reliability(plt, folder / "fiabilite.png", violation, targets)
    _draw_labels(plt, folder / "etiquettes.png", shown)
    _draw_confusion(plt, folder / "categories.png", scores, targets)
    if "functional" in metrics:
        _draw_functional(plt, folder / "cas-fonctionnels.png", metrics["functional"])


def _draw_reliability(plt: Any, path: Path, violation: F64, targets: NDArray[np.int8]) -> None:
    broken: NDArray[np.bool_] = np.asarray(targets[:, : len(taxonomy().netiquette)].any(axis=1))
    groups = np.array_split(np.argsort(violation, kind="stable"), 10)
    figure, axis = plt.subplots(figsize=(5, 5))
    axis.plot([0, 1], [0, 1], color=_GREY, linewidth=1)
    axis.plot([violation[g].mean() for g in groups], [broken[g].mean() for g in groups], marker="o", color=_BLUE)
    axis.set(xlabel="score moyen du paquet", ylabel="part de vrais manquements", title="Le score dit-il la fréquence?")
    figure.tight_layout()
    figure.savefig(path)
    plt.close(figure)


def _draw_labels(plt: Any, path: Path, shown: Mapping[str, Any]) -> None:
    labels = shown["labels"]
    order = sorted(labels, key=lambda label: labels[label]["average_precision"])
    values = [labels[label]["average_precision"] for label in order]
    figure, axis = plt.subplots(figsize=(8, 7))
    axis.barh([taxonomy().names[x] for x in order], values, color=_BLUE)
    for row, label in enumerate(order):
        low_high = labels[label].get("average_precision_95")
        if low_high:
            axis.plot(low_high, [row, row], color="#16324f", linewidth=1.5)
    axis.set(xlim=(0, 1), xlabel="précision moyenne (trait : intervalle à 95 %)", title="Étiquette par étiquette")
    figure.tight_layout()
    figure.savefig(path)
    plt.close(figure)


def _draw_confusion(plt: Any, path: Path, scores: F64, targets: NDArray[np.int8]) -> None:
    names = taxonomy().category
    first = len(taxonomy().labels) - len(names)
    truth, said = targets[:, first:].argmax(axis=1), scores[:, first:].argmax(axis=1)
    counts = np.zeros((len(names), len(names)))
    np.add.at(counts, (truth, said), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axis = plt.subplots(figsize=(9, 8))
    axis.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    shown = [taxonomy().names[name] for name in names]
    axis.set_xticks(range(len(names)), shown, rotation=60, ha="right", fontsize=8)
    axis.set_yticks(range(len(names)), shown, fontsize=8)
    for row, column in zip(*np.nonzero(shares >= 0.03), strict=True):
        colour = "white" if shares[row, column] > 0.5 else "#16324f"
        axis.text(column, row, f"{100 * shares[row, column]:.0f}", ha="center", va="center", fontsize=7, color=colour)
    axis.set(xlabel="catégorie dite", ylabel="vraie catégorie", title="Catégories confondues (% de chaque ligne)")
    figure.tight_layout()
    figure.savefig(path)
    plt.close(figure)


def _draw_functional(plt: Any, path: Path, functional: Mapping[str, Any]) -> None:
    shares = functional["functionalities"]
    order = sorted(shares, key=shares.__getitem__)
    figure, axis = plt.subplots(figsize=(8, 7))
    colours = [_RED if shares[name] < 0.7 else _BLUE for name in order]
    axis.barh([name.replace("_", " ") for name in order], [shares[name] for name in order], color=colours)
    axis.axvline(functional["passed"], color=_GREY, linewidth=1)
    axis.set(xlim=(0, 1), xlabel="part de cas réussis", title="Cas fonctionnels")
    figure.tight_layout()
    figure.savefig(path)
    plt.close(figure)

"""The written corpus: reading, groups and splits."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier.comments import Comment
from classifier.errors import InputError
from classifier.taxonomy import taxonomy

__all__ = ["COLUMNS", "TEST_FILE", "Row", "assign_folds", "label_matrix", "read_corpus", "read_rows"]

COLUMNS = ("id", "text", "post", "netiquette", "political", "category", "scenario", "note")
#: The frozen test split: its scenarios are in no other file, and nothing is fitted or chosen on it.
TEST_FILE = "test.csv"


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled comment, as the annotation guide describes it.

    Attributes
    ----------
    id, text, post, scenario, note : str
    netiquette, political : tuple of str
    category : str
    source : str
        Name of the file that it comes from, without its ending.
    weight : float
        Weight in training.
    """

    id: str
    text: str
    post: str
    netiquette: tuple[str, ...]
    political: tuple[str, ...]
    category: str
    scenario: str
    note: str
    source: str
    weight: float = 1.0

    @property
    def group(self) -> str:
        """What stays on one side of a split: the world of a batch (``w012``), else the scenario."""
        world, _, rest = self.scenario.partition("-")
        return world if rest and len(world) == 4 and world[0] == "w" and world[1:].isdigit() else self.scenario

    @property
    def comment(self) -> Comment:
        """The comment as the predictor takes it."""
        return Comment(text=self.text, id=self.id, post=self.post or None)


def read_rows(path: Path) -> list[Row]:
    """Rows of one corpus file.

    Raises
    ------
    InputError
        If the columns are not those of the guide, or a label is unknown; the line is named, the text never.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise InputError(
                f"Le fichier « {path.name} » a les colonnes {', '.join(reader.fieldnames or ['(aucune)'])}.",
                ", ".join(COLUMNS) + ".",
                "renommez les colonnes d'après data/guide.md.",
            )
        return [_read_row(path, reader.line_num, raw) for raw in reader]


def _read_row(path: Path, line: int, raw: dict[str, str]) -> Row:
    labels = taxonomy()
    netiquette = tuple(filter(None, raw["netiquette"].split("|")))
    political = tuple(filter(None, raw["political"].split("|")))
    unknown = [
        *(x for x in netiquette if x not in labels.netiquette),
        *(x for x in political if x not in labels.political),
        *([raw["category"]] if raw["category"] not in labels.category else []),
    ]
    if unknown or not raw["text"].strip():
        what = f"l'étiquette inconnue « {unknown[0]} »" if unknown else "un texte vide"
        raise InputError(
            f"« {path.name} », ligne {line} : {what}.", "les étiquettes de data/guide.md.", "corrigez la ligne."
        )
    return Row(
        id=raw["id"],
        text=raw["text"],
        post=raw["post"],
        netiquette=netiquette,
        political=political,
        category=raw["category"],
        scenario=raw["scenario"],
        note=raw["note"],
        source=path.stem,
    )


def read_corpus(folder: Path, *, test: bool = False) -> list[Row]:
    """Rows of a corpus folder: all files but the test split, or (`test`) the test split alone.

    Raises
    ------
    InputError
        If the folder holds no corpus, or two rows have the same id.
    """
    names = [folder / TEST_FILE] if test else sorted(p for p in folder.glob("*.csv") if p.name != TEST_FILE)
    if not names or not all(p.is_file() for p in names):
        raise InputError(f"Aucun corpus dans « {folder.name} ».", "des fichiers CSV aux colonnes du guide.")
    rows = [row for path in names for row in read_rows(path)]
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            raise InputError(f"L'identifiant « {row.id} » est donné deux fois.", "des identifiants uniques.")
        seen.add(row.id)
    return rows


def label_matrix(rows: Sequence[Row]) -> NDArray[np.int8]:
    """0/1 matrix (n, 40) in the order of the taxonomy."""
    index = {label: at for at, label in enumerate(taxonomy().labels)}
    out = np.zeros((len(rows), len(index)), dtype=np.int8)
    for at, row in enumerate(rows):
        for label in (*row.netiquette, *row.political, row.category):
            out[at, index[label]] = 1
    return out


def assign_folds(groups: Iterable[str], folds: int, seed: int) -> NDArray[np.int64]:
    """Fold of each row (n): rows of a group share one, and folds are as even as groups allow."""
    names = list(groups)
    sizes: dict[str, int] = {}
    for name in names:
        sizes[name] = sizes.get(name, 0) + 1
    order = list(sizes)
    np.random.default_rng(seed).shuffle(order)
    order.sort(key=lambda name: -sizes[name])
    load = [0] * folds
    fold_of: dict[str, int] = {}
    for name in order:
        fold_of[name] = load.index(min(load))
        load[fold_of[name]] += sizes[name]
    return np.array([fold_of[name] for name in names], dtype=np.int64)

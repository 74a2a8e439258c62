"""Public text under our labels: the labels are the project's, the texts stay where they are.

`data/annotations/*.csv` holds labels by corpus and SHA-256 of the text; `data/sources.yaml` names each source, its
licence and its file. Texts are read from the folder that CLASSIFIER_CORPORA names (or `data/public`, not in git).
A row whose text is in a benchmark is dropped, whatever its labels.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from classifier.errors import InputError
from classifier.taxonomy import taxonomy

from .corpus import Row

__all__ = [
    "benchmarks_folder",
    "corpora_folder",
    "count_annotations",
    "hash_text",
    "read_benchmark_hashes",
    "read_public_rows",
    "read_texts",
]

#: Environment variable that names the folder of the public corpora; its sibling `benchmarks` holds the benchmarks.
CORPORA_VARIABLE = "CLASSIFIER_CORPORA"
ANNOTATION_COLUMNS = ("corpus", "sha256", "netiquette", "political", "category")


def hash_text(text: str) -> str:
    """SHA-256 of a text, the key of its labels."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def corpora_folder(root: Path) -> Path:
    """Folder of the public corpora.

    Raises
    ------
    InputError
        If there is none: the message says what to fetch.
    """
    named = os.environ.get(CORPORA_VARIABLE)
    for folder in [Path(named)] if named else [root / "data" / "public", root.resolve().parent / "shared" / "corpora"]:
        if folder.is_dir():
            return folder
    raise InputError(
        "Les corpus publics ne sont pas sur cet ordinateur.",
        f"un dossier nommé par {CORPORA_VARIABLE}, ou data/public, avec les fichiers de data/sources.yaml.",
        "obtenez-les des dépôts que nomme data/sources.yaml, ou mettez public_corpora: false dans params.yaml.",
    )


def benchmarks_folder(root: Path) -> Path | None:
    """Folder of the public benchmarks, beside that of the corpora; None where they are not there."""
    try:
        folder = corpora_folder(root).parent / "benchmarks"
    except InputError:
        return None
    return folder if folder.is_dir() else None


def read_texts(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a gzipped CSV, as dictionaries."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def read_benchmark_hashes(folder: Path) -> set[str]:
    """Hashes of all texts of the benchmarks beside a folder of corpora (none if the benchmarks are not there)."""
    benchmarks = folder.parent / "benchmarks"
    return {hash_text(row["text"]) for path in sorted(benchmarks.glob("*.csv.gz")) for row in read_texts(path)}


def read_public_rows(root: Path, weight: float) -> list[Row]:
    """Annotated public rows with their texts, each of `weight`.

    Raises
    ------
    InputError
        If the folder or a corpus is missing, or a label is unknown.
    """
    folder = corpora_folder(root)
    benchmarks = read_benchmark_hashes(folder)
    labels = _read_annotations(root)
    rows = []
    for corpus, by_hash in sorted(labels.items()):
        path = folder / f"{corpus}.csv.gz"
        if not path.is_file():
            raise InputError(
                f"Le corpus public « {corpus} » manque.", f"le fichier {path.name}.", "voyez data/sources.yaml."
            )
        left = dict(by_hash)
        for raw in read_texts(path):
            digest = hash_text(raw["text"])
            found = left.pop(digest, None)
            if found is None or digest in benchmarks:
                continue
            netiquette, political, category = found
            rows.append(
                Row(
                    id=f"{corpus}-{digest[:16]}",
                    text=raw["text"],
                    post="",
                    netiquette=netiquette,
                    political=political,
                    category=category,
                    scenario=f"{corpus}-{digest[:16]}",
                    note="",
                    source=corpus,
                    weight=weight,
                )
            )
    return rows


def count_annotations(root: Path) -> dict[str, int]:
    """How many rows of each public corpus are labelled; no text is needed."""
    return {corpus: len(rows) for corpus, rows in _read_annotations(root).items()}


def _read_annotations(root: Path) -> dict[str, dict[str, tuple[tuple[str, ...], tuple[str, ...], str]]]:
    known = taxonomy()
    found: dict[str, dict[str, tuple[tuple[str, ...], tuple[str, ...], str]]] = {}
    for path in sorted((root / "data" / "annotations").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if tuple(reader.fieldnames or ()) != ANNOTATION_COLUMNS:
                raise InputError(f"« {path.name} » n'a pas les colonnes attendues.", ", ".join(ANNOTATION_COLUMNS))
            for raw in reader:
                netiquette = tuple(filter(None, raw["netiquette"].split("|")))
                political = tuple(filter(None, raw["political"].split("|")))
                if (
                    not set(netiquette) <= set(known.netiquette)
                    or not set(political) <= set(known.political)
                    or raw["category"] not in known.category
                ):
                    raise InputError(
                        f"« {path.name} », ligne {reader.line_num} : étiquette inconnue.", "celles du guide."
                    )
                found.setdefault(raw["corpus"], {})[raw["sha256"]] = (netiquette, political, raw["category"])
    return found

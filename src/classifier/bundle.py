"""A model folder: arrays and JSON, hash-checked before anything is built from it; never a pickle.

Format 1::

    manifest.json      format, name, version, taxonomy and labels, lexicon classes, files with type, shape, SHA-256
    <array>.npy        the arrays of `scoring.weights.ARRAYS`
    calibration.json   slopes and offsets
    thresholds.json    thresholds, review bands and alert thresholds, with the goals that found them
    MODEL_CARD.md      for people

The SHA-256 of the manifest names the model: it covers every other file. Which arrays may be read, and of which type,
is fixed here and not in the folder.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .comments import ModelReference
from .errors import ModelError
from .heads import Calibration, Operating
from .scoring.weights import ARRAYS, Weights
from .taxonomy import taxonomy

__all__ = ["FORMAT", "Bundle", "load_bundle", "save_bundle"]

#: Format that this version writes; `load_bundle` refuses any other.
FORMAT = 1

MANIFEST = "manifest.json"
_JSON_FILES = ("calibration.json", "thresholds.json")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A loaded model.

    Attributes
    ----------
    reference : ModelReference
        Name, version and hash.
    weights : Weights
        Memory-mapped arrays, shared by the processes that load the same folder.
    calibration : Calibration
    operating : Operating
    path : Path
    """

    reference: ModelReference
    weights: Weights
    calibration: Calibration
    operating: Operating
    path: Path


def save_bundle(
    path: Path,
    *,
    name: str,
    version: str,
    weights: Weights,
    calibration: Calibration,
    operating: Operating,
    goals: dict[str, Any],
    card: str = "",
) -> ModelReference:
    """Write a model folder, whole or not at all.

    Parameters
    ----------
    path : Path
        Folder to make; an existing one is replaced once the new one is complete.
    name, version : str
    weights, calibration, operating
        What `load_bundle` gives back.
    goals : dict
        The goals that found the thresholds, by label, kept for people.
    card : str
        Model card, Markdown.

    Returns
    -------
    ModelReference
        With the SHA-256 of the manifest.
    """
    building = path.with_name(path.name + ".partial")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    arrays: dict[str, Any] = {}
    for key, dtype in ARRAYS.items():
        array = np.ascontiguousarray(getattr(weights, key), dtype=dtype)
        np.save(building / f"{key}.npy", array, allow_pickle=False)
        arrays[key] = {"dtype": np.dtype(dtype).name, "shape": list(array.shape)}
    _write_json(
        building / "calibration.json",
        {
            "slope_whole": calibration.slope_whole.tolist(),
            "slope_part": calibration.slope_part.tolist(),
            "offset": calibration.offset.tolist(),
            "violation_slope": calibration.violation_slope,
            "violation_offset": calibration.violation_offset,
        },
    )
    _write_json(
        building / "thresholds.json",
        {
            "thresholds": dict(operating.thresholds),
            "bands": {label: list(band) for label, band in operating.bands.items()},
            "alerts": dict(operating.alerts),
            "goals": goals,
        },
    )
    (building / "MODEL_CARD.md").write_text(card, encoding="utf-8", newline="\n")
    files = sorted(p.name for p in building.iterdir())
    _write_json(
        building / MANIFEST,
        {
            "format": FORMAT,
            "name": name,
            "version": version,
            "taxonomy": taxonomy().version,
            "labels": list(taxonomy().labels),
            "lexicon_classes": list(weights.lexicon_classes),
            "arrays": arrays,
            "files": {file: _hash_file(building / file) for file in files},
        },
    )
    reference = ModelReference(name, version, _hash_file(building / MANIFEST))
    shutil.rmtree(path, ignore_errors=True)
    building.rename(path)
    return reference


def load_bundle(path: Path) -> Bundle:
    """Verify a model folder and load it.

    Parameters
    ----------
    path : Path
        Folder written by `save_bundle`.

    Returns
    -------
    Bundle

    Raises
    ------
    ModelError
        If the folder is missing, a file was changed, or the format, the label set or an array's type is not the
        one of this version. Nothing is built from a folder that does not pass.
    """
    if not path.is_dir():
        raise ModelError(
            f"Le dossier de modèle « {path} » n'existe pas.",
            "un dossier qui contient manifest.json.",
            "vérifiez le chemin donné ou la variable CLASSIFIER_MODEL.",
        )
    manifest = _read_json(path / MANIFEST)
    _check_manifest(path, manifest)
    calibration = _read_json(path / "calibration.json")
    thresholds = _read_json(path / "thresholds.json")
    try:
        arrays = {key: _load_array(path, key, manifest["arrays"][key]) for key in ARRAYS}
        weights = Weights(**arrays, lexicon_classes=tuple(manifest["lexicon_classes"]))
        heads = Calibration(
            slope_whole=np.array(calibration["slope_whole"], dtype=np.float64),
            slope_part=np.array(calibration["slope_part"], dtype=np.float64),
            offset=np.array(calibration["offset"], dtype=np.float64),
            violation_slope=float(calibration["violation_slope"]),
            violation_offset=float(calibration["violation_offset"]),
        )
        operating = Operating(
            thresholds={k: float(v) for k, v in thresholds["thresholds"].items()},
            bands={k: (float(v[0]), float(v[1])) for k, v in thresholds["bands"].items()},
            alerts={k: float(v) for k, v in thresholds["alerts"].items()},
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise ModelError(
            f"Le modèle « {path.name} » est incomplet ({type(error).__name__}).",
            "toutes les valeurs du format 1.",
            "réinstallez le modèle d'origine.",
        ) from error
    reference = ModelReference(str(manifest["name"]), str(manifest["version"]), _hash_file(path / MANIFEST))
    return Bundle(reference, weights, heads, operating, path)


def _check_manifest(path: Path, manifest: dict[str, Any]) -> None:
    if manifest.get("format") != FORMAT:
        raise ModelError(
            f"Le modèle « {path.name} » est au format {manifest.get('format')!r}.",
            f"le format {FORMAT}.",
            "installez la version du logiciel qui va avec ce modèle, ou réentraînez-le.",
        )
    if manifest.get("labels") != list(taxonomy().labels):
        raise ModelError(
            f"Le modèle « {path.name} » a été entraîné sur un autre jeu d'étiquettes.",
            f"les {len(taxonomy().labels)} étiquettes de la version {taxonomy().version} de la taxonomie.",
            "réentraînez-le avec « classifier train ».",
        )
    files = manifest.get("files")
    expected = {*_JSON_FILES, "MODEL_CARD.md", *(f"{key}.npy" for key in ARRAYS)}
    if not isinstance(files, dict) or set(files) != expected:
        raise ModelError(
            f"Le manifeste du modèle « {path.name} » ne nomme pas les fichiers du format {FORMAT}.",
            f"{len(expected)} fichiers.",
            "réinstallez le modèle d'origine.",
        )
    for name, digest in files.items():
        if not (path / name).is_file():
            raise ModelError(f"Le fichier « {name} » manque au modèle « {path.name} ».", todo="réinstallez le modèle.")
        if _hash_file(path / name) != digest:
            raise ModelError(
                f"Le fichier « {name} » du modèle « {path.name} » a été modifié : son empreinte ne correspond plus.",
                "le fichier d'origine, inchangé.",
                "réinstallez le modèle; rien n'a été évalué avec celui-ci.",
            )


def _load_array(path: Path, key: str, entry: dict[str, Any]) -> np.ndarray[Any, Any]:
    array = np.load(path / f"{key}.npy", mmap_mode="r", allow_pickle=False)
    if array.dtype != np.dtype(ARRAYS[key]) or list(array.shape) != entry["shape"]:
        raise ValueError(key)
    return np.asarray(array)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(
            f"Le fichier « {path.name} » du modèle ne se lit pas.", "du JSON en UTF-8.", "réinstallez le modèle."
        ) from error
    if not isinstance(value, dict):
        raise ModelError(f"Le fichier « {path.name} » du modèle n'a pas la forme attendue.", "un objet JSON.")
    return value


def _write_json(path: Path, value: object) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

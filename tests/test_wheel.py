"""The wheel, as a town installs it: base libraries only, an empty folder, no network, the model that it carries."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

#: Put into the environment's start-up: nothing may be opened outside.
NO_NETWORK = """
import socket

def refuse(self, address):
    if self.family != getattr(socket, "AF_UNIX", None):
        raise OSError("no network in this test")

socket.socket.connect = refuse
"""

#: Endings of what a build or a run leaves beside the sources; everything else belongs in the wheel.
LEFT_OUT = {".pyc", ".pyx", ".c", ".cpp", ".so", ".pyd"}

TEXTS = ["Merci pour la belle fête de quartier!", "T'es juste un incapable, démissionne!", "", "🙂"]

PROGRAM = """
import json, sys
from classifier import Predictor
predictor = Predictor.load()
print(json.dumps([dict(p.scores) for p in predictor.predict(json.loads(sys.argv[1]))]))
"""


def build_wheel(root: Path, folder: Path, **variables: str) -> Path:
    """Build a wheel from a copy of the sources (a build writes beside them)."""
    sources, made = folder / "sources", folder / "wheel"
    leave = shutil.ignore_patterns("__pycache__", "*.egg-info", "*.so", "*.pyd", "_fused.c", "_fused.cpp")
    shutil.copytree(root / "src", sources / "src", ignore=leave)
    shutil.copytree(root / "models" / "released", sources / "models" / "released")
    for path in root.iterdir():
        if path.is_file() and not path.name.startswith("."):
            shutil.copy(path, sources)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(made), str(sources)]
    done = subprocess.run(build, env={**os.environ, **variables}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    [path] = made.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(root, tmp_path_factory.mktemp("build"))


@pytest.fixture(scope="module")
def installed(wheel: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python of a new environment: the wheel, and the libraries of `requirements/base.txt`, nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    windows = os.name == "nt"
    python = folder / ("Scripts/python.exe" if windows else "bin/python")
    asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())
    (site / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    lines = (root / "requirements" / "base.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        name = re.match(r"([a-zA-Z0-9._-]+)==", line)
        if name:
            copy_distribution(name[1], site)
    pip = [sys.executable, "-m", "pip", "install", "-qq", "--no-deps", "--no-index", "--target", str(site), str(wheel)]
    subprocess.run(pip, check=True)
    return python


def copy_distribution(name: str, site: Path) -> None:
    """Give an environment one library of ours, by link where the system allows it; absent here, not needed here."""
    try:
        files = metadata.distribution(name).files or []
    except metadata.PackageNotFoundError:
        return
    for top in {file.parts[0] for file in files if file.parts[0] not in {"..", "__pycache__"}}:
        source, target = Path(str(metadata.distribution(name).locate_file(top))), site / top
        if target.exists() or not source.exists():
            continue
        try:
            target.symlink_to(source, target_is_directory=source.is_dir())
        except OSError:
            (shutil.copytree if source.is_dir() else shutil.copy)(source, target)


def run_python(python: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "CLASSIFIER_"))}
    return subprocess.run(
        [str(python), *arguments], cwd=folder, env={**environment, "PYTHONUTF8": "1"},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_the_wheel_carries_the_model_and_the_data_of_every_room(wheel: Path, root: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, place in ((root / "models" / "released", "classifier/_released"), (root / "src", "")):
        for path in folder.rglob("*"):
            if path.is_file() and path.suffix not in LEFT_OUT and "egg-info" not in str(path):
                assert Path(place, path.relative_to(folder)).as_posix() in names
    assert "classifier/py.typed" in names
    assert not {name for name in names if name.startswith(("tests/", "data/", "corpus"))}
    assert sum(info.file_size for info in zipfile.ZipFile(wheel).infolist()) < 40_000_000


def test_the_wheel_carries_the_licences(wheel: Path) -> None:
    names = {Path(name).name for name in zipfile.ZipFile(wheel).namelist() if "/licenses/" in name}
    assert {"LICENSE", "LICENSE-CORPUS.md", "LICENSE-MODEL.md", "NOTICE"} <= names


@pytest.mark.skipif(os.name == "nt", reason="CC and CXX do not choose Microsoft's compiler")
def test_without_a_compiler_the_package_is_built_all_the_same(root: Path, tmp_path: Path) -> None:
    absent = str(tmp_path / "no-compiler")
    names = zipfile.ZipFile(build_wheel(root, tmp_path, CC=absent, CXX=absent)).namelist()
    assert "classifier/scoring/portable.py" in names
    assert [name for name in names if name.endswith(".so")] == []


def test_the_environment_holds_the_base_only(installed: Path, tmp_path: Path) -> None:
    done = run_python(installed, tmp_path, "-c", "import sklearn")
    assert "ModuleNotFoundError" in done.stderr


def test_the_installed_package_scores_like_the_sources(installed: Path, tmp_path: Path) -> None:
    from classifier import Predictor

    done = run_python(installed, tmp_path, "-c", PROGRAM, json.dumps(TEXTS))
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == [dict(p.scores) for p in Predictor.load().predict(TEXTS)]


def test_the_installed_command_goes_from_an_export_to_a_verified_log(
    installed: Path, root: Path, tmp_path: Path
) -> None:
    [sample] = (root / "data" / "samples").glob("*facebook*.json")
    shutil.copy(sample, tmp_path / "export.json")
    score = ["score", "export.json", "--policy", "drummondville", "-o", "decisions.csv", "--report", "page.html"]
    done = run_python(installed, tmp_path, "-m", "classifier", *score)
    assert done.returncode == 0, done.stderr[-2000:]
    with (tmp_path / "decisions.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows
    assert "<html" in (tmp_path / "page.html").read_text(encoding="utf-8")
    verified = run_python(installed, tmp_path, "-m", "classifier", "audit", "verify", "audit.db")
    assert verified.returncode == 0, verified.stderr[-2000:]


def test_a_model_with_one_byte_changed_is_refused(installed: Path, root: Path, tmp_path: Path) -> None:
    copy = tmp_path / "model"
    shutil.copytree(root / "models" / "released", copy)
    largest = max((path for path in copy.rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
    content = bytearray(largest.read_bytes())
    content[len(content) // 2] ^= 1
    largest.write_bytes(content)
    program = f"import os; os.environ['CLASSIFIER_MODEL'] = {str(copy)!r}\n" + (
        "from classifier.cli.main import main; raise SystemExit(main(['predict', 'Merci!']))"
    )
    done = run_python(installed, tmp_path, "-c", program)
    assert done.returncode == 6
    assert "Erreur" in done.stderr

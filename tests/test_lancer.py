"""The set-up script, where it needs no network: what it refuses, and when it installs again."""

from __future__ import annotations

import ast
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def lancer(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module that works in a folder of its own and notes what it would run."""
    specification = importlib.util.spec_from_file_location("lancer", root / "lancer.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    venv = tmp_path / ".venv"
    for name, value in {"ROOT": tmp_path, "VENV": venv, "MARK": venv / "lancer.json"}.items():
        monkeypatch.setattr(module, name, value)
    (tmp_path / "requirements").mkdir()
    for name in ("outils", "base", "test"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(f"{name}==1\n", encoding="utf-8")
    venv.mkdir()
    module.write_mark({})
    module.calls = []
    monkeypatch.setattr(module, "run_pip", lambda arguments, what: module.calls.append(what))
    return module


def run_script(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "utf8", str(root / "lancer.py"), *arguments],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_alone_it_says_how_it_is_used(root: Path) -> None:
    done = run_script(root)
    assert done.returncode == 0
    for command in ("demo", "test", "installer"):
        assert f"  {command}" in done.stdout


@pytest.mark.parametrize("arguments", [["démo"], ["demo", "--vite"]])
def test_an_unknown_argument_is_refused(root: Path, arguments: list[str]) -> None:
    done = run_script(root, *arguments)
    assert done.returncode == 2
    assert f"argument inconnu, « {arguments[-1]} »" in done.stderr


def test_an_old_python_is_refused_in_french(lancer: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lancer.sys, "version_info", (3, 10, 4))
    with pytest.raises(lancer.SetUpError, match=r"Python 3\.11 ou plus récent est nécessaire; celui-ci est le 3\.10"):
        lancer.check_python()


def test_the_syntax_is_readable_by_an_old_python(root: Path) -> None:
    ast.parse(root.joinpath("lancer.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_a_second_call_installs_nothing(lancer: ModuleType) -> None:
    lancer.install_profile("base")
    assert lancer.calls == ["outils.txt", "base.txt"]
    lancer.install_profile("base")
    assert lancer.calls == ["outils.txt", "base.txt"]


def test_a_changed_requirement_is_installed_again(lancer: ModuleType) -> None:
    lancer.install_profile("base")
    lancer.calls.clear()
    (lancer.ROOT / "requirements" / "base.txt").write_text("base==2\n", encoding="utf-8")
    lancer.install_profile("base")
    assert lancer.calls == ["outils.txt", "base.txt"]


def test_line_ends_of_windows_change_nothing(lancer: ModuleType) -> None:
    lancer.install_profile("base")
    lancer.calls.clear()
    (lancer.ROOT / "requirements" / "base.txt").write_bytes(b"base==1\r\n")
    lancer.install_profile("base")
    assert lancer.calls == []


def test_an_installation_that_failed_is_tried_again(lancer: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(arguments: list[str], what: str) -> None:
        raise lancer.SetUpError(what)

    with monkeypatch.context() as patch:
        patch.setattr(lancer, "run_pip", fail)
        with pytest.raises(lancer.SetUpError):
            lancer.install_profile("base")
    lancer.install_profile("base")
    assert lancer.calls == ["outils.txt", "base.txt"]


@pytest.mark.parametrize(("key", "value"), [("root", "elsewhere"), ("python", [3, 99])])
def test_an_environment_that_was_moved_or_made_by_another_python_does_not_count(
    lancer: ModuleType, key: str, value: object
) -> None:
    lancer.install_profile("base")
    assert lancer.read_mark() != {}
    mark = json.loads(lancer.MARK.read_text(encoding="utf-8"))
    lancer.MARK.write_text(json.dumps({**mark, key: value}), encoding="utf-8")
    assert lancer.read_mark() == {}


def test_a_damaged_mark_does_not_count(lancer: ModuleType) -> None:
    lancer.MARK.write_text("{", encoding="utf-8")
    assert lancer.read_mark() == {}


def test_requirements_are_installed_by_hash_only(lancer: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[list[str]] = []
    monkeypatch.setattr(lancer, "run_pip", lambda arguments, what: given.append(arguments))
    lancer.install_profile("base")
    for arguments in given:
        assert "--require-hashes" in arguments
        assert arguments[arguments.index("--only-binary") + 1] == ":all:"

"""The documents tell the truth: commands exist and run, links lead somewhere, examples give what they say."""

from __future__ import annotations

import doctest
import pkgutil
import re
import shlex
import shutil
import subprocess
from importlib import import_module
from itertools import dropwhile
from pathlib import Path

import click
import pytest

import classifier
from classifier.cli.main import COMMANDS, main

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "LISEZMOI.md")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")

#: Commands of the training pipeline: minutes long, run by `tests/training`; here only their options are checked.
LONG = {"prepare", "train", "evaluate", "package"}

#: Other programs that the documents name; `tests/test_lancer.py` and the pipeline's tests speak of them.
OTHERS = {
    "bash", "dvc", "git", "mlflow", "mypy", "pip", "pytest", "python", "python3", "ruff", "source",
}  # fmt: skip


def list_tracked() -> list[Path]:
    """Files of the repository: those that git does not ignore, or, in a copy without git, all but hidden folders."""
    listed = None
    if shutil.which("git"):
        ask = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(ask, cwd=ROOT, capture_output=True, check=False)
    if listed is not None and listed.returncode == 0:
        paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not any(p.startswith(".") for p in path.relative_to(ROOT).parts)]
    return [path for path in paths if path.is_file()]


TRACKED = list_tracked()
DOCUMENTS = [path for path in TRACKED if path.suffix == ".md"]


def read_blocks(path: Path, language: str) -> list[str]:
    return [body for kind, body in FENCE.findall(path.read_text(encoding="utf-8")) if kind == language]


def read_commands(path: Path) -> list[list[str]]:
    """Command lines of the `sh` blocks, without comments nor variables set; `&&` separates commands."""
    lines = [line for block in read_blocks(path, "sh") for line in block.replace("\\\n", " ").splitlines()]
    commands = [part for line in lines for part in line.split("&&")]
    split = [shlex.split(command, comments=True) for command in commands]
    bare = [list(dropwhile(re.compile(r"[A-Z_]+=").match, words)) for words in split]
    return [words for words in bare if words]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_command_exists_with_its_options(path: Path) -> None:
    for words in read_commands(path):
        if words[0] != "classifier":
            assert Path(words[0]).name in OTHERS, words
            continue
        assert words[1] in COMMANDS, words
        module, function, _ = COMMANDS[words[1]]
        command: click.Command = getattr(import_module(f"classifier.cli.{module}"), function)
        rest = words[2:]
        while isinstance(command, click.Group):
            assert rest, words
            assert rest[0] in command.commands, words
            command, rest = command.commands[rest[0]], rest[1:]
        known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
        for word in rest:
            if re.match(r"--?[a-z]", word):
                assert word.split("=")[0] in known | {"-h", "--help"}, words


@pytest.mark.parametrize("name", READMES)
def test_the_commands_of_a_readme_run_in_order(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("data", "src/classifier/policies"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    commands = [words for words in read_commands(ROOT / name) if words[0] == "classifier" and words[1] not in LONG]
    assert len(commands) >= 5
    for words in commands:
        assert main(words[1:]) == 0, words


@pytest.mark.parametrize("name", READMES)
def test_the_python_of_a_readme_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = read_blocks(ROOT / name, "python")
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, name, "exec"), names)


def test_both_readmes_give_the_same_commands() -> None:
    english, french = (read_commands(ROOT / name) for name in READMES)
    assert english == french
    assert ["python3", "lancer.py", "demo"] in english
    assert ["python3", "lancer.py", "test"] in english


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_lead_to_files(path: Path) -> None:
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith("mailto:"):
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize(
    "module", sorted(found.name for found in pkgutil.walk_packages(classifier.__path__, "classifier."))
)
def test_examples_of_docstrings_hold(module: str) -> None:
    results = doctest.testmod(import_module(module), optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert results.failed == 0


def test_no_file_names_a_folder_of_one_machine() -> None:
    # Written in two pieces so that this file does not accuse itself.
    pattern = re.compile(r"(?<![\w.])/(?:" + "work|root|tmp|home" + r")/[\w.-]+|[A-Z]:\\+Users\\+\w")
    wrong = []
    for path in TRACKED:
        if path.suffix in {".csv", ".json", ".lock", ".npy", ".npz", ".xlsx", ".parquet"} or "tests" in path.parts:
            continue
        wrong += [
            f"{name_of(path)}: {found}" for found in pattern.findall(path.read_text(encoding="utf-8", errors="replace"))
        ]
    assert wrong == []


def test_no_source_file_is_too_long_for_its_room() -> None:
    sources = [path for path in TRACKED if path.suffix == ".py"]
    counts = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources}
    assert {name: count for name, count in counts.items() if count > 400} == {}


def test_no_name_that_says_nothing() -> None:
    empty = {"utils", "helpers", "common", "manager", "util", "helper", "misc"}
    assert [name_of(path) for path in TRACKED if path.stem in empty or set(path.parts) & empty] == []

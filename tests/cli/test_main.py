"""The entry point: the table of commands, help that loads nothing, errors turned into exit codes."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from types import ModuleType

import click
import pytest

from classifier import __version__, errors
from classifier.cli import main as entry

EXIT_CODES = {
    "UsageError": 2,
    "InputError": 3,
    "PolicyError": 5,
    "ModelError": 6,
    "AuditError": 7,
}


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """A command `fail` that raises what the test puts in the list."""
    raised: list[BaseException] = []

    @click.command()
    def fail() -> None:
        raise raised[0]

    module = ModuleType("classifier.cli.failing")
    module.fail = fail  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(entry.COMMANDS, "fail", ("failing", "fail", "Échoue."))
    return raised


def test_every_command_of_the_table_exists_and_has_a_french_summary() -> None:
    for name, (module, function, summary) in entry.COMMANDS.items():
        command = getattr(import_module(f"classifier.cli.{module}"), function)
        assert isinstance(command, click.Command), name
        assert summary.endswith("."), name
        assert command.help, name


def list_all(command: click.Command, names: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Names of a command and of those under it."""
    if not isinstance(command, click.Group):
        return [names]
    return [names] + [found for name, sub in command.commands.items() for found in list_all(sub, (*names, name))]


@pytest.mark.parametrize("name", entry.COMMANDS)
def test_help_of_a_command_and_of_those_under_it_is_french(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    module, function, _ = entry.COMMANDS[name]
    for names in list_all(getattr(import_module(f"classifier.cli.{module}"), function), (name,)):
        assert entry.main([*names, "--help"]) == 0
        shown = capsys.readouterr().out
        assert shown.startswith("Utilisation\N{NO-BREAK SPACE}: classifier " + " ".join(names))
        assert "Affiche cette aide et s'arrête." in shown
        for english in ("Usage", "Show this", "[required]", "default:", "COMMAND ", "TEXT ", "INTEGER", "DIRECTORY"):
            assert english not in shown, (names, english)


def test_alone_it_says_where_to_begin(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main([]) == 0
    shown = capsys.readouterr().out
    assert "classifier demo" in shown
    for name, (_, _, summary) in entry.COMMANDS.items():
        assert name in shown
        assert summary in shown


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(["--version"]) == 0
    assert capsys.readouterr().out == f"classifier, version {__version__}\n"


def test_an_unknown_command_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(["scor"]) == 2
    said = capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ")
    assert "La commande « scor » n'existe pas. Vouliez-vous dire « score »" in said
    assert entry.main(["xyzzy"]) == 2
    assert "Vouliez-vous" not in capsys.readouterr().err


def test_an_unknown_option_is_an_error_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(["--nope"]) == 2
    assert "--nope" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "code"), EXIT_CODES.items())
def test_each_branch_of_errors_has_its_exit_code(
    name: str, code: int, failing: list[BaseException], capsys: pytest.CaptureFixture[str]
) -> None:
    failing.append(getattr(errors, name)("Le fichier « a » est vide.", "des lignes.", "exportez-le de nouveau."))
    assert entry.main(["fail"]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (
        "Erreur\N{NO-BREAK SPACE}: Le fichier « a » est vide. Attendu : des lignes. À faire : exportez-le de nouveau.\n"
    )


def test_all_branches_are_known_here() -> None:
    branches = {cls.__name__: cls.exit_code for cls in errors.ClassifierError.__subclasses__()}
    assert branches == EXIT_CODES


def test_an_interruption_ends_with_the_shell_s_code(
    failing: list[BaseException], capsys: pytest.CaptureFixture[str]
) -> None:
    failing.append(KeyboardInterrupt())
    assert entry.main(["fail"]) == 130
    assert "Interrompu." in capsys.readouterr().err


def test_an_unforeseen_error_never_quotes_its_message(
    failing: list[BaseException], capsys: pytest.CaptureFixture[str]
) -> None:
    failing.append(ValueError("texte d'un commentaire"))
    assert entry.main(["fail"]) == 1
    said = capsys.readouterr().err
    assert "ValueError" in said
    assert "commentaire" not in said
    assert "Traceback" not in said


def test_a_developer_can_ask_for_the_trace(failing: list[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(entry.DEBUG_VARIABLE, "1")
    failing.append(ValueError("trace"))
    with pytest.raises(ValueError, match="trace"):
        entry.main(["fail"])


def test_a_refusal_of_the_system_names_the_file(
    failing: list[BaseException], capsys: pytest.CaptureFixture[str]
) -> None:
    failing.append(PermissionError(13, "Permission denied", "decisions.csv"))
    assert entry.main(["fail"]) == 1
    assert "«\N{NO-BREAK SPACE}decisions.csv\N{NO-BREAK SPACE}»" in capsys.readouterr().err


def test_help_loads_no_command() -> None:
    script = (
        "import sys; from classifier.cli.main import main; main(['--help']); "
        "loaded = {'numpy', 'sqlalchemy', 'openpyxl', 'classifier.predictor'} & set(sys.modules); "
        "print(sorted(loaded), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stderr.strip() == "[]"


def test_lists_of_commands_show_whole_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("policy", "audit", "corpus"):
        assert entry.main([name, "--help"]) == 0
        assert "..." not in capsys.readouterr().out.partition("Commandes")[2]

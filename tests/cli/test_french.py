"""click speaks French: every message that the installed click can say has a translation that fills the same fields."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from classifier.cli.french import MESSAGES, TYPE_NAMES, install, translate, translate_plural

#: Chosen at run time in click's source, so that reading the calls cannot find it.
COMPUTED = {"required"}

#: Mistakes in the declaration of a command: only its programmer can meet them.
DECLARATION = {
    "Windows error: {error}",
    "Arguments take exactly one parameter declaration, got {length}: {decls}.",
    "Boolean option {decl!r} cannot use the same flag for true/false.",
    "Could not determine name for option with declarations {decls!r}",
    "Name '{name}' defined twice",
    "No options defined but a name was passed ({name}). Did you mean to declare an argument instead? "
    "Did you mean to pass '--{name}'?",
}


def read_messages() -> Iterator[str]:
    """Every literal given to `_` or `ngettext` in click's source."""
    for path in sorted(Path(click.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                count = {"_": 1, "ngettext": 2}.get(node.func.id, 0)
                for argument in node.args[:count]:
                    if isinstance(argument, ast.Constant):
                        yield str(argument.value)


def fields_of(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


def test_every_message_of_click_is_translated() -> None:
    messages = set(read_messages()) - DECLARATION
    assert len(messages) > 60
    assert sorted(messages - set(MESSAGES)) == []


def test_no_translation_is_left_over() -> None:
    assert sorted(set(MESSAGES) - set(read_messages()) - COMPUTED) == []


@pytest.mark.parametrize(("message", "french"), MESSAGES.items())
def test_a_translation_asks_for_no_other_field(message: str, french: str) -> None:
    assert fields_of(french) <= fields_of(message)


def test_double_signs_never_begin_a_line() -> None:
    for french in MESSAGES.values():
        for sign in (" :", "« ", " »"):
            assert sign not in french


def test_counted_messages_are_singular_for_zero_and_one() -> None:
    one, many = "Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"
    assert [translate_plural(one, many, n) for n in (0, 1)] == [translate(one)] * 2
    assert translate_plural(one, many, 2) == translate(many) != translate(one)


@pytest.fixture
def command() -> click.Command:
    install()

    @click.command(context_settings={"help_option_names": ["-h", "--help"]})
    @click.argument("export")
    @click.option("--jobs", type=int, default=1, show_default=True, help="Travaux parallèles.")
    @click.option("--format", type=click.Choice(["csv", "xlsx"]), help="Format.")
    @click.option("--policy", required=True, help="Politique.")
    def score(export: str, jobs: int, format: str | None, policy: str) -> None:
        click.echo(f"{export} {jobs} {format} {policy}")

    return score


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Erreur : Argument manquant 'EXPORT'."),
        (["a.csv"], "Erreur : Option manquante '--policy'."),
        (["a.csv", "--policy"], "Erreur : L'option « --policy » demande une valeur."),
        (["a.csv", "--polic", "x"], "Erreur : L'option « --polic » n'existe pas. Vouliez-vous dire '--policy'?"),
        (["a.csv", "b.csv", "--policy", "x"], "Erreur : Il y a un argument de trop (b.csv)."),
        (["a.csv", "b", "c", "--policy", "x"], "Erreur : Il y a des arguments de trop (b c)."),
        (
            ["a.csv", "--policy", "x", "--jobs", "deux"],
            "Erreur : Valeur invalide pour '--jobs' : « deux » n'est pas un nombre entier.",
        ),
        (
            ["a.csv", "--policy", "x", "--format", "pdf"],
            "Erreur : Valeur invalide pour '--format' : « pdf » n'est pas parmi 'csv', 'xlsx'.",
        ),
    ],
)
def test_errors_of_usage_are_french(command: click.Command, arguments: list[str], said: str) -> None:
    done = CliRunner().invoke(command, arguments)
    assert done.exit_code == 2
    shown = done.output.replace("\N{NO-BREAK SPACE}", " ")
    assert said in shown
    assert "Usage" not in shown
    assert "Try" not in shown


def test_help_is_french(command: click.Command) -> None:
    shown = CliRunner().invoke(command, ["--help"]).output.replace("\N{NO-BREAK SPACE}", " ")
    assert "Affiche cette aide et s'arrête." in shown
    assert "Options :" in shown
    assert "[par défaut : 1]" in shown
    assert "[obligatoire]" in shown
    for english in ("Usage", "default", "required", "Show", "TEXT ", "INTEGER"):
        assert english not in shown


def test_types_have_french_names() -> None:
    install()
    kinds = (click.STRING, click.INT, click.FLOAT, click.BOOL, click.IntRange(0, 1), click.FloatRange(0, 1))
    assert [kind.name for kind in kinds] == list(TYPE_NAMES.values())

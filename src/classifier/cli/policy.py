"""`classifier policy`: list, show, check, cover, start and compare policies."""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timezone
from pathlib import Path
from typing import Iterator

import click

from classifier.comments import Comment, Prediction
from classifier.errors import PolicyError, UsageError

__all__ = ["policy"]


@click.group()
def policy() -> None:
    """Politiques : lister, montrer, vérifier, couvrir, créer, comparer."""


def _width() -> int:
    return max(80, min(shutil.get_terminal_size((110, 24)).columns, 160))


def _print(lines: list[str]) -> None:
    click.echo("\n".join(lines))


@policy.command("list")
def list_command() -> None:
    """Liste les politiques livrées."""
    from classifier.policy import Policy, list_policies
    from classifier.policy.presentation import show_list

    _print(show_list((Policy.load(name) for name in list_policies()), _width()))


@policy.command()
@click.argument("policy_id", metavar="ID|FICHIER")
def show(policy_id: str) -> None:
    """Montre une politique en tableaux : interdits, conduites, routes, délais, élections, messages."""
    from classifier.policy import Policy
    from classifier.policy.presentation import show_policy

    _print(show_policy(Policy.load(policy_id), _width()))


@policy.command()
@click.argument("files", metavar="FICHIER|ID...", nargs=-1, required=True)
def check(files: tuple[str, ...]) -> None:
    """Vérifie des fichiers de politique : toutes les erreurs à la fois, avec la ligne."""
    from classifier.policy import Policy
    from classifier.policy.presentation import show_notes

    refused = []
    for name in files:
        try:
            checked = Policy.load(name)
        except PolicyError as error:
            refused.append(error)
            continue
        click.echo(f"« {name} » : valide ({checked.content.organization}, version {checked.version}).")
        _print(show_notes(checked, _width()))
    if len(refused) == 1:
        raise refused[0]
    if refused:
        raise PolicyError("\n".join(error.came for error in refused))


@policy.command()
@click.argument("policy_id", metavar="ID|FICHIER")
def coverage(policy_id: str) -> int:
    """Dit ce qui couvre chaque case et chaque section; s'arrête avec le code 5 si l'une est découverte."""
    from classifier.policy import Policy
    from classifier.policy.coverage import cover
    from classifier.policy.presentation import show_coverage

    loaded = Policy.load(policy_id)
    covered = cover(loaded)
    _print(show_coverage(loaded, covered, _width()))
    return PolicyError.exit_code if covered.uncovered else 0


@policy.command()
@click.argument("file", metavar="FICHIER", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--id", "policy_id", default="ma-ville", show_default=True, help="Identifiant de la politique.")
@click.option("--name", default="Ville de …", show_default=True, help="Nom de l'organisation.")
def init(file: Path, policy_id: str, name: str) -> None:
    """Écrit un FICHIER de politique commenté, à remplir pour une nouvelle organisation."""
    from classifier.policy.starter import starter_text

    try:
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(starter_text(policy_id, name))
    except FileExistsError:
        raise UsageError(f"« {file.name} » existe déjà.", todo="Donnez un autre nom : rien n'est écrasé.") from None
    except OSError as error:
        raise UsageError(f"« {file.name} » ne peut être écrit ({os.strerror(error.errno or 0)}).") from None
    click.echo(f"« {file.name} » est écrit. Remplissez-le, puis : classifier policy check {file}")


@policy.command()
@click.argument("old", metavar="ANCIENNE")
@click.argument("new", metavar="NOUVELLE")
@click.argument("export", metavar="EXPORT", type=click.Path(path_type=Path))
@click.option("--model", metavar="DOSSIER", help="Modèle à utiliser, au lieu du modèle livré.")
def compare(old: str, new: str, export: Path, model: str | None) -> None:
    """Dit ce qui changerait, sur un EXPORT, d'une politique à l'autre (ID ou fichier). Rien n'est consigné."""
    from classifier.policy import Policy
    from classifier.policy.comparison import compare_policies
    from classifier.policy.presentation import show_comparison

    first, second = Policy.load(old), Policy.load(new)
    comparison = compare_policies(first, second, _score(export, model), datetime.now(timezone.utc))
    _print(show_comparison(comparison, first, second, _width()))


def _score(export: Path, model: str | None) -> Iterator[tuple[Comment, Prediction]]:
    """Comments of an export with their predictions, streamed."""
    from itertools import tee

    from classifier.exports import open_export
    from classifier.predictor import Predictor

    predictor = Predictor.load(model)
    kept, scored = tee(row.comment for row in open_export(export).comments())
    yield from zip(kept, predictor.stream(scored))

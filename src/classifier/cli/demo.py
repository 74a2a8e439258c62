"""`classifier demo`: a short guided visit, from an export to the workbook, offline."""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path

import click

__all__ = ["demo"]

_SAMPLE = "facebook-graph.json"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DOSSIER", default=Path("demo-classifier"))
@click.option(
    "--policy", default="drummondville", show_default=True, metavar="ID|FICHIER", help="Politique à appliquer."
)
@click.option("--yes", is_flag=True, help="N'attend pas entre les étapes.")
def demo(folder: Path, policy: str, yes: bool) -> int:
    """Visite guidée : évalue un export d'exemple et range tout dans DOSSIER. Rien ne sort de l'ordinateur."""
    from classifier.batch import score_export
    from classifier.errors import InputError
    from classifier.exports import open_export
    from classifier.exports.encoding import explain_system

    def step(title: str, text: str) -> None:
        if not yes and title[0] != "1" and sys.stdin.isatty():
            click.pause("\nAppuyez sur une touche pour continuer…")
        click.echo("")
        click.secho(title, bold=True)
        click.echo(text)

    step(
        "1. Un export",
        "Voici 67 commentaires d'une ville inventée, tels que Facebook les donne (API Graph).\n"
        "Le vôtre peut être un CSV d'Excel, un classeur, un JSON; « classifier inspect » dit comment il serait lu.",
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sample = folder / _SAMPLE
        sample.write_bytes(files("classifier.exports").joinpath("samples", _SAMPLE).read_bytes())
    except OSError as error:
        raise InputError(
            f"Le dossier « {folder} » ne peut pas être écrit ({explain_system(error)}).",
            "un dossier où vous pouvez écrire",
            "Donnez-en un autre : classifier demo MON_DOSSIER.",
        ) from error
    export = open_export(sample)
    click.echo(f"   → {sample} : {export.title}")

    step(
        "2. L'évaluation",
        f"Chaque commentaire est décrit, puis la politique « {policy} » dit quoi en faire.\n"
        "Chaque décision est consignée dans un registre infalsifiable avant d'être montrée.",
    )
    workbook, page, audit = folder / "decisions.xlsx", folder / "rapport.html", folder / "audit.db"
    outcome = score_export(sample, policy=policy, output=workbook, report=page, audit=f"sqlite:///{audit.as_posix()}")
    for line in outcome.lines():
        click.echo(f"   {line}")

    step(
        "3. Les résultats",
        "Ouvrez-les :\n"
        f"   {workbook.resolve()}\n      le classeur : les plus graves d'abord, une feuille par bureau\n"
        f"   {page.resolve()}\n      la page : à imprimer ou à montrer, renseignements personnels masqués\n"
        f"   {audit.resolve()}\n      le registre : prouvez que rien n'a été changé avec\n"
        f"      classifier audit verify sqlite:///{audit.as_posix()}",
    )
    step(
        "4. Votre tour",
        "   classifier policy list\n"
        "   classifier inspect VOTRE_FICHIER\n"
        f"   classifier score VOTRE_FICHIER --policy {policy} -o decisions.xlsx --report rapport.html",
    )
    return 0

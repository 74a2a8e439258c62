"""`classifier prepare`, `train`, `evaluate`, `package`: the stages of `dvc.yaml`, by the same names."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from classifier.errors import UsageError

__all__ = ["evaluate", "package", "prepare", "train"]

_ROOT = click.option(
    "--project",
    "root",
    default=".",
    metavar="DOSSIER",
    help="Racine du projet (celle de params.yaml).",
    show_default=True,
)


def _check_training() -> None:
    if not all(find_spec(name) for name in ("joblib", "sklearn", "scipy")):
        raise UsageError(
            "Les dépendances d'entraînement ne sont pas installées.",
            "scikit-learn, spaCy et joblib.",
            "installez-les : pip install « classifier[training] ».",
        )


@click.command(short_help="Prépare les données d'entraînement.")
@_ROOT
def prepare(root: str) -> None:
    """Vérifie le corpus, fixe les plis et plie les vecteurs de mots de spaCy."""
    _check_training()
    from classifier.training import pipeline

    pipeline.prepare(Path(root), pipeline.read_parameters(Path(root)))
    click.echo("Données prêtes : work/folds.json et work/vectors.npz.")


@click.command(short_help="Entraîne un modèle candidat.")
@_ROOT
def train(root: str) -> None:
    """Entraîne les trois classifieurs, les calibre et trouve les seuils d'après les objectifs."""
    _check_training()
    from classifier.training import pipeline

    pipeline.train(Path(root), pipeline.read_parameters(Path(root)))
    click.echo("Modèle entraîné : work/trained.")


@click.command(short_help="Mesure le modèle candidat.")
@_ROOT
def evaluate(root: str) -> None:
    """Mesure le modèle entraîné et écrit metrics.json."""
    _check_training()
    from classifier.training import pipeline

    metrics = pipeline.evaluate(Path(root), pipeline.read_parameters(Path(root)))
    shown = metrics.get("test", metrics["out_of_fold"])
    click.echo(f"Mesures écrites dans metrics.json ({shown['rows']} commentaires).")
    click.echo(f"  Toute violation, aire sous la courbe : {_number(shown['any_violation']['auc'])}")
    click.echo(f"  Nétiquette, précision moyenne : {_number(shown['netiquette']['mean_average_precision'])}")
    click.echo(f"  Politique, précision moyenne : {_number(shown['political']['mean_average_precision'])}")
    click.echo(f"  Catégorie, exactitude : {_number(shown['category']['accuracy'])}")
    click.echo(f"  Critique licite retirée à tort : {_number(shown['lawful_criticism']['wrongly_removed'])}")


@click.command(short_help="Emballe le modèle candidat.")
@_ROOT
def package(root: str) -> None:
    """Joint la fiche du modèle et écrit models/candidate."""
    _check_training()
    from classifier.training import pipeline

    pipeline.package(Path(root), pipeline.read_parameters(Path(root)))
    click.echo("Modèle emballé : models/candidate.")


def _number(value: float) -> str:
    return f"{value:.3f}".replace(".", ",")

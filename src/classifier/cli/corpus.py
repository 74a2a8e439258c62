"""`classifier corpus`: check, describe and complete the training corpus."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from classifier.errors import InputError
from classifier.taxonomy import taxonomy

__all__ = ["corpus"]

_FOLDER = click.option(
    "--folder", default="data/corpus", metavar="DOSSIER", show_default=True, help="Dossier des fichiers CSV du corpus."
)


@click.group(short_help="Corpus d'entraînement : vérifier, décrire, compléter.")
def corpus() -> None:
    """Corpus d'entraînement : vérifier, décrire, compléter."""


@corpus.command(short_help="Vérifie le corpus : colonnes, étiquettes, doublons, partage.")
@_FOLDER
def check(folder: str) -> None:
    """Vérifie les colonnes, les étiquettes, les doublons et quasi-doublons, les débuts répétés et le partage.

    Le code de sortie est 3 si une limite de la fiche du corpus (data/README.md) n'est pas tenue.
    """
    from classifier.training.corpus import TEST_FILE, read_corpus
    from classifier.training.variety import LIMITS, measure_variety

    path = Path(folder)
    rows = read_corpus(path)
    test = read_corpus(path, test=True) if (path / TEST_FILE).is_file() else []
    shared = {row.group for row in rows} & {row.group for row in test}
    same = [text for text, count in Counter(row.text for row in [*rows, *test]).items() if count > 1]
    variety = measure_variety(rows, test)
    click.echo(f"Commentaires : {len(rows)} pour l'entraînement, {len(test)} pour le test.")
    scenarios, test_scenarios = {row.scenario for row in rows}, {row.scenario for row in test}
    click.echo(f"Scénarios : {len(scenarios)} et {len(test_scenarios)}; mondes communs aux deux : {len(shared)}.")
    click.echo(f"Textes identiques : {len(same)}.")
    click.echo(
        f"Quasi-doublons : {len(variety.near_duplicates)} paires, {_percent(variety.near_duplicate_share)} des "
        f"commentaires (limite : {_percent(LIMITS['near_duplicate_share'])})."
    )
    for one, other, cosine in variety.near_duplicates[:10]:
        click.echo(f"  {one} et {other} : {cosine:.2f}".replace(".", ","))
    click.echo(f"Quasi-doublons de part et d'autre du partage : {len(variety.cross_split)} (limite : 0).")
    click.echo(
        f"Début le plus répété : « {variety.openings[0][0]} », {_percent(variety.opening_share)} "
        f"(limite : {_percent(LIMITS['opening_share'])})."
        if variety.openings
        else "Débuts : trop peu de commentaires."
    )
    if shared or variety.breaches:
        raise InputError(
            "Le corpus ne tient pas ses limites.",
            "celles que la liste ci-dessus rappelle.",
            "retirez ou récrivez les commentaires nommés.",
        )
    click.echo("Le corpus tient ses limites.")


@corpus.command(short_help="Décrit le corpus : comptes par étiquette, longueurs, vocabulaire.")
@_FOLDER
def report(folder: str) -> None:
    """Décrit le corpus : comptes par étiquette et par catégorie, longueurs, vocabulaire, voisins."""
    from classifier.training.corpus import TEST_FILE, read_corpus
    from classifier.training.variety import measure_variety

    path = Path(folder)
    rows = read_corpus(path)
    test = read_corpus(path, test=True) if (path / TEST_FILE).is_file() else []
    counts = Counter(label for row in rows for label in (*row.netiquette, *row.political, row.category))
    test_counts = Counter(label for row in test for label in (*row.netiquette, *row.political, row.category))
    clean = sum(not row.netiquette for row in rows) / len(rows)
    click.echo(f"{len(rows)} commentaires d'entraînement, {len(test)} de test; sans manquement : {_percent(clean)}.")
    names = taxonomy().names
    for title, labels in (
        ("Nétiquette", taxonomy().netiquette),
        ("Politique", taxonomy().political),
        ("Catégorie", taxonomy().category),
    ):
        click.echo(f"\n{title:<48} entraînement   test")
        for label in labels:
            click.echo(f"  {names[label] + ' (' + label + ')':<56} {counts[label]:>6} {test_counts[label]:>6}")
    lengths = sorted(len(row.text.split()) for row in rows)
    median, ninth = lengths[len(lengths) // 2], lengths[len(lengths) * 9 // 10]
    click.echo(f"\nMots par commentaire : médiane {median}, neuf sur dix sous {ninth}.")
    click.echo(f"Avec publication : {_percent(sum(bool(row.post) for row in rows) / len(rows))}.")
    variety = measure_variety(rows, test)
    click.echo("Vocabulaire (commentaires lus : mots différents) :")
    for read, words in variety.vocabulary:
        click.echo(f"  {read:>6} : {words}")
    click.echo(
        "Cosinus au plus proche voisin : "
        + ", ".join(f"{k} {v:.2f}".replace(".", ",") for k, v in variety.nearest_cosines.items())
    )
    click.echo("Débuts les plus répétés : " + "; ".join(f"« {o} » {n}" for o, n in variety.openings[:5]))
    _report_beside(path.parent)


def _report_beside(data: Path) -> None:
    """What stands beside the corpus: agreement of the readers, functional tests, labels of public rows."""
    from classifier.training.agreement import READINGS_FILE, measure_agreement
    from classifier.training.functional import read_cases
    from classifier.training.public import count_annotations

    readings = data / "agreement" / READINGS_FILE
    if readings.is_file():
        agreements = measure_agreement(readings)
        click.echo(
            f"\nAccord des deux lectures à l'aveugle ({agreements[0].rows} commentaires)   données   accord   kappa"
        )
        names = {**taxonomy().names, "category": "Catégorie"}
        for one in agreements:
            line = (
                f"  {names[one.label] + ' (' + one.label + ')':<58} {one.given:>6}   {one.agreed:.3f}   {one.kappa:.2f}"
            )
            click.echo(line.replace(".", ","))
    cases = data / "functional" / "cases.csv"
    if cases.is_file():
        counts = Counter(case.functionality for case in read_cases(cases))
        click.echo(f"\nCas fonctionnels : {sum(counts.values())}, en {len(counts)} groupes.")
        click.echo("  " + ", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
    annotations = count_annotations(data.parent)
    if annotations:
        click.echo(f"\nLignes publiques étiquetées : {sum(annotations.values())} (sans leurs textes).")
        click.echo("  " + ", ".join(f"{name} {count}" for name, count in sorted(annotations.items())))


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".", ",")

"""`classifier score`: an export in, decisions out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from classifier.errors import UsageError

__all__ = ["parse_columns", "score"]


def parse_columns(pairs: tuple[str, ...]) -> dict[str, str]:
    """Read `--column text=Commentaire` options.

    Examples
    --------
    >>> parse_columns(("text=Commentaire", "id=3"))
    {'text': 'Commentaire', 'id': '3'}
    """
    columns: dict[str, str] = {}
    for pair in pairs:
        field, equals, name = pair.partition("=")
        if not equals or not name:
            raise UsageError(
                f"« --column {pair} » n'est pas lisible.",
                "--column champ=colonne",
                "Par exemple --column text=Commentaire.",
            )
        columns[field.strip()] = name.strip()
    return columns


@click.command()
@click.argument("export", type=click.Path(path_type=Path))
@click.option(
    "--policy", required=True, metavar="ID|FICHIER", help="Politique à appliquer (voir « classifier policy list »)."
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FICHIER",
    help="Table à écrire : .csv, .xlsx, .jsonl ou .parquet.",
)
@click.option("--report", type=click.Path(path_type=Path), metavar="PAGE", help="Page de synthèse à écrire (.html).")
@click.option("--audit", metavar="URL", help="Registre des décisions (par défaut : audit.db à côté de la sortie).")
@click.option(
    "--format",
    "format_",
    metavar="NOM",
    help="Format de l'export, s'il n'est pas reconnu (voir « classifier inspect »).",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="CHAMP=COLONNE",
    help="Colonne d'un tableau, par exemple text=Commentaire.",
)
@click.option("--scores", is_flag=True, help="Ajoute une colonne de score par étiquette.")
@click.option(
    "--excel", is_flag=True, help="CSV pour Excel en français : point-virgule, accents sûrs, colonnes en français."
)
@click.option("--unmasked", is_flag=True, help="Montre en clair, sur la page, les renseignements personnels.")
@click.option(
    "--own-account",
    "own_accounts",
    multiple=True,
    metavar="ID",
    help="Compte de l'organisme dans l'export : ses réponses ne forment pas un dialogue privé.",
)
@click.option(
    "--jobs",
    default=1,
    show_default=True,
    type=click.IntRange(1, 256),
    metavar="N",
    help="Processus qui évaluent en parallèle.",
)
@click.option("--resume", is_flag=True, help="Reprend un travail interrompu.")
@click.option("--model", metavar="DOSSIER", help="Modèle à utiliser, au lieu du modèle livré.")
@click.option("--quiet", is_flag=True, help="N'affiche ni barre de progression ni bilan.")
def score(
    export: Path,
    policy: str,
    output: Path,
    report: Path | None,
    audit: str | None,
    format_: str | None,
    columns: tuple[str, ...],
    scores: bool,
    excel: bool,
    unmasked: bool,
    own_accounts: tuple[str, ...],
    jobs: int,
    resume: bool,
    model: str | None,
    quiet: bool,
) -> int:
    """Évalue un EXPORT de commentaires et écrit les décisions, consignées d'abord dans le registre."""
    from classifier.batch import Settings, score_export
    from classifier.batch.progress import Progress

    def say(line: str) -> None:
        if not quiet:
            click.echo(line, err=True)

    if audit is None:
        say(f"Registre des décisions : {output.parent / 'audit.db'} (option --audit pour un autre)")
    try:
        with Progress(sys.stderr, enabled=not quiet) as progress:
            outcome = score_export(
                export,
                policy=policy,
                output=output,
                report=report,
                audit=audit,
                model=model,
                format=format_,
                columns=parse_columns(columns),
                settings=Settings(scores, excel, unmasked, own_accounts),
                jobs=jobs,
                resume=resume,
                progress=progress.advance,
                opened=progress.start,
            )
    except KeyboardInterrupt:
        say("")
        say("Interrompu : la même commande avec --resume reprend où elle en était, si du travail était fait.")
        raise
    for line in outcome.lines():
        say(line)
    return outcome.exit_code

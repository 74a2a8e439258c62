"""`classifier inspect`: what a file is, how it would be read, and five of its rows."""

from __future__ import annotations

import shutil
from itertools import islice
from pathlib import Path

import click

from classifier.cli.score import parse_columns

__all__ = ["inspect"]

_ROWS_SHOWN = 5
#: Rows read to say how the file would be counted; a larger file is only sampled.
_ROWS_COUNTED = 100_000


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FICHIER")
@click.option("--format", "format_", metavar="NOM", help="Lit le fichier dans ce format.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="CHAMP=COLONNE",
    help="Colonne d'un tableau, par exemple text=Commentaire.",
)
@click.option("--unmasked", is_flag=True, help="Montre en clair les renseignements personnels des cinq lignes.")
def inspect(file: Path, format_: str | None, columns: tuple[str, ...], unmasked: bool) -> int:
    """Dit ce qu'est un FICHIER et comment il serait lu; n'évalue et n'écrit rien."""
    from classifier.errors import EXIT_QUARANTINE
    from classifier.exports import LeftOut, Row, open_export
    from classifier.exports.columns import FIELDS
    from classifier.exports.entries import KINDS
    from classifier.exports.wording import REPAIRS, WARNINGS
    from classifier.reports.cards import Masker

    export = open_export(file, format=format_, columns=parse_columns(columns))
    click.echo(f"Fichier   : {file}")
    click.echo(f"Format    : {export.title} [{export.format}]")
    click.echo(f"Contenant : {export.carrier}")
    if export.columns:
        click.echo("Colonnes lues :")
        for field, column in export.columns.items():
            click.echo(f"  {FIELDS[field]:<58} ← « {column} »  (--column {field}=…)")
        unused = [name for name in export.header if name not in export.columns.values()]
        if unused:
            click.echo(f"Colonnes non lues : {', '.join(f'« {name} »' for name in unused[:30])}")
    click.echo(
        "Accents mal décodés dans tout le fichier : " + ("oui, ils seront réparés" if export.mojibake else "non")
    )
    shown: list[Row] = []
    left_out: list[LeftOut] = []
    for entry in islice(export.entries(), _ROWS_COUNTED):
        if isinstance(entry, LeftOut):
            if len(left_out) < _ROWS_SHOWN and entry.quarantined:
                left_out.append(entry)
        elif len(shown) < _ROWS_SHOWN:
            shown.append(entry)
    tally = export.tally
    about = f" (les {_ROWS_COUNTED} premières)" if tally.read == _ROWS_COUNTED else ""
    click.echo(
        f"Lignes{about} : {tally.read} lues = {tally.comments} commentaires + {tally.quarantined} en quarantaine + "
        f"{sum(tally.not_comments.values())} qui ne sont pas des commentaires"
    )
    for kind, count in sorted(tally.not_comments.items()):
        click.echo(f"  {KINDS[kind]} : {count}")
    for name, count in sorted(tally.repairs.items()):
        click.echo(f"  réparés ({REPAIRS.get(name, name)}) : {count}")
    for name, count in sorted(tally.warnings.items()):
        click.echo(f"  à savoir ({WARNINGS.get(name, name)}) : {count}")
    for out in left_out:
        click.echo(f"  quarantaine, {f'ligne {out.line}' if out.line else f'élément {out.position}'} : {out.reason}")
    masker = Masker(enabled=not unmasked)
    width = max(40, shutil.get_terminal_size((100, 24)).columns)
    if shown:
        click.echo(f"Les {len(shown)} premiers commentaires :" if len(shown) > 1 else "Le premier commentaire :")
    for row in shown:
        comment = row.comment
        when = comment.created_at.strftime("%Y-%m-%d %H:%M") if comment.created_at else "sans date"
        place = f"ligne {row.line}" if row.line else f"élément {row.position}"
        reply = f", réponse (niveau {row.depth})" if row.depth else ""
        click.echo(
            f"  {place}, {when}{reply}, auteur {'présent' if comment.author else 'absent'}, id {comment.id or 'absent'}"
        )
        flat = " ".join(masker.mask(comment.text).split())
        click.echo("    " + (flat if len(flat) <= width - 4 else flat[: width - 5] + "…"))
    click.echo(
        f"Pour l'évaluer : classifier score {_quoted(file)} --policy POLITIQUE -o decisions.xlsx --report rapport.html"
    )
    return EXIT_QUARANTINE if tally.quarantined else 0


def _quoted(path: Path) -> str:
    """A path as it can be typed again, on Windows too."""
    text = str(path)
    return f'"{text}"' if " " in text else text

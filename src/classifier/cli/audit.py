"""`classifier audit`: verify, sign, explain, export, decide again, destroy."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from zoneinfo import ZoneInfo

import click

from classifier.errors import AuditError, InputError, UsageError

if TYPE_CHECKING:
    from tqdm import tqdm

    from classifier.audit.dossier import Contact
    from classifier.audit.log import AuditLog

_ZONE = ZoneInfo("America/Toronto")
_LOG = click.argument("url", metavar="REGISTRE")
_OUTPUT = click.option("-o", "--output", type=click.Path(path_type=Path), help="Fichier à écrire.", required=True)
_REVIEWER = click.option("--reviewer", default="", help="Personne ou fonction qui peut réviser la décision.")
_CONTACT = click.option("--contact", default="", help="Comment présenter des observations (adresse, téléphone).")


@click.group()
def audit() -> None:
    """Registre des décisions : vérifier, expliquer, exporter, détruire.

    REGISTRE est un fichier SQLite, ou une adresse « sqlite:///… » ou « postgresql+psycopg://… ».
    """


@audit.command()
@_LOG
@click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Point de contrôle gardé ailleurs : révèle une fin coupée ou un registre récrit. Peut être répété.",
)
@click.option(
    "--public-key", default="", help="Clé publique qui doit avoir signé les points de contrôle (hexadécimal)."
)
def verify(url: str, checkpoints: tuple[Path, ...], public_key: str) -> None:
    """Relit tout le REGISTRE et dit ce qui ne tient pas. Aucune clé n'est nécessaire."""
    from tqdm import tqdm

    from classifier.audit.checkpoints import read_checkpoint
    from classifier.audit.database import Database
    from classifier.audit.verification import verify as verify_log

    points = [read_checkpoint(path, public_key=public_key) for path in checkpoints]
    database = Database(url, create=False)
    try:
        with tqdm(unit=" enr.", unit_scale=True, desc="Vérification", disable=None, leave=False) as bar:
            report = verify_log(database, checkpoints=points, progress=lambda count: _advance(bar, count))
    finally:
        database.close()
    for finding in report.findings:
        click.echo(finding.message)
    if report.uncounted:
        click.echo(f"… et {report.uncounted} autres anomalies.")
    if report.findings:
        raise AuditError(
            f"Le registre « {database.name} » ne se vérifie pas ({len(report.findings) + report.uncounted} anomalies).",
            todo="Gardez une copie du fichier tel qu'il est, et comparez-le avec la dernière sauvegarde.",
        )
    click.echo(
        f"Registre intact : {report.records} enregistrements, {report.decisions} décisions, "
        f"{report.destroyed} textes détruits selon les règles."
    )
    click.echo(f"Dernière empreinte : {report.head_digest}")
    if not points:
        click.echo(
            "Sans point de contrôle, une fin coupée ne se voit pas : "
            "écrivez-en un avec « classifier audit checkpoint »."
        )


@audit.command()
@_LOG
@_OUTPUT
def checkpoint(url: str, output: Path) -> None:
    """Signe l'état du REGISTRE dans un fichier à garder ailleurs (autre serveur, coffre, courriel au greffe)."""
    from classifier.audit.checkpoints import load_signing_key, sign_checkpoint

    with _open(url) as log:
        beside = log.path.with_name(log.path.name + ".signature.key") if log.path is not None else None
        key = load_signing_key(beside, create=True)
        head = log.head()
        point = sign_checkpoint(log.genesis["log"], head.seq, head.digest, datetime.now(UTC), key)
    _write(output, point.to_json())
    click.echo(f"Point de contrôle : {point.seq} enregistrements. Clé publique : {point.public_key}")


@audit.command()
@_LOG
@click.argument("decision_id", metavar="DÉCISION")
@_OUTPUT
@_REVIEWER
@_CONTACT
def dossier(url: str, decision_id: str, output: Path, reviewer: str, contact: str) -> None:
    """Écrit le dossier d'une DÉCISION (article 65.2 de la Loi sur l'accès), en une page à imprimer."""
    from classifier.audit.dossier import write_dossier

    with _open(url) as log:
        page = write_dossier(log, decision_id, contact=_make_contact(reviewer, contact))
    _write(output, page)
    click.echo(f"Dossier écrit : {output}")


@audit.command()
@_LOG
@click.argument("author", metavar="AUTEUR")
@_OUTPUT
@_REVIEWER
@_CONTACT
def history(url: str, author: str, output: Path, reviewer: str, contact: str) -> None:
    """Écrit l'historique d'un AUTEUR : décisions, avertissements, échéances. AUTEUR est un pseudonyme ou un nom."""
    from classifier.audit.dossier import write_author_page

    with _open(url) as log:
        page, count = write_author_page(log, author, contact=_make_contact(reviewer, contact))
    if not count:
        raise InputError(
            "Le registre ne contient rien sur cet auteur.", todo="Vérifiez le nom tel que l'export le donne."
        )
    _write(output, page)
    click.echo(f"Historique écrit : {output} ({count} décisions)")


@audit.command()
@_LOG
@click.argument("author", metavar="AUTEUR")
@_OUTPUT
def export(url: str, author: str, output: Path) -> None:
    """Écrit en JSON tout ce que le REGISTRE détient sur un AUTEUR, pour répondre à une demande d'accès."""
    from classifier.audit.dossier import describe
    from classifier.audit.lookup import find_author

    with _open(url) as log:
        pseudonym, decisions = find_author(log, author)
    if not decisions:
        raise InputError(
            "Le registre ne contient rien sur cet auteur.", todo="Vérifiez le nom tel que l'export le donne."
        )
    said = {"pseudonyme": pseudonym, "produit_le": datetime.now(_ZONE).isoformat(), "decisions": describe(decisions)}
    _write(output, json.dumps(said, ensure_ascii=False, indent=2) + "\n")
    click.echo(f"Export écrit : {output} ({len(decisions)} décisions)")


@audit.command()
@_LOG
@click.argument("decision_ids", metavar="[DÉCISION]…", nargs=-1)
@click.option("--model", "model_path", type=click.Path(path_type=Path), help="Dossier du modèle qui a décidé.")
@click.option("--policy", "policy_path", default="", help="Politique qui a décidé, si le registre ne la contient pas.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=1000, show_default=True, help="Nombre de décisions refaites."
)
def replay(url: str, decision_ids: tuple[str, ...], model_path: Path | None, policy_path: str, limit: int) -> None:
    """Refait des décisions avec les versions qu'elles nomment et montre l'écart. N'écrit rien dans le REGISTRE."""
    from classifier.cli.replaying import replay_decisions

    with _open(url) as log:
        differing, lines = replay_decisions(log, decision_ids, model_path, policy_path, limit)
    for line in lines:
        click.echo(line)
    if differing:
        raise AuditError(f"{differing} décisions ne se refont pas à l'identique.", todo="Lisez les écarts ci-dessus.")


@audit.command()
@_LOG
@click.option(
    "--class", "classes", multiple=True, help="Classe de conservation : ordinary, moderated, urgent. Répétable."
)
@click.option("--before", default="", help="Détruit ce qui précède cette date (AAAA-MM-JJ, heure du Québec).")
@click.option("--by", default="", help="Fonction de la personne qui détruit.")
@click.option("--rule", default="", help="Règle du calendrier de conservation qui s'applique.")
@click.option("--yes", is_flag=True, help="Détruit. Sans cette option, compte seulement.")
@click.option(
    "--compact", is_flag=True, help="Récrit seulement les fichiers, après une destruction qu'un lecteur a gênée."
)
def purge(url: str, classes: tuple[str, ...], before: str, by: str, rule: str, yes: bool, compact: bool) -> None:
    """Détruit textes, pseudonymes et liens échus. La chaîne tient toujours, et garde la preuve de la destruction."""
    from classifier.audit import retention

    with _open(url) as log:
        if compact:
            retention.compact(log)
            click.echo("Fichiers récrits.")
            return
        limit = _parse_date(before)
        if not yes:
            counted = retention.count_purgeable(log, classes, limit)
            click.echo(
                f"{counted.destroyed} textes seraient détruits ; {counted.held} gardés, une révision étant en cours. "
                "Ajoutez --yes pour détruire."
            )
            return
        result = retention.purge(log, classes, limit, by=by, rule=rule)
    click.echo(f"{result.destroyed} textes détruits ; {result.held} gardés, une révision étant en cours.")
    for proof in result.proofs:
        click.echo(f"Preuve de destruction : {proof}")


def _advance(bar: tqdm[NoReturn], count: int) -> None:
    bar.update(count)


def _open(url: str) -> AuditLog:
    from classifier.audit.log import AuditLog

    return AuditLog.open(url, create=False)


def _make_contact(reviewer: str, observations: str) -> Contact:
    from classifier.audit.dossier import Contact

    return Contact(reviewer, observations)


def _parse_date(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=_ZONE)
    except ValueError:
        raise UsageError("La date limite n'est pas lisible.", "--before AAAA-MM-JJ.") from None


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"« {path} » ne peut pas être écrit ({error.strerror}).", todo="Vérifiez le dossier."
        ) from None

"""`classifier review`: a workbook out, a workbook in, what was done since, and the figures."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from classifier.errors import EXIT_QUARANTINE, UsageError

if TYPE_CHECKING:
    from classifier.audit.log import AuditLog

_ZONE = ZoneInfo("America/Toronto")
_LOG = click.argument("url", metavar="REGISTRE")
_DECISION = click.argument("decision_id", metavar="DÉCISION")
_BY = click.option("--by", required=True, help="Fonction ou initiales de la personne.")
_DATE = click.option("--date", "day", default="", help="Jour (AAAA-MM-JJ) ; aujourd'hui par défaut.")


@click.group()
def review() -> None:
    """Révision par des personnes : exporter et importer un classeur, consigner avis et demandes."""


@review.command("export")
@_LOG
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Classeur à écrire (.xlsx).")
@click.option("--all", "everything", is_flag=True, help="Toutes les décisions, et non seulement celles à revoir.")
def export_workbook(url: str, output: Path, everything: bool) -> None:
    """Écrit le classeur des décisions qu'une personne doit voir, les plus urgentes d'abord."""
    from classifier.audit.review import select_for_review
    from classifier.audit.review_sheet import write_workbook

    with _open(url) as log:
        count = write_workbook(output, select_for_review(log, everything=everything))
    click.echo(f"Classeur écrit : {output} ({count} décisions à revoir)")


@review.command("import")
@_LOG
@click.argument("workbook", metavar="CLASSEUR", type=click.Path(path_type=Path))
def import_workbook(url: str, workbook: Path) -> int:
    """Vérifie un CLASSEUR rempli et consigne les révisions. Les lignes fautives sont nommées ; rien n'est perdu."""
    from classifier.audit.review import import_reviews

    with _open(url) as log:
        result = import_reviews(log, workbook)
    for fault in result.faults:
        click.echo(f"Ligne {fault.line} : {fault.reason}.")
    click.echo(
        f"{result.recorded} révisions consignées, {result.already} déjà consignées, "
        f"{result.untouched} lignes non revues, {len(result.faults)} lignes à corriger."
    )
    if result.faults:
        click.echo(
            "Corrigez ces lignes dans le classeur, puis importez-le de nouveau : le reste ne sera pas compté deux fois."
        )
        return EXIT_QUARANTINE
    return 0


@review.command()
@_LOG
@_DECISION
@click.option("--action", required=True, help="Ce qui a été fait : warn, ban, explain, hide, delete…")
@click.option("--strike", "strikes", multiple=True, help="Échelle dans laquelle l'avertissement compte. Répétable.")
@click.option("--message", default="", help="Modèle du message envoyé.")
@_BY
@_DATE
def notice(url: str, decision_id: str, action: str, strikes: tuple[str, ...], message: str, by: str, day: str) -> None:
    """Consigne un avis envoyé ou une sanction appliquée à la suite d'une DÉCISION."""
    from classifier.audit.events import notice_draft
    from classifier.audit.lookup import find_decision
    from classifier.policy.vocabulary import ACTIONS

    if action not in ACTIONS:
        raise UsageError(f"L'action « {action} » n'est pas connue.", ", ".join(ACTIONS) + ".")
    with _open(url) as log:
        decision, _ = find_decision(log, decision_id)
        draft = notice_draft(decision.id, action, _parse_day(day), by=by, strikes=strikes, message=message)
        log.append_drafts([draft])
    click.echo(f"Avis consigné pour la décision {decision.id}.")


@review.command()
@_LOG
@_DECISION
@click.option(
    "--channel", required=True, help="Comment les observations sont arrivées (courriel, téléphone, comptoir…)."
)
@_BY
@_DATE
def appeal(url: str, decision_id: str, channel: str, by: str, day: str) -> None:
    """Consigne des observations ou une demande de révision reçues sur une DÉCISION."""
    from classifier.audit.events import appeal_draft
    from classifier.audit.lookup import find_decision

    with _open(url) as log:
        decision, _ = find_decision(log, decision_id)
        log.append_drafts([appeal_draft(decision.id, _parse_day(day), channel=channel, received_by=by)])
    click.echo(
        f"Demande consignée pour la décision {decision.id}. Elle figure au prochain « review export », "
        "et une autre personne doit la trancher."
    )


@review.command()
@_LOG
def figures(url: str) -> None:
    """Dit combien de décisions ont été revues, changées, prises sans personne, et l'accord par étiquette."""
    from classifier.audit.figures import read_figures
    from classifier.audit.wording import name_subject

    with _open(url) as log:
        found = read_figures(log)
    click.echo(f"Décisions consignées : {found.decisions}")
    click.echo(f"Revues par une personne : {found.reviewed}")
    click.echo(f"Changées à la révision : {found.changed} ({_percent(found.override_rate)})")
    click.echo(
        f"Prises sans intervention d'une personne : {found.without_person} ({_percent(found.share_without_person)})"
    )
    click.echo(f"Demandes de révision : {found.appeals}, dont {found.granted} ont fait changer la décision")
    if found.labels:
        click.echo("Accord par étiquette (les deux ; programme seul ; personne seule) :")
        for label, one in found.labels.items():
            click.echo(
                f"  {name_subject(label)} : {_percent(one.share)} ({one.both} ; {one.program_only} ; {one.person_only})"
            )


def _open(url: str) -> AuditLog:
    from classifier.audit.log import AuditLog

    return AuditLog.open(url, create=False)


def _parse_day(text: str) -> datetime:
    if not text:
        return datetime.now(UTC)
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(hour=12, tzinfo=_ZONE)
    except ValueError:
        raise UsageError("La date n'est pas lisible.", "--date AAAA-MM-JJ.") from None


def _percent(share: float) -> str:
    return f"{share * 100:.1f}".replace(".", ",") + "\u00a0%"

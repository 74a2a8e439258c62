"""`classifier audit`: verify, explain, export, destroy."""

from __future__ import annotations

import click

from classifier.errors import AuditError


@click.group()
def audit() -> None:
    """Registre des décisions : vérifier, expliquer, exporter, détruire."""


@audit.command()
@click.argument("url", metavar="REGISTRE")
def verify(url: str) -> None:
    """Relit tout le REGISTRE et dit ce qui ne tient pas."""
    from classifier.audit.database import Database
    from classifier.audit.verification import verify as verify_log

    database = Database(url, create=False)
    try:
        report = verify_log(database)
    finally:
        database.close()
    for finding in report.findings:
        click.echo(finding.message)
    if report.findings:
        raise AuditError(
            f"Le registre « {database.name} » ne se vérifie pas.", todo="Gardez une copie du fichier tel qu'il est."
        )
    click.echo(
        f"Registre intact : {report.records} enregistrements, {report.decisions} décisions. Empreinte : {report.head_digest}"
    )

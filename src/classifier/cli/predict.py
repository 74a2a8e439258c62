"""`classifier predict`: a few texts, on the spot; nothing is recorded."""

from __future__ import annotations

import json
import sys

import click

from classifier.comments import Comment, Decision, Prediction
from classifier.errors import InputError, UsageError
from classifier.taxonomy import taxonomy

__all__ = ["predict"]


@click.command(short_help="Évalue un ou quelques textes, sans rien consigner.")
@click.argument("texts", metavar="[TEXTE]...", nargs=-1)
@click.option("--post", default=None, metavar="TEXTE", help="Publication à laquelle les commentaires répondent.")
@click.option("--policy", default=None, metavar="ID|FICHIER", help="Simule aussi la décision d'une politique.")
@click.option("--model", default=None, metavar="DOSSIER", help="Modèle à utiliser; celui qui est livré par défaut.")
@click.option("--json", "as_json", is_flag=True, help="Écrit une ligne JSON par texte.")
def predict(texts: tuple[str, ...], post: str | None, policy: str | None, model: str | None, as_json: bool) -> None:
    """Évalue des textes : étiquettes, catégorie, alertes et passages en cause.

    Sans TEXTE, chaque ligne de l'entrée standard est un commentaire. Rien n'est consigné au registre : avec --policy,
    la décision affichée est une simulation.
    """
    lines = list(texts) or _read_lines()
    if not any(line.strip() for line in lines):
        raise UsageError("Aucun texte à évaluer.", "un texte en argument ou sur l'entrée standard.")
    comments = [Comment(text=line, post=post) for line in lines if line.strip()]
    if policy is None:
        from classifier.predictor import Predictor

        predictions = Predictor.load(model).predict(comments)
        decisions: list[Decision] | None = None
    else:
        from classifier.moderator import Moderator

        decisions = Moderator.open(policy=policy, audit=None, model=model).decide(comments)
        predictions = [decision.prediction for decision in decisions]
    for at, (comment, prediction) in enumerate(zip(comments, predictions)):
        decision = decisions[at] if decisions is not None else None
        if as_json:
            value = decision.to_dict() if decision is not None else prediction.to_dict()
            click.echo(json.dumps(value, ensure_ascii=False))
        else:
            _show(comment, prediction, decision)


def _read_lines() -> list[str]:
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InputError("L'entrée standard n'est pas en UTF-8.", "du texte en UTF-8.") from error


def _show(comment: Comment, prediction: Prediction, decision: Decision | None) -> None:
    names = taxonomy().names
    click.echo(comment.text)
    for title, labels in (("Nétiquette", prediction.netiquette), ("Politique", prediction.political)):
        shown = ", ".join(f"{names[x]} ({prediction.scores[x]:.0%})".replace("%", " %") for x in labels)
        click.echo(f"  {title} : {shown or 'rien'}")
    category = prediction.category
    click.echo(f"  Catégorie : {names[category]} ({prediction.scores[category]:.0%})".replace("%)", " %)"))
    if prediction.alerts:
        click.echo(f"  Alertes : {', '.join(names[x] for x in prediction.alerts)}")
    if prediction.signals:
        shown = ", ".join(f"{names[s.id]} ({s.detail})" if s.detail else names[s.id] for s in prediction.signals)
        click.echo(f"  Signaux : {shown}")
    for item in prediction.evidence:
        click.echo(f"  « {comment.text[item.start : item.end]} » → {names[item.label]}")
    if decision is not None:
        from classifier.policy.names import action_name, urgency_name

        click.echo(f"  Décision simulée : {', '.join(action_name(a.id) for a in decision.actions)}")
        click.echo(f"  Urgence : {urgency_name(decision.urgency)}")
        for reason in decision.reasons:
            click.echo(f"  Motif : {names.get(reason.subject, reason.subject)}, {reason.clause or 'règle du projet'}")

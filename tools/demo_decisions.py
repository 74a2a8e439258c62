"""Comments and decisions made up for demonstrations, benchmarks and tests: no model, no policy file, the real
shapes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from classifier.audit import decision_id
from classifier.audit.log import AuditLog
from classifier.comments import (
    Action,
    Comment,
    Deadline,
    Decision,
    Evidence,
    ModelReference,
    Part,
    PolicyReference,
    Prediction,
    Reason,
)
from classifier.taxonomy import taxonomy

#: Organisation and platform of every made-up comment.
ORGANISATION, PLATFORM = "ville-inventee", "facebook"

_MODEL = ModelReference("modele-de-demonstration", "1.0.0", "a1" * 32)
_POLICY = PolicyReference(ORGANISATION, "1", "b2" * 32)
_THRESHOLDS = {label: 0.35 + place / 100 for place, label in enumerate(taxonomy().labels)}
_OPENINGS = (
    "Merci à l'équipe de la voirie pour",
    "Quand est-ce que vous allez vous occuper de",
    "C'est franchement décevant, ce qui se passe avec",
    "Quelqu'un peut m'expliquer la décision sur",
    "Ça fait trois fois que j'appelle au sujet de",
)
_MATTERS = (
    "la collecte du compost dans notre secteur",
    "la rue derrière l'école, le trottoir est défoncé depuis l'automne",
    "l'heure de fermeture du parc, mes enfants demandent pourquoi",
    "la piste cyclable le long de la rivière",
    "le compte de taxes qui monte encore cette année",
)
_INSULT = "Maudite gang de clowns, personne fait sa job à la ville, c'est honteux"


def make_items(log: AuditLog, start: int, count: int, *, seed: int = 0) -> Iterator[tuple[Comment, Decision]]:
    """Comments `start` to ``start + count - 1`` of the made-up export number `seed`, decided: the same ones each
    time.
    """
    for number in range(start, start + count):
        yield make_item(log, number, seed=seed)


def make_item(log: AuditLog, number: int, *, seed: int = 0, text: str | None = None) -> tuple[Comment, Decision]:
    """One comment and its decision; one in five breaks the netiquette."""
    draw = random.Random(seed * 1_000_003 + number)  # noqa: S311
    offends = number % 5 == 4
    if text is None:
        text = _INSULT if offends else f"{draw.choice(_OPENINGS)} {draw.choice(_MATTERS)} (nº {number})"
    comment = Comment(
        text=text,
        id=f"{seed}_{1_000_000_000_000 + number}",
        post=f"Travaux de la semaine {number // 200 + 1} : voyez le calendrier complet sur notre site.",
        author=f"Personne inventée {draw.randrange(5000)}",
        created_at=datetime(2026, 3, 1, 9, tzinfo=UTC) + timedelta(minutes=number),
        url=f"https://exemple.test/p/{seed}/{number}",
        platform=PLATFORM,
    )
    prediction = _predict(text, draw, offends=offends)
    return comment, _decide(log, comment, prediction, number, offends=offends)


def _predict(text: str, draw: random.Random, *, offends: bool) -> Prediction:
    labels = taxonomy()
    scores = {label: min(0.3, draw.random() ** 6) for label in labels.labels}
    category = "negative" if offends else draw.choice(("question", "positive", "service_request", "negative"))
    scores[category] = 0.5 + draw.random() / 2
    netiquette = ("insult",) if offends else ()
    if offends:
        scores["insult"] = 0.8 + draw.random() / 5
    evidence = [Evidence(0, 12, category, round(draw.random(), 3))]
    if offends:
        evidence = [Evidence(13, 19, "insult", 0.61), Evidence(0, 7, "insult", 0.22), *evidence]
    return Prediction(
        netiquette=netiquette,
        political=(),
        category=category,
        scores=scores,
        any_violation=scores["insult"],
        alerts=(),
        uncertain=(),
        parts=(Part(0, len(text), netiquette, (), category),),
        signals=(),
        evidence=tuple(evidence),
        missing=(),
        thresholds=_THRESHOLDS,
        model=_MODEL,
    )


def _decide(log: AuditLog, comment: Comment, prediction: Prediction, position: int, *, offends: bool) -> Decision:
    assert comment.created_at is not None
    identifier = decision_id(
        ORGANISATION, PLATFORM, comment.id, log.commitment(comment.text), position, _MODEL.sha256, _POLICY.sha256
    )
    if offends:
        actions = (
            Action("hide", {"until": (comment.created_at + timedelta(days=2)).isoformat()}),
            Action("warn", {"message": "first_warning", "strike": "netiquette"}),
        )
        reasons = (
            Reason("insult", "interdit-injure", "annexe 7", "named", prediction.scores["insult"], 0.5, "policy"),
        )
        deadlines: tuple[Deadline, ...] = ()
    else:
        actions = (Action("publish", {}, True),)
        reasons = (
            Reason(prediction.category, "suite", "8.2", "named", prediction.scores[prediction.category], 0.4, "bundle"),
        )
        deadlines = (Deadline("answer", comment.created_at + timedelta(days=2), "8.1", "qc-2026.1"),)
    return Decision(
        decision_id=identifier,
        comment_id=comment.id,
        prediction=prediction,
        policy=_POLICY,
        actions=actions,
        reasons=reasons,
        deadlines=deadlines,
        urgency="normal",
        needs_human=offends,
        human_reasons=("not_autonomous",) if offends else (),
        desk="communications",
    )

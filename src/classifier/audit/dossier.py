"""Pages for the person concerned and for whoever must answer: one decision (section 65.2), one author's history.

One HTML file each, without script or outside resource, made to be printed. Nothing that is not in the log is in the
page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jinja2
import yaml
from markupsafe import Markup, escape

from classifier.taxonomy import taxonomy

from . import wording
from .canonical import from_microseconds
from .events import AUTOMATIC
from .log import AuditLog
from .lookup import Event, KeptText, RecordedDecision, find_author, find_decision
from .privacy import MASK, NAMES_OF_KINDS, redact

__all__ = ["Contact", "write_author_page", "write_dossier"]

#: How many scores and passages a page shows.
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Contact:
    """Who may review, and how to present observations: the organisation says it."""

    reviewer: str = ""
    observations: str = ""


def write_dossier(
    log: AuditLog, decision_id: str, *, contact: Contact | None = None, now: datetime | None = None
) -> str:
    """The dossier of a decision, as one HTML page in French.

    Raises
    ------
    InputError
        If the log has no such decision.
    """
    decision, source = find_decision(log, decision_id)
    policy = yaml.safe_load(source) if source else {}
    contact = contact or Contact()
    return _page(
        "dossier.html.j2",
        title=f"Décision {decision.id}",
        d=decision,
        now=now or datetime.now(UTC),
        organisation=_organisation(policy, decision),
        document=(policy.get("document") or {}).get("title") or f"Politique « {decision.said['policy']['id']} »",
        clauses={str(key): (value or {}).get("says", "") for key, value in (policy.get("clauses") or {}).items()},
        automation=_automation(decision),
        marked=_mark(decision),
        legend=bool(decision.said["evidence"]),
        hidden=_say_hidden(decision.kept),
        factors=_factors(decision.said),
        evidence=_evidence(decision),
        reviewer=contact.reviewer,
        contact=contact.observations,
    )


def write_author_page(
    log: AuditLog, author: str, *, contact: Contact | None = None, now: datetime | None = None
) -> tuple[str, int]:
    """The full history of an author, as one HTML page in French; third parties stay masked.

    Returns
    -------
    str
        The page.
    int
        How many decisions it shows; 0 if the log holds nothing.
    """
    pseudonym, decisions = find_author(log, author)
    contact = contact or Contact()
    shown = [_mask_third_parties(decision) for decision in decisions]
    policy = _policy_of(log, decisions[-1]) if decisions else {}
    sanctions = [
        (decision, event, _term(event, policy))
        for decision in decisions
        for event in decision.events
        if event.kind in ("notice", "appeal", "appeal_decision")
    ]
    page = _page(
        "author.html.j2",
        title=f"Historique {pseudonym}",
        pseudonym=pseudonym,
        decisions=shown,
        sanctions=sanctions,
        first=decisions[0].kept if decisions else None,
        last=decisions[-1].kept if decisions else None,
        organisation=_organisation(policy, decisions[-1]) if decisions else "",
        now=now or datetime.now(UTC),
        reviewer=contact.reviewer,
        contact=contact.observations,
        automation=_automation,
    )
    return page, len(decisions)


def _page(template: str, **values: Any) -> str:
    return _templates().get_template(template).render(**values)


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("classifier.audit", "templates"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(
        time=wording.say_time,
        date=wording.say_date,
        action=wording.say_action,
        event=wording.say_event,
        human=wording.name_human_reason,
        subject=wording.name_subject,
        coverage=wording.name_coverage,
        urgency=wording.name_urgency,
        percent=_percent,
        share=_share,
    )
    return environment


def _percent(score: float | None) -> str:
    """A probability as a French percentage; a dash if there is none."""
    return "—" if score is None else f"{score * 100:.1f}".replace(".", ",") + "\u00a0%"


def _share(weight: float) -> str:
    return f"{weight * 100:.0f}\u00a0%"


def _organisation(policy: dict[str, Any], decision: RecordedDecision) -> str:
    named = (policy.get("organization") or {}).get("name")
    return str(named or decision.said["organisation"])


def _policy_of(log: AuditLog, decision: RecordedDecision) -> dict[str, Any]:
    """The policy that made a decision, as the log keeps it; empty if the run did not give it."""
    _, source = find_decision(log, decision.id)
    return yaml.safe_load(source) if source else {}


def _term(event: Event, policy: dict[str, Any]) -> str:
    """Until when a warning or a ban counts, as the policy says."""
    if event.kind != "notice":
        return ""
    terms = (policy.get("sanctions") or {}).get("ban") or {}
    key = (
        "length_days" if event.body["action"] == "ban" else "warning_expires_days" if event.body.get("strikes") else ""
    )
    if not key:
        return ""
    days = terms.get(key)
    if not isinstance(days, int):
        return "non fixée par l'organisme"
    return wording.say_date(from_microseconds(event.body["given_us"]) + timedelta(days=days))


def _automation(decision: RecordedDecision) -> str:
    """Whether a person took part: what section 65.2 turns on."""
    people = [
        event
        for event in decision.events
        if event.kind in ("review", "appeal_decision") and event.body.get("by") != AUTOMATIC
    ]
    if people:
        body = people[-1].body
        seen = int(body["seen_us"] if "seen_us" in body else body["decided_us"])
        return f"Une personne a examiné cette décision (le {wording.say_date(from_microseconds(seen))})."
    alone = [action for action in decision.said["actions"] if action["autonomous"]]
    if alone and not decision.said["needs_human"]:
        return "Cette décision est fondée exclusivement sur un traitement automatisé."
    return "Le programme a recommandé ; la décision revient à une personne, dont l'examen n'est pas encore consigné."


def _factors(said: dict[str, Any]) -> list[dict[str, Any]]:
    fired = {*said["netiquette"], *said["political"], said["category"]}
    overridden = {
        reason["subject"]: reason["threshold"] for reason in said["reasons"] if reason["threshold"] is not None
    }
    categories = set(taxonomy().category)
    ranked = sorted(said["scores"].items(), key=lambda one: (one[0] not in fired, -one[1]))[:_SHOWN]
    return [
        {
            "name": wording.name_subject(label),
            "score": score,
            "width": round(score * 100),
            # Of the categories the likeliest is taken: no threshold decides.
            "threshold": None if label in categories else overridden.get(label, said["thresholds"].get(label)),
            "kept": _say_fired(label, fired, said),
        }
        for label, score in ranked
    ]


def _say_fired(label: str, fired: set[str], said: dict[str, Any]) -> str:
    if label == said["category"]:
        return "oui (la plus probable)"
    if label in fired:
        return "oui"
    return "à la limite" if label in said["uncertain"] else "non"


def _evidence(decision: RecordedDecision) -> list[dict[str, Any]]:
    kept = decision.kept
    if kept is None:
        return []
    evidence = [one for one in decision.said["evidence"] if one["weight"] > 0]
    totals: dict[str, float] = {}
    for one in evidence:
        totals[one["label"]] = totals.get(one["label"], 0.0) + one["weight"]
    # Shares of what the passages shown weigh together, label by label: weights themselves are in logits, which say
    # little.
    shares = [{**one, "share": one["weight"] / totals[one["label"]]} for one in evidence]
    ranked = sorted(shares, key=lambda one: (-totals[one["label"]], -one["share"]))[:_SHOWN]
    return [{**one, "words": kept.text[one["start"] : one["end"]]} for one in ranked]


def _mark(decision: RecordedDecision) -> Markup:
    """The comment, with the passages that weighed marked."""
    kept = decision.kept
    if kept is None:
        return Markup("")
    fired = {*decision.said["netiquette"], *decision.said["political"], decision.said["category"]}
    spans = [
        (one["start"], one["end"]) for one in decision.said["evidence"] if one["label"] in fired and one["weight"] > 0
    ]
    spans += [tuple(span) for signal in decision.said["signals"] for span in signal["spans"]]
    pieces, end_before = [], 0
    for start, end in sorted(spans):
        start = max(start, end_before)
        if end > start:
            pieces += [escape(kept.text[end_before:start]), Markup("<mark>{}</mark>").format(kept.text[start:end])]
            end_before = end
    return Markup("").join([*pieces, escape(kept.text[end_before:])])


def _say_hidden(kept: KeptText | None) -> str:
    if kept is None:
        return ""
    return ", ".join(sorted({NAMES_OF_KINDS.get(kind, kind) for _, _, kind in kept.hidden}))


def _mask_third_parties(decision: RecordedDecision) -> dict[str, Any]:
    """A decision of an author's history; a text that was kept whole is shown without the people that it names."""
    kept = decision.kept
    text = (
        redact(kept.text)[0] if kept is not None and kept.form == "encrypted" else kept.text if kept is not None else ""
    )
    return {"d": decision, "text": text, "masked": MASK in text}


def describe(decisions: Sequence[RecordedDecision]) -> list[dict[str, Any]]:
    """Decisions as plain values, for the export that answers an access request."""
    described = []
    for decision in decisions:
        kept = decision.kept
        described.append(
            {
                "numero": decision.id,
                "date_decision": decision.at.isoformat(),
                "date_commentaire": kept.moment.isoformat() if kept is not None else None,
                "plateforme": decision.said["platform"],
                "lien": kept.details.get("url") if kept is not None else None,
                "publication": kept.publication if kept is not None else None,
                "commentaire": _mask_third_parties(decision)["text"] if kept is not None else None,
                "actions": [wording.say_action(action) for action in decision.said["actions"]],
                "motifs": [
                    {
                        "motif": wording.name_subject(reason["subject"]),
                        "section": reason["clause"],
                        "probabilite": reason["score"],
                        "seuil": reason["threshold"],
                    }
                    for reason in decision.said["reasons"]
                ],
                "categorie": wording.name_subject(decision.said["category"]),
                "intervention_humaine": _automation(decision),
                "politique": decision.said["policy"],
                "modele": decision.said["model"],
                "suites": [wording.say_event(event) for event in decision.events],
            }
        )
    return described

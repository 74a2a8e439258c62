"""What comes after a decision, as records of their own that name it: notices given, reviews, appeals and their outcome.

Nothing here ever changes a decision. A strike is a notice that was *given*: by a person, or by the organisation's
choice to let
an action run alone. An appeal that is granted cancels it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from classifier.comments import Decision
from classifier.errors import AuditError
from classifier.policy.sanctions import History, Strike
from classifier.policy.vocabulary import SANCTIONS

from . import schema
from .apart import Apart
from .canonical import canonical_json, from_microseconds, to_microseconds
from .records import StoredObject

__all__ = [
    "APPEAL_OUTCOMES",
    "AUTOMATIC",
    "Draft",
    "appeal_draft",
    "appeal_decision_draft",
    "automatic_notices",
    "notice_draft",
    "read_history",
]

#: Who gives a notice where no person does.
AUTOMATIC = "automatique"

#: Outcome of an appeal → French name.
APPEAL_OUTCOMES = {"upheld": "décision maintenue", "granted": "décision annulée", "changed": "décision modifiée"}

_PER_QUERY = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """A record that waits for its place in the chain.

    Attributes
    ----------
    kind, id, about : str
        What it is; its identifier, once in a log; the record that it speaks of.
    body : dict
        What it says; its place ``n`` is added under the lock.
    apart : Apart, optional
        What stands apart and can be destroyed.
    objects : tuple of StoredObject
        Records that must come before it; ``names[i]`` is the key of `body` that will hold the place of ``objects[i]``.
    names : tuple of str
        Keys for `objects`; an empty name adds none.
    """

    kind: str
    id: str
    body: dict[str, Any]
    about: str | None = None
    apart: Apart | None = None
    objects: tuple[StoredObject, ...] = ()
    names: tuple[str, ...] = ()


def event_draft(kind: str, decision_id: str, body: dict[str, Any]) -> Draft:
    """A record about a decision; saying the same thing twice gives the same id, and so adds nothing."""
    said = f"{kind}\n{decision_id}\n{canonical_json(body)}"
    return Draft(kind, hashlib.sha256(said.encode()).hexdigest()[:32], body, decision_id)


def notice_draft(
    decision_id: str, action: str, given_at: datetime, *, by: str, strikes: Sequence[str] = (), message: str = ""
) -> Draft:
    """A notice sent to an author, or a sanction applied.

    Parameters
    ----------
    action : str
        What was done (an action of the policy: ``"warn"``, ``"ban"``, ``"explain"``…).
    given_at : datetime
        Aware time at which it was given.
    by : str
        Function or initials of the person; `AUTOMATIC` if none.
    strikes : sequence of str
        Ladders for which it counts.
    message : str
        Id of the message template.
    """
    body: dict[str, Any] = {"action": action, "by": by, "given_us": to_microseconds(given_at)}
    if strikes:
        body["strikes"] = list(strikes)
    if message:
        body["message"] = message
    return event_draft("notice", decision_id, body)


def automatic_notices(decision: Decision, now: datetime) -> list[Draft]:
    """Sanctions that the organisation lets run alone are given by the decision itself."""
    drafts = []
    for action in decision.actions:
        strikes = [ladder for ladder in action.parameters.get("strike", "").split("|") if ladder]
        if action.autonomous and not decision.needs_human and (strikes or action.id in SANCTIONS):
            message = action.parameters.get("message", "")
            draft = notice_draft(decision.decision_id, action.id, now, by=AUTOMATIC, strikes=strikes, message=message)
            # Its id rests on the decision alone: recording the decision again, later, adds no second strike.
            fixed = hashlib.sha256(f"{decision.decision_id}\n{action.id}\nautomatic".encode()).hexdigest()[:32]
            drafts.append(Draft("notice", fixed, draft.body, decision.decision_id))
    return drafts


def appeal_draft(decision_id: str, received_at: datetime, *, channel: str, received_by: str) -> Draft:
    """Observations or a request for review that an author presented (the observations themselves stay in the file)."""
    body = {"by": received_by, "channel": channel, "received_us": to_microseconds(received_at)}
    return event_draft("appeal", decision_id, body)


def appeal_decision_draft(
    appeal: Draft | str, decision_id: str, decided_at: datetime, *, outcome: str, by: str, why: str
) -> Draft:
    """What was decided on an appeal.

    Raises
    ------
    AuditError
        If `outcome` is not one of `APPEAL_OUTCOMES`, or nothing says why.
    """
    if outcome not in APPEAL_OUTCOMES:
        raise AuditError(f"L'issue « {outcome} » n'est pas connue.", " ou ".join(APPEAL_OUTCOMES) + ".")
    if not why.strip():
        raise AuditError("Une décision sur demande de révision doit être motivée.")
    body = {
        "appeal": appeal if isinstance(appeal, str) else appeal.id,
        "by": by,
        "decided_us": to_microseconds(decided_at),
        "outcome": outcome,
        "why": why.strip(),
    }
    return event_draft("appeal_decision", decision_id, body)


def read_history(connection: Connection, pseudonyms: Sequence[str], before: datetime) -> dict[str, History]:
    """See `AuditLog.history`."""
    limit_us = to_microseconds(before)
    apart, records = schema.apart, schema.records
    decided = records.alias("decided")
    strikes: dict[str, dict[tuple[str, str], Strike]] = {}
    bans: dict[str, dict[str, datetime]] = {}
    for start in range(0, len(pseudonyms), _PER_QUERY):
        rows = connection.execute(
            select(apart.c.author, decided.c.id, records.c.body)
            .join(decided, decided.c.seq == apart.c.seq)
            .join(records, records.c.about == decided.c.id)
            .where(apart.c.author.in_(pseudonyms[start : start + _PER_QUERY]), records.c.kind == "notice")
            .order_by(records.c.seq)
        ).all()
        cancelled = cancelled_decisions(connection, sorted({row.id for row in rows}))
        for row in rows:
            notice = json.loads(row.body)
            if notice["given_us"] >= limit_us or row.id in cancelled:
                continue
            given_at = from_microseconds(notice["given_us"])
            for ladder in notice.get("strikes", ()):
                # One strike a ladder and decision: a notice that a person confirms later is not a second one.
                strikes.setdefault(row.author, {}).setdefault((row.id, ladder), Strike(ladder, given_at))
            if notice["action"] == "ban":
                bans.setdefault(row.author, {}).setdefault(row.id, given_at)
    return {
        author: History(tuple(strikes.get(author, {}).values()), tuple(bans.get(author, {}).values()))
        for author in dict.fromkeys([*strikes, *bans])
    }


def cancelled_decisions(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Decisions among `ids` whose last appeal was granted."""
    records = schema.records
    outcomes: dict[str, str] = {}
    for start in range(0, len(ids), _PER_QUERY):
        rows = connection.execute(
            select(records.c.about, records.c.body)
            .where(records.c.about.in_(ids[start : start + _PER_QUERY]), records.c.kind == "appeal_decision")
            .order_by(records.c.seq)
        )
        outcomes.update({row.about: json.loads(row.body)["outcome"] for row in rows})
    return {decision_id for decision_id, outcome in outcomes.items() if outcome == "granted"}

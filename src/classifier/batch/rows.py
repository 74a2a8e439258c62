"""One row per comment, as plain values: what the table, the workbook and the page are written from.

The row is kept on disk while a batch runs (one JSON line each), so that memory is bounded and a run can be resumed.
"""

from __future__ import annotations

from typing import Any

from classifier.comments import Decision, Signal
from classifier.exports import Row

__all__ = ["BatchRow", "make_row"]

#: A row as plain JSON values; keys are the stable English ids of the design, and some more for the page.
BatchRow = dict[str, Any]


def make_row(row: Row, decision: Decision, author: str, *, scores: bool) -> BatchRow:
    """Plain values of one decided comment.

    Parameters
    ----------
    row : Row
        The comment and its place in the export.
    decision : Decision
        What the policy prescribes, thread signals included in its prediction.
    author : str
        Pseudonym; empty if the export names no author.
    scores : bool
        Whether to keep every label's score.

    Returns
    -------
    dict
        JSON values only.
    """
    comment, prediction = row.comment, decision.prediction
    plain: BatchRow = {
        "position": row.position,
        "line": row.line,
        "id": comment.id or "",
        "text": comment.text,
        "post": comment.post or "",
        "parent": comment.parent or "",
        "depth": row.depth,
        "netiquette": list(prediction.netiquette),
        "political": list(prediction.political),
        "category": prediction.category,
        "urgency": decision.urgency,
        "alerts": list(prediction.alerts),
        "alert_score": round(max((prediction.scores[label] for label in prediction.alerts), default=0.0), 6),
        "uncertain": list(prediction.uncertain),
        "any_violation": round(prediction.any_violation, 6),
        "signals": [_signal(signal) for signal in prediction.signals],
        "missing": list(prediction.missing),
        "evidence": [[span.start, span.end, span.label, round(span.weight, 4)] for span in prediction.evidence],
        "actions": [[action.id, dict(action.parameters), action.autonomous] for action in decision.actions],
        "reasons": [[r.subject, r.rule, r.clause, r.coverage, r.score, r.threshold] for r in decision.reasons],
        "deadlines": [[d.id, d.due.isoformat(), d.clause, d.overdue, d.start_assumed] for d in decision.deadlines],
        "needs_human": decision.needs_human,
        "human_reasons": list(decision.human_reasons),
        "desk": decision.desk,
        "election_window": decision.election_window,
        "link": comment.url or "",
        "author": author,
        "published_at": comment.created_at.isoformat() if comment.created_at else "",
        "assumed": list(comment.assumed),
        "platform": comment.platform or "",
        "decision_id": decision.decision_id,
        "former_id": decision.former_id,
        "model": f"{prediction.model.name} {prediction.model.version}",
        "policy": f"{decision.policy.id} {decision.policy.version}",
    }
    if scores:
        plain["scores"] = {label: float(score) for label, score in prediction.scores.items()}
    return plain


def _signal(signal: Signal) -> list[Any]:
    return [signal.id, signal.detail, [list(span) for span in signal.spans], list(signal.related)]

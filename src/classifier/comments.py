"""The frozen things that travel: `Comment` in, `Prediction` from the model, `Decision` from the policy.

All offsets are Unicode code points of the original text (what Python's ``text[start:end]`` cuts), whatever
normalisation the features applied. `to_dict` gives plain JSON values; `SCHEMA_VERSION` changes when a key does.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Mapping

__all__ = [
    "SCHEMA_VERSION",
    "Action",
    "Comment",
    "Deadline",
    "Decision",
    "Evidence",
    "ModelReference",
    "Part",
    "PolicyReference",
    "Prediction",
    "Reason",
    "Signal",
]

#: Version of the dictionaries that `to_dict` gives (JSON Schemas in `schemas/`).
SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Comment:
    """One public comment, as the platform gave it.

    Parameters
    ----------
    text : str
        The comment, verbatim.
    id : str, optional
        The platform's identifier, as a string (ids exceed 2**53).
    post : str, optional
        Text of the publication that it answers.
    author : str, optional
        Opaque identifier or name of the author. Leaves the process only as a keyed pseudonym.
    created_at : datetime, optional
        Aware time of publication. Deadlines run from it.
    parent : str, optional
        Id of the comment that it answers.
    url, platform : str, optional
        Permanent link and platform name.
    tagged : tuple of str
        Accounts mentioned by the platform's own tags.
    kind : str
        ``"comment"`` or ``"private_message"``: some delays apply to one only.
    author_role : str, optional
        ``"candidate"``, ``"elected"`` or ``"employee"`` where the organisation knows it; never read from the text.
    assumed : tuple of str
        What the reader of the export had to assume, for instance ``("timezone",)``.

    Examples
    --------
    >>> Comment(text="Merci!").created_at is None
    True
    """

    text: str
    id: str | None = None
    post: str | None = None
    author: str | None = None
    created_at: datetime | None = None
    parent: str | None = None
    url: str | None = None
    platform: str | None = None
    tagged: tuple[str, ...] = ()
    kind: str = "comment"
    author_role: str | None = None
    assumed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise TypeError(f"Comment.text must be a str, got {type(self.text).__name__}")
        if self.created_at is not None and self.created_at.tzinfo is None:
            raise ValueError("Comment.created_at must be an aware datetime: give it a time zone")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of the original text that made a score.

    Attributes
    ----------
    start, end : int
        Code points of the original text.
    label : str
        The label or signal that it speaks for.
    weight : float
        Its share of the label's logit (for a learned label), or 1.0 (for a rule).
    """

    start: int
    end: int
    label: str
    weight: float


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence of the comment, with the labels that it carries alone."""

    start: int
    end: int
    netiquette: tuple[str, ...]
    political: tuple[str, ...]
    category: str


@dataclass(frozen=True, slots=True)
class Signal:
    """A computed signal that fired.

    Attributes
    ----------
    id : str
        One of `Taxonomy.signals`.
    detail : str
        What was found, in a word or two that never quote the comment (``"téléphone"``, ``"anglais"``).
    spans : tuple of (int, int)
        Where, in code points of the original text; empty when the whole comment is meant.
    related : tuple of str
        For thread signals, ids of the comments that make it (the first of a repetition, say).
    """

    id: str
    detail: str = ""
    spans: tuple[tuple[int, int], ...] = ()
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelReference:
    """Name, version and SHA-256 of the bundle that scored."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class PolicyReference:
    """Id, version and SHA-256 of the policy file that decided."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Prediction:
    """What one comment is, according to the model and the computed signals.

    Attributes
    ----------
    netiquette, political : tuple of str
        Labels at or above their thresholds.
    category : str
        The label of highest score.
    scores : mapping of str to float
        Every label of the three tasks → calibrated probability in [0, 1].
    any_violation : float
        Calibrated probability that the netiquette is broken.
    alerts : tuple of str
        Alert labels at or above their own recall thresholds.
    uncertain : tuple of str
        Labels whose score lies in their review band.
    parts : tuple of Part
        Sentences, in order; a comment without text has none.
    signals : tuple of Signal
        Computed signals that fired.
    evidence : tuple of Evidence
        Spans that made the labels that fired, strongest first within a label.
    missing : tuple of str
        Labels and signals that could not be judged, for instance ``"off_topic"`` without a publication.
    thresholds : mapping of str to float
        The bundle's thresholds that decided `netiquette` and `political`.
    model : ModelReference
        The bundle.
    """

    netiquette: tuple[str, ...]
    political: tuple[str, ...]
    category: str
    scores: Mapping[str, float]
    any_violation: float
    alerts: tuple[str, ...]
    uncertain: tuple[str, ...]
    parts: tuple[Part, ...]
    signals: tuple[Signal, ...]
    evidence: tuple[Evidence, ...]
    missing: tuple[str, ...]
    thresholds: Mapping[str, float]
    model: ModelReference

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, with `SCHEMA_VERSION` under ``"schema"``."""
        return {
            "schema": SCHEMA_VERSION,
            **asdict(self),
            "scores": dict(self.scores),
            "thresholds": dict(self.thresholds),
        }


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that the policy prescribes, in order of application.

    Attributes
    ----------
    id : str
        An action of `policy.schema.ACTIONS` (``"publish"``, ``"hide"``, ``"delete"``, ``"review"``, ``"warn"``, ...).
    parameters : mapping of str to str
        Who is told, which message template, until when.
    autonomous : bool
        Whether the organisation lets it run without a person.
    """

    id: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    autonomous: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: the label or signal, the rule and the clause that it rests on.

    Attributes
    ----------
    subject : str
        Label or signal id, or the name of a rule of the project.
    rule : str
        Id of the rule in the policy file.
    clause : str
        Section of the document, for instance ``"annexe 7"``; empty for a rule of the project.
    coverage : str
        ``"named"``, ``"as"`` (covered by our reading), ``"by law"`` or ``"project"`` (the document is silent).
    score, threshold : float, optional
        Score and the threshold that it met; None for signals.
    threshold_source : str
        ``"bundle"`` or ``"policy"``.
    """

    subject: str
    rule: str
    clause: str
    coverage: str
    score: float | None = None
    threshold: float | None = None
    threshold_source: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A delay that the policy sets, with the time at which it ends.

    Attributes
    ----------
    id : str
        Id of the delay in the policy file.
    due : datetime
        Aware end of the delay.
    clause : str
        Section that sets it.
    calendar : str
        Version of the calendar used (holidays, hours, closures).
    overdue : bool
        Whether it had ended when the decision was made.
    start_assumed : bool
        Whether it runs from the time of scoring for want of the comment's own.
    """

    id: str
    due: datetime
    clause: str
    calendar: str
    overdue: bool = False
    start_assumed: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What the organisation's own policy prescribes for one comment: a recommendation, recorded.

    Attributes
    ----------
    decision_id : str
        Hash of organisation, platform, comment id (else text commitment and position), model and policy.
        Not of time: deciding again adds nothing.
    comment_id : str or None
        The platform's id.
    prediction : Prediction
        What it rests on.
    policy : PolicyReference
        The policy that decided.
    actions : tuple of Action
        In order of application.
    reasons : tuple of Reason
        Gravest first.
    deadlines : tuple of Deadline
        Soonest first.
    urgency : str
        ``"immediate"``, ``"high"``, ``"normal"`` or ``"low"``.
    needs_human : bool
        Whether a person must look before anything is applied.
    human_reasons : tuple of str
        Why, as stable ids (``"political_opinion"``, ``"our_reading"``, ``"uncertain"``, ...).
    desk : str
        Office that the comment goes to; empty if none.
    election_window : str
        Id of the election window that applied; empty if none.
    former_id : str
        Decision that this one follows (edited text, new model, new policy); empty if none.
    """

    decision_id: str
    comment_id: str | None
    prediction: Prediction
    policy: PolicyReference
    actions: tuple[Action, ...]
    reasons: tuple[Reason, ...]
    deadlines: tuple[Deadline, ...]
    urgency: str
    needs_human: bool
    human_reasons: tuple[str, ...]
    desk: str = ""
    election_window: str = ""
    former_id: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values (times in ISO 8601), with `SCHEMA_VERSION` under ``"schema"``."""
        plain = asdict(self)
        plain["prediction"] = self.prediction.to_dict()
        for deadline in plain["deadlines"]:
            deadline["due"] = deadline["due"].isoformat()
        return {"schema": SCHEMA_VERSION, **plain}

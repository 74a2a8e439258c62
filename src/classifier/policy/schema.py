"""What a policy file holds, as frozen records. `reading` builds them; `router` only reads them.

Vocabularies (actions, urgencies, reasons for a person) are re-exported from `vocabulary`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import Mapping

from classifier.policy.vocabulary import (
    ACTIONS,
    AUTHOR_ROLES,
    COMMENT_KINDS,
    COVERAGES,
    HUMAN_REASONS,
    MESSAGES,
    PEOPLE_TOPICS,
    SEVERITY,
    URGENCIES,
)

__all__ = [
    "ACTIONS",
    "AUTHOR_ROLES",
    "COMMENT_KINDS",
    "COVERAGES",
    "HUMAN_REASONS",
    "MESSAGES",
    "PEOPLE_TOPICS",
    "SCHEMA",
    "SEVERITY",
    "URGENCIES",
    "Autonomy",
    "BanTerms",
    "Clause",
    "Closure",
    "Content",
    "Delay",
    "Desk",
    "Document",
    "ElectionRule",
    "Hours",
    "Ladder",
    "Removal",
    "RoleRule",
    "Route",
    "Rule",
    "Sanctions",
    "Step",
    "Topic",
    "UrgentRule",
    "Window",
]

#: Version of the file layout that this code reads.
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Document:
    """The written policy that the file states: `title`, `date` as printed there, `adopted` (may be empty), `notes`."""

    title: str
    date: str
    adopted: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """A cited part of the document, in our own words; `people` says why it is left to people, if it is."""

    section: str
    says: str
    people: str
    line: int


@dataclass(frozen=True, slots=True)
class Desk:
    """An office that a comment may go to, with the contact details that the document makes public."""

    id: str
    name: str
    phone: str
    email: str
    url: str
    source: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What one label or signal entails.

    Attributes
    ----------
    effect : str
        ``"remove"``, ``"remind"``, ``"review"`` or ``"allow"``.
    clause : str
        Section; empty where the document is silent (then the effect is ``"allow"``).
    coverage : str
        ``"named"``, ``"as"``, ``"by law"`` or ``"project"``.
    words : str
        The document's word, or why the case is allowed.
    person : str
        Why a person must look whatever the score; empty if none.
    also : tuple of str
        Other sections that speak of the case.
    """

    subject: str
    effect: str
    clause: str
    coverage: str
    words: str
    person: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Removal:
    """How the organisation removes.

    Attributes
    ----------
    mode : str
        ``"whole"``: one violation takes the comment away. ``"remainder"``: only if nothing is left once all
        that breaks the netiquette is taken out.
    action, alternatives : str, tuple of str
        What is recommended, and what the document allows besides.
    desk : str
        Office that does it.
    report : tuple of str
        Labels also reported to the platform, and `report_clause` that allows it.
    explain : bool
        Whether the author is told of the removal; `explain_clause` says so, `explain_when` under what condition.
    """

    mode: str
    action: str
    desk: str
    alternatives: tuple[str, ...]
    clause: str
    choice: str
    explain: bool
    explain_clause: str
    explain_when: str
    report: tuple[str, ...]
    report_clause: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a route prescribes.

    Attributes
    ----------
    action, desk, message : str
        What, by or to which office, with which template (the last two may be empty).
    when : str
        Condition that a person judges.
    only : str
        ``"tagged"`` or ``"untagged"``: holds only if the official's account is, or is not, tagged.
    """

    action: str
    desk: str = ""
    message: str = ""
    when: str = ""
    only: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """Where a lawful comment of one category goes, and the delays that then run."""

    subject: str
    clause: str
    coverage: str
    words: str
    steps: tuple[Step, ...]
    delays: tuple[str, ...]
    person: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UrgentRule:
    """Who phones or writes to whom about an alert, and what is attached."""

    subject: str
    clause: str
    coverage: str
    words: str
    who: str
    call: tuple[str, ...]
    write: tuple[str, ...]
    attach: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delay:
    """A delay in exactly one unit; `applies` names the kinds of message that it holds for."""

    id: str
    name: str
    clause: str
    applies: tuple[str, ...]
    working_hours: float | None
    working_days: int | None
    elapsed_hours: float | None


@dataclass(frozen=True, slots=True)
class Closure:
    """Days without service, first and last included, with the source that announces them."""

    first: date
    last: date
    source: str


@dataclass(frozen=True, slots=True)
class Hours:
    """Service hours: ISO weekday (1 = Monday) → (opening, closing), local time."""

    clause: str
    coverage: str
    words: str
    zone: str
    days: Mapping[int, tuple[time, time]]
    holidays: str
    closures: tuple[Closure, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps for one kind of offence: the number of strikes given says which; the last one repeats.

    `labels` empty means every violation that no other ladder names. `strike` is ``"warning"`` or ``"removal"``: what is
    counted once recorded as given.
    """

    id: str
    clause: str
    labels: tuple[str, ...]
    strike: str
    words: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class BanTerms:
    """Choices of the organisation where its document is silent; None until they are set."""

    length_days: int | None
    warning_expires_days: int | None
    appeal: str | None

    @property
    def are_set(self) -> bool:
        """Whether a ban has a term and an appeal, without which it never runs alone."""
        return self.length_days is not None and self.appeal is not None


@dataclass(frozen=True, slots=True)
class Sanctions:
    """The ladders, gravest last step first applied, and the terms of a ban."""

    ladders: tuple[Ladder, ...]
    terms: BanTerms


@dataclass(frozen=True, slots=True)
class Window:
    """An election window, first and last day included, local dates."""

    id: str
    name: str
    kind: str
    first: date
    last: date
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class ElectionRule:
    """What electoral content entails in a window, and what must always be answered."""

    clause: str
    content: str
    kinds: tuple[str, ...]
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class RoleRule:
    """What the document says of a comment by someone in a public role; `when` is ``always`` or a kind of window."""

    role: str
    clause: str
    says: str
    when: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Autonomy:
    """`mode` is ``"recommend"`` or ``"shadow"``; `minima`: action → least score at which it runs alone."""

    mode: str
    minima: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Topic:
    """A cell of the policy tables that no text comment can trigger: the section, and why it is for people."""

    id: str
    clause: str
    why: str


@dataclass(frozen=True, slots=True)
class Content:
    """All that a policy file says."""

    id: str
    version: str
    organization: str
    short_name: str
    document: Document
    languages: tuple[str, ...]
    reply_languages: Mapping[str, str]
    retention: Mapping[str, int]
    clauses: Mapping[str, Clause]
    desks: Mapping[str, Desk]
    rules: Mapping[str, Rule]
    grave: tuple[str, ...]
    removal: Removal
    sanctions: Sanctions
    urgent: Mapping[str, UrgentRule]
    routes: Mapping[str, Route]
    delays: Mapping[str, Delay]
    hours: Hours
    elections: ElectionRule
    roles: Mapping[str, RoleRule]
    private_netiquette: str
    officials: tuple[str, ...]
    thresholds: Mapping[str, float]
    autonomy: Autonomy
    messages: Mapping[str, str]
    topics: Mapping[str, Topic]
    citations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

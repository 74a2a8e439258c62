"""Display names of one run: labels, actions, desks, delays and clauses, in French."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.taxonomy import taxonomy

__all__ = ["Names", "format_count", "format_share"]

_NBSP = "\u00a0"
_THIN = "\u202f"

#: What reasons speak of besides labels, signals and roles.
_SUBJECTS = {"removal": "Retrait", "remainder": "Ce qui reste une fois les manquements retirés"}


def format_count(number: int) -> str:
    r"""A whole number as people here write it.

    Examples
    --------
    >>> format_count(12500).replace("\u202f", "_")
    '12_500'
    """
    return f"{number:,}".replace(",", _THIN)


def format_share(part: int, whole: int) -> str:
    r"""A share in per cent; « moins de 1 % » rather than a false zero.

    Examples
    --------
    >>> format_share(1, 3).replace("\u00a0", " "), format_share(1, 1000).replace("\u00a0", " ")
    ('33 %', 'moins de 1 %')
    """
    if not whole or not part:
        return f"0{_NBSP}%"
    share = 100 * part / whole
    return f"moins de 1{_NBSP}%" if share < 1 else f"{share:.0f}{_NBSP}%"


class Names:
    """French names for a run under one policy.

    Parameters
    ----------
    policy : Policy or None
        The policy that decided; ids stand for names without it.
    """

    def __init__(self, policy: Any = None) -> None:
        self._content = getattr(policy, "content", None)
        self._reference = policy

    @property
    def organisation(self) -> str:
        """Whose page it is."""
        return str(getattr(self._content, "organization", "") or getattr(self._reference, "id", ""))

    @property
    def document(self) -> str:
        """Title of the policy's document."""
        return str(getattr(getattr(self._content, "document", None), "title", "") or "")

    def label(self, label: str) -> str:
        """A label, a signal, or what else a reason may speak of."""
        from classifier.policy.vocabulary import AUTHOR_ROLES

        return taxonomy().names.get(label) or _SUBJECTS.get(label) or AUTHOR_ROLES.get(label, label)

    def detail(self, detail: str) -> str:
        """What a signal found: kinds of personal information have names, the rest is French already."""
        from classifier.audit.privacy import NAMES_OF_KINDS

        return ", ".join(NAMES_OF_KINDS.get(one, one) for one in detail.split(", "))

    def action(self, action: str) -> str:
        """An action."""
        from classifier.policy.vocabulary import ACTIONS

        return ACTIONS.get(action, action)

    def urgency(self, urgency: str) -> str:
        """An urgency."""
        from classifier.policy.vocabulary import URGENCIES

        return URGENCIES.get(urgency, urgency)

    def coverage(self, coverage: str) -> str:
        """How a clause covers a case."""
        from classifier.policy.vocabulary import COVERAGES

        return COVERAGES.get(coverage, coverage)

    def human_reason(self, reason: str) -> str:
        """Why a person must look."""
        from classifier.policy.vocabulary import HUMAN_REASONS

        return HUMAN_REASONS.get(reason, reason)

    def desk(self, desk: str) -> str:
        """An office of the policy."""
        found = self._mapping("desks").get(desk)
        return str(getattr(found, "name", desk)) if found is not None else desk

    def delay(self, delay: str) -> str:
        """A delay of the policy."""
        found = self._mapping("delays").get(delay)
        return str(getattr(found, "name", "") or delay) if found is not None else delay

    def clause(self, section: str) -> str:
        """What a section says, in the project's words; empty if it is not cited."""
        found = self._mapping("clauses").get(section)
        return str(getattr(found, "says", "")) if found is not None else ""

    def _mapping(self, name: str) -> Mapping[str, Any]:
        found = getattr(self._content, name, None)
        return found if isinstance(found, Mapping) else {}

"""Errors of the package: one tree, one exit code per branch.

::

    ClassifierError
    ├── UsageError       2  a command or a call with arguments that cannot go together
    ├── InputError       3  an export, a table, a corpus or a text that cannot be read as what it should be
    ├── PolicyError      5  a policy file that does not hold, or a policy that is not known
    ├── ModelError       6  a bundle that is missing, altered, or of another version or label set
    └── AuditError       7  a decision that cannot be recorded, or a record that does not verify

Each message is written for the person at the keyboard, in French, and says three things: what came,
what was expected, and what to do. No message ever carries the text of a comment or the name of an author.
"""

from __future__ import annotations

__all__ = ["AuditError", "ClassifierError", "InputError", "ModelError", "PolicyError", "UsageError"]

#: Exit code of a run that is done but set rows aside (see `docs/design.md`, command line).
EXIT_QUARANTINE = 4


class ClassifierError(Exception):
    """Root of all errors that this package raises on purpose.

    Parameters
    ----------
    came : str
        What was found, in French. Never the text of a comment.
    expected : str, optional
        What would have been right.
    todo : str, optional
        What the reader can do about it.

    Examples
    --------
    >>> print(InputError("Le fichier « a.csv » est vide.", todo="Exportez-le de nouveau."))
    Le fichier « a.csv » est vide. À faire : Exportez-le de nouveau.
    """

    exit_code = 1

    def __init__(self, came: str, expected: str = "", todo: str = "") -> None:
        self.came = came
        self.expected = expected
        self.todo = todo
        super().__init__(came, expected, todo)

    def __str__(self) -> str:
        parts = [self.came]
        if self.expected:
            parts.append(f"Attendu : {self.expected}")
        if self.todo:
            parts.append(f"À faire : {self.todo}")
        return " ".join(part if part.endswith((".", "!", "?", "…")) else f"{part}." for part in parts)


class UsageError(ClassifierError):
    """Arguments that are missing, unknown or contradict each other (exit code 2)."""

    exit_code = 2


class InputError(ClassifierError):
    """A file or a value given by the user that cannot be read as what it should be (exit code 3)."""

    exit_code = 3


class PolicyError(ClassifierError):
    """A policy that is unknown, unreadable or contradicts itself (exit code 5)."""

    exit_code = 5


class ModelError(ClassifierError):
    """A model bundle that is missing, altered, or not of this version or label set (exit code 6)."""

    exit_code = 6


class AuditError(ClassifierError):
    """The audit log cannot be opened, written or verified (exit code 7)."""

    exit_code = 7

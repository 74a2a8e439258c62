"""What a batch did: its counters, and the sum that must hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from classifier.errors import EXIT_QUARANTINE
from classifier.exports.entries import KINDS
from classifier.exports.wording import REPAIRS, WARNINGS

__all__ = ["BatchOutcome"]


@dataclass(slots=True)
class BatchOutcome:
    """Counters of a finished batch.

    Attributes
    ----------
    read, decided, quarantined, merged : int
        Records read; decisions; records set aside; copies of a comment already read.
    edited : int
        Comments decided again because their id came back with another text (counted in `decided` too).
    not_comments, repairs, warnings : Counter
        By kind.
    not_recorded : int
        Decisions that the audit log does not hold: zero, or the run has failed.
    written : list of Path
        Files in place.
    audit : str
        URL of the audit log.
    wall_s : float
        Duration.
    """

    read: int = 0
    decided: int = 0
    quarantined: int = 0
    merged: int = 0
    edited: int = 0
    not_comments: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    not_recorded: int = 0
    written: list[Path] = field(default_factory=list)
    audit: str = ""
    wall_s: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether rows read = decided + quarantined + merged + not comments."""
        return self.read == self.decided + self.quarantined + self.merged + sum(self.not_comments.values())

    @property
    def exit_code(self) -> int:
        """0, or 4 when rows were quarantined."""
        return EXIT_QUARANTINE if self.quarantined else 0

    def sum_line(self) -> str:
        """The sum, in French.

        Examples
        --------
        >>> BatchOutcome(read=3, decided=2, quarantined=1).sum_line()
        '3 lignes lues = 2 décidées + 1 en quarantaine + 0 doublon fusionné + 0 qui ne sont pas des commentaires'
        """
        others = sum(self.not_comments.values())
        kinds = ", ".join(f"{KINDS[kind]} : {count}" for kind, count in sorted(self.not_comments.items()))
        plural = "s" if self.merged > 1 else ""
        return (
            f"{self.read} lignes lues = {self.decided} décidées + {self.quarantined} en quarantaine + "
            f"{self.merged} doublon{plural} fusionné{plural} + {others} qui ne sont pas des commentaires"
            + (f" ({kinds})" if kinds else "")
        )

    def lines(self) -> list[str]:
        """The summary that `score` prints."""
        lines = [f"{self.sum_line()} : le compte y est."]
        if self.merged or self.edited:
            lines.append(
                f"Même identifiant : {self.merged} copies fusionnées, "
                f"{self.edited} textes modifiés (décidés de nouveau)."
            )
        for name, count in sorted(self.repairs.items()):
            lines.append(f"Réparés ({REPAIRS.get(name, name)}) : {count}")
        for name, count in sorted(self.warnings.items()):
            lines.append(f"À savoir ({WARNINGS.get(name, name)}) : {count}")
        rate = self.read / self.wall_s if self.wall_s else 0.0
        lines.append(f"Durée : {self.wall_s:.1f} s ({rate:.0f} lignes par seconde)")
        lines.append(f"Décisions non consignées : {self.not_recorded}")
        lines.extend(f"Écrit : {path}" for path in self.written)
        return lines

"""A progress bar with rate and time left, estimated from the size of the file when its rows cannot be counted first."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from classifier.exports import Export

__all__ = ["Progress"]


class Progress:
    """Shows how far a batch is.

    Parameters
    ----------
    stream : text stream
        Where to draw, usually the error stream.
    enabled : bool
        False to say nothing.
    """

    def __init__(self, stream: TextIO, *, enabled: bool = True) -> None:
        self._stream = stream
        self._enabled = enabled
        self._bar: Any = None

    def start(self, export: Export) -> None:
        """Say what the export is, and begin."""
        if not self._enabled:
            return
        from tqdm import tqdm

        print(f"{export.path.name} : {export.title} ({export.carrier})", file=self._stream)
        if export.columns:
            shown = ", ".join(f"{field} = « {column} »" for field, column in export.columns.items())
            print(f"Colonnes lues : {shown}", file=self._stream)
        total, exact = export.estimated_rows()
        about = "" if exact else "≈"
        self._bar = tqdm(
            total=total,
            file=self._stream,
            unit=" lignes",
            desc="Évaluation",
            bar_format=("{l_bar}{bar}| " if total else "{desc} : ")
            + "{n_fmt}"
            + (f"/{about}{{total_fmt}}" if total else "")
            + " lignes [{elapsed}, reste {remaining}, {rate_fmt}]",
            mininterval=0.5,
        )

    def advance(self, entries: int) -> None:
        """Count entries that are accounted for."""
        if self._bar is not None:
            if self._bar.total is not None and self._bar.n + entries > self._bar.total:
                # The estimate was short: the bar never says more than all.
                self._bar.total = self._bar.n + entries
            self._bar.update(entries)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            if kind is None and self._bar.total is not None:
                self._bar.total = self._bar.n
                self._bar.refresh()
            self._bar.close()

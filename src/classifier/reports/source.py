"""What the writers read: the rows of a batch, on disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

__all__ = ["Source"]


class Source(Protocol):
    """Rows of a batch and what was left out, streamed from disk at each call (`batch.workspace.Workspace` is one)."""

    @property
    def folder(self) -> Path:
        """A folder for temporary files, on the disk of the output."""
        ...

    @property
    def settings(self) -> dict[str, Any]:
        """What identifies the run: ``"now"`` and ``"options"`` among others."""
        ...

    @property
    def rows_path(self) -> Path:
        """JSON Lines of rows, in the order read."""
        ...

    def rows(self) -> Iterator[dict[str, Any]]:
        """Rows, in the order read."""
        ...

    def left_out(self) -> Iterator[dict[str, Any]]:
        """What gave no row, in the order read."""
        ...

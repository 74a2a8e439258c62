"""The folder where a batch keeps what it has done: rows, what was left out, the threads' memory, and how far it got.

It lies beside the output, and goes when the output is in place. What it holds is cut back to the last checkpoint when a
run is resumed, so that a killed run and a run of one go write the same bytes.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from classifier.batch.rows import BatchRow
from classifier.errors import InputError, UsageError
from classifier.exports.encoding import explain_system
from classifier.threads import ThreadMemory

__all__ = ["Checkpoint", "Workspace", "workspace_path"]

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS checkpoint (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), state TEXT NOT NULL)"
)


@dataclass(slots=True)
class Checkpoint:
    """How far a run got.

    Attributes
    ----------
    position : int
        Last record of the export that is accounted for.
    rows_bytes, left_out_bytes : int
        Sizes of the two files at that point.
    decided, merged, edited : int
        Counters of the run so far.
    """

    position: int = 0
    rows_bytes: int = 0
    left_out_bytes: int = 0
    decided: int = 0
    merged: int = 0
    edited: int = 0
    counters: dict[str, int] = field(default_factory=dict)


def workspace_path(output: Path) -> Path:
    """Folder of the run that will write `output`.

    Examples
    --------
    >>> workspace_path(Path("decisions.csv")).name
    'decisions.csv.en-cours'
    """
    return output.with_name(f"{output.name}.en-cours")


class Workspace:
    """Open it with `Workspace.open`; `commit` after each chunk; `remove` when the output stands.

    Attributes
    ----------
    memory : ThreadMemory
        State of the thread signals and of the ids seen.
    checkpoint : Checkpoint
        How far the run got.
    resumed : bool
        Whether an interrupted run is being continued.
    settings : dict
        What identifies the run: export, policy, model, options, time of reference.
    """

    def __init__(
        self, folder: Path, settings: Mapping[str, Any], *, resumed: bool, own_accounts: frozenset[str]
    ) -> None:
        self.folder = folder
        self.settings = dict(settings)
        self.resumed = resumed
        self.memory = ThreadMemory(folder / "memory.sqlite", own_accounts=own_accounts)
        self.memory.connection.execute(_SCHEMA)
        self.checkpoint = self._read_checkpoint()
        self._rows = self._open_at("rows.jsonl", self.checkpoint.rows_bytes)
        self._left_out = self._open_at("left_out.jsonl", self.checkpoint.left_out_bytes)

    @classmethod
    def open(
        cls, output: Path, settings: Mapping[str, Any], *, resume: bool, own_accounts: frozenset[str] = frozenset()
    ) -> Workspace:
        """Begin a run, or continue the one that was interrupted.

        Parameters
        ----------
        output : Path
            File that the run will write.
        settings : mapping
            What must be the same for a run to be continued; ``"now"`` is taken from the interrupted run.
        resume : bool
            Whether to continue; without an interrupted run, a new one begins.

        Raises
        ------
        UsageError
            If the interrupted run was of another export, policy, model or option.
        InputError
            If the folder cannot be written.
        """
        folder = workspace_path(output)
        record = folder / "run.json"
        try:
            if resume and record.exists():
                former = json.loads(record.read_text(encoding="utf-8"))
                changed = sorted(k for k in {*former, *settings} - {"now"} if former.get(k) != settings.get(k))
                if changed:
                    raise UsageError(
                        f"Le travail interrompu ne peut pas être repris : {', '.join(changed)} a changé.",
                        "le même export, la même politique, le même modèle et les mêmes options",
                        f"Pour recommencer, supprimez « {folder} » et relancez sans --resume.",
                    )
                return cls(folder, former, resumed=True, own_accounts=own_accounts)
            if folder.exists() and not resume:
                # Hours of work may lie there, or another run may be writing to it at this moment.
                raise UsageError(
                    f"Un travail interrompu, ou en cours, occupe « {folder.name} ».",
                    todo=f"Ajoutez --resume pour le reprendre, ou supprimez « {folder} » pour recommencer.",
                )
            folder.mkdir(exist_ok=True)
            record.write_text(json.dumps(dict(settings), ensure_ascii=False, sort_keys=True), encoding="utf-8")
            return cls(folder, settings, resumed=False, own_accounts=own_accounts)
        except OSError as error:
            raise InputError(
                f"Le dossier « {output.parent} » ne peut pas être écrit ({explain_system(error)}).",
                "un dossier qui existe, où vous pouvez écrire",
                "Choisissez un autre chemin pour -o.",
            ) from error

    def _read_checkpoint(self) -> Checkpoint:
        row = self.memory.connection.execute("SELECT state FROM checkpoint").fetchone()
        return Checkpoint(**json.loads(row[0])) if row else Checkpoint()

    def _open_at(self, name: str, size: int) -> IO[bytes]:
        path = self.folder / name
        if not path.exists():
            path.touch()
        if path.stat().st_size < size:
            raise UsageError(
                "Le travail interrompu est abîmé (panne de courant?) : il ne peut pas être repris.",
                todo=f"Supprimez « {self.folder} » et relancez : rien ne sera consigné deux fois.",
            )
        stream = path.open("r+b")
        # What came after the checkpoint was cut off in the middle of a chunk: it will be written again.
        stream.truncate(size)
        stream.seek(size)
        return stream

    def write(self, rows: Iterable[BatchRow], left_out: Iterable[Mapping[str, Any]]) -> None:
        """Append rows and what was left out; durable at the next `commit`."""
        for stream, items in ((self._rows, rows), (self._left_out, left_out)):
            for item in items:
                stream.write(
                    json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
                )

    def commit(self) -> None:
        """Make everything durable up to `checkpoint.position`, files first."""
        for stream in (self._rows, self._left_out):
            stream.flush()
            os.fsync(stream.fileno())
        self.checkpoint.rows_bytes = self._rows.tell()
        self.checkpoint.left_out_bytes = self._left_out.tell()
        state = json.dumps(asdict(self.checkpoint))
        self.memory.connection.execute("INSERT OR REPLACE INTO checkpoint VALUES (1, ?)", (state,))
        self.memory.commit()

    def rows(self) -> Iterator[BatchRow]:
        """Rows in the order read, streamed from disk."""
        yield from _read(self.folder / "rows.jsonl")

    @property
    def rows_path(self) -> Path:
        """File of the rows, for writers that read them in another order."""
        return self.folder / "rows.jsonl"

    def left_out(self) -> Iterator[dict[str, Any]]:
        """What gives no row of its own, in the order read."""
        yield from _read(self.folder / "left_out.jsonl")

    def close(self) -> None:
        """Free the files; what was not committed is lost."""
        self._rows.close()
        self._left_out.close()
        self.memory.close()

    def remove(self) -> None:
        """Close and delete the folder."""
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Workspace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _read(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as stream:
        for line in stream:
            yield json.loads(line)

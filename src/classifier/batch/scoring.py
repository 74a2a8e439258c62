"""A whole export: read, signal, decide, record, then write; streamed, counted, and resumable after a kill."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from classifier import __version__
from classifier.batch.deciding import Chunk, Decider, predict_ahead
from classifier.batch.rows import BatchRow, make_row
from classifier.batch.workspace import Workspace, workspace_path
from classifier.errors import ClassifierError, InputError
from classifier.exports import Export, LeftOut, Row, open_export
from classifier.exports.times import TORONTO
from classifier.reports import check_destination, write_outputs
from classifier.reports.outcome import BatchOutcome

__all__ = ["Settings", "default_audit", "score_export"]

#: Comments decided and recorded together: one transaction of the audit log, one checkpoint.
CHUNK_ENTRIES = 1_000


@dataclass(frozen=True, slots=True)
class Settings:
    """Options of a batch that change what it writes.

    Attributes
    ----------
    scores : bool
        One column per label.
    excel : bool
        CSV for French Excel: ``;``, UTF-8 with BOM, French column names.
    unmasked : bool
        Personal information in clear on the page.
    own_accounts : tuple of str
        Author ids of the organisation itself.
    """

    scores: bool = False
    excel: bool = False
    unmasked: bool = False
    own_accounts: tuple[str, ...] = ()


def score_export(
    path: str | Path,
    *,
    policy: str | Path,
    output: str | Path,
    report: str | Path | None = None,
    audit: str | None = None,
    model: str | None = None,
    format: str | None = None,
    columns: Mapping[str, str] | None = None,
    settings: Settings | None = None,
    jobs: int = 1,
    resume: bool = False,
    now: datetime | None = None,
    progress: Callable[[int], None] | None = None,
    opened: Callable[[Export], None] | None = None,
    open_decider: Callable[[], Decider] | None = None,
) -> BatchOutcome:
    """Score an export to the end: every record of it is decided or accounted for.

    Parameters
    ----------
    path : str or Path
        The export.
    policy : str or Path
        Id of a shipped policy, or a policy file.
    output : str or Path
        Table to write: ``.csv``, ``.xlsx``, ``.parquet`` or ``.jsonl``.
    report : str or Path, optional
        Page to write.
    audit : str, optional
        URL of the audit log; ``audit.db`` beside the output by default (see `default_audit`).
    model : str, optional
        Bundle's folder; the released one by default.
    format, columns : optional
        As for `open_export`.
    settings : Settings, optional
        What changes the outputs.
    jobs : int
        Processes that predict.
    resume : bool
        Continue an interrupted run of the same export.
    now : datetime, optional
        Time of reference for comments without one; that of the interrupted run when it is resumed.
    progress : callable, optional
        Told how many records were accounted for, chunk by chunk.
    opened : callable, optional
        Told what the export is, before anything is scored.
    open_decider : callable, optional
        Opens what decides, once the export is known to be readable: `Moderator.open` by default.

    Returns
    -------
    BatchOutcome
        Counters whose sum holds.

    Raises
    ------
    ClassifierError
        With nothing half-written left behind. Once rows were recorded the work done is kept, and the message says so.
    """
    started_s = time.perf_counter()
    settings = settings or Settings()
    output, report = Path(output), Path(report) if report else None
    export = open_export(path, format=format, columns=columns)
    check_destination(output)
    if report is not None:
        check_destination(report, page=True)
    if opened is not None:
        opened(export)
    audit = audit or default_audit(output)
    decider = open_decider() if open_decider is not None else _open_moderator(policy, audit, model)
    with contextlib.closing(decider):
        outcome = _run(export, decider, output, report, settings, audit, jobs, model, resume, now, progress)
    outcome.audit = audit
    outcome.wall_s = time.perf_counter() - started_s
    return outcome


def default_audit(output: Path) -> str:
    """URL of the audit log when none is named: ``audit.db`` beside the output.

    Examples
    --------
    >>> default_audit(Path("sorties/decisions.csv"))
    'sqlite:///sorties/audit.db'
    """
    return f"sqlite:///{(output.parent / 'audit.db').as_posix()}"


def _open_moderator(policy: str | Path, audit: str, model: str | None) -> Decider:
    from classifier.moderator import Moderator

    return Moderator.open(policy=policy, audit=audit, model=model)


def _run(
    export: Export,
    decider: Decider,
    output: Path,
    report: Path | None,
    settings: Settings,
    audit: str,
    jobs: int,
    model: str | None,
    resume: bool,
    now: datetime | None,
    progress: Callable[[int], None] | None,
) -> BatchOutcome:
    run = {
        "export": _digest(export.path),
        "format": export.format,
        "columns": export.columns,
        "options": [settings.scores, list(settings.own_accounts)],
        "version": __version__,
        "audit": audit,
        "policy": decider.policy.sha256,
        "model": decider.predictor.model.sha256,
        "now": (now or datetime.now(TORONTO)).isoformat(timespec="seconds"),
    }
    work = Workspace.open(output, run, resume=resume, own_accounts=frozenset(settings.own_accounts))
    try:
        outcome = _decide_all(export, work, decider, settings, jobs, model, progress)
        outcome.not_recorded = decider.not_recorded
        outcome.written = write_outputs(
            work,
            export,
            outcome,
            output,
            report,
            excel=settings.excel,
            unmasked=settings.unmasked,
            policy=decider.policy,
        )
    except ClassifierError as error:
        kept = work.checkpoint.position > 0
        work.close() if kept else work.remove()
        if kept:
            folder = workspace_path(output).name
            kept_where = f"Le travail fait est gardé dans « {folder} » : reprenez avec --resume."
            error.todo = f"{error.todo} {kept_where}".strip()
            error.args = (error.came, error.expected, error.todo)
        raise
    except BaseException:
        # A key pressed, or a fault: what is done stays done, unless nothing is.
        work.close() if work.checkpoint.position else work.remove()
        raise
    work.remove()
    return outcome


def _decide_all(
    export: Export,
    work: Workspace,
    decider: Decider,
    settings: Settings,
    jobs: int,
    model: str | None,
    progress: Callable[[int], None] | None,
) -> BatchOutcome:
    now = datetime.fromisoformat(work.settings["now"])
    entries = export.entries()
    done = work.checkpoint.position
    if done:
        # Read again, not scored again: counters of the reader are those of the whole file.
        for _ in islice(entries, done):
            pass
        if progress is not None:
            progress(done)
    for chunk, predictions in predict_ahead(_chunks(entries), decider, jobs=jobs, model=model):
        rows, left_out = _decide_chunk(chunk, predictions, work, decider, settings, now)
        work.write(rows, left_out)
        work.checkpoint.position += len(chunk)
        work.checkpoint.decided += len(rows)
        work.commit()
        if progress is not None:
            progress(len(chunk))
    tally, checkpoint = export.tally, work.checkpoint
    outcome = BatchOutcome(
        read=tally.read,
        decided=checkpoint.decided,
        quarantined=tally.quarantined,
        merged=checkpoint.merged,
        edited=checkpoint.edited,
        not_comments=Counter(tally.not_comments),
        repairs=Counter(tally.repairs),
        warnings=Counter(tally.warnings),
    )
    if not outcome.read:
        raise InputError(
            f"L'export « {export.path.name} » ne contient aucun commentaire.",
            "au moins un commentaire",
            "Voyez `classifier inspect` : le format ou la colonne de texte sont peut-être autres.",
        )
    if not outcome.holds:
        raise InputError(
            f"Le compte n'y est pas : {outcome.sum_line()}.",
            "une somme juste",
            "L'export a changé pendant la lecture : recommencez.",
        )
    return outcome


def _decide_chunk(
    chunk: Chunk, predictions: list[Any], work: Workspace, decider: Decider, settings: Settings, now: datetime
) -> tuple[list[BatchRow], list[dict[str, Any]]]:
    left_out: list[dict[str, Any]] = []
    kept: list[tuple[Row, Any, Any]] = []
    following = iter(predictions)
    for entry in chunk:
        if isinstance(entry, LeftOut):
            left_out.append(
                {"position": entry.position, "line": entry.line, "kind": entry.kind, "reason": entry.reason}
            )
            continue
        prediction = next(following)
        sighting = work.memory.sight(entry.comment)
        if sighting.duplicate:
            work.checkpoint.merged += 1
            left_out.append(
                {
                    "position": entry.position,
                    "line": entry.line,
                    "kind": "duplicate",
                    "reason": "même identifiant et même texte",
                }
            )
            continue
        work.checkpoint.edited += sighting.edited
        signals = work.memory.signals(entry.comment, position=entry.position, labels=prediction.netiquette)
        kept.append((entry, prediction, signals))
    decisions = decider.decide(
        [row.comment for row, _, _ in kept],
        predictions=[prediction for _, prediction, _ in kept],
        signals=[signals for _, _, signals in kept],
        positions=[row.position for row, _, _ in kept],
        now=now,
    )
    rows = [
        make_row(
            row, decision, decider.pseudonym(row.comment.author) if row.comment.author else "", scores=settings.scores
        )
        for (row, _, _), decision in zip(kept, decisions, strict=True)
    ]
    return rows, left_out


def _chunks(entries: Iterable[Row | LeftOut]) -> Iterator[Chunk]:
    entries = iter(entries)
    while chunk := list(islice(entries, CHUNK_ENTRIES)):
        yield chunk


def _digest(path: Path) -> str:
    """SHA-256 of the export: a run is resumed on the same bytes only."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

"""Write the outputs of a batch: each to a temporary file beside its place, then all renamed together."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from classifier.errors import InputError, UsageError
from classifier.exports import Export
from classifier.exports.encoding import explain_system
from classifier.reports.outcome import BatchOutcome
from classifier.reports.page import write_page
from classifier.reports.source import Source
from classifier.reports.tables import check_parquet, write_csv, write_json_lines, write_left_out, write_parquet
from classifier.reports.workbook import write_workbook

__all__ = ["EXTENSIONS", "check_destination", "left_out_path", "write_outputs"]

#: Extensions of the table, with what they give.
EXTENSIONS = {".csv": "CSV", ".xlsx": "classeur Excel", ".parquet": "Parquet", ".jsonl": "JSON Lines"}


def check_destination(path: Path, *, page: bool = False) -> None:
    """Refuse at once a destination that could not be written at the end.

    Raises
    ------
    UsageError
        For an extension that is not known, or Parquet without pyarrow.
    InputError
        For a folder that is absent or cannot be written.
    """
    known = {".html": "page", ".htm": "page"} if page else EXTENSIONS
    if path.suffix.lower() not in known:
        raise UsageError(
            f"L'extension « {path.suffix or path.name} » n'est pas connue.",
            ", ".join(f"{extension} ({what})" for extension, what in known.items()),
            "Changez le nom du fichier à écrire.",
        )
    if path.suffix.lower() == ".parquet":
        check_parquet()
    if path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise InputError(
            f"« {path} » ne peut pas être écrit.",
            "un fichier dans un dossier qui existe",
            "Créez le dossier ou changez de chemin.",
        )


def left_out_path(output: Path) -> Path:
    """File that lists what gave no row, beside a table that has no sheet for it.

    Examples
    --------
    >>> left_out_path(Path("decisions.csv")).name
    'decisions.ecartes.csv'
    """
    return output.with_name(f"{output.stem}.ecartes.csv")


def write_outputs(
    work: Source,
    export: Export,
    outcome: BatchOutcome,
    output: Path,
    report: Path | None,
    *,
    excel: bool,
    unmasked: bool,
    policy: Any = None,
) -> list[Path]:
    """Write the table, the list of what was left out and the page; all are in place, or none is.

    Parameters
    ----------
    work : Source
        Rows of the batch.
    export, outcome : Export, BatchOutcome
        What was read, and its sum.
    output, report : Path
        Where to write; the extension of `output` says what.
    excel, unmasked : bool
        See `batch.Settings`.
    policy : Policy, optional
        For the names that people read.

    Returns
    -------
    list of Path
        Files in place.

    Raises
    ------
    InputError
        If a file cannot be put in place (open in Excel, disk full).
    """
    scores = bool(work.settings["options"][0])
    kind = output.suffix.lower()
    tasks: list[tuple[Path, Callable[[Path], None]]] = []
    if kind == ".csv":
        tasks.append((output, lambda path: write_csv(work.rows(), path, scores=scores, excel=excel)))
    elif kind == ".jsonl":
        tasks.append((output, lambda path: write_json_lines(work.rows(), path, scores=scores)))
    elif kind == ".parquet":
        tasks.append((output, lambda path: write_parquet(work.rows(), path, scores=scores)))
    else:
        tasks.append((output, lambda path: write_workbook(work, export, outcome, path, scores=scores, policy=policy)))
    stale: Path | None = None
    if kind != ".xlsx":
        beside = left_out_path(output)
        if outcome.read > outcome.decided:
            tasks.append((beside, lambda path: write_left_out(work.left_out(), path, excel=excel)))
        else:
            stale = beside
    if report is not None:
        page = report
        tasks.append((page, lambda path: write_page(work, export, outcome, path, unmasked=unmasked, policy=policy)))
    made: list[tuple[Path, Path]] = []
    try:
        for place, write in tasks:
            temporary = _temporary(place)
            made.append((temporary, place))
            write(temporary)
        for temporary, place in made:
            os.replace(temporary, place)
    except OSError as error:
        raise InputError(
            f"« {made[-1][1].name} » ne peut pas être écrit ({explain_system(error)}).",
            "un disque qui a de la place, et un fichier qui n'est pas ouvert ailleurs",
            "Fermez-le dans Excel ou dans le navigateur.",
        ) from error
    finally:
        for temporary, _ in made:
            temporary.unlink(missing_ok=True)
    if stale is not None:
        # A list left by a former run of the same output would speak of another export.
        stale.unlink(missing_ok=True)
    return [place for place, _ in tasks]


def _temporary(place: Path) -> Path:
    """A name beside the place, on the same disk: the renaming is then one step, whatever the system."""
    return place.with_name(f".{place.stem}.{secrets.token_hex(4)}{place.suffix}")

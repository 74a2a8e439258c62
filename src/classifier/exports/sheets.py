"""XLSX workbooks, streamed row by row: the header row is found under any preamble, trailer rows are told apart."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from classifier.errors import InputError
from classifier.exports.columns import known_name, unique_names
from classifier.exports.entries import Record

__all__ = ["MAX_WORKBOOK_BYTES", "Workbook"]

#: Largest workbook once unpacked; Excel itself stops at 1,048,576 rows.
MAX_WORKBOOK_BYTES = 4 << 30
_HEADER_SEARCH_ROWS = 40


class Workbook:
    """The sheet of a workbook that holds a table of comments.

    Parameters
    ----------
    path : Path
        An .xlsx or .xlsm file.

    Attributes
    ----------
    sheet : str
        Name of the sheet read: the first whose header names columns of comments, else the first that is not empty.
    header : list of str
        Column names.
    other_sheets : list of str
        Sheets that are not read.

    Raises
    ------
    InputError
        If the file is no workbook, is protected, abnormally large, or holds no row.
    """

    carrier = "workbook"

    def __init__(self, path: Path) -> None:
        self.path = path
        _check_archive(path)
        best: tuple[int, str, int, list[str]] | None = None
        with _Opened(path) as book:
            self.other_sheets = list(book.sheetnames)
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                found = _find_header(sheet)
                if found and (best is None or found[0] > best[0]):
                    best = (found[0], sheet.title, found[1], found[2])
        if best is None:
            raise InputError(
                f"Le classeur « {path.name} » est vide.", "une feuille de commentaires", "Exportez-le de nouveau."
            )
        known, self.sheet, self._header_row, self._names = best
        self.has_header = known > 0 or self._looks_named()
        self.header = unique_names(self._names if self.has_header else [""] * len(self._names))
        self.other_sheets.remove(self.sheet)

    def _looks_named(self) -> bool:
        return all(isinstance(name, str) and 0 < len(name) <= 60 for name in self._names)

    def describe(self) -> str:
        """Sheet read, in French."""
        others = f" ; feuilles non lues : {', '.join(self.other_sheets)}" if self.other_sheets else ""
        return f"classeur Excel, feuille « {self.sheet} », en-tête à la ligne {self._header_row}{others}"

    def records(self) -> Iterator[Record]:
        """Rows of the sheet; blank rows are no rows, rows outside the table are named as such."""
        width = len(self.header)
        with _Opened(self.path) as book:
            sheet = book[self.sheet]
            sheet.reset_dimensions()
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                if all(cell is None or cell == "" for cell in cells):
                    continue
                if number < self._header_row:
                    yield Record(number, {}, kind="preamble")
                    continue
                if number == self._header_row and self.has_header:
                    continue
                values = list(cells)
                if any(cell not in (None, "") for cell in values[width:]):
                    yield Record(number, {}, f"cellules au-delà de la dernière colonne ({width})")
                    continue
                if self.has_header and [_name(value) for value in values[:width]] == self._names:
                    yield Record(number, {}, kind="repeated_header")
                    continue
                filled = [rank for rank, cell in enumerate(values[:width]) if cell not in (None, "")]
                # A lone first cell in a table of several columns is a note under it (« Exporté par … »).
                if width >= 3 and filled == [0] and isinstance(values[0], str) and not values[0].strip().isdigit():
                    yield Record(number, {}, kind="trailer")
                    continue
                yield Record(number, dict(zip(self.header, values, strict=False)))


class _Opened:
    """A read-only workbook that is closed for sure (Windows keeps the file locked otherwise)."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Any:
        from openpyxl import load_workbook

        try:
            self._book = load_workbook(self._path, read_only=True, data_only=True)
        except Exception as error:  # openpyxl raises whatever its parsers meet in a damaged file
            raise InputError(
                f"Le classeur « {self._path.name} » est abîmé ou protégé ({type(error).__name__}).",
                "un classeur .xlsx qui s'ouvre dans Excel sans mot de passe",
                "Ouvrez-le dans Excel et enregistrez-le de nouveau en .xlsx ou en CSV.",
            ) from error
        return self._book

    def __exit__(self, *_: object) -> None:
        self._book.close()


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            size = sum(item.file_size for item in archive.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise InputError(
            f"Le classeur « {path.name} » est tronqué ou abîmé.",
            "un fichier .xlsx entier",
            "Téléchargez-le de nouveau.",
        ) from error
    if not any(name.startswith("xl/") for name in names):
        inside = (
            "un téléchargement Facebook ou Instagram, par exemple"
            if any(n.endswith(".json") for n in names)
            else "une archive ZIP"
        )
        raise InputError(
            f"« {path.name} » est une archive ZIP ({inside}), non un export de commentaires.",
            "le fichier de commentaires lui-même",
            "Décompressez l'archive et donnez le fichier qui contient les commentaires reçus.",
        )
    if size > MAX_WORKBOOK_BYTES:
        raise InputError(
            f"Le classeur « {path.name} » occupe plus de 4 Gio une fois décompressé.",
            "un classeur ordinaire",
            "Enregistrez les commentaires en CSV UTF-8.",
        )


def _find_header(sheet: Any) -> tuple[int, int, list[str]] | None:
    """(known names, row number, names) of the best header row near the top; None for an empty sheet."""
    best: tuple[int, int, list[str]] | None = None
    for number, cells in enumerate(sheet.iter_rows(values_only=True, max_row=_HEADER_SEARCH_ROWS), start=1):
        names = [_name(cell) for cell in cells]
        while names and not names[-1]:
            names.pop()
        if not names:
            continue
        known = sum(1 for cell in cells if isinstance(cell, str) and known_name(cell))
        # Without known names, the widest row near the top is the header: a preamble is narrower than its table.
        rank = (known, len([name for name in names if name]) if known == 0 else 0)
        if best is None or rank > (best[0], len([n for n in best[2] if n]) if best[0] == 0 else 0):
            best = (known, number, names)
    return best


def _name(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()

"""Delimited text (CSV, TSV, French Excel's `;`): records with their physical line, streamed, nothing dropped.

The dialect is chosen by trying each on the first lines and keeping the one whose records agree. A quote that is never
closed costs its own line only: the lines that it had swallowed are read again.
"""

from __future__ import annotations

import csv
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from classifier.errors import InputError
from classifier.exports.encoding import detect_encoding, open_text, read_lines
from classifier.exports.entries import MAX_TEXT_CHARS, Record

__all__ = ["Delimited", "Dialect"]

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 200
#: A quoted field that runs over more lines than this was never closed.
_MAX_RECORD_LINES = 2_000


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file separates and escapes.

    Attributes
    ----------
    delimiter : str
        One character.
    backslash : bool
        Whether quotes are escaped with a backslash instead of being doubled.
    """

    delimiter: str
    backslash: bool = False

    def reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        """A csv reader over lines."""
        if self.backslash:
            return csv.reader(lines, delimiter=self.delimiter, escapechar="\\", doublequote=False)
        return csv.reader(lines, delimiter=self.delimiter)


class _RunawayError(Exception):
    """A record that does not end within its limits."""


class _Feed:
    """Gives lines to the csv reader, and remembers those of the record in progress."""

    def __init__(self, lines: Iterator[tuple[str, bool]]) -> None:
        self._lines = lines
        self._again: deque[tuple[int, str, bool]] = deque()
        self._number = 0
        self.pending: list[tuple[int, str, bool]] = []
        self._pending_chars = 0
        self.open_at_end = False

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self.pending and (len(self.pending) > _MAX_RECORD_LINES or self._pending_chars > MAX_TEXT_CHARS):
            raise _RunawayError
        if self._again:
            item = self._again.popleft()
        else:
            try:
                line, cut = next(self._lines)
            except StopIteration:
                # The csv reader asks for more only inside quotes: at the end of the file they were never closed.
                self.open_at_end = bool(self.pending)
                raise
            self._number += 1
            item = (self._number, line, cut)
        self.pending.append(item)
        self._pending_chars += len(item[1])
        return item[1]

    def take(self) -> list[tuple[int, str, bool]]:
        """Lines of the record that has just been read."""
        taken, self.pending, self._pending_chars = self.pending, [], 0
        return taken

    def push_back(self, items: list[tuple[int, str, bool]]) -> None:
        """Read these lines again, before the others."""
        self._again.extendleft(reversed(items))
        self.open_at_end = False


class Delimited:
    """A delimited text file.

    Parameters
    ----------
    path : Path
        The file, gzip or not.

    Attributes
    ----------
    encoding : str
        Codec found.
    dialect : Dialect
        Delimiter and escape found.

    Raises
    ------
    InputError
        If the file is empty or binary.
    """

    carrier = "delimited"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.encoding = detect_encoding(path)
        with open_text(path, self.encoding) as text:
            head = [line for line, _ in islice(read_lines(text), _SAMPLE_LINES)]
        self._skip = 1 if head and head[0].lower().startswith("sep=") else 0
        if self._skip and len(head[0]) > 4:
            self.dialect = Dialect(head[0][4])
        else:
            self.dialect = _sniff(head)
        if not any(line.strip() for line in head[self._skip :]):
            raise InputError(
                f"Le fichier « {path.name} » est vide.", "au moins une ligne de commentaires", "Exportez-le de nouveau."
            )

    def describe(self) -> str:
        """Encoding and dialect, in French."""
        names = {",": "virgule", ";": "point-virgule", "\t": "tabulation", "|": "barre verticale"}
        escape = ", guillemets précédés d'une barre oblique inverse" if self.dialect.backslash else ""
        return (
            f"texte {self.encoding}, séparateur : {names.get(self.dialect.delimiter, self.dialect.delimiter)}{escape}"
        )

    def raw_records(self) -> Iterator[tuple[int, list[str], str]]:
        """Line, cells and problem of every record, blank lines excepted.

        The first record sets the number of cells expected.
        """
        with open_text(self.path, self.encoding) as text:
            feed = _Feed(read_lines(text))
            for _ in range(self._skip):
                next(feed)
                feed.take()
            yield from self._parse(feed)

    def _parse(self, feed: _Feed) -> Iterator[tuple[int, list[str], str]]:
        reader = self.dialect.reader(feed)
        width = 0
        while True:
            problem = ""
            cells: list[str] = []
            try:
                cells = next(reader)
            except StopIteration:
                if not feed.pending:
                    return
            except _RunawayError:
                problem = "guillemet ouvert et jamais refermé, ou champ démesuré"
            except csv.Error:
                problem = "champ démesuré ou caractère interdit"
            lines = feed.take()
            if not problem and feed.open_at_end:
                problem = "guillemet ouvert et jamais refermé"
            wrong = bool(width) and not problem and not _fits(cells, width)
            if len(lines) > 1 and (problem or wrong):
                # The quote swallowed other rows: give them back, and set its own line aside.
                feed.push_back(lines[1:])
                lines = lines[:1]
                problem = problem or "guillemet ouvert et jamais refermé"
                reader = self.dialect.reader(feed)
                wrong = False
            elif problem:
                reader = self.dialect.reader(feed)
            if not lines or (not problem and not any(cell.strip() for cell in cells)):
                continue
            if any(cut for _, _, cut in lines):
                problem = "ligne de plus d'un million de caractères"
            if wrong:
                problem = f"{len(cells)} cellules au lieu de {width}"
            if not width and not problem:
                width = len(cells)
            yield lines[0][0], cells[:width] if width else cells, problem

    def records(self, header: list[str], skip_first: bool) -> Iterator[Record]:
        """Records keyed by `header`; `skip_first` leaves out the header record itself."""
        rows = self.raw_records()
        if skip_first:
            next(rows, None)
        for line, cells, problem in rows:
            if not problem and skip_first and cells == header:
                yield Record(line, {}, kind="repeated_header")
            else:
                yield Record(line, dict(zip(header, cells, strict=False)), problem)


def _fits(cells: list[str], width: int) -> bool:
    """Exactly `width` cells, or more whose surplus is blank (Excel leaves such)."""
    return len(cells) == width or (len(cells) > width and not any(cell.strip() for cell in cells[width:]))


def _sniff(head: list[str]) -> Dialect:
    """The dialect under which the first records agree best."""
    best, best_score = Dialect(","), (0.0, 0, False)
    escaped = any('\\"' in line for line in head)
    for delimiter in _DELIMITERS:
        for backslash in (False, True) if escaped else (False,):
            dialect = Dialect(delimiter, backslash)
            try:
                rows = [row for row in dialect.reader(iter(head)) if row]
            except csv.Error:
                continue
            if not rows:
                continue
            width, agreeing = Counter(map(len, rows)).most_common(1)[0]
            if width < 2:
                continue
            same_as_header = len(rows[0]) == width
            score = (agreeing / len(rows) + (0.5 if same_as_header else 0.0), width, not backslash)
            if score > best_score:
                best, best_score = dialect, score
    return best

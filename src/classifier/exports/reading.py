"""Open an export: what the file is, by its content, and its comments, streamed.

The carrier is found first (JSON, JSON Lines, delimited text, workbook, Parquet), then the platform's format by its
keys or columns; a table of no known platform is read through its columns. Files that hold no received comments
(personal archives, tables of publications) are recognised and refused with an explanation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from classifier.errors import InputError, UsageError
from classifier.exports.catalogue import JSON_FORMATS, TABLE_FORMATS, format_ids
from classifier.exports.columns import guess_columns, make_converter, missing_text, normalise_name, resolve_columns
from classifier.exports.document import JsonLines, load_document, looks_like_lines
from classifier.exports.encoding import open_bytes
from classifier.exports.entries import KINDS, Draft, LeftOut, Row, Tally
from classifier.exports.finishing import Finisher
from classifier.exports.formats import JsonFormat, TableFormat
from classifier.exports.mojibake import Census
from classifier.exports.sheets import Workbook
from classifier.exports.tables import SAMPLE_RECORDS, DelimitedTable, FlatTable, ParquetTable, Table

__all__ = ["Export", "open_export"]

#: A draft with the line of its record and what is wrong or other about it.
_Item = tuple[int | None, Draft | None, str, str]

_FOREIGN = (
    (b"%PDF", "un document PDF"),
    (b"\xd0\xcf\x11\xe0", "un classeur Excel ancien (.xls) ou protégé par un mot de passe"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"Rar!", "une archive RAR"),
    (b"7z\xbc\xaf", "une archive 7z"),
    (b"SQLite format 3", "une base SQLite"),
)


class Export:
    """A recognised export.

    Attributes
    ----------
    path : Path
        The file.
    format, title, platform : str
        Id and French title of the format, platform of the comments (``""`` if unknown).
    carrier : str
        How the file is carried, in French.
    columns : dict of str to str
        Field → column, for a table of no known platform; empty otherwise.
    header : list of str
        Column names of a table.
    tally : Tally
        Counters, kept by the latest reading.
    """

    def __init__(
        self,
        path: Path,
        format: str,
        title: str,
        platform: str,
        carrier: str,
        items: Callable[[], Iterator[_Item]],
        columns: Mapping[str, str] | None = None,
        header: list[str] | None = None,
    ) -> None:
        self.path = path
        self.format = format
        self.title = title
        self.platform = platform
        self.carrier = carrier
        self.columns = dict(columns or {})
        self.header = list(header or [])
        self.tally = Tally()
        self._items = items
        self._mojibake: bool | None = None

    @property
    def mojibake(self) -> bool:
        """Whether the whole file shows mojibake (found once, by reading ahead no more than it takes)."""
        if self._mojibake is None:
            census = Census()
            for _, draft, _, _ in self._items():
                if draft is not None and isinstance(draft.text, str):
                    census.add(draft.text)
                    if census.settled:
                        break
            self._mojibake = census.verdict
        return self._mojibake

    def estimated_rows(self) -> tuple[int | None, bool]:
        """How many records there are, and whether that is exact: counted in JSON, estimated from a text's size."""
        if self.carrier == "document JSON":
            return sum(1 for _ in self._items()), True
        with self.path.open("rb") as stream:
            head = stream.read(1 << 18)
        lines = head.count(b"\n")
        if not lines or head[:2] in (b"\x1f\x8b", b"PK") or head[:4] == b"PAR1":
            return None, False
        return max(1, round(self.path.stat().st_size / len(head) * lines)), False

    def entries(self) -> Iterator[Row | LeftOut]:
        """Every record of the file, in order, as a `Row` or a `LeftOut`; counted in `tally`."""
        self.tally = Tally()
        finisher = Finisher(self.tally, self.platform, self.mojibake)
        for position, (line, draft, problem, kind) in enumerate(self._items(), start=1):
            entry: Row | LeftOut
            if problem:
                entry = LeftOut(position, line, "quarantine", problem)
            elif kind or draft is None:
                entry = LeftOut(position, line, kind or "empty", KINDS[kind or "empty"])
            else:
                entry = finisher.finish(position, line, draft)
            self.tally.add(entry)
            yield entry

    def comments(self) -> Iterator[Row]:
        """The comments, in order; what is left out is in `tally` (and one by one in `entries`)."""
        for entry in self.entries():
            if isinstance(entry, Row):
                yield entry


def open_export(path: str | Path, *, format: str | None = None, columns: Mapping[str, str] | None = None) -> Export:
    """Recognise an export and prepare its reading.

    Parameters
    ----------
    path : str or Path
        The file; gzip is unpacked on the way.
    format : str, optional
        Id of a format, to read the file as that one; ``"table"`` reads any table through its columns.
    columns : mapping of str to str, optional
        Field → column name or rank, for a table (see `columns.FIELDS`).

    Returns
    -------
    Export
        Nothing more than a sample has been read.

    Raises
    ------
    InputError
        If the file is absent, empty, damaged, without a text column, or holds no received comments.
    UsageError
        For an unknown format or field.

    Examples
    --------
    >>> export = open_export("data/samples/facebook-graph.json")        # doctest: +SKIP
    >>> for row in export.comments(): ...                               # doctest: +SKIP
    """
    path = Path(path)
    if format is not None and format not in format_ids():
        raise UsageError(
            f"Le format « {format} » n'existe pas.", ", ".join(format_ids()), "Voyez `classifier inspect`."
        )
    carrier = _carrier(path)
    if carrier == "json":
        return _open_document(path, format, columns or {})
    if carrier == "json_lines":
        return _open_lines(path, format, columns or {})
    table: Table
    if carrier == "workbook":
        table = Workbook(path)
    elif carrier == "parquet":
        table = ParquetTable(path)
    else:
        table = DelimitedTable(path)
    return _open_table(path, table, format, columns or {})


def _carrier(path: Path) -> str:
    if path.is_dir():
        raise InputError(
            f"« {path.name} » est un dossier.",
            "un fichier d'export",
            "Donnez un fichier à la fois, par exemple comments.json.",
        )
    with open_bytes(path) as stream:
        head = stream.read(4096)
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise InputError(
            f"Le fichier « {path.name} » est vide.", "un export de commentaires", "Exportez-le de nouveau."
        )
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            raise InputError(
                f"« {path.name} » est {what}.",
                "un export de commentaires : CSV, JSON, JSON Lines, XLSX ou Parquet",
                "Enregistrez les commentaires en CSV UTF-8 ou en .xlsx, sans mot de passe.",
            )
    if head.startswith(b"PK"):
        return "workbook"
    if head.startswith(b"PAR1"):
        return "parquet"
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if text[:1] in (b"<",):
        raise InputError(
            f"« {path.name} » est une page HTML ou un document XML.",
            "un export de commentaires : CSV, JSON, JSON Lines, XLSX ou Parquet",
            "Redemandez le téléchargement au format JSON, ou enregistrez le tableau en CSV.",
        )
    if text.startswith(b"window.YTD"):
        return "json"
    if text[:1] == b"{":
        return "json_lines" if looks_like_lines(path) else "json"
    if text[:1] == b"[" and text[1:].lstrip(b" \t\r\n")[:1] in (b"{", b"]", b"["):
        return "json"
    return "text"


def _open_document(path: Path, format: str | None, columns: Mapping[str, str]) -> Export:
    documents = load_document(path)
    document = documents[0] if len(documents) == 1 else documents
    if not columns and format != "table":
        for known in JSON_FORMATS:
            if format == known.id or (format is None and known.recognise(document)):
                _refuse(path, known)
                return Export(
                    path,
                    known.id,
                    known.title,
                    known.platform,
                    "document JSON",
                    partial(_walk_items, known, [document]),
                )
    items = _list_of_objects(document)
    if items is None:
        raise InputError(
            f"Le document JSON « {path.name} » ne contient pas de liste de commentaires.",
            "un export d'une plateforme connue, ou une liste d'objets",
            "Voyez docs/exports.md pour les formats lus.",
        )
    if not items:
        raise InputError(
            f"L'export « {path.name} » ne contient aucun commentaire.",
            "au moins un commentaire",
            "Vérifiez la période exportée.",
        )
    return _open_table(path, FlatTable(items), format, columns)


def _list_of_objects(document: Any) -> list[Any] | None:
    """The first list of objects in a document: the root, or under one key."""
    if isinstance(document, list):
        return document if not document or any(isinstance(item, Mapping) for item in document) else None
    if isinstance(document, Mapping):
        for value in document.values():
            if isinstance(value, list) and (not value or isinstance(value[0], Mapping)):
                return value
    return None


def _open_lines(path: Path, format: str | None, columns: Mapping[str, str]) -> Export:
    lines = JsonLines(path)
    sample = [record.fields for record in islice(lines.records(), 20) if not record.problem]
    if not columns and format != "table" and sample:
        for known in JSON_FORMATS:
            if format == known.id or (format is None and known.recognise(sample[0])):
                _refuse(path, known)

                def items(known: JsonFormat = known) -> Iterator[_Item]:
                    for record in lines.records():
                        if record.problem:
                            yield record.line, None, record.problem, ""
                            continue
                        for _, draft, problem, kind in _walk_items(known, [record.fields]):
                            yield record.line, draft, problem, kind

                return Export(path, known.id, known.title, known.platform, lines.describe(), items)
    return _open_table(path, FlatTable(lines), format, columns)


def _walk_items(known: JsonFormat, documents: list[Any]) -> Iterator[_Item]:
    for document in documents:
        for found in known.walk(document):
            yield (None, None, found, "") if isinstance(found, str) else (None, found, "", "")


def _open_table(path: Path, table: Table, format: str | None, columns: Mapping[str, str]) -> Export:
    records = list(islice(table.records(), SAMPLE_RECORDS))
    if not records:
        raise InputError(
            f"Le fichier « {path.name} » ne contient aucune ligne de commentaire.",
            "un en-tête suivi de lignes",
            "Vérifiez la période exportée.",
        )
    sample = [record.fields for record in records if not record.problem and not record.kind]
    names = {column: normalise_name(column) for column in table.header}
    if not columns and format != "table":
        normalised: list[Mapping[str, Any]] = [
            {names.get(key, key): value for key, value in fields.items()} for fields in sample
        ]
        for known in TABLE_FORMATS:
            if format == known.id or (format is None and known.recognise(frozenset(names.values()), normalised)):
                _refuse(path, known)
                return Export(
                    path,
                    known.id,
                    known.title,
                    known.platform,
                    table.describe(),
                    partial(_table_items, table, known, names, normalised),
                    header=table.header,
                )
    if format not in (None, "table"):
        raise InputError(
            f"« {path.name} » n'est pas au format « {format} ».",
            "le format que porte le fichier",
            "Laissez --format de côté.",
        )
    chosen = guess_columns(table.header, sample) | resolve_columns(table.header, columns, path.name)
    if "text" not in chosen:
        raise missing_text(table.header, path.name)
    convert = make_converter(chosen)

    def items() -> Iterator[_Item]:
        for record in table.records():
            yield _convert(record.line, record.problem, record.kind, convert, record.fields)

    return Export(path, "table", "Tableau de commentaires", "", table.describe(), items, chosen, table.header)


def _table_items(
    table: Table, known: TableFormat, names: Mapping[str, str], sample: list[Mapping[str, Any]]
) -> Iterator[_Item]:
    convert = known.converter(sample)
    for record in table.records():
        fields = {names.get(key, key): value for key, value in record.fields.items()}
        yield _convert(record.line, record.problem, record.kind, convert, fields)


def _convert(line: int | None, problem: str, kind: str, convert: Any, fields: Mapping[str, Any]) -> _Item:
    if problem or kind:
        return line, None, problem, kind
    found = convert(fields)
    return (line, None, found, "") if isinstance(found, str) else (line, found, "", "")


def _refuse(path: Path, known: JsonFormat | TableFormat) -> None:
    if known.refusal:
        raise InputError(f"« {path.name} » : {known.title}.", "un export des commentaires reçus", known.refusal)

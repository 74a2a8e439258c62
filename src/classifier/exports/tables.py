"""Tables, whatever carries them: a header, a sample of records, and the records streamed again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from classifier.errors import InputError
from classifier.exports.columns import known_name, unique_names
from classifier.exports.delimited import Delimited
from classifier.exports.document import JsonLines
from classifier.exports.entries import Record
from classifier.exports.times import parse_time

__all__ = ["SAMPLE_RECORDS", "DelimitedTable", "FlatTable", "ParquetTable", "Table", "flatten"]

#: Records read to recognise a format and to guess columns.
SAMPLE_RECORDS = 200


class Table(Protocol):
    """What a carrier of tables gives."""

    carrier: str
    header: list[str]

    def describe(self) -> str:
        """How the file is carried, in French."""
        ...

    def records(self) -> Iterator[Record]:
        """All records, from the start, at each call."""
        ...


class DelimitedTable:
    """A delimited text file with its header, or with ranks for names where it has none."""

    carrier = "delimited"

    def __init__(self, path: Path) -> None:
        self._source = Delimited(path)
        first: list[str] = []
        for _, cells, problem in self._source.raw_records():
            if not problem:
                first = cells
                break
        self._first = first
        self.has_header = _is_header(first)
        self.header = (
            unique_names(first) if self.has_header else [f"colonne {rank}" for rank in range(1, len(first) + 1)]
        )

    def describe(self) -> str:
        """Encoding, separator, and whether there is a header."""
        return self._source.describe() + ("" if self.has_header else ", sans ligne d'en-tête")

    def records(self) -> Iterator[Record]:
        """All records after the header."""
        rows = self._source.raw_records()
        seen_header = not self.has_header
        for line, cells, problem in rows:
            if not problem and self.has_header and cells == self._first:
                if seen_header:
                    yield Record(line, {}, kind="repeated_header")
                seen_header = True
                continue
            yield Record(line, {} if problem else dict(zip(self.header, cells, strict=False)), problem)


def _is_header(cells: list[str]) -> bool:
    """A first record of names, not of data: no dates, numbers or sentences."""
    if any(known_name(cell) for cell in cells):
        return True
    for cell in cells:
        stripped = cell.strip()
        if len(stripped) > 60 or stripped.isdigit() or len(stripped.split()) > 6 or stripped.endswith((".", "!", "?")):
            return False
        if parse_time(stripped)[0] is not None:
            return False
    return any(cell.strip() for cell in cells)


class FlatTable:
    """JSON objects as a table: nested keys joined by a dot (``snippet.text``).

    Parameters
    ----------
    source : JsonLines or list
        Lines to stream, or objects already read.
    """

    carrier = "json"

    def __init__(self, source: JsonLines | list[Any]) -> None:
        self._source = source
        names: dict[str, None] = {}
        for record in islice(self.records(), SAMPLE_RECORDS):
            names.update(dict.fromkeys(record.fields))
        self.header = list(names)

    def describe(self) -> str:
        """Carrier, in French."""
        return self._source.describe() if isinstance(self._source, JsonLines) else "document JSON"

    def records(self) -> Iterator[Record]:
        """Objects, flattened."""
        if isinstance(self._source, JsonLines):
            for record in self._source.records():
                yield Record(record.line, flatten(record.fields), record.problem)
        else:
            for item in self._source:
                if isinstance(item, Mapping):
                    yield Record(None, flatten(item))
                else:
                    yield Record(None, {}, "l'élément n'est pas un objet JSON")


def flatten(item: Mapping[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """Nested mappings as one, keys joined by dots; lists stay as they are, as JSON text.

    Examples
    --------
    >>> flatten({"from": {"id": "7"}, "message": "Merci"})
    {'from.id': '7', 'message': 'Merci'}
    """
    flat: dict[str, Any] = {}
    for key, value in item.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping) and depth < 6:
            flat.update(flatten(value, f"{name}.", depth + 1))
        elif isinstance(value, (list, Mapping)):
            flat[name] = json.dumps(value, ensure_ascii=False)
        else:
            flat[name] = value
    return flat


class ParquetTable:
    """A Parquet file, read by batches (needs pyarrow, an extra)."""

    carrier = "parquet"

    def __init__(self, path: Path) -> None:
        self._path = path
        with _opened_parquet(path) as file:
            self.header = [str(name) for name in file.schema_arrow.names]
            self._rows = file.metadata.num_rows
        if not self._rows:
            raise InputError(f"Le fichier « {path.name} » est vide.", "au moins une ligne", "Exportez-le de nouveau.")

    def describe(self) -> str:
        """Number of rows, in French."""
        return f"Parquet, {self._rows} lignes"

    def records(self) -> Iterator[Record]:
        """Rows, a batch at a time."""
        with _opened_parquet(self._path) as file:
            number = 0
            for batch in file.iter_batches(batch_size=4096):
                for fields in batch.to_pylist():
                    number += 1
                    yield Record(number, fields)


def _opened_parquet(path: Path) -> Any:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise InputError(
            f"« {path.name} » est un fichier Parquet, et pyarrow n'est pas installé.",
            "l'extra « parquet » du paquet",
            "Installez-le (pip install 'classifier[parquet]') ou exportez en CSV.",
        ) from error
    try:
        return ParquetFile(path)
    except (ArrowException, OSError) as error:
        raise InputError(
            f"Le fichier Parquet « {path.name} » est tronqué ou abîmé.",
            "un fichier Parquet entier",
            "Exportez-le de nouveau.",
        ) from error

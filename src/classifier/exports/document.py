"""JSON: one document, several documents one after the other, JSON Lines, or a JavaScript archive.

A JSON document is read whole, within a documented size; JSON Lines are streamed line by line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from classifier.errors import InputError
from classifier.exports.encoding import detect_encoding, open_bytes, open_text, read_lines
from classifier.exports.entries import Record

__all__ = ["MAX_DOCUMENT_BYTES", "JsonLines", "load_document", "looks_like_lines"]

#: Largest JSON document read whole (about eight times as much memory while it is read).
MAX_DOCUMENT_BYTES = 512 << 20


def load_document(path: Path) -> list[Any]:
    """Read the document, or the documents one after the other (pages pasted together).

    Raises
    ------
    InputError
        If it is larger than `MAX_DOCUMENT_BYTES`, cut short, not JSON, or nested beyond reason.
    """
    encoding = detect_encoding(path)
    with open_bytes(path) as stream:
        raw = stream.read(MAX_DOCUMENT_BYTES + 1)
    if len(raw) > MAX_DOCUMENT_BYTES:
        raise InputError(
            f"Le document JSON « {path.name} » dépasse 512 Mio.",
            "un document plus petit, ou des JSON Lines (sans limite)",
            "Exportez par périodes, ou convertissez en JSON Lines.",
        )
    text = raw.decode(encoding, errors="surrogateescape").lstrip("\ufeff \t\r\n")
    if text.startswith("window.YTD"):
        text = text.partition("=")[2].lstrip()
    documents: list[Any] = []
    decoder = json.JSONDecoder()
    at = 0
    try:
        while at < len(text):
            document, at = decoder.raw_decode(text, at)
            documents.append(document)
            while at < len(text) and text[at] in " \t\r\n,;\0":
                at += 1
    except json.JSONDecodeError as error:
        line = text.count("\n", 0, error.pos) + 1
        raise InputError(
            f"Le fichier « {path.name} » n'est pas du JSON complet (arrêt à la ligne {line}, position {error.pos}).",
            "un document JSON entier",
            "Téléchargez l'export de nouveau : il a sans doute été coupé.",
        ) from error
    except (RecursionError, ValueError) as error:
        raise InputError(
            f"Le document JSON « {path.name} » est imbriqué ou chiffré hors de toute mesure.",
            "un export de commentaires",
            "Vérifiez d'où vient ce fichier.",
        ) from error
    return documents


def looks_like_lines(path: Path) -> bool:
    """Whether the first two lines that are not blank are JSON objects on their own."""
    with open_text(path, detect_encoding(path)) as text:
        lines = [line for line, _ in islice(((a, b) for a, b in read_lines(text) if a.strip()), 2)]
    if not lines or not lines[0].lstrip("\ufeff ").startswith("{"):
        return False
    return all(isinstance(_parse(line), dict) for line in lines[:1]) and (
        len(lines) > 1 or "data" not in _parse(lines[0])
    )


def _parse(line: str) -> Any:
    try:
        return json.loads(line.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None


class JsonLines:
    """JSON Lines, streamed: one object per line; a line that is none goes to quarantine."""

    carrier = "json_lines"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.encoding = detect_encoding(path)

    def describe(self) -> str:
        """Encoding, in French."""
        return f"JSON Lines ({self.encoding})"

    def records(self) -> Iterator[Record]:
        """Every line that is not blank."""
        with open_text(self.path, self.encoding) as text:
            for number, (line, cut) in enumerate(read_lines(text), start=1):
                if not line.strip():
                    continue
                value = None if cut else _parse(line)
                if isinstance(value, dict):
                    yield Record(number, value)
                elif cut:
                    yield Record(number, {}, "ligne de plus d'un million de caractères")
                else:
                    yield Record(number, {}, "la ligne n'est pas un objet JSON")

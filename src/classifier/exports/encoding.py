"""Bytes → text: which encoding a text file is in, found from its bytes, in one bounded pass.

UTF-8 and UTF-16 are proven; cp1252, Mac Roman and cp850 are told apart by where they put the French accents.
Bytes that the encoding cannot hold become lone surrogates, which later send their row to quarantine.
"""

from __future__ import annotations

import codecs
import errno
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from classifier.errors import InputError

__all__ = ["detect_encoding", "explain_system", "open_bytes", "open_text", "read_lines"]

_CHUNK_BYTES = 1 << 20
#: A line longer than this is not a table's line: it is cut, and its row is quarantined.
MAX_LINE_CHARS = 1 << 20
#: Beyond this, a compressed file is refused (a small file that unpacks to fill a disk).
MAX_UNPACKED_BYTES = 64 << 30

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Where the one-byte encodings put « éèàêçôùîâë ».
_ACCENTS = {name: "éèàêçôùîâëÉÀ".encode(name) for name in ("cp1252", "mac_roman", "cp850")}


@contextmanager
def open_bytes(path: Path) -> Iterator[IO[bytes]]:
    """Open a file, unpacked if it is gzip; what the system refuses becomes an `InputError`."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            if packed:
                with gzip.open(raw) as unpacked:
                    yield cast("IO[bytes]", unpacked)
            else:
                yield raw
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(
            f"Le fichier compressé « {path.name} » est tronqué ou abîmé.",
            "un fichier .gz complet",
            "Téléchargez-le de nouveau, ou décompressez-le vous-même.",
        ) from error
    except OSError as error:
        raise InputError(
            f"Le fichier « {path.name} » ne peut pas être lu ({explain_system(error)}).",
            "un fichier qui existe et que vous avez le droit de lire",
            "Vérifiez le chemin ; sous Windows, fermez le fichier dans Excel.",
        ) from error


def explain_system(error: OSError) -> str:
    """What the system refused, in French.

    Examples
    --------
    >>> explain_system(FileNotFoundError(2, "No such file or directory"))
    'introuvable'
    """
    reasons = {
        errno.ENOENT: "introuvable",
        errno.EACCES: "accès refusé",
        errno.EPERM: "accès refusé",
        errno.ENOSPC: "disque plein",
        errno.EROFS: "disque en lecture seule",
        errno.ENAMETOOLONG: "nom trop long",
        errno.EISDIR: "c'est un dossier",
    }
    return reasons.get(error.errno or 0, error.strerror or type(error).__name__)


def detect_encoding(path: Path) -> str:
    """Name the encoding of a text file.

    Parameters
    ----------
    path : Path
        A text file, gzip or not.

    Returns
    -------
    str
        A Python codec name; ``"utf-8"`` for pure ASCII.

    Raises
    ------
    InputError
        If the file holds binary data.
    """
    decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
    counts = dict.fromkeys(_ACCENTS, 0)
    multibyte = broken = control = size = 0
    with open_bytes(path) as stream:
        head = stream.read(_CHUNK_BYTES)
        for mark, name in _BOMS:
            if head.startswith(mark):
                return name
        if wide := _unmarked_utf16(head):
            return wide
        chunk = head
        while chunk:
            size += len(chunk)
            control += len(chunk) - len(chunk.translate(None, _CONTROLS))
            if not chunk.isascii():
                text = decoder.decode(chunk)
                lone = sum(map(text.count, _surrogates(text)))
                broken += lone
                multibyte += len(chunk) - len(chunk.translate(None, _HIGH)) - lone
                for name, accents in _ACCENTS.items():
                    counts[name] += len(chunk) - len(chunk.translate(None, accents))
            if size > MAX_UNPACKED_BYTES:
                raise InputError(
                    f"Le fichier « {path.name} » dépasse 64 Gio une fois décompressé.", todo="Scindez l'export."
                )
            chunk = stream.read(_CHUNK_BYTES)
    if control > max(16, size // 50):
        raise InputError(
            f"Le fichier « {path.name} » contient des données binaires.",
            "un export de commentaires : CSV, JSON, JSON Lines, XLSX ou Parquet",
            "Exportez les commentaires dans l'un de ces formats.",
        )
    # A few bad bytes in a file that is otherwise good UTF-8: their rows go to quarantine, the others stay right.
    if broken == 0 or multibyte >= 10 * broken:
        return "utf-8"
    return max(counts, key=lambda name: (counts[name], name == "cp1252"))


_HIGH = bytes(range(128, 256))
#: Bytes that no text holds many of.
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b"))


def _surrogates(text: str) -> set[str]:
    return {character for character in set(text) if "\udc80" <= character <= "\udcff"}


def _unmarked_utf16(head: bytes) -> str:
    """UTF-16 without a mark: every other byte of Latin text is zero."""
    sample = head[:4096]
    if len(sample) < 4:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.6 and odd < half * 0.1:
        return "utf-16-be"
    return ""


@contextmanager
def open_text(path: Path, encoding: str) -> Iterator[io.TextIOBase]:
    """Open as text: line ends as they are, bytes that cannot be read as lone surrogates."""
    # UTF-16 has no one-byte escape: its bad units are kept as lone surrogates instead.
    errors = "surrogatepass" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    with open_bytes(path) as stream, io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="") as text:
        try:
            yield text
        except UnicodeError as error:
            raise InputError(
                f"Le fichier « {path.name} » est tronqué ou abîmé ({encoding}).",
                "un fichier texte complet",
                "Exportez-le de nouveau, de préférence en CSV UTF-8.",
            ) from error


def read_lines(text: io.TextIOBase) -> Iterator[tuple[str, bool]]:
    """Lines with their ends, each with whether it was cut at `MAX_LINE_CHARS`.

    Memory stays bounded whatever the file: the rest of a cut line is read and dropped (its row is quarantined).
    """
    while line := text.readline(MAX_LINE_CHARS):
        cut = len(line) == MAX_LINE_CHARS and not line.endswith(("\n", "\r"))
        if cut:
            rest = line
            while rest and not rest.endswith(("\n", "\r")):
                rest = text.readline(MAX_LINE_CHARS)
        yield line, cut

"""Whether two comments say the same thing: folded text, and a small sketch whose overlap estimates their similarity."""

from __future__ import annotations

import hashlib
import heapq
import struct
import unicodedata
import zlib

__all__ = ["fingerprint", "fold", "similarity", "sketch"]

_SKETCH_SIZE = 64
_SHINGLE_CHARS = 4
#: Beyond this, a longer text adds nothing to its sketch.
_MAX_FOLDED_CHARS = 1_000


def fold(text: str) -> str:
    """Letters, digits and emojis only, without accents or case; letters drawn out are shortened.

    Examples
    --------
    >>> fold("Honteuuuux !!!"), fold("HONTEUUX")
    ('honteuux', 'honteuux')
    """
    folded: list[str] = []
    for character in unicodedata.normalize("NFKD", text.casefold()):
        if character.isalnum() or ord(character) > 0x2190:
            if unicodedata.category(character) in ("Mn", "Cf"):
                continue
            if len(folded) >= 2 and folded[-1] == folded[-2] == character:
                continue
            folded.append(character)
    return "".join(folded)


def fingerprint(folded: str) -> bytes:
    """Sixteen bytes that stand for one exact folded text."""
    return hashlib.blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def sketch(folded: str) -> bytes:
    """The smallest hashes of its 4-grams, packed: enough to estimate how alike two texts are.

    Parameters
    ----------
    folded : str
        Text from `fold`.

    Returns
    -------
    bytes
        Up to 64 unsigned 32-bit integers, sorted.
    """
    raw = folded[:_MAX_FOLDED_CHARS].encode("utf-8", "surrogatepass")
    width = _SHINGLE_CHARS
    hashes = {zlib.crc32(raw[at : at + width]) for at in range(max(1, len(raw) - width + 1))}
    smallest = heapq.nsmallest(_SKETCH_SIZE, hashes)
    return struct.pack(f"<{len(smallest)}I", *smallest)


def similarity(one: bytes, other: bytes) -> float:
    """Estimated Jaccard similarity of two sketches, in [0, 1].

    Examples
    --------
    >>> similarity(sketch("deneigezlaruedesormes"), sketch("deneigezlaruedesormes"))
    1.0
    """
    if one == other:
        return 1.0
    first = set(struct.unpack(f"<{len(one) // 4}I", one))
    second = set(struct.unpack(f"<{len(other) // 4}I", other))
    smallest = heapq.nsmallest(_SKETCH_SIZE, first | second)
    return sum(1 for value in smallest if value in first and value in second) / len(smallest)

"""Whether two comments say the same thing: folded text, and a sketch whose agreement estimates their similarity."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["fingerprint", "fold", "similarities", "sketch"]

_SKETCH_SIZE = 64
_SHINGLE_BYTES = 4
#: Beyond this, a longer text adds nothing to its sketch.
_MAX_FOLDED_CHARS = 1_000

#: All but letters, digits and emojis; selectors and skin tones go too.
_DROPPED = re.compile("[^\\w\u2190-\U0010ffff]|_|[\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")
_DRAWN_OUT = re.compile(r"(.)\1{2,}", re.DOTALL)

_RANDOM = np.random.Generator(np.random.PCG64(20_250_119))
#: Odd multipliers and offsets of the hash functions (fixed: sketches on disk must stay comparable).
_FACTORS: NDArray[np.uint32] = _RANDOM.integers(0, 2**31, _SKETCH_SIZE, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
_OFFSETS: NDArray[np.uint32] = _RANDOM.integers(0, 2**32, _SKETCH_SIZE, dtype=np.uint32)


def fold(text: str) -> str:
    """Letters, digits and emojis only, without accents or case; letters drawn out are shortened.

    Examples
    --------
    >>> fold("Honteuuuux !!!"), fold("HONTEUUX")
    ('honteuux', 'honteuux')
    """
    plain = text.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
    return _DRAWN_OUT.sub(r"\1\1", _DROPPED.sub("", plain))


def fingerprint(folded: str) -> bytes:
    """Sixteen bytes that stand for one exact folded text."""
    return hashlib.blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def sketch(folded: str) -> bytes:
    """For each of 64 hash functions, its smallest value over the text's 4-grams: two texts agree on a share of them.

    Parameters
    ----------
    folded : str
        Text from `fold`.

    Returns
    -------
    bytes
        64 unsigned 32-bit integers.
    """
    raw = np.frombuffer(folded[:_MAX_FOLDED_CHARS].encode("utf-8", "surrogatepass").ljust(_SHINGLE_BYTES), np.uint8)
    bytes_ = raw.astype(np.uint32)
    grams = bytes_[:-3] << 24 | bytes_[1:-2] << 16 | bytes_[2:-1] << 8 | bytes_[3:]
    hashed = grams[:, None] * _FACTORS + _OFFSETS
    hashed ^= hashed >> np.uint32(15)
    found: bytes = (hashed * np.uint32(0x2C1B3C6D)).min(axis=0).tobytes()
    return found


def similarities(one: bytes, others: Sequence[bytes]) -> NDArray[np.float64]:
    """Estimated Jaccard similarity of a sketch with others, in [0, 1].

    Parameters
    ----------
    one : bytes
        From `sketch`.
    others : sequence of bytes (n)
        From `sketch`.

    Returns
    -------
    float64 array (n)

    Examples
    --------
    >>> similarities(sketch("deneigezlaruedesormes"), [sketch("deneigezlaruedesormes")]).tolist()
    [1.0]
    """
    table = np.frombuffer(b"".join(others), np.uint32).reshape(len(others), _SKETCH_SIZE)
    agreed: NDArray[np.float64] = (table == np.frombuffer(one, np.uint32)).mean(axis=1)
    return agreed

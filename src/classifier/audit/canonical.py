"""The chain's format: canonical JSON, the seal of what stands apart, the digest that links a record to the one before.

Everything here is specified in `docs/audit.md` (« Format of the chain ») and done again, with the standard
library alone, by `tools/verify_log.py`: change nothing here without changing both and `FORMAT`.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

__all__ = [
    "FORMAT",
    "GENESIS_DIGEST",
    "canonical_json",
    "from_microseconds",
    "link",
    "object_id",
    "publication_key",
    "seal",
    "to_microseconds",
]

#: Version of the chain's format; the first record of a log carries it.
FORMAT = 1

#: What stands for the digest « of the record before » in front of the first record.
GENESIS_DIGEST = bytes(32)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def canonical_json(value: Any) -> str:
    """JSON with sorted keys, no space, no escaped letters; the same value always gives the same bytes.

    Raises
    ------
    ValueError
        For NaN and infinities, which JSON does not have.

    Examples
    --------
    >>> canonical_json({"b": 1, "a": ["é", None]})
    '{"a":["é",null],"b":1}'
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def link(
    previous: bytes, seq: int, kind: str, record_id: str, at_us: int, about: str | None, sealed: bytes | None, body: str
) -> bytes:
    """Digest of a record: SHA-256 over the digest before it (32 bytes), then its columns, one per line.

    The columns hold no line feed (JSON escapes it in `body`), so that no two records give the same message.

    Examples
    --------
    >>> link(GENESIS_DIGEST, 1, "genesis", "x", 0, None, None, "{}").hex()[:12]
    'ba2a9084cd02'
    """
    # A hyphen, which no value is, stands for what is absent.
    named = "-" if about is None else about
    sealed_hex = "-" if sealed is None else sealed.hex()
    message = f"{seq}\n{kind}\n{record_id}\n{at_us}\n{named}\n{sealed_hex}\n{body}"
    return hashlib.sha256(previous + message.encode("utf-8", "surrogatepass")).digest()


def seal(
    salt: bytes,
    author: str | None,
    subject: str | None,
    publication: str | None,
    moment_us: int,
    retention: str,
    form: str,
    payload: bytes,
) -> bytes:
    """Salted commitment to what stands apart: SHA-256 over the salt (16 bytes), the columns, then the payload's bytes.

    Once salt and payload are destroyed, the commitment tells nothing about them.
    """
    header = canonical_json([author, subject, publication, moment_us, retention, form])
    return hashlib.sha256(salt + header.encode() + b"\n" + payload).digest()


def to_microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970 of an aware time: exact, on every system, before 1970 too.

    >>> from_microseconds(to_microseconds(datetime(1969, 12, 31, 23, tzinfo=UTC))).hour
    23
    """
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_microseconds(moment_us: int) -> datetime:
    """Aware time of a number of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=moment_us)


def object_id(kind: str, body: str) -> str:
    """Identifier of a thing that is stored once (context, outcome, policy): a hash of what it says.

    Examples
    --------
    >>> object_id("outcome", "{}") == object_id("outcome", "{}") != object_id("context", "{}")
    True
    """
    return hashlib.sha256(f"{kind}\n{body}".encode()).hexdigest()[:32]


def publication_key(body: bytes) -> str:
    """Identifier of a publication stored apart: a hash of its bytes."""
    return hashlib.sha256(body).hexdigest()[:20]

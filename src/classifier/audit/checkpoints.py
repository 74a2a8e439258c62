"""Checkpoints: the end of the chain, signed, to be kept elsewhere. They show a tail that was cut and a log written
anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from classifier.errors import AuditError

from .canonical import canonical_json
from .identity import write_secret

__all__ = ["SIGNING_VARIABLE", "Checkpoint", "load_signing_key", "read_checkpoint", "sign_checkpoint"]

#: Environment variable that holds the signing key (64 hexadecimal digits), where it must not lie beside the log.
SIGNING_VARIABLE = "CLASSIFIER_AUDIT_SIGNING_KEY"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The chain as it stood: which log, how many records, the digest of the last, when, signed by whom.

    Attributes
    ----------
    log : str
        Identifier of the log (its first record).
    seq : int
        Number of records.
    digest : str
        Digest of record `seq`, in hexadecimal.
    at : str
        ISO 8601 time.
    public_key, signature : str
        Ed25519, in hexadecimal, over the canonical JSON of the other keys.
    """

    log: str
    seq: int
    digest: str
    at: str
    public_key: str
    signature: str

    def message(self) -> bytes:
        """What is signed."""
        said = {key: getattr(self, key) for key in ("at", "digest", "log", "public_key", "seq")}
        return canonical_json({**said, "checkpoint": 1}).encode()

    def to_json(self) -> str:
        """The file's content."""
        said = {key: getattr(self, key) for key in ("log", "seq", "digest", "at", "public_key", "signature")}
        return json.dumps({"checkpoint": 1, **said}, indent=2) + "\n"


def load_signing_key(path: Path | None, *, create: bool, environment: Mapping[str, str] = os.environ) -> bytes:
    """The private key that signs checkpoints: from the environment, else its file, else drawn if `create`.

    Raises
    ------
    AuditError
        If there is none, or it is malformed.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    text = environment.get(SIGNING_VARIABLE, "").strip()
    if not text and path is not None and path.exists():
        text = path.read_text(encoding="ascii", errors="replace").strip()
    if not text:
        if not create or path is None:
            raise AuditError(
                "Aucune clé de signature n'est fournie.", f"la variable {SIGNING_VARIABLE}, ou une clé en fichier."
            )
        return write_secret(path, Ed25519PrivateKey.generate().private_bytes_raw())
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise AuditError("La clé de signature n'est pas valide.", "64 chiffres hexadécimaux.")
    return key


def sign_checkpoint(log: str, seq: int, digest: bytes, at: datetime, signing_key: bytes) -> Checkpoint:
    """Sign the end of a chain.

    Examples
    --------
    >>> from datetime import UTC
    >>> one = sign_checkpoint("a1", 3, bytes(32), datetime(2026, 1, 1, tzinfo=UTC), bytes(32))
    >>> one.seq, len(one.signature)
    (3, 128)
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.from_private_bytes(signing_key)
    public = private.public_key().public_bytes_raw().hex()
    unsigned = Checkpoint(log, seq, digest.hex(), at.isoformat(), public, "")
    return Checkpoint(log, seq, digest.hex(), at.isoformat(), public, private.sign(unsigned.message()).hex())


def read_checkpoint(path: Path, *, public_key: str = "") -> Checkpoint:
    """Read a checkpoint and check its signature.

    Parameters
    ----------
    public_key : str
        The key that must have signed it, if the reader knows it from elsewhere.

    Raises
    ------
    AuditError
        If the file cannot be read, was changed, or was signed by another key.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        log, digest, at, public, signature = (
            str(said[key]) for key in ("log", "digest", "at", "public_key", "signature")
        )
        checkpoint = Checkpoint(log, int(said["seq"]), digest, at, public, signature)
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(checkpoint.public_key)).verify(
            bytes.fromhex(checkpoint.signature), checkpoint.message()
        )
    except OSError as error:
        raise AuditError(f"Le point de contrôle « {path} » ne peut pas être lu ({error.strerror}).") from None
    except (ValueError, KeyError, TypeError):
        raise AuditError(
            f"« {path} » n'est pas un point de contrôle.", "un fichier écrit par « audit checkpoint »."
        ) from None
    except InvalidSignature:
        raise AuditError(
            f"La signature du point de contrôle « {path} » est fausse.", todo="Prenez-en une autre copie."
        ) from None
    if public_key and public_key.lower() != checkpoint.public_key.lower():
        raise AuditError(f"Le point de contrôle « {path} » est signé par une autre clé que celle qui est attendue.")
    return checkpoint

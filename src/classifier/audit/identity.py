"""Who and what, without names: decision ids, the log's key, pseudonyms, commitments.

The key never enters the database; only a fingerprint of it does, so that a wrong key is refused at once.
Rotation: see `docs/audit.md`.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from classifier.errors import AuditError

__all__ = ["KEY_VARIABLE", "Identity", "decision_id", "load_key", "write_secret"]

#: Environment variable that holds the key, in hexadecimal (64 digits or more).
KEY_VARIABLE = "CLASSIFIER_AUDIT_KEY"

_KEY_BYTES = 32


def decision_id(
    organisation: str,
    platform: str | None,
    comment_id: str | None,
    text_commitment: str,
    position: int,
    model_sha256: str,
    policy_sha256: str,
) -> str:
    """Identifier of a decision: the same comment, text, model and policy always give the same one, whenever it is made.

    Parameters
    ----------
    organisation, platform : str
        Whose page, and where.
    comment_id : str or None
        The platform's id. Without one, `position` tells two equal texts apart; with one, `position` does not count,
        so that an export in another order changes nothing.
    text_commitment : str
        `AuditLog.commitment` of the text: an edited text is a new decision.
    position : int
        Rank of the comment in its export, from 0.
    model_sha256, policy_sha256 : str
        What decided.

    Returns
    -------
    str
        32 hexadecimal digits.

    Examples
    --------
    >>> a = decision_id("ville", "facebook", "1", "aa", 0, "m", "p")
    >>> a == decision_id("ville", "facebook", "1", "aa", 9, "m", "p")
    True
    >>> a == decision_id("ville", "facebook", "1", "bb", 0, "m", "p")
    False
    """
    place = ("id", comment_id) if comment_id is not None else ("position", str(position))
    fields = (organisation, platform or "", *place, text_commitment, model_sha256, policy_sha256)
    message = b"".join(
        len(raw).to_bytes(4, "big") + raw for raw in (f.encode("utf-8", "surrogatepass") for f in fields)
    )
    return hashlib.sha256(b"classifier decision 1\n" + message).hexdigest()[:32]


def load_key(
    path: Path | None, *, create: bool, environment: Mapping[str, str] = os.environ, given: bytes | None = None
) -> bytes | None:
    """The log's key: given, else from the environment, else from its file, else a new one if `create`.

    Parameters
    ----------
    path : Path or None
        File beside the database; None for a server's database, which has no « beside ».
    create : bool
        Whether a key may be drawn and written (a log that is new).

    Returns
    -------
    bytes or None
        None if there is none and `create` is false.

    Raises
    ------
    AuditError
        If the key is malformed, unreadable, or cannot be written, or if other people may read its file.
    """
    if given is not None:
        if len(given) < _KEY_BYTES:
            raise AuditError(f"La clé du registre a {len(given)} octets.", f"{_KEY_BYTES} octets ou plus.")
        return given
    if text := environment.get(KEY_VARIABLE, "").strip():
        return _parse_key(text, f"La variable {KEY_VARIABLE}")
    if path is None:
        if not create:
            return None
        raise AuditError(
            "Aucune clé n'est fournie pour ce registre.",
            f"la variable d'environnement {KEY_VARIABLE} (64 chiffres hexadécimaux).",
            'Tirez une clé avec « python -c "import secrets; print(secrets.token_hex(32))" » et gardez-la en lieu sûr.',
        )
    if path.exists():
        return _read_key(path)
    return write_secret(path, secrets.token_bytes(_KEY_BYTES)) if create else None


def _parse_key(text: str, origin: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) < _KEY_BYTES:
        raise AuditError(f"{origin} ne contient pas une clé valide.", "64 chiffres hexadécimaux ou plus.")
    return key


def _read_key(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise AuditError(
            f"La clé « {path} » ne peut pas être lue ({type(error).__name__}).",
            todo="Vérifiez vos droits sur ce fichier.",
        ) from None
    # Windows answers 0o666 whatever the access list says: the check means something on POSIX systems only.
    if os.name == "posix" and mode & 0o077:
        raise AuditError(
            f"La clé « {path} » peut être lue par d'autres comptes.",
            "un fichier lisible par son seul propriétaire.",
            f"Exécutez « chmod 600 {path} ».",
        )
    return _parse_key(text, f"Le fichier « {path} »")


def write_secret(path: Path, secret: bytes) -> bytes:
    """Write a secret that its owner alone may read, unless it is there already; return the one that is there.

    Raises
    ------
    AuditError
        If it cannot be written.
    """
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secret.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link, not a rename: of two processes that start together, one wins and the other reads the winner's key.
            os.link(draft, path)
        except FileExistsError:
            return _read_key(path)
        except OSError:
            os.rename(draft, path)  # A file system without hard links.
    except OSError as error:
        raise AuditError(
            f"La clé « {path} » ne peut pas être écrite ({error.strerror or type(error).__name__}).",
            todo="Donnez le droit d'écrire dans ce dossier, ou fournissez la clé par une variable d'environnement.",
        ) from None
    finally:
        draft.unlink(missing_ok=True)
    return secret


class Identity:
    """What is derived from one key: pseudonyms, commitments, subjects.

    Examples
    --------
    >>> one = Identity(bytes(32))
    >>> one.pseudonym("Marie") == one.pseudonym("Marie") != Identity(b"k" * 32).pseudonym("Marie")
    True
    """

    def __init__(self, key: bytes) -> None:
        # One derived key per use: a pseudonym can never be taken for a commitment.
        self._author_key = hmac.digest(key, b"classifier audit author 1", "sha256")
        self._text_key = hmac.digest(key, b"classifier audit text 1", "sha256")
        self._subject_key = hmac.digest(key, b"classifier audit subject 1", "sha256")
        #: Tells keys apart, and nothing else.
        self.fingerprint = hmac.digest(key, b"classifier audit fingerprint 1", "sha256").hex()[:16]

    def pseudonym(self, author: str) -> str:
        """Keyed pseudonym of an author: « a » and 20 hexadecimal digits."""
        name = unicodedata.normalize("NFC", author.strip())
        return "a" + hmac.digest(self._author_key, name.encode("utf-8", "surrogatepass"), "sha256").hex()[:20]

    def commitment(self, text: str) -> str:
        """Keyed hash of a text, for decision ids: 40 hexadecimal digits."""
        return hmac.digest(self._text_key, text.encode("utf-8", "surrogatepass"), "sha256").hex()[:40]

    def subject(self, organisation: str, platform: str | None, comment_id: str) -> str:
        """Keyed hash that stands for a comment, whatever its text: 24 hexadecimal digits."""
        message = "\n".join((organisation, platform or "", comment_id))
        return hmac.digest(self._subject_key, message.encode("utf-8", "surrogatepass"), "sha256").hex()[:24]

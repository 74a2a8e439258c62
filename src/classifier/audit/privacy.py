"""Redaction and encryption of what is kept of a comment.

Masks are as long as what they hide, so that the evidence of a decision still falls on the right characters.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping

from classifier.errors import AuditError
from classifier.signals.personal_data import KINDS, find_personal_data

from .names import find_names

__all__ = ["MASK", "NAMES_OF_KINDS", "TEXT_KEY_VARIABLE", "TextCipher", "load_text_key", "redact"]

#: What stands for each character that is hidden.
MASK = "█"

#: Environment variable of the key under which texts are kept whole, in hexadecimal (64 digits). Without it they are
#: redacted.
TEXT_KEY_VARIABLE = "CLASSIFIER_AUDIT_TEXT_KEY"

#: Kind of what is hidden → French name.
NAMES_OF_KINDS = {**KINDS, "name": "nom", "mention": "mention", "profile": "lien vers un profil"}


def redact(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Hide names and personal information.

    Returns
    -------
    str
        As long as `text`.
    list of (int, int, str)
        What is hidden: start, end, and a key of `NAMES_OF_KINDS`.

    Examples
    --------
    >>> redact("Julie, mon cell : 819 555-0142")[0]
    '█████, mon cell : ████████████'
    """
    spans: list[tuple[int, int, str]] = []
    for span in sorted([*find_personal_data(text, places=True), *find_names(text)], key=lambda one: (one[0], -one[1])):
        if spans and span[0] < spans[-1][1]:
            if span[1] > spans[-1][1]:
                spans[-1] = (spans[-1][0], span[1], spans[-1][2])
            continue
        spans.append(span)
    pieces, end_before = [], 0
    for start, end, _ in spans:
        pieces += [text[end_before:start], MASK * (end - start)]
        end_before = end
    return "".join([*pieces, text[end_before:]]), spans


class TextCipher:
    """AES-256-GCM over what stands apart, bound to its salt: a row moved to another record does not open.

    Examples
    --------
    >>> cipher = TextCipher(bytes(32))
    >>> cipher.open(cipher.close(b"texte", b"sel"), b"sel")
    b'texte'
    """

    def __init__(self, key: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._cipher = AESGCM(key)

    def close(self, payload: bytes, salt: bytes) -> bytes:
        """Nonce and ciphertext of `payload`."""
        nonce = secrets.token_bytes(12)
        return nonce + self._cipher.encrypt(nonce, payload, salt)

    def open(self, sealed: bytes, salt: bytes) -> bytes:
        """What `close` was given.

        Raises
        ------
        AuditError
            If the key is another one, or the bytes were changed.
        """
        from cryptography.exceptions import InvalidTag

        try:
            return self._cipher.decrypt(sealed[:12], sealed[12:], salt)
        except (InvalidTag, ValueError):
            raise AuditError(
                "Un texte chiffré ne s'ouvre pas.", f"la clé sous laquelle il a été écrit ({TEXT_KEY_VARIABLE})."
            ) from None


def load_text_key(environment: Mapping[str, str] = os.environ) -> bytes | None:
    """The key under which texts are kept whole, if the organisation gives one.

    Raises
    ------
    AuditError
        If it is not 64 hexadecimal digits.
    """
    text = environment.get(TEXT_KEY_VARIABLE, "").strip()
    if not text:
        return None
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise AuditError(
            f"La variable {TEXT_KEY_VARIABLE} ne contient pas une clé valide.", "64 chiffres hexadécimaux."
        )
    return key

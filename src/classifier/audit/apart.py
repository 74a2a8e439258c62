"""What stands apart from the chain, because it must be possible to destroy it: text, pseudonym, link, publication."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from classifier.comments import Comment, Decision
from classifier.errors import AuditError
from classifier.policy.vocabulary import REMOVALS, SANCTIONS

from .canonical import canonical_json, publication_key, seal, to_microseconds
from .identity import Identity
from .privacy import TEXT_KEY_VARIABLE, TextCipher, redact

__all__ = ["FORMS", "RETENTION_CLASSES", "Apart", "make_apart", "open_payload"]

#: Retention class → French name. The organisation sets a term for each in its retention schedule; the tool sets none.
RETENTION_CLASSES = {
    "ordinary": "commentaire laissé en place",
    "moderated": "commentaire retiré, ou suivi d'une sanction",
    "urgent": "cas urgent (détresse, menace, acte criminel)",
}

#: How a text is kept.
FORMS = ("redacted", "encrypted")


@dataclass(frozen=True, slots=True)
class Apart:
    """A row of ``audit_apart`` and the seal that the chain keeps of it."""

    author: str | None
    subject: str | None
    publication: str | None
    publication_body: bytes
    moment_us: int
    retention: str
    form: str
    salt: bytes
    payload: bytes

    @property
    def seal(self) -> bytes:
        """The salted commitment that the record carries."""
        return seal(
            self.salt,
            self.author,
            self.subject,
            self.publication,
            self.moment_us,
            self.retention,
            self.form,
            self.payload,
        )

    def row(self, seq: int) -> dict[str, Any]:
        """The row for record `seq`."""
        return {
            "seq": seq,
            "author": self.author,
            "subject": self.subject,
            "publication": self.publication,
            "moment_us": self.moment_us,
            "retention": self.retention,
            "form": self.form,
            "salt": self.salt,
            "payload": self.payload,
        }


def make_apart(
    comment: Comment,
    decision: Decision,
    organisation: str,
    identity: Identity,
    now: datetime,
    cipher: TextCipher | None = None,
) -> Apart:
    """What is kept of a comment, apart from its decision.

    Parameters
    ----------
    cipher : TextCipher, optional
        With it the text is kept whole and encrypted; without, redacted.
    """
    salt = secrets.token_bytes(16)
    raw = comment.text.encode("utf-8", "surrogatepass")
    payload: dict[str, Any] = {"proof": hashlib.sha256(salt + raw).hexdigest()[:32]}
    if cipher is None:
        payload["text"], spans = redact(comment.text)
        publication = redact(comment.post)[0] if comment.post else ""
        if spans:
            payload["hidden"] = spans
    else:
        payload["text"], publication = comment.text, comment.post or ""
    optional = {
        "id": comment.id,
        "url": comment.url,
        "parent": comment.parent,
        "role": comment.author_role,
        "kind": comment.kind if comment.kind != "comment" else None,
        "assumed": list(comment.assumed),
        "related": sorted({one for signal in decision.prediction.signals for one in signal.related}),
        "undated": comment.created_at is None,
    }
    payload.update({key: value for key, value in optional.items() if value})
    moment = comment.created_at or now
    written = canonical_json(payload).encode("utf-8", "surrogatepass")
    body = publication.encode("utf-8", "surrogatepass")
    return Apart(
        author=identity.pseudonym(comment.author) if comment.author else None,
        subject=identity.subject(organisation, comment.platform, comment.id) if comment.id is not None else None,
        publication=publication_key(body) if body else None,
        publication_body=body,
        moment_us=to_microseconds(moment),
        retention=_retention(decision),
        form="redacted" if cipher is None else "encrypted",
        salt=salt,
        payload=written if cipher is None else cipher.close(written, salt),
    )


def open_payload(form: str, salt: bytes, payload: bytes, cipher: TextCipher | None) -> dict[str, Any]:
    """What a row says: ``text``, ``hidden`` spans, ``id``, ``url``, and so on.

    Raises
    ------
    AuditError
        If the row is encrypted and no key, or another one, is given.
    """
    if form == "encrypted":
        if cipher is None:
            raise AuditError("Ce texte est chiffré.", f"sa clé, dans la variable {TEXT_KEY_VARIABLE}.")
        payload = cipher.open(payload, salt)
    opened: dict[str, Any] = json.loads(payload.decode("utf-8", "surrogatepass"))
    return opened


def _retention(decision: Decision) -> str:
    if decision.urgency == "immediate" or decision.prediction.alerts:
        return "urgent"
    moderated = any(
        action.id in REMOVALS or action.id in SANCTIONS or action.id == "report" for action in decision.actions
    )
    return "moderated" if moderated else "ordinary"

"""What stands apart from the chain, because it must be possible to destroy it: text, pseudonym, link, publication."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from classifier.comments import Comment, Decision

from .canonical import canonical_json, publication_key, seal
from .identity import Identity

__all__ = ["Apart", "make_apart"]

#: Actions that leave a comment as it is.
_LIGHT_ACTIONS = frozenset({"publish", "none", "no_reply", "reply"})


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


def make_apart(comment: Comment, decision: Decision, organisation: str, identity: Identity, now: datetime) -> Apart:
    """What is kept of a comment, apart from its decision."""
    salt = secrets.token_bytes(16)
    raw = comment.text.encode("utf-8", "surrogatepass")
    payload: dict[str, Any] = {"proof": hashlib.sha256(salt + raw).hexdigest()}
    moment = comment.created_at or now
    subject = identity.subject(organisation, comment.platform, comment.id) if comment.id is not None else None
    return Apart(
        author=identity.pseudonym(comment.author) if comment.author else None,
        subject=subject,
        publication=publication_key(comment.post) if comment.post else None,
        publication_body=comment.post.encode("utf-8", "surrogatepass") if comment.post else b"",
        moment_us=int(moment.timestamp() * 1_000_000),
        retention="ordinary",
        form="redacted",
        salt=salt,
        payload=canonical_json(payload).encode(),
    )

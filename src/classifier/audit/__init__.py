"""Audit room: every decision recorded, provable, explainable, correctable, destroyable.

Only this package opens the database. Names are loaded on first use: `identity` and `privacy` need no database.

>>> from classifier.audit import decision_id
>>> len(decision_id("ville", "facebook", "1", "c0ffee", 0, "m" * 64, "p" * 64))
32
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

_HOMES = {
    "AppendResult": "log",
    "AuditLog": "log",
    "RunReference": "records",
    "decision_id": "identity",
    "redact": "privacy",
    "verify": "verification",
}

__all__ = ["AppendResult", "AuditLog", "RunReference", "decision_id", "redact", "verify"]

if TYPE_CHECKING:
    from .identity import decision_id
    from .log import AppendResult, AuditLog
    from .privacy import redact
    from .records import RunReference
    from .verification import verify


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)

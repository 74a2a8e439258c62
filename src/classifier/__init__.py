"""French-language moderation classifier for the social-media pages of Québec public bodies.

>>> from classifier import Comment, Moderator, Predictor  # doctest: +SKIP

The names below are loaded on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "Comment": "comments",
    "Decision": "comments",
    "Prediction": "comments",
    "ClassifierError": "errors",
    "Moderator": "moderator",
    "Predictor": "predictor",
}

__all__ = ["ClassifierError", "Comment", "Decision", "Moderator", "Prediction", "Predictor", "__version__"]

if TYPE_CHECKING:
    from .comments import Comment, Decision, Prediction
    from .errors import ClassifierError
    from .moderator import Moderator
    from .predictor import Predictor


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)

"""The scorer: one pass from text to logits, compiled where it could be built, in NumPy elsewhere, with equal scores."""

from __future__ import annotations

import os

from .portable import PortableScorer
from .weights import Weights

__all__ = ["Weights", "is_compiled", "make_scorer"]


def _find_compiled() -> type | None:
    """The compiled scorer, unless it was not built or ``CLASSIFIER_PORTABLE`` asks to do without it."""
    if os.environ.get("CLASSIFIER_PORTABLE"):
        return None
    try:
        from ._fused import FusedScorer
    except ImportError:
        return None
    return FusedScorer  # type: ignore[no-any-return]


def is_compiled() -> bool:
    """Whether `make_scorer` gives the compiled scorer."""
    return _find_compiled() is not None


def make_scorer(weights: Weights, *, portable: bool = False) -> PortableScorer:
    """Scorer for these weights: the compiled one where there is one, unless `portable`.

    Both have the methods of `PortableScorer` and give the same logits.
    """
    compiled = None if portable else _find_compiled()
    return compiled(weights) if compiled else PortableScorer(weights)

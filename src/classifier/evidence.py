"""Which words of the original text made a score."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .comments import Evidence

__all__ = ["select_evidence"]

#: Words are taken, strongest first, until they hold this share of what speaks for the label.
COVERED_SHARE = 0.6
#: A word is left out when it weighs less than this share of the strongest.
MIN_SHARE_OF_STRONGEST = 0.25
MAX_WORDS = 6
#: Mass of a rare word.
FULL_MASS = 255


def select_evidence(
    labels: Sequence[str],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    part: NDArray[np.int64],
    mass: NDArray[np.int64],
    shares: NDArray[np.float64],
) -> tuple[Evidence, ...]:
    """Spans that made each label: its strongest words, neighbours joined.

    Parameters
    ----------
    labels : sequence of str (k)
    start, end, part : int64 arrays (t)
        Tokens, as the scorer's `explain` gives them.
    mass : int64 array (t)
        Rarity of each word, up to 255: a reader points at rare words before « je » or « la ».
    shares : float64 array (t, k)
        Share of each token in the logit of each label.

    Returns
    -------
    tuple of Evidence
        By label in the order given, strongest span first. A label that no word speaks for has none.

    Examples
    --------
    >>> a = np.array
    >>> found = select_evidence(["insult"], a([0, 5]), a([4, 9]), a([0, 0]), a([9, 255]), a([[0.1], [2.0]]))
    >>> [(e.start, e.end, e.weight) for e in found]
    [(5, 9, 2.0)]
    """
    chosen: list[Evidence] = []
    for column, label in enumerate(labels):
        weights = shares[:, column]
        positive = np.maximum(weights, 0.0) * mass / FULL_MASS
        total = float(positive.sum())
        if total <= 0.0:
            continue
        order = np.argsort(-positive, kind="stable")[:MAX_WORDS]
        kept, covered = [], 0.0
        for token in order.tolist():
            if positive[token] < MIN_SHARE_OF_STRONGEST * positive[order[0]] or covered >= COVERED_SHARE * total:
                break
            kept.append(token)
            covered += float(positive[token])
        spans: list[list[float]] = []
        previous = -2
        for token in sorted(kept):
            if token == previous + 1 and part[token] == part[previous] and start[token] >= spans[-1][0]:
                spans[-1][1] = max(spans[-1][1], int(end[token]))
                spans[-1][2] += float(positive[token])
            else:
                spans.append([int(start[token]), int(end[token]), float(positive[token])])
            previous = token
        spans.sort(key=lambda span: -span[2])
        chosen.extend(Evidence(int(s), int(e), label, round(w, 4)) for s, e, w in spans)
    return tuple(chosen)

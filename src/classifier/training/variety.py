"""How varied a corpus is: near-duplicates, repeated openings, growth of the vocabulary, neighbours across splits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from classifier.text import analyse

from .corpus import Row

__all__ = ["LIMITS", "Variety", "measure_variety"]

#: Limits that hold, as the data card states them.
LIMITS = {
    "near_duplicate_share": 0.01,
    "opening_share": 0.01,
    "cross_split_near_duplicates": 0,
}
#: Two comments this close (cosine of character 3- to 5-grams) say the same thing in the same words.
NEAR_COSINE = 0.8
#: Comments shorter than this are left out of the comparison: « Merci! » is said by many.
MIN_CHARS = 25
CHUNK_ROWS = 512


@dataclass(frozen=True, slots=True)
class Variety:
    """Measures of variety.

    Attributes
    ----------
    near_duplicates : list of (str, str, float)
        Ids of pairs of comments at or above `NEAR_COSINE`, closest first.
    near_duplicate_share : float
        Share of the rows that stand in such a pair.
    openings : list of (str, int)
        The commonest first three words, with their counts.
    opening_share : float
        Share of the rows that begin with the commonest of these.
    vocabulary : list of (int, int)
        Rows read, different words met.
    nearest_cosines : dict of str to float
        Quantiles of the cosine to the nearest other comment.
    cross_split : list of (str, str, float)
        Near-duplicates that stand on both sides of the split.
    """

    near_duplicates: list[tuple[str, str, float]]
    near_duplicate_share: float
    openings: list[tuple[str, int]]
    opening_share: float
    vocabulary: list[tuple[int, int]]
    nearest_cosines: dict[str, float]
    cross_split: list[tuple[str, str, float]]

    @property
    def breaches(self) -> list[str]:
        """Names of the limits that do not hold."""
        found = {
            "near_duplicate_share": self.near_duplicate_share,
            "opening_share": self.opening_share,
            "cross_split_near_duplicates": len(self.cross_split),
        }
        return [name for name, value in found.items() if value > LIMITS[name]]


def measure_variety(rows: Sequence[Row], test: Sequence[Row] = ()) -> Variety:
    """Measure a corpus, and its distance to a test split.

    Parameters
    ----------
    rows : sequence of Row
        Training rows.
    test : sequence of Row
        Test rows.
    """
    everything = [*rows, *test]
    long = [i for i, row in enumerate(everything) if len(row.text) >= MIN_CHARS]
    near, nearest = _find_pairs([everything[i].text for i in long]) if long else ([], np.zeros(0))
    pairs = [(long[a], long[b], cosine) for a, b, cosine in near]
    involved = {i for a, b, _ in pairs for i in (a, b)}
    named = [(everything[a].id, everything[b].id, cosine) for a, b, cosine in pairs]
    across = [n for n, (a, b, _) in zip(named, pairs) if (a < len(rows)) != (b < len(rows))]
    openings = Counter(_opening(row.text) for row in everything)
    openings.pop("", None)
    common = openings.most_common(10)
    quantiles = {f"p{q}": float(np.percentile(nearest, q)) for q in (50, 90, 99)} if len(nearest) else {}
    return Variety(
        near_duplicates=named,
        near_duplicate_share=len(involved) / max(1, len(everything)),
        openings=common,
        opening_share=common[0][1] / len(everything) if common else 0.0,
        vocabulary=_grow_vocabulary(everything),
        nearest_cosines=quantiles,
        cross_split=across,
    )


def _find_pairs(texts: Sequence[str]) -> tuple[list[tuple[int, int, float]], NDArray[np.float64]]:
    """Pairs at or above `NEAR_COSINE`, and each text's cosine to its nearest neighbour."""
    vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True, dtype=np.float32)
    matrix = sp.csr_matrix(vectoriser.fit_transform(texts))
    nearest = np.zeros(len(texts))
    pairs: list[tuple[int, int, float]] = []
    for at in range(0, len(texts), CHUNK_ROWS):
        block = (matrix[at : at + CHUNK_ROWS] @ matrix.T).tocsr()
        for row in range(block.shape[0]):
            columns = block.indices[block.indptr[row] : block.indptr[row + 1]]
            values = block.data[block.indptr[row] : block.indptr[row + 1]]
            others = columns != at + row
            if others.any():
                nearest[at + row] = float(values[others].max())
            close = (values >= NEAR_COSINE) & (columns > at + row)
            pairs.extend((at + row, int(c), float(v)) for c, v in zip(columns[close], values[close]))
    return sorted(pairs, key=lambda pair: -pair[2]), nearest


def _opening(text: str) -> str:
    words = [t.folded for t in analyse(text[:200]).tokens if t.is_word]
    return " ".join(words[:3]) if len(words) > 3 else ""


def _grow_vocabulary(rows: Sequence[Row], steps: int = 8) -> list[tuple[int, int]]:
    order = np.random.default_rng(0).permutation(len(rows))
    bounds = {round(len(rows) * k / steps) for k in range(1, steps + 1)}
    seen: set[str] = set()
    curve = []
    for count, at in enumerate(order.tolist(), 1):
        seen.update(t.folded for t in analyse(rows[at].text).tokens if t.is_word)
        if count in bounds:
            curve.append((count, len(seen)))
    return curve

"""The numbers of a fused scorer: quantised weights and hash tables, as plain arrays.

A logit is a sum of four terms and a bias, all but the publication's made of integers until the last step::

    Σ grams(row) / √(Σ idf²) · gram_scale  +  Σ mass · words(row) / Σ mass · word_scale
      + Σ count · dense(row) · dense_scale  +  publication  +  bias

so that sums do not depend on order, and the compiled and the portable scorers agree.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

__all__ = ["ARRAYS", "IDF2_UNIT", "Weights", "quantise"]

#: One unit of the stored squared inverse document frequencies.
IDF2_UNIT = 1 / 256


@dataclass(frozen=True, slots=True)
class Weights:
    """Arrays of a scorer of `h` heads.

    Attributes
    ----------
    gram_slots : uint64 array (a power of two)
        Table from n-gram hash to row of `gram_weights`.
    gram_weights : int16 array (rows, h)
        Inverse document frequency times weight, in units of `gram_scale`.
    gram_idf2 : uint16 array (rows)
        Squared inverse document frequency, in units of `IDF2_UNIT`.
    gram_scale : float64 array (h)
    word_slots : uint64 array (a power of two)
        Table from word hash to ``mass << 20 | row of word_weights``.
    word_weights : int16 array (vectors, h)
        Word vector times weight: what one word brings to the mean.
    word_scale : float64 array (h)
    lexicon_slots : uint64 array (a power of two)
        Table from phrase hash to lexicon class.
    dense_weights : int32 array (dense features, h)
    dense_scale : float64 array (h)
    post_scale : float64 array (h)
        Scale of the publication's own words, whose rows stand in `gram_weights`.
    bias : float64 array (h)
    lexicon_classes : tuple of str
    """

    gram_slots: NDArray[np.uint64]
    gram_weights: NDArray[np.int16]
    gram_idf2: NDArray[np.uint16]
    gram_scale: NDArray[np.float64]
    word_slots: NDArray[np.uint64]
    word_weights: NDArray[np.int16]
    word_scale: NDArray[np.float64]
    lexicon_slots: NDArray[np.uint64]
    dense_weights: NDArray[np.int32]
    dense_scale: NDArray[np.float64]
    post_scale: NDArray[np.float64]
    bias: NDArray[np.float64]
    lexicon_classes: tuple[str, ...]


#: Array attributes with their types, as a bundle stores them.
ARRAYS = {
    "gram_slots": np.uint64,
    "gram_weights": np.int16,
    "gram_idf2": np.uint16,
    "gram_scale": np.float64,
    "word_slots": np.uint64,
    "word_weights": np.int16,
    "word_scale": np.float64,
    "lexicon_slots": np.uint64,
    "dense_weights": np.int32,
    "dense_scale": np.float64,
    "post_scale": np.float64,
    "bias": np.float64,
}
assert set(ARRAYS) == {f.name for f in fields(Weights)} - {"lexicon_classes"}


def quantise(values: NDArray[np.float64], bits: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Round columns to signed integers of `bits` bits, with one scale a column.

    Parameters
    ----------
    values : float64 array (rows, h)
    bits : int

    Returns
    -------
    integers : int64 array (rows, h)
    scale : float64 array (h)
        ``integers * scale`` is `values`, to half a scale.

    Examples
    --------
    >>> integers, scale = quantise(np.array([[1.0], [-0.5]]), 8)
    >>> integers.ravel().tolist()
    [127, -64]
    """
    top = 2 ** (bits - 1) - 1
    largest = np.abs(values).max(axis=0) if len(values) else np.zeros(values.shape[1])
    scale = np.where(largest > 0, largest / top, 1.0)
    return np.ascontiguousarray(np.rint(values / scale), dtype=np.int64), scale

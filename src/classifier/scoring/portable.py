"""The portable scorer: the compiled scorer's sums in NumPy, where no compiled form can be had.

Its `score` returns the same arrays as `_fused.FusedScorer.score`, to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.features import DENSE_CAP, Extraction, HashTable, dense_counts, extract

from .weights import Weights

__all__ = ["PortableContext", "PortableScorer", "Scored"]

#: Texts scored at once: memory stays bounded whatever the batch.
CHUNK_TEXTS = 128

#: (text_parts, part_start, part_end, clues, lexicon, whole, parts), as documented in `PortableScorer.score`.
Scored = tuple[
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.float64],
    NDArray[np.float64],
]


@dataclass(frozen=True, slots=True)
class PortableContext:
    """What a publication brings: a logit per head, and the sorted rough stems of its words."""

    logits: NDArray[np.float64]
    stems: NDArray[np.uint64]


class PortableScorer:
    """Logits of all heads for batches of texts, in NumPy.

    Parameters
    ----------
    weights : Weights
        Quantised weights and tables.
    """

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._grams = HashTable(weights.gram_slots)
        self._words = HashTable(weights.word_slots)
        self._lexicon = HashTable(weights.lexicon_slots)

    def context(self, logits: NDArray[np.float64], stems: NDArray[np.uint64]) -> PortableContext:
        """A publication's context, from its logits (heads) and the sorted stems of its words."""
        return PortableContext(logits, stems)

    def score(self, texts: Sequence[str], contexts: Sequence[PortableContext | None]) -> Scored:
        """Logits of a batch.

        Parameters
        ----------
        texts : sequence of str (n)
        contexts : sequence of PortableContext or None (n)

        Returns
        -------
        tuple
            text_parts int64 (n + 1), part_start and part_end int64 (p), clues int64 (p, clues), lexicon int64
            (p, classes), whole float64 (n, heads), parts float64 (p, heads).
        """
        chunks = [
            self._score_chunk(texts[at : at + CHUNK_TEXTS], contexts[at : at + CHUNK_TEXTS])
            for at in range(0, max(1, len(texts)), CHUNK_TEXTS)
        ]
        if len(chunks) == 1:
            return chunks[0]
        offsets = np.cumsum([0] + [int(chunk[0][-1]) for chunk in chunks])
        text_parts = [chunk[0][1:] + offset for chunk, offset in zip(chunks, offsets)]
        rest = [np.concatenate([chunk[index] for chunk in chunks]) for index in range(1, 7)]
        return (np.concatenate([np.zeros(1, dtype=np.int64), *text_parts]), *rest)  # type: ignore[return-value]

    def explain(
        self, text: str, heads: Sequence[int]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Share of each token in the logits of some heads (k), within its part.

        Returns
        -------
        tuple
            start, end, part, mass int64 (t), shares float64 (t, k), spelled-out words among the tokens. The mass of a
            word is small where it is common (255 where it is unknown).
        """
        weights, found, chosen = self._weights, extract([text]), list(heads)
        n_tokens, n_parts = len(found.token_part), len(found.part_start)
        shares = np.zeros((n_tokens, len(chosen)))
        row = self._grams.find(found.gram_hash)
        kept = row >= 0
        token, row = found.gram_token[kept], row[kept]
        norm = np.bincount(found.token_part[token], weights=weights.gram_idf2[row], minlength=n_parts)
        unit = weights.gram_scale[chosen] / np.sqrt(np.maximum(norm, 1))[found.token_part[token], None]
        values = weights.gram_weights[row][:, chosen] * unit
        is_pair = (np.arange(len(found.gram_hash)) >= len(found.gram_hash) - found.n_pairs)[kept]
        np.add.at(shares, token, values * np.where(is_pair, 0.5, 1.0)[:, None])
        np.add.at(shares, found.token_before[token[is_pair]], values[is_pair] * 0.5)

        value = self._words.find(found.token_hash)
        known = np.flatnonzero(value >= 0)
        mass = (value[known] >> 20).astype(np.float64)
        part_mass = np.bincount(found.token_part[known], weights=mass, minlength=n_parts)[found.token_part[known]]
        brought = weights.word_weights[value[known] & 0xFFFFF][:, chosen] * weights.word_scale[chosen]
        shares[known] += brought * (mass / part_mass)[:, None]

        lexicon = count_lexicon(self._lexicon, found, len(weights.lexicon_classes))
        entry = self._lexicon.find(found.phrase_hash)
        first_class = len(weights.dense_weights) - len(weights.lexicon_classes)
        for at in np.flatnonzero(entry >= 0):
            last, size = int(found.phrase_token[at]), int(found.phrase_size[at])
            seen = lexicon[found.token_part[last], entry[at]]
            brought = weights.dense_weights[first_class + entry[at], chosen] * weights.dense_scale[chosen]
            for _ in range(size):
                shares[last] += brought * min(1.0, DENSE_CAP / seen) / size
                last = int(found.token_before[last])
        masses = np.where(value >= 0, value >> 20, 255)
        return found.token_start, found.token_end, found.token_part, masses, shares

    def _score_chunk(self, texts: Sequence[str], contexts: Sequence[PortableContext | None]) -> Scored:
        weights, found = self._weights, extract(texts)
        heads, n_parts = weights.gram_weights.shape[1], len(found.part_start)
        part_text = found.part_text

        row = self._grams.find(found.gram_hash)
        kept = row >= 0
        grams, norm = np.zeros((n_parts, heads), dtype=np.int64), np.zeros(n_parts, dtype=np.int64)
        gram_part = found.token_part[found.gram_token[kept]]
        grams[:] = _add_rows(weights.gram_weights, row[kept], gram_part, n_parts)
        np.add.at(norm, gram_part, weights.gram_idf2[row[kept]].astype(np.int64))

        value = self._words.find(found.token_hash)
        known = value >= 0
        mass = value[known] >> 20
        words = _add_rows(weights.word_weights, value[known] & 0xFFFFF, found.token_part[known], n_parts, mass)
        word_mass = np.bincount(found.token_part[known], weights=mass, minlength=n_parts).astype(np.int64)

        lexicon = count_lexicon(self._lexicon, found, len(weights.lexicon_classes))
        content, shared = count_shared(found, [None if c is None else c.stems for c in contexts])

        has_post = np.array([c is not None for c in contexts], dtype=bool)
        post = np.array([np.zeros(heads) if c is None else c.logits for c in contexts]).reshape(-1, heads)
        sums = (grams, norm, words, word_mass, found.clues, lexicon, content, shared)
        parts = self._finish(*sums, has_post[part_text], post[part_text])
        text_of = found.text_parts[:-1]
        whole = self._finish(*(np.add.reduceat(s, text_of, axis=0) for s in sums), has_post, post)  # type: ignore[call-arg]
        return found.text_parts, found.part_start, found.part_end, found.clues, lexicon, whole, parts

    def _finish(
        self,
        grams: NDArray[np.int64],
        norm: NDArray[np.int64],
        words: NDArray[np.int64],
        word_mass: NDArray[np.int64],
        clues: NDArray[np.int64],
        lexicon: NDArray[np.int64],
        content: NDArray[np.int64],
        shared: NDArray[np.int64],
        has_post: NDArray[np.bool_],
        post: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Logits from sums, in the compiled scorer's order of operations."""
        weights = self._weights
        dense = dense_counts(clues, lexicon, has_post, content, shared) @ weights.dense_weights.astype(np.int64)
        root = np.sqrt(np.maximum(norm, 1).astype(np.float64))[:, None]
        mass = np.maximum(word_mass, 1).astype(np.float64)[:, None]
        logits = weights.bias + np.where(norm[:, None] > 0, grams.astype(np.float64) / root * weights.gram_scale, 0.0)
        logits = logits + np.where(word_mass[:, None] > 0, words.astype(np.float64) / mass * weights.word_scale, 0.0)
        logits = logits + dense.astype(np.float64) * weights.dense_scale
        return np.where(has_post[:, None], logits + post, logits)


def _add_rows(
    table: NDArray[np.int16],
    rows: NDArray[np.int64],
    groups: NDArray[np.int64],
    n_groups: int,
    factor: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    """Sum of the rows of `table` by group: int64 array (n_groups, h)."""
    out = np.zeros((n_groups, table.shape[1]), dtype=np.int64)
    order = np.argsort(groups, kind="stable")
    groups, rows = groups[order], rows[order]
    for at in range(0, len(rows), 1 << 16):
        values = table[rows[at : at + (1 << 16)]].astype(np.int64)
        if factor is not None:
            values *= factor[order[at : at + (1 << 16)], None]
        here = groups[at : at + (1 << 16)]
        begins = np.flatnonzero(np.r_[True, here[1:] != here[:-1]])
        out[here[begins]] += np.add.reduceat(values, begins, axis=0)
    return out


def count_lexicon(table: HashTable, found: Extraction, classes: int) -> NDArray[np.int64]:
    """Occurrences of each lexicon class in each part: int64 array (parts, classes)."""
    value = table.find(found.phrase_hash)
    hit = value >= 0
    counts = np.zeros((len(found.part_start), classes), dtype=np.int64)
    np.add.at(counts, (found.token_part[found.phrase_token[hit]], value[hit]), 1)
    return counts


def count_shared(
    found: Extraction, stems: Sequence[NDArray[np.uint64] | None]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Content words of each part, and how many of them the publication shares: two int64 arrays (parts)."""
    n_parts = len(found.part_start)
    is_content = found.token_stem != 0
    content = np.bincount(found.token_part[is_content], minlength=n_parts)
    shared = np.zeros(n_parts, dtype=np.int64)
    token_text = found.part_text[found.token_part]
    bounds = np.searchsorted(token_text, np.arange(len(stems) + 1))
    for text, known in enumerate(stems):
        if known is None or not len(known):
            continue
        tokens = slice(bounds[text], bounds[text + 1])
        hits = np.isin(found.token_stem[tokens], known) & is_content[tokens]
        np.add.at(shared, found.token_part[tokens][hits], 1)
    return content.astype(np.int64), shared

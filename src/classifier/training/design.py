"""From comments to the matrix that the heads are fitted on, and from fitted heads back to a fused scorer.

The matrix has four blocks: n-grams (and words, and word pairs), the mean word vector, clues and lexicon counts, the
publication's words. It is what the scorer computes, written as scikit-learn reads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from classifier.comments import Comment
from classifier.features import Extraction, HashTable, dense_counts, dense_names, extract
from classifier.lexicon import build_lexicon_table, lexicon_classes
from classifier.predictor import read_post
from classifier.scoring.portable import count_lexicon, count_shared
from classifier.scoring.weights import IDF2_UNIT, Weights, quantise

from .vectors import WordVectors

__all__ = ["Blocks", "Reading", "Space", "fit_space", "make_weights", "read_comments"]

CHUNK_COMMENTS = 2000


@dataclass(frozen=True, slots=True)
class Blocks:
    """Scale of each block against the n-grams, which have norm 1."""

    word: float
    dense: float
    post: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read once from comments, whatever the vocabulary.

    Attributes
    ----------
    grams : list of (uint64 array, int64 array)
        Hashes and counts, by comment.
    words : float64 matrix (n, 300)
        Weighted mean word vectors.
    dense : int64 array (n, dense features)
    posts : list of uint64 array
        Hashes of the publication's words, by comment.
    """

    grams: list[tuple[NDArray[np.uint64], NDArray[np.int64]]]
    words: NDArray[np.float32]
    dense: NDArray[np.int64]
    posts: list[NDArray[np.uint64]]

    def take(self, rows: NDArray[np.int64]) -> Reading:
        """The same for some of the comments."""
        index = rows.tolist()
        return Reading(
            [self.grams[i] for i in index], self.words[rows], self.dense[rows], [self.posts[i] for i in index]
        )


def read_comments(comments: Sequence[Comment], vectors: WordVectors) -> Reading:
    """Read comments (n) for the design matrix."""
    table, words = build_lexicon_table(lexicon_classes()), HashTable.build(vectors.hashes, np.arange(len(vectors.rows)))
    grams: list[tuple[NDArray[np.uint64], NDArray[np.int64]]] = []
    means, dense = [], []
    posts: list[NDArray[np.uint64]] = []
    known_posts: dict[str, tuple[NDArray[np.uint64], NDArray[np.uint64]]] = {}
    for at in range(0, len(comments), CHUNK_COMMENTS):
        chunk = comments[at : at + CHUNK_COMMENTS]
        found = extract([c.text for c in chunk])
        read = []
        for comment in chunk:
            if comment.post and comment.post not in known_posts:
                known_posts[comment.post] = read_post(comment.post)
            read.append(known_posts[comment.post] if comment.post else None)
        grams.extend(_split_grams(found, len(chunk)))
        means.append(_mean_vectors(found, len(chunk), words, vectors))
        begins = found.text_parts[:-1]
        content, shared = count_shared(found, [None if r is None else r[1] for r in read])
        dense.append(
            dense_counts(
                np.add.reduceat(found.clues, begins, axis=0),
                np.add.reduceat(count_lexicon(table, found, len(lexicon_classes())), begins, axis=0),
                np.array([r is not None for r in read]),
                np.add.reduceat(content, begins),
                np.add.reduceat(shared, begins),
            )
        )
        posts.extend(np.empty(0, dtype=np.uint64) if r is None else r[0] for r in read)
    return Reading(grams, np.concatenate(means), np.concatenate(dense), posts)


def _split_grams(found: Extraction, count: int) -> list[tuple[NDArray[np.uint64], NDArray[np.int64]]]:
    text = found.part_text[found.token_part[found.gram_token]]
    order = np.argsort(text, kind="stable")
    bounds = np.searchsorted(text[order], np.arange(count + 1))
    hashes = found.gram_hash[order]
    return [_count(hashes[bounds[i] : bounds[i + 1]]) for i in range(count)]


def _count(hashes: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    unique, counts = np.unique(hashes, return_counts=True)
    return unique, counts.astype(np.int64)


def _mean_vectors(found: Extraction, count: int, words: HashTable, vectors: WordVectors) -> NDArray[np.float32]:
    at = words.find(found.token_hash)
    known = at >= 0
    text = found.part_text[found.token_part[known]]
    mass = vectors.mass[at[known]].astype(np.float64)
    rows = vectors.rows[at[known]]
    pooled = sp.csr_matrix((mass, (text, rows)), shape=(count, len(vectors.matrix))) @ vectors.matrix
    total = np.bincount(text, weights=mass, minlength=count)
    return np.asarray(pooled / np.maximum(total, 1.0)[:, None], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Space:
    """The vocabulary of a design matrix.

    Attributes
    ----------
    hashes : uint64 array (rows)
        N-grams kept, then the publication's words kept.
    idf2 : int64 array (rows)
        Squared inverse document frequencies, in units of `IDF2_UNIT`.
    n_grams : int
        How many of the rows are n-grams of comments.
    blocks : Blocks
    """

    hashes: NDArray[np.uint64]
    idf2: NDArray[np.int64]
    n_grams: int
    blocks: Blocks

    def transform(self, reading: Reading) -> sp.csr_matrix:
        """Design matrix (n, columns): n-grams, publication's words, mean vector, dense features."""
        grams = self._rows(reading.grams, 1.0)
        posts = self._rows([(p, np.ones(len(p), dtype=np.int64)) for p in reading.posts], self.blocks.post)
        words = sp.csr_matrix(reading.words * self.blocks.word)
        dense = sp.csr_matrix(reading.dense.astype(np.float64) * self.blocks.dense)
        return sp.hstack([grams + posts, words, dense], format="csr")

    def _rows(self, counted: list[tuple[NDArray[np.uint64], NDArray[np.int64]]], scale: float) -> sp.csr_matrix:
        order = np.argsort(self.hashes)
        ranked = self.hashes[order]
        idf = np.sqrt(self.idf2 * IDF2_UNIT)
        indptr, indices, data = [0], [], []
        for hashes, counts in counted:
            at = np.minimum(np.searchsorted(ranked, hashes), len(ranked) - 1)
            hit = ranked[at] == hashes
            rows = order[at[hit]]
            norm = np.sqrt(float((counts[hit] * self.idf2[rows]).sum() * IDF2_UNIT)) or 1.0
            indices.append(rows)
            data.append(counts[hit] * idf[rows] / norm * scale)
            indptr.append(indptr[-1] + len(rows))
        return sp.csr_matrix(
            (np.concatenate(data), np.concatenate(indices), indptr), shape=(len(counted), len(self.hashes))
        )


def fit_space(reading: Reading, *, min_documents: int, blocks: Blocks, keep: NDArray[np.uint64] | None = None) -> Space:
    """Vocabulary of the n-grams met in at least `min_documents` comments (or those of `keep`), with their idf."""
    n = len(reading.grams)
    grams, gram_df = np.unique(np.concatenate([h for h, _ in reading.grams]), return_counts=True)
    posts, post_df = np.unique(np.concatenate(reading.posts), return_counts=True)
    kept = gram_df >= min_documents
    kept_posts = post_df >= max(min_documents, 5)
    if keep is not None:
        kept &= np.isin(grams, keep)
        kept_posts &= np.isin(posts, keep)
    hashes = np.concatenate([grams[kept], posts[kept_posts]])
    frequency = np.concatenate([gram_df[kept], post_df[kept_posts]])
    idf = np.log((1 + n) / (1 + frequency)) + 1
    idf2 = np.minimum(np.rint(idf**2 / IDF2_UNIT), 65535).astype(np.int64)
    return Space(hashes, idf2, int(kept.sum()), blocks)


def make_weights(
    space: Space, coefficients: NDArray[np.float64], intercept: NDArray[np.float64], vectors: WordVectors
) -> Weights:
    """Fused scorer of heads fitted on `space`.

    Parameters
    ----------
    space : Space
    coefficients : float64 array (heads, columns)
    intercept : float64 array (heads)
    vectors : WordVectors
    """
    n, width = len(space.hashes), vectors.matrix.shape[1]
    idf = np.sqrt(space.idf2 * IDF2_UNIT)[:, None]
    grams, gram_scale = quantise(coefficients[:, :n].T * idf, 16)
    words, word_scale = quantise(vectors.matrix @ coefficients[:, n : n + width].T * space.blocks.word, 16)
    dense, dense_scale = quantise(coefficients[:, n + width :].T * space.blocks.dense, 24)
    used = np.unique(vectors.rows)
    place = np.zeros(len(vectors.matrix), dtype=np.int64)
    place[used] = np.arange(len(used))
    classes = lexicon_classes()
    assert dense.shape[0] == len(dense_names(classes))
    return Weights(
        gram_slots=HashTable.build(space.hashes, np.arange(n)).slots,
        gram_weights=grams.astype(np.int16),
        gram_idf2=space.idf2.astype(np.uint16),
        # sums of idf2 are in stored units: √(Σ idf²) = √(Σ stored) · √unit
        gram_scale=gram_scale / np.sqrt(IDF2_UNIT),
        word_slots=HashTable.build(vectors.hashes, vectors.mass << 20 | place[vectors.rows]).slots,
        word_weights=words[used].astype(np.int16),
        word_scale=word_scale,
        lexicon_slots=build_lexicon_table(classes).slots,
        dense_weights=dense.astype(np.int32),
        dense_scale=dense_scale,
        post_scale=gram_scale / np.sqrt(IDF2_UNIT) * space.blocks.post,
        bias=intercept.astype(np.float64),
        lexicon_classes=classes,
    )

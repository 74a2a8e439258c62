"""From texts to what the heads read: hashed n-grams, words, lexicon classes and clues, all sums over tokens.

Every feature is a count that adds up over the tokens of a part, and over the parts of a comment: one pass gives the
parts and the whole, and each token's share of a score is known. Hashes are 64-bit FNV-1a over folded code points
(Fowler, Noll and Vo; public domain), mixed by the finaliser of MurmurHash3 (Appleby; public domain).

The compiled scorer (`scoring/_fused.pyx`) takes the same steps; this module is its specification and what training,
evaluation and the portable scorer use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .text import CLUES, analyse

__all__ = [
    "DENSE_CAP",
    "Extraction",
    "HashTable",
    "NGRAM_SIZES",
    "dense_names",
    "extract",
    "hash_word",
    "mix",
]

U64 = NDArray[np.uint64]

#: Lengths of the character n-grams; they include the boundaries of the word.
NGRAM_SIZES = (2, 3, 4, 5)
#: A count above this weighs no more: ten exclamation marks say what three do.
DENSE_CAP = 3

FNV_PRIME = 0x100000001B3
SEED_GRAM = 0xCBF29CE484222325
SEED_WORD = 0x9AE16A3B2F90404F
SEED_PAIR = 0xC3A5C85C97CB3127
SEED_POST = 0xB492B66FBE98F273
BOUNDARY = 32
#: Letters of a word that are compared with the publication's words (a rough stem).
STEM_CODES = 5
#: Words shorter than this say nothing about the subject.
MIN_CONTENT_CODES = 4

_LENGTH_BOUNDS = (1, 2, 3, 5, 9, 15, 25, 50)
_CAPITAL_SHARES = (0.3, 0.6, 0.9)
_OVERLAP_SHARES = (0.0, 0.1, 0.25, 0.5)
_COUNTED_CLUES = tuple(c for c in CLUES if c not in ("words", "letters", "upper_letters"))


def dense_names(lexicon_classes: Sequence[str]) -> tuple[str, ...]:
    """Names of the dense features, in their order: clues, length, capitals, publication, lexicon classes.

    Examples
    --------
    >>> dense_names(["sacre"])[-2:]
    ('post_overlap_over_50', 'lexicon_sacre')
    """
    lengths = [f"words_up_to_{bound}" for bound in _LENGTH_BOUNDS] + ["words_more"]
    capitals = [f"capitals_over_{int(share * 100)}" for share in _CAPITAL_SHARES]
    post = ["has_post", "post_overlap_none"] + [f"post_overlap_over_{int(s * 100)}" for s in _OVERLAP_SHARES]
    return (*_COUNTED_CLUES, *lengths, *capitals, *post, *(f"lexicon_{name}" for name in lexicon_classes))


def mix(hashes: U64) -> U64:
    """Finalise hashes so that every bit depends on every bit (MurmurHash3's ``fmix64``)."""
    h = hashes.copy()
    h ^= h >> np.uint64(33)
    h *= np.uint64(0xFF51AFD7ED558CCD)
    h ^= h >> np.uint64(33)
    h *= np.uint64(0xC4CEB9FE1A85EC53)
    h ^= h >> np.uint64(33)
    return h


def hash_word(folded: str, seed: int = SEED_WORD) -> int:
    """Unmixed 64-bit hash of a folded word.

    Examples
    --------
    >>> hash_word("ville") == hash_word("ville"), hash_word("ville") == hash_word("villes")
    (True, False)
    """
    h = seed
    for char in folded:
        h = ((h ^ ord(char)) * FNV_PRIME) & 0xFFFFFFFFFFFFFFFF
    return h


def combine(left: U64, right: U64) -> U64:
    """Hash of a pair of word hashes, in order."""
    return ((np.uint64(SEED_PAIR) ^ left) * np.uint64(FNV_PRIME) ^ right) * np.uint64(FNV_PRIME)


@dataclass(slots=True)
class Extraction:
    """Tokens, n-grams and clues of a batch of texts, as flat arrays.

    Attributes
    ----------
    text_parts : int64 array (n_texts + 1)
        Text `i` holds the parts ``text_parts[i]:text_parts[i + 1]``.
    part_start, part_end : int64 arrays (n_parts)
        Code points of the original text.
    clues : int64 array (n_parts, len(CLUES))
        Counts.
    token_part, token_start, token_end : int64 arrays (n_tokens)
        Part, and code points of the original text.
    token_hash, token_stem : uint64 arrays (n_tokens)
        Mixed hash of the word; mixed hash of its first letters, 0 where it is too short to say something.
    gram_hash : uint64 array (n_grams)
        Mixed hashes of n-grams, words and word pairs.
    gram_token : int64 array (n_grams)
        Token that each belongs to (for a pair, its second word).
    n_pairs : int
        How many of the n-grams, the last ones, are word pairs.
    token_before : int64 array (n_tokens)
        The token before each in the text, spelled-out words left out; -1 for the first.
    phrase_hash, phrase_token, phrase_size : uint64 and int64 arrays
        Mixed hashes of sequences of one to four words, for the lexicon, with their last token and length.
    """

    text_parts: NDArray[np.int64]
    part_start: NDArray[np.int64]
    part_end: NDArray[np.int64]
    clues: NDArray[np.int64]
    token_part: NDArray[np.int64]
    token_start: NDArray[np.int64]
    token_end: NDArray[np.int64]
    token_hash: U64
    token_stem: U64
    gram_hash: U64
    gram_token: NDArray[np.int64]
    n_pairs: int
    token_before: NDArray[np.int64]
    phrase_hash: U64
    phrase_token: NDArray[np.int64]
    phrase_size: NDArray[np.int64]

    @property
    def part_text(self) -> NDArray[np.int64]:
        """Text of each part."""
        return np.repeat(np.arange(len(self.text_parts) - 1), np.diff(self.text_parts))


def extract(texts: Sequence[str]) -> Extraction:
    """Read a batch of texts.

    Parameters
    ----------
    texts : sequence of str
        Comments.

    Returns
    -------
    Extraction
        Arrays over the whole batch.

    Examples
    --------
    >>> extract(["Bravo!", ""]).text_parts.tolist()
    [0, 1, 2]
    """
    codes: list[int] = []
    first: list[int] = []
    length: list[int] = []
    spelled: list[bool] = []
    wordy: list[bool] = []
    parts: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    spans: list[tuple[int, int]] = []
    clues: list[list[int]] = []
    text_parts = [0]
    for text in texts:
        analysis = analyse(text)
        base = len(spans)
        for token in analysis.tokens:
            codes.append(BOUNDARY)
            first.append(len(codes))
            length.append(len(token.folded))
            codes.extend(map(ord, token.folded))
            codes.append(BOUNDARY)
            spelled.append(token.spelled)
            wordy.append(token.is_word or token.folded[0] == "0")
            parts.append(base + token.part)
            starts.append(token.start)
            ends.append(token.end)
        spans.extend(analysis.parts)
        clues.extend(analysis.clues)
        text_parts.append(len(spans))
    span_array = np.array(spans, dtype=np.int64).reshape(-1, 2)
    stream = np.array(codes, dtype=np.uint64)
    token_first = np.array(first, dtype=np.int64)
    token_length = np.array(length, dtype=np.int64)
    token_part = np.array(parts, dtype=np.int64)
    is_spelled = np.array(spelled, dtype=bool)
    word = _hash_tokens(stream, token_first, token_length, SEED_WORD)
    stem = _hash_tokens(stream, token_first, np.minimum(token_length, STEM_CODES), SEED_WORD)
    content = (
        (token_length >= MIN_CONTENT_CODES) & (stream[token_first] != np.uint64(48)) if len(stream) else is_spelled
    )
    gram_hash, gram_token = _hash_grams(stream, token_first, token_length, np.array(wordy, dtype=bool))
    phrases, phrase_last = _hash_phrases(word, token_part, is_spelled)
    pairs = phrases[1]
    pair_last = phrase_last[1]
    return Extraction(
        text_parts=np.array(text_parts, dtype=np.int64),
        part_start=span_array[:, 0],
        part_end=span_array[:, 1],
        clues=np.array(clues, dtype=np.int64).reshape(-1, len(CLUES)),
        token_part=token_part,
        token_start=np.array(starts, dtype=np.int64),
        token_end=np.array(ends, dtype=np.int64),
        token_hash=mix(word),
        token_stem=np.where(content, mix(stem), np.uint64(0)),
        gram_hash=mix(np.concatenate([gram_hash, word, pairs])),
        gram_token=np.concatenate([gram_token, np.arange(len(word)), pair_last]),
        n_pairs=len(pairs),
        token_before=_link_before(is_spelled),
        phrase_hash=mix(np.concatenate(phrases)),
        phrase_token=np.concatenate(phrase_last),
        phrase_size=np.repeat(np.arange(1, len(phrases) + 1), [len(p) for p in phrases]),
    )


def _link_before(spelled: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The nearest earlier token that is not spelled out, for each token."""
    places = np.where(spelled, -1, np.arange(len(spelled)))
    return np.concatenate([[-1], np.maximum.accumulate(places)[:-1]]).astype(np.int64) if len(spelled) else places


def _hash_tokens(stream: U64, first: NDArray[np.int64], length: NDArray[np.int64], seed: int) -> U64:
    hashes = np.full(len(first), seed, dtype=np.uint64)
    for position in range(int(length.max()) if len(length) else 0):
        alive = np.flatnonzero(length > position)
        hashes[alive] = (hashes[alive] ^ stream[first[alive] + position]) * np.uint64(FNV_PRIME)
    return hashes


def _hash_grams(
    stream: U64, first: NDArray[np.int64], length: NDArray[np.int64], wordy: NDArray[np.bool_]
) -> tuple[U64, NDArray[np.int64]]:
    """Character n-grams of words and numbers, boundaries included."""
    hashes, tokens = [], []
    kept = np.flatnonzero(wordy)
    for size in NGRAM_SIZES:
        room = length[kept] + 2 - size + 1
        whole = kept[room > 0]
        room = room[room > 0]
        if not len(whole):
            continue
        token = np.repeat(whole, room)
        offset = np.arange(len(token)) - np.repeat(np.cumsum(room) - room, room)
        begin = first[token] - 1 + offset
        h = np.full(len(token), SEED_GRAM, dtype=np.uint64)
        for position in range(size):
            h = (h ^ stream[begin + position]) * np.uint64(FNV_PRIME)
        hashes.append(h)
        tokens.append(token)
    if not hashes:
        return np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64)
    return np.concatenate(hashes), np.concatenate(tokens)


def _hash_phrases(
    word: U64, part: NDArray[np.int64], spelled: NDArray[np.bool_]
) -> tuple[list[U64], list[NDArray[np.int64]]]:
    """Sequences of one to four neighbouring tokens of a part; spelled-out words stand alone."""
    plain = np.flatnonzero(~spelled)
    hashes, last = [word], [np.arange(len(word))]
    current = word[plain]
    for size in range(2, 5):
        if len(plain) < size:
            hashes.append(np.empty(0, dtype=np.uint64))
            last.append(np.empty(0, dtype=np.int64))
            current = np.empty(0, dtype=np.uint64)
            continue
        current = combine(current[:-1], word[plain[size - 1 :]])
        same = part[plain[size - 1 :]] == part[plain[: len(plain) - size + 1]]
        hashes.append(current[same])
        last.append(plain[size - 1 :][same])
    return hashes, last


@dataclass(slots=True)
class HashTable:
    """Open-addressing table from mixed 64-bit hashes to small integers, as one array that can be memory-mapped.

    A slot holds the upper 32 bits of the hash, and the value plus one in its lower 32 bits; 0 is empty. Two hashes
    are taken for the same when their upper 32 bits and their probe sequence agree.

    Attributes
    ----------
    slots : uint64 array (a power of two)
    """

    slots: U64

    @classmethod
    def build(cls, hashes: U64, values: NDArray[np.int64]) -> HashTable:
        """Table of `hashes` (n) → `values` (n, each below 2**32 - 1). A hash that comes again keeps its first value."""
        size = 1 << max(4, int(np.ceil(np.log2(max(1, len(hashes)) * 2))))
        slots = [0] * size
        for h, value in zip(hashes.tolist(), values.tolist()):
            at, key = h & (size - 1), h >> 32
            while slots[at] and slots[at] >> 32 != key:
                at = (at + 1) & (size - 1)
            if not slots[at]:
                slots[at] = key << 32 | (value + 1)
        return cls(np.array(slots, dtype=np.uint64))

    def find(self, hashes: U64) -> NDArray[np.int64]:
        """Value of each hash (n), -1 where it is absent."""
        mask = np.uint64(len(self.slots) - 1)
        found = np.full(len(hashes), -1, dtype=np.int64)
        waiting = np.arange(len(hashes))
        at = hashes & mask
        key = hashes >> np.uint64(32)
        while len(waiting):
            slot = self.slots[at]
            hit = (slot != 0) & (slot >> np.uint64(32) == key)
            found[waiting[hit]] = (slot[hit] & np.uint64(0xFFFFFFFF)).astype(np.int64) - 1
            on = (slot != 0) & ~hit
            waiting, at, key = waiting[on], (at[on] + np.uint64(1)) & mask, key[on]
        return found


def dense_counts(
    clues: NDArray[np.int64],
    lexicon: NDArray[np.int64],
    has_post: NDArray[np.bool_],
    content_words: NDArray[np.int64],
    shared_words: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Dense features of each row (a part or a whole comment), as small integers.

    Parameters
    ----------
    clues : int64 array (n, len(CLUES))
    lexicon : int64 array (n, number of lexicon classes)
    has_post : bool array (n)
    content_words, shared_words : int64 arrays (n)
        Words long enough to say something, and how many of them the publication shares.

    Returns
    -------
    int64 array (n, number of dense features)
        In the order of `dense_names`, each at most `DENSE_CAP`.
    """
    words, letters, upper = (clues[:, CLUES.index(c)] for c in ("words", "letters", "upper_letters"))
    counted = clues[:, [CLUES.index(c) for c in _COUNTED_CLUES]]
    bucket = np.searchsorted(_LENGTH_BOUNDS, words)
    lengths = (bucket[:, None] == np.arange(len(_LENGTH_BOUNDS) + 1)).astype(np.int64)
    capitals = np.stack([(letters >= 6) & (upper > share * letters) for share in _CAPITAL_SHARES], axis=1)
    judged = has_post & (content_words > 0)
    overlap = np.stack([judged & (shared_words > share * content_words) for share in _OVERLAP_SHARES], axis=1)
    post = np.column_stack([has_post, judged & (shared_words == 0), overlap])
    return np.column_stack([np.minimum(counted, DENSE_CAP), lengths, capitals, post, np.minimum(lexicon, DENSE_CAP)])

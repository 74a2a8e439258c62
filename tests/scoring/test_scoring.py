"""The compiled and the portable scorers against each other, and against scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.features import HashTable
from classifier.predictor import read_post
from classifier.scoring import is_compiled, make_scorer
from classifier.text import analyse
from made_model import SENTENCES, make_weights

WEIGHTS = make_weights()
PORTABLE = make_scorer(WEIGHTS, portable=True)
SCORER = make_scorer(WEIGHTS)

needs_compiled = pytest.mark.skipif(not is_compiled(), reason="the compiled scorer was not built (no C++ compiler)")

#: Letters, accents apart, disguises, signs that end a sentence or spell a word, emojis, joiners, lone surrogates.
HOSTILE = st.text(
    st.one_of(
        st.sampled_from("aàe\u0301ÉœßſﬁIİ019@$€*.-_!?… \n\t'’\"«#%👍🏽🏳\ufe0f\u200d𝐚ｂ日\ud800\u0000"),
        st.characters(),
    ),
    max_size=120,
)


def test_a_text_scores_the_same_alone_and_in_a_batch() -> None:
    texts = SENTENCES * 60
    for scorer in (SCORER, PORTABLE):
        together = scorer.score(texts, [None] * len(texts))[5]
        for at, text in enumerate(SENTENCES):
            assert np.array_equal(scorer.score([text], [None])[5][0], together[at])


@needs_compiled
@given(HOSTILE)
@settings(max_examples=300)
def test_compiled_tokens_are_those_of_the_specification(text: str) -> None:
    from classifier.scoring import _fused

    analysis = analyse(text)
    tokens, parts, clues = _fused.tokens(text)
    assert tokens == [(t.folded, t.start, t.end, t.part, t.spelled) for t in analysis.tokens]
    assert (parts, clues) == (analysis.parts, analysis.clues)


@needs_compiled
@given(st.lists(HOSTILE, min_size=1, max_size=5), st.sampled_from(SENTENCES))
@settings(max_examples=100)
def test_compiled_and_portable_scores_are_equal(texts: list[str], post: str) -> None:
    _, stems = read_post(post)
    logits = np.linspace(-1, 1, WEIGHTS.bias.shape[0])
    texts = [*texts, post, f"{texts[0]} {post}"]

    def contexts(scorer: Any) -> list[Any]:
        return [None if at % 2 else scorer.context(logits, stems) for at in range(len(texts))]

    for ours, theirs in zip(SCORER.score(texts, contexts(SCORER)), PORTABLE.score(texts, contexts(PORTABLE))):
        assert np.array_equal(ours, theirs)


@needs_compiled
@given(HOSTILE)
@settings(max_examples=100)
def test_compiled_and_portable_explanations_are_equal(text: str) -> None:
    heads = [0, 7, 39]
    ours, theirs = SCORER.explain(text + SENTENCES[1], heads), PORTABLE.explain(text + SENTENCES[1], heads)
    for a, b in zip(ours[:4], theirs[:4], strict=True):
        assert np.array_equal(a, b)
    np.testing.assert_allclose(ours[4], theirs[4], atol=1e-9)


@pytest.mark.parametrize("first", [text.split("?")[0].split("…")[0].split("!")[0] for text in SENTENCES[:3]])
def test_shares_add_up_to_the_logit_of_a_part(first: str) -> None:
    *_, whole, parts = SCORER.score([first], [None])
    assert len(parts) == 1
    shares = SCORER.explain(first, list(range(40)))[4].sum(axis=0)
    dense = _dense_without_lexicon(first)
    np.testing.assert_allclose(shares + dense + WEIGHTS.bias, whole[0], atol=1e-9)


def _dense_without_lexicon(text: str) -> np.ndarray[Any, Any]:
    from classifier.features import dense_counts, extract

    found = extract([text])
    counts = dense_counts(
        found.clues.sum(axis=0, keepdims=True),
        np.zeros((1, len(WEIGHTS.lexicon_classes)), dtype=np.int64),
        np.array([False]),
        np.array([1]),
        np.array([0]),
    )
    return (counts @ WEIGHTS.dense_weights)[0] * WEIGHTS.dense_scale


def test_a_megabyte_without_a_space_is_scored() -> None:
    text = "ab" * 500_000
    whole = SCORER.score([text], [None])[5]
    assert np.isfinite(whole).all()


def test_tables_find_what_they_hold_and_nothing_else() -> None:
    random = np.random.default_rng(1)
    hashes = random.integers(0, 2**63, 5000).astype(np.uint64)
    table = HashTable.build(hashes[:2500], np.arange(2500))
    assert np.array_equal(table.find(hashes[:2500]), np.arange(2500))
    assert (table.find(hashes[2500:]) == -1).all()


def test_something_else_than_text_is_refused() -> None:
    with pytest.raises(TypeError):
        SCORER.score([None], [None])  # type: ignore[list-item]

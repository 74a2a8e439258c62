"""The predictor: one path, alone or in a batch, with its evidence."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.bundle import Bundle
from classifier.comments import Comment, ModelReference
from classifier.predictor import BATCH_COMMENTS, MAX_POSTS_KEPT, Predictor
from classifier.taxonomy import taxonomy
from made_model import SENTENCES, make_calibration, make_operating, make_weights

BUNDLE = Bundle(ModelReference("essai", "1", "0" * 64), make_weights(), make_calibration(), make_operating(), None)  # type: ignore[arg-type]
PREDICTOR = Predictor(BUNDLE)
COMMENTS = [Comment(text=t, post=SENTENCES[0] if i % 2 else None) for i, t in enumerate(SENTENCES)]


def test_alone_and_in_a_batch_to_the_last_bit() -> None:
    together = PREDICTOR.predict(COMMENTS * 7)
    for at, comment in enumerate(COMMENTS):
        assert PREDICTOR.predict([comment]) == [together[at]]


def test_a_stream_longer_than_a_batch_keeps_its_order() -> None:
    texts = [f"{SENTENCES[i % 5]} {i}" for i in range(BATCH_COMMENTS + 3)]
    streamed = list(PREDICTOR.stream(texts))
    assert len(streamed) == len(texts)
    assert streamed[-1] == PREDICTOR.predict(texts[-1:])[0]


def test_the_portable_scorer_gives_the_same_predictions() -> None:
    assert Predictor(BUNDLE, portable=True).predict(COMMENTS) == PREDICTOR.predict(COMMENTS)


def test_labels_follow_scores_and_thresholds() -> None:
    labels = taxonomy()
    for prediction in PREDICTOR.predict(COMMENTS):
        assert prediction.netiquette == tuple(x for x in labels.netiquette if prediction.scores[x] >= 0.5)
        assert prediction.alerts == tuple(x for x in labels.alerts if prediction.scores[x] >= 0.3)
        assert prediction.category == max(labels.category, key=lambda x: prediction.scores[x])
        assert set(prediction.uncertain) == {x for x in BUNDLE.operating.bands if 0.3 <= prediction.scores[x] <= 0.6}
        assert sum(prediction.scores[x] for x in labels.category) == pytest.approx(1.0)
        assert 0.0 <= prediction.any_violation <= 1.0


@given(st.text(max_size=200))
@settings(max_examples=150)
def test_evidence_and_parts_lie_in_any_text(text: str) -> None:
    [prediction] = PREDICTOR.predict([text])
    fired = {*prediction.netiquette, *prediction.political, *prediction.alerts}
    for item in prediction.evidence:
        assert 0 <= item.start < item.end <= len(text)
        assert item.label in fired
        assert item.weight > 0
    for part in prediction.parts:
        assert 0 <= part.start <= part.end <= len(text)
    assert np.isfinite(list(prediction.scores.values())).all()


def test_off_topic_is_missing_without_a_publication() -> None:
    without, with_post = PREDICTOR.predict([Comment(text="Go!"), Comment(text="Go!", post="La piscine ouvre.")])
    assert without.missing == ("off_topic",)
    assert with_post.missing == ()


def test_something_else_is_refused() -> None:
    with pytest.raises(TypeError, match="Comment or str"):
        PREDICTOR.predict([3])  # type: ignore[list-item]


def test_threads_share_a_predictor() -> None:
    expected = PREDICTOR.predict(COMMENTS)
    wrong: list[int] = []

    def work() -> None:
        for _ in range(20):
            if PREDICTOR.predict(COMMENTS) != expected:
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_publications_are_kept_in_bounded_number() -> None:
    predictor = Predictor(BUNDLE)
    predictor.predict([Comment(text="Oui", post=f"Avis {i}") for i in range(MAX_POSTS_KEPT + 50)])
    assert len(predictor._posts) == MAX_POSTS_KEPT

"""Training: from the design matrix to the fused scorer, calibration, thresholds, measures."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("sklearn", reason="the training extra is not installed")

from classifier.comments import Comment
from classifier.errors import InputError
from classifier.features import hash_word, mix
from classifier.predictor import Predictor
from classifier.taxonomy import taxonomy
from classifier.training.corpus import COLUMNS, TEST_FILE, assign_folds, label_matrix, read_corpus, read_rows
from classifier.training.design import Blocks, fit_space, make_weights, read_comments
from classifier.training.fitting import Settings, fit_calibration, fit_weights
from classifier.training.measures import bootstrap, calibration_error, precision_recall_f1
from classifier.training.thresholds import Goal, find_threshold, parse_goal
from classifier.training.variety import MIN_CHARS
from classifier.training.vectors import WordVectors

CORPUS = Path(__file__).resolve().parents[2] / "data" / "corpus"
SETTINGS = Settings(
    min_documents=2,
    max_grams=4000,
    word_block=1.0,
    dense_block=0.25,
    post_block=0.25,
    regularisation=10.0,
    positive_weight=1.5,
    seed=1,
)


def make_vectors() -> WordVectors:
    """Vectors of a few words, as spaCy's would be folded."""
    words = [
        "maire",
        "rue",
        "neige",
        "merci",
        "bravo",
        "piscine",
        "parc",
        "taxe",
        "eau",
        "ville",
        "conseil",
        "honte",
        "clown",
    ]
    random = np.random.default_rng(3)
    matrix = random.normal(size=(9, 300)).astype(np.float32)
    return WordVectors(
        hashes=mix(np.array([hash_word(w) for w in words], dtype=np.uint64)),
        rows=np.arange(len(words)) % 9,
        mass=np.arange(len(words)) * 7 % 250 + 1,
        matrix=matrix / np.linalg.norm(matrix, axis=1, keepdims=True),
    )


ROWS = read_rows(CORPUS / "seed-t1.csv")
VECTORS = make_vectors()


def reference_and_scorer() -> tuple[object, ...]:
    comments = [row.comment for row in ROWS]
    reading = read_comments(comments, VECTORS)
    space = fit_space(reading, min_documents=2, blocks=Blocks(1.0, 0.25, 0.25))
    random = np.random.default_rng(5)
    width = len(space.hashes) + 300 + reading.dense.shape[1]
    coefficients = random.normal(size=(40, width)) * (random.random((40, width)) < 0.3)
    intercept = random.normal(size=40)
    return space, coefficients, intercept, Predictor.from_weights(make_weights(space, coefficients, intercept, VECTORS))


SPACE, COEFFICIENTS, INTERCEPT, FITTED = reference_and_scorer()


def assert_close_to_reference(comments: list[Comment]) -> None:
    """The scorer's logits are those of the linear model on the scikit-learn matrix, to the quantisation."""
    matrix = SPACE.transform(read_comments(comments, VECTORS))  # type: ignore[attr-defined]
    expected = matrix @ COEFFICIENTS.T + INTERCEPT  # type: ignore[attr-defined]
    found, _ = FITTED.score_logits(comments)  # type: ignore[attr-defined]
    np.testing.assert_allclose(found, expected, atol=4e-3)
    sigmoid = [1 / (1 + np.exp(-x)) for x in (found, expected)]
    assert np.abs(sigmoid[0] - sigmoid[1]).max() < 1e-3


def test_the_fused_scorer_is_the_linear_model_on_the_corpus() -> None:
    assert_close_to_reference([row.comment for row in ROWS])


@given(st.lists(st.text(max_size=80), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_the_fused_scorer_is_the_linear_model_on_any_text(texts: list[str]) -> None:
    assert_close_to_reference([Comment(text=t, post=ROWS[3].post if i % 2 else None) for i, t in enumerate(texts)])


def test_a_model_trained_on_a_little_beats_chance_on_other_scenarios() -> None:
    targets = label_matrix(ROWS)
    folds = assign_folds([row.group for row in ROWS], 3, 1)
    seen, held = np.flatnonzero(folds != 0), np.flatnonzero(folds == 0)
    reading = read_comments([row.comment for row in ROWS], VECTORS)
    weights = fit_weights(reading.take(seen), targets[seen], np.ones(len(seen)), VECTORS, SETTINGS)
    whole, strongest = Predictor.from_weights(weights).score_logits([ROWS[i].comment for i in held])
    assert len(weights.gram_weights) <= SETTINGS.max_grams
    profanity = taxonomy().labels.index("profanity")
    truth = targets[held, profanity] == 1
    assert whole[truth, profanity].mean() > whole[~truth, profanity].mean() + 0.5
    assert (strongest >= whole - 1e-9).mean() > 0.3


def test_calibration_gives_probabilities_that_match_frequencies() -> None:
    random = np.random.default_rng(0)
    whole = random.normal(size=(4000, 40))
    truth = (random.random((4000, 40)) < 1 / (1 + np.exp(-(2 * whole - 4)))).astype(np.int8)
    first = len(taxonomy().netiquette) + len(taxonomy().political)
    truth[:, first:] = 0
    truth[np.arange(4000), first + whole[:, first:].argmax(axis=1)] = 1
    calibration = fit_calibration(whole, whole, truth)
    scores = calibration.score(whole, whole)
    for k in range(first):
        assert calibration_error(truth[:, k], scores[:, k]) < 0.03
    np.testing.assert_allclose(scores[:, first:].sum(axis=1), 1.0)
    assert (calibration.slope_part >= 0).all()
    assert (calibration.slope_whole >= 0).all()


@pytest.mark.parametrize(
    ("goal", "least_precision", "least_recall"),
    [("maximum recall @ precision >= 0.9", 0.9, 0.0), ("minimum threshold @ recall >= 0.95", 0.0, 0.95)],
)
def test_thresholds_meet_their_goal(goal: str, least_precision: float, least_recall: float) -> None:
    random = np.random.default_rng(2)
    scores = random.random(3000)
    target = (random.random(3000) < scores**3).astype(np.int8)
    threshold = find_threshold(scores, target, parse_goal(goal))
    precision, recall, _ = precision_recall_f1(target, scores >= threshold)
    assert precision >= least_precision
    assert recall >= least_recall
    if least_recall:  # and no higher threshold would
        assert precision_recall_f1(target, scores >= threshold + 0.02)[1] < least_recall + 0.02


def test_a_goal_out_of_reach_gives_the_nearest() -> None:
    scores, target = np.linspace(0, 1, 100), np.array([0, 1] * 50, dtype=np.int8)
    assert 0 < find_threshold(scores, target, Goal("recall", "precision", 0.99)) < 1


@pytest.mark.parametrize("text", ["maximum", "maximum recall @ f1 >= 0.9", "maximum recall @ precision >= 9"])
def test_a_goal_that_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="objectif"):
        parse_goal(text)


def test_groups_stay_on_one_side() -> None:
    groups = [row.group for row in read_corpus(CORPUS)]
    folds = assign_folds(groups, 5, 7)
    for group in set(groups):
        assert len({f for f, g in zip(folds.tolist(), groups) if g == group}) == 1
    sizes = np.bincount(folds)
    assert sizes.max() - sizes.min() < 0.1 * len(groups)


def test_the_test_split_shares_no_world_with_training() -> None:
    if not (CORPUS / TEST_FILE).is_file():
        pytest.fail("data/corpus/test.csv is missing: the test split is part of the project")
    training, test = read_corpus(CORPUS), read_corpus(CORPUS, test=True)
    assert not {row.group for row in training} & {row.group for row in test}
    # Two hearts are two hearts: only texts long enough to be somebody's must differ.
    shared = {row.text for row in training} & {row.text for row in test}
    assert [text for text in shared if len(text) >= MIN_CHARS] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [({"netiquette": "insulte"}, "insulte"), ({"category": ""}, "inconnue"), ({"text": " "}, "vide")],
)
def test_a_wrong_row_is_named_by_its_line(tmp_path: Path, change: dict[str, str], said: str) -> None:
    row = dict(zip(COLUMNS, ["a", "texte secret", "", "", "", "neutral", "s", ""])) | change
    path = tmp_path / "c.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerow(row)
    with pytest.raises(InputError, match=said) as error:
        read_rows(path)
    assert "ligne 2" in str(error.value)
    assert "secret" not in str(error.value)


def test_bootstrap_holds_the_value() -> None:
    values = np.random.default_rng(0).random(500)
    low, high = bootstrap(lambda rows: float(values[rows].mean()), 500, seed=1)
    assert low < values.mean() < high
    assert high - low < 0.1

"""The one scoring path: comments in, predictions out. One text is a batch of one."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bundle import Bundle, load_bundle
from .comments import Comment, Evidence, ModelReference, Part, Prediction
from .evidence import select_evidence
from .features import SEED_POST, HashTable, extract
from .heads import Calibration, Operating
from .released import released_path
from .scoring import Weights, make_scorer
from .signals import detect_signals
from .taxonomy import taxonomy

__all__ = ["Predictor", "read_post"]

#: Publications whose contribution is kept: an export has few, a service sees the latest again and again.
MAX_POSTS_KEPT = 1024
#: Comments scored at once by `predict`: memory stays bounded whatever the batch.
BATCH_COMMENTS = 2048


def read_post(post: str) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Words of a publication, for the heads.

    Parameters
    ----------
    post : str

    Returns
    -------
    words : uint64 array
        Hash of each different word, apart from the hashes of comments' words.
    stems : uint64 array
        Sorted rough stems, to compare with the comment's words.
    """
    found = extract([post])
    words = np.unique(found.token_hash ^ np.uint64(SEED_POST))
    stems = np.unique(found.token_stem)
    return words, stems[stems != 0]


class Predictor:
    """Scores comments with a model bundle. Safe to share between threads, and after a fork.

    Parameters
    ----------
    bundle : Bundle
        Loaded model; `load` is the usual way in.
    portable : bool
        Whether to do without the compiled scorer.

    Examples
    --------
    >>> from classifier import Predictor
    >>> predictor = Predictor.load()
    >>> [prediction] = predictor.predict(["Merci pour le beau parc!"])
    >>> prediction.category
    'positive'
    """

    def __init__(self, bundle: Bundle, *, portable: bool = False) -> None:
        self._bundle = bundle
        self._scorer = make_scorer(bundle.weights, portable=portable)
        self._grams = HashTable(bundle.weights.gram_slots)
        self._posts: OrderedDict[str, Any] = OrderedDict()
        self._lock = threading.Lock()
        labels = taxonomy()
        operating = bundle.operating
        self._labels = labels.labels
        self._multi = labels.netiquette + labels.political
        self._thresholds = dict(operating.thresholds)
        self._threshold_row = np.array([operating.thresholds[label] for label in self._multi])
        self._alert_columns = [(label, self._labels.index(label), operating.alerts[label]) for label in labels.alerts]
        self._bands = [(label, self._labels.index(label), *operating.bands[label]) for label in operating.bands]
        self._netiquette_count = len(labels.netiquette)
        self._off_topic = self._multi.index("off_topic")

    @classmethod
    def load(cls, path: str | Path | None = None, *, portable: bool = False) -> Predictor:
        """Load the released bundle, the one in `path`, or the one in the folder that CLASSIFIER_MODEL names.

        Raises
        ------
        ModelError
            If the bundle is missing, was altered, or is of another version.
        """
        return cls(load_bundle(Path(path) if path is not None else released_path()), portable=portable)

    @classmethod
    def from_weights(cls, weights: Weights) -> Predictor:
        """Predictor of heads that are not calibrated yet: for training, which reads its `score_logits`."""
        heads = weights.gram_weights.shape[1]
        calibration = Calibration(np.ones(heads), np.zeros(heads), np.zeros(heads))
        labels = taxonomy()
        operating = Operating(
            thresholds=dict.fromkeys(labels.netiquette + labels.political, 0.5),
            bands={},
            alerts=dict.fromkeys(labels.alerts, 0.5),
        )
        return cls(Bundle(ModelReference("uncalibrated", "0", ""), weights, calibration, operating, Path()))

    @property
    def model(self) -> ModelReference:
        """Name, version and hash of the bundle."""
        return self._bundle.reference

    @property
    def operating(self) -> Operating:
        """Thresholds, review bands and alert thresholds of the bundle."""
        return self._bundle.operating

    def predict(self, comments: Iterable[Comment | str]) -> list[Prediction]:
        """Predictions, in the order of the comments.

        Parameters
        ----------
        comments : iterable of Comment or str

        Returns
        -------
        list of Prediction
            The same for a comment alone and in any batch, to the last bit.

        Raises
        ------
        TypeError
            If an item is neither a `Comment` nor a string.
        """
        return list(self.stream(comments))

    def stream(self, comments: Iterable[Comment | str]) -> Iterator[Prediction]:
        """The same as `predict`, one prediction at a time, in bounded memory."""
        batch: list[Comment] = []
        for item in comments:
            if isinstance(item, str):
                item = Comment(text=item)
            elif not isinstance(item, Comment):
                raise TypeError(f"expected Comment or str, got {type(item).__name__}")
            batch.append(item)
            if len(batch) == BATCH_COMMENTS:
                yield from self._predict_batch(batch)
                batch = []
        if batch:
            yield from self._predict_batch(batch)

    def score(self, comments: Sequence[Comment]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Calibrated scores (n, 40) in the order of the taxonomy, and probability of any violation (n)."""
        _, whole, strongest, _, _ = self._score_logits(comments)
        scores = self._bundle.calibration.score(whole, strongest)
        return scores, self._bundle.calibration.score_violation(scores)

    def score_logits(self, comments: Sequence[Comment]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Uncalibrated logits of the whole (n, 40), and the strongest of the parts (n, 40): what calibration reads."""
        _, whole, strongest, _, _ = self._score_logits(comments)
        return whole, strongest

    def _score_logits(self, comments: Sequence[Comment]) -> Any:
        contexts = [self._read_context(c.post) if c.post else None for c in comments]
        found = self._scorer.score([c.text for c in comments], contexts)
        text_parts, _, _, clues, lexicon, whole, parts = found
        begins = text_parts[:-1]
        if len(parts) == len(whole):
            return found, whole, parts, clues, lexicon
        strongest = np.maximum.reduceat(parts, begins, axis=0)
        return found, whole, strongest, np.add.reduceat(clues, begins, axis=0), np.add.reduceat(lexicon, begins, axis=0)

    def _read_context(self, post: str) -> Any:
        context = self._posts.get(post)
        if context is not None:
            return context
        weights = self._bundle.weights
        words, stems = read_post(post)
        row = self._grams.find(words)
        row = row[row >= 0]
        logits = np.zeros(len(self._labels))
        if len(row):
            norm = np.sqrt(float(weights.gram_idf2[row].astype(np.int64).sum()))
            logits = weights.gram_weights[row].astype(np.int64).sum(axis=0) / norm * weights.post_scale
        context = self._scorer.context(logits, stems)
        with self._lock:
            self._posts[post] = context
            while len(self._posts) > MAX_POSTS_KEPT:
                self._posts.popitem(last=False)
        return context

    def _predict_batch(self, comments: Sequence[Comment]) -> list[Prediction]:
        found, whole, strongest, clues, lexicon = self._score_logits(comments)
        text_parts, part_start, part_end, _, _, _, part_logits = found
        calibration = self._bundle.calibration
        scores = calibration.score(whole, strongest)
        violations = calibration.score_violation(scores).tolist()
        several = len(part_logits) != len(whole)
        part_scores = calibration.score(part_logits, part_logits) if several else scores
        multi, first = len(self._multi), self._netiquette_count
        fired = np.greater_equal(scores[:, :multi], self._threshold_row)
        part_fired = np.greater_equal(part_scores[:, :multi], self._threshold_row) if several else fired
        categories = scores[:, multi:].argmax(axis=1).tolist()
        part_categories = part_scores[:, multi:].argmax(axis=1).tolist() if several else categories
        rows, bounds = scores.tolist(), text_parts.tolist()
        starts, ends = part_start.tolist(), part_end.tolist()
        names = taxonomy().category
        signals = detect_signals([c.text for c in comments], clues, lexicon, self._bundle.weights.lexicon_classes)
        any_fired, any_part = fired.any(axis=1).tolist(), part_fired.any(axis=1).tolist()
        out = []
        for at, comment in enumerate(comments):
            row = dict(zip(self._labels, rows[at]))
            columns = np.flatnonzero(fired[at]).tolist() if any_fired[at] else []
            alerts = tuple(label for label, column, least in self._alert_columns if rows[at][column] >= least)
            category = names[categories[at]]
            parts = []
            for part in range(bounds[at], bounds[at + 1]):
                here = np.flatnonzero(part_fired[part]).tolist() if any_part[part] else ()
                parts.append(
                    Part(
                        starts[part],
                        ends[part],
                        tuple(self._multi[c] for c in here if c < first),
                        tuple(self._multi[c] for c in here if c >= first),
                        names[part_categories[part]],
                    )
                )
            evidence: tuple[Evidence, ...] = ()
            explained = list(dict.fromkeys([*columns, *(self._labels.index(label) for label in alerts)]))
            if explained:
                evidence = select_evidence(
                    [self._labels[c] for c in explained], *self._scorer.explain(comment.text, explained)
                )
            out.append(
                Prediction(
                    netiquette=tuple(self._multi[c] for c in columns if c < first),
                    political=tuple(self._multi[c] for c in columns if c >= first),
                    category=category,
                    scores=row,
                    any_violation=violations[at],
                    alerts=alerts,
                    uncertain=tuple(label for label, c, low, high in self._bands if low <= rows[at][c] <= high),
                    parts=tuple(parts),
                    signals=signals[at],
                    evidence=evidence,
                    missing=() if comment.post else ("off_topic",),
                    thresholds=self._thresholds,
                    model=self._bundle.reference,
                )
            )
        return out

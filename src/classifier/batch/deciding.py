"""How a batch asks for predictions and decisions: the moderator, and processes that predict ahead of it."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import datetime
from typing import Protocol

from classifier.comments import Comment, Decision, Prediction, Signal
from classifier.exports import LeftOut, Row

__all__ = ["Chunk", "Decider", "predict_ahead"]

#: Entries of an export that are worked on together.
Chunk = list[Row | LeftOut]


class Hashed(Protocol):
    """A thing with the hash that identifies it."""

    @property
    def sha256(self) -> str:
        """Hash of its content."""
        ...


class Scorer(Protocol):
    """What predicts, and with which model."""

    @property
    def model(self) -> Hashed:
        """The model."""
        ...


class Decider(Protocol):
    """What a batch needs of `classifier.moderator.Moderator`."""

    @property
    def policy(self) -> Hashed:
        """The policy."""
        ...

    @property
    def predictor(self) -> Scorer:
        """What predicts."""
        ...

    @property
    def not_recorded(self) -> int:
        """Decisions made and not recorded."""
        ...

    def close(self) -> None:
        """Free the audit log."""
        ...

    def predict(self, comments: Sequence[Comment]) -> list[Prediction]:
        """Score comments; nothing is recorded."""
        ...

    def decide(
        self,
        comments: Sequence[Comment],
        *,
        predictions: Sequence[Prediction] | None = None,
        signals: Sequence[tuple[Signal, ...]] | None = None,
        positions: Sequence[int] | None = None,
        now: datetime | None = None,
    ) -> list[Decision]:
        """Apply the policy, and record before returning."""
        ...

    def pseudonym(self, author: str) -> str:
        """Keyed pseudonym of an author."""
        ...


def predict_ahead(
    chunks: Iterable[Chunk], decider: Decider, *, jobs: int, model: str | None
) -> Iterator[tuple[Chunk, list[Prediction]]]:
    """Chunks with the predictions of their comments, in order.

    Parameters
    ----------
    chunks : iterable of list
        Entries, some of which hold a comment.
    decider : Decider
        Predicts in this process when `jobs` is 1.
    jobs : int
        Processes. Each loads the model once; scores are the same to the last bit, whatever the number.
    model : str or None
        Bundle's folder, for the other processes.
    """
    if jobs <= 1:
        for chunk in chunks:
            yield chunk, decider.predict(_comments(chunk))
        return
    waiting: deque[tuple[Chunk, Future[list[Prediction]]]] = deque()
    with ProcessPoolExecutor(jobs, initializer=_load, initargs=(model,)) as pool:
        try:
            for chunk in chunks:
                waiting.append((chunk, pool.submit(_predict, _comments(chunk))))
                # A window of chunks, so that a fast reader does not fill the memory.
                if len(waiting) > jobs * 2:
                    ready, future = waiting.popleft()
                    yield ready, future.result()
            while waiting:
                ready, future = waiting.popleft()
                yield ready, future.result()
        finally:
            for _, future in waiting:
                future.cancel()


def _comments(chunk: Chunk) -> list[Comment]:
    return [entry.comment for entry in chunk if isinstance(entry, Row)]


_PREDICTOR = None


def _load(model: str | None) -> None:
    """Load the model once in a worker process (one thread each: the processes are the parallelism)."""
    global _PREDICTOR
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    from classifier.predictor import Predictor

    _PREDICTOR = Predictor.load(model)


def _predict(comments: list[Comment]) -> list[Prediction]:
    assert _PREDICTOR is not None
    return _PREDICTOR.predict(comments)

"""Scores of all labels: the fused scorer, compiled and portable, against one shared scikit-learn TF-IDF, in one run.

Run ``python benchmarks/scoring.py`` (needs scikit-learn). Ratios count: machines are noisy, both sides share the run.
The reference is one TfidfVectorizer (characters 2 to 5 within words) and 40 linear heads stacked in float32.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from classifier import Comment, Predictor
from classifier.scoring import is_compiled
from classifier.training.corpus import read_corpus

ROOT = Path(__file__).resolve().parents[1]


def median_s(work: Callable[[], object], repeats: int) -> float:
    """Median time of some calls, in seconds, after one that does not count."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def cut(texts: list[str], length: int, count: int) -> list[str]:
    """`count` texts of `length` characters, cut from the corpus."""
    stream = " ".join(texts)
    stream *= 1 + (length * count) // len(stream)
    return [stream[i * length : (i + 1) * length] for i in range(count)]


def show(name: str, comments: int, taken_s: float, reference_s: float) -> None:
    """One line of the table."""
    print(f"| {name} | {comments / taken_s:,.0f} | {1e6 * taken_s / comments:,.1f} | {reference_s / taken_s:.1f} |")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    texts = [row.text for row in read_corpus(ROOT / "data" / "corpus", test=True)]
    predictor, portable = Predictor.load(), Predictor.load(portable=True)
    vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, dtype=np.float32).fit(texts)
    heads = np.random.default_rng(0).normal(size=(len(vectoriser.vocabulary_), 40)).astype(np.float32)
    print(f"compiled scorer: {is_compiled()}\n")
    print("| scoring, one process | comments/s | µs a comment | times the reference |\n| --- | --- | --- | --- |")
    for length in (50, 110, 1000, 8000):
        count = max(20, options.rows * 110 // max(length, 110))
        sample = cut(texts, length, count)
        comments = [Comment(text=text) for text in sample]
        reference_s = median_s(lambda s=sample: vectoriser.transform(s) @ heads, options.repeats)  # type: ignore[misc]
        show(f"scikit-learn reference, {length} characters", count, reference_s, reference_s)
        for name, one in (("fused, compiled", predictor), ("fused, portable", portable)):
            taken_s = median_s(lambda o=one, c=comments: o.score(c), options.repeats)  # type: ignore[misc]
            show(f"{name}, {length} characters", count, taken_s, reference_s)
        taken_s = median_s(lambda c=comments: predictor.predict(c), options.repeats)  # type: ignore[misc]
        show(f"whole prediction (labels, parts, signals, evidence), {length} characters", count, taken_s, reference_s)
    one_by_one = cut(texts, 110, 1000)
    predictor.predict(one_by_one)
    times = []
    for text in one_by_one:
        start = time.perf_counter()
        predictor.predict([text])
        times.append(time.perf_counter() - start)
    p50, p99 = np.percentile(times, [50, 99]) * 1e3
    print(f"\none comment, whole prediction: p50 {p50:.3f} ms, p99 {p99:.3f} ms")
    code = "from classifier import Predictor; Predictor.load().predict(['Bonjour'])"
    cold_s = median_s(lambda: subprocess.run([sys.executable, "-c", code], check=True), options.repeats)
    empty_s = median_s(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True), options.repeats)
    print(f"cold start, first prediction from a new process: {cold_s:.2f} s (an empty Python: {empty_s:.2f} s)")
    print("\n| adversarial text | ns a character | times a plain text |\n| --- | --- | --- |")
    plain = cut(texts, 100_000, 1)[0]
    base = median_s(lambda: predictor.predict([plain]), 3) / len(plain)
    for name, text in {
        "plain": plain,
        "one word of a megabyte": "a" * 1_000_000,
        "alternating word of a megabyte": "ab" * 500_000,
        "a million combining marks": "e" + "\u0301" * 1_000_000,
        "100,000 links": "https://exemple.ca/a " * 100_000,
        "100,000 e-mails": "a.b@exemple.ca " * 100_000,
    }.items():
        taken = median_s(lambda t=text: predictor.predict([t]), 1) / len(text)  # type: ignore[misc]
        print(f"| {name} | {1e9 * taken:,.0f} | {taken / base:.2f} |")


if __name__ == "__main__":
    main()

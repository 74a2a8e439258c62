"""Cost of routing, beside an empty `Decision` in the same run. One command: ``python benchmarks/routing.py``.

The aims (issue 6): at most 20 µs for a comment without violation, at most 100 µs otherwise, on one core.
"""

from __future__ import annotations

import argparse
import json
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

from classifier.comments import Comment, Decision, ModelReference, Part, Prediction, Signal
from classifier.policy import History, Policy, PolicyRouter, Strike, list_policies

#: Short rounds, of which the best counts: the others share the machine.
ROUNDS = 15

NOW = datetime(2027, 2, 9, 10, 0, tzinfo=ZoneInfo("America/Toronto"))
TEXT = "Première phrase. Deuxième phrase? Troisième."


def predict(labels: tuple[str, ...], category: str, signals: tuple[Signal, ...] = ()) -> Prediction:
    """A prediction with three parts, the first of which carries the labels."""
    parts = (Part(0, 16, labels, (), "negative"), Part(17, 33, (), (), category), Part(34, 44, (), (), "neutral"))
    scores = {**dict.fromkeys(labels, 0.9), category: 0.9}
    model = ModelReference("bench", "1", "0" * 64)
    thresholds = dict.fromkeys(labels, 0.5)
    return Prediction(labels, (), category, scores, 0.5, (), (), parts, signals, (), (), thresholds, model)


CASES: dict[str, tuple[Prediction, History | None]] = {
    "lawful, no reply": (predict((), "neutral"), None),
    "lawful question": (predict((), "question"), None),
    "one violation": (predict(("insult",), "negative"), None),
    "three violations, a signal, two strikes": (
        predict(("insult", "profanity", "racism"), "question", (Signal("shouting"),)),
        History((Strike("netiquette", NOW - timedelta(days=9)), Strike("netiquette", NOW - timedelta(days=3)))),
    ),
}


def measure(repeats: int, policy_id: str) -> dict[str, float]:
    """Microseconds per decision for each case, best of the rounds; comment times differ, as in an export."""
    router = PolicyRouter(Policy.load(policy_id))
    comments = [Comment(TEXT, str(i), "Publication", created_at=NOW - timedelta(minutes=7 * i)) for i in range(repeats)]
    figures: dict[str, float] = {}
    for name, (prediction, history) in CASES.items():
        best = float("inf")
        for _ in range(ROUNDS):
            start = perf_counter()
            for comment in comments:
                router.decide(comment, prediction, decision_id="d", now=NOW, history=history)
            best = min(best, perf_counter() - start)
        figures[name] = round(best / repeats * 1e6, 2)
    return figures


def measure_reference(repeats: int) -> float:
    """Microseconds to build an empty `Decision`: the floor that no router can go under."""
    prediction = predict((), "neutral")
    reference = Policy.load("mamh").reference
    best = float("inf")
    for _ in range(ROUNDS):
        start = perf_counter()
        for _ in range(repeats):
            Decision("d", None, prediction, reference, (), (), (), "low", False, ())
        best = min(best, perf_counter() - start)
    return round(best / repeats * 1e6, 2)


def main() -> None:
    """Print the table, or write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=2_000)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    figures = {policy: measure(arguments.repeats, policy) for policy in list_policies()}
    reference = measure_reference(arguments.repeats)
    if arguments.json:
        measured = {"reference_us": reference, "policies_us": figures}
        arguments.json.write_text(json.dumps(measured, indent=1), encoding="utf-8")
    print(f"{'µs per decision':<42}" + "".join(f"{policy:>15}" for policy in figures))
    for case in CASES:
        print(f"{case:<42}" + "".join(f"{figures[policy][case]:>15.1f}" for policy in figures))
    print(f"{'an empty Decision (floor)':<42}{reference:>15.1f}")


if __name__ == "__main__":
    main()

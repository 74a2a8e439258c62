"""The ten-comment table of docs/politiques.md is what the router prescribes, cell by cell."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.policy.made import TUESDAY, predict

from classifier.comments import Comment, Decision, Part, Prediction, Signal
from classifier.policy import Policy, PolicyRouter
from classifier.policy.names import action_name

ROOT = Path(__file__).parents[2]
POLICIES = ("mamh", "montmagny", "baie-comeau", "sainte-sophie", "drummondville")
CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("ten_comments.yaml").read_text("utf-8"))


def read_case(case: dict[str, Any]) -> tuple[Comment, Prediction]:
    """The comment and the prediction of a perfect reader."""
    text = " ".join(part["text"] for part in case["parts"])
    parts, signals, start = [], [Signal(name) for name in case.get("signals", ())], 0
    for part in case["parts"]:
        end = start + len(part["text"])
        alone = predict(*part["labels"])
        parts.append(Part(start, end, alone.netiquette, alone.political, part["category"]))
        signals += [Signal(name, spans=((start, end),)) for name in part.get("signals", ())]
        start = end + 1
    labels = dict.fromkeys(label for part in case["parts"] for label in part["labels"])
    alerts = tuple(name for name in ("suicide_risk", "crime_report") if case.get("category") == name)
    alerts += ("threat",) if "threat" in labels else ()
    category = case.get("category", "question")
    prediction = predict(*labels, category=category, parts=tuple(parts), signals=tuple(signals), alerts=alerts)
    created_at = case.get("date", TUESDAY)
    assert isinstance(created_at, datetime)
    return Comment(text, created_at=created_at, post="p"), prediction


def tell(decision: Decision) -> str:
    """A decision as the page writes it: actions in order; sections; P where a person must look."""
    actions = ", ".join(dict.fromkeys(action_name(action.id).lower() for action in decision.actions))
    clauses = [action.parameters.get("clause", "") for action in decision.actions]
    clauses += [reason.clause or "projet" for reason in decision.reasons]
    told = f"{actions} [{'; '.join(dict.fromkeys(clause for clause in clauses if clause))}]"
    return told + (" **P**" if decision.needs_human else "")


def build_table() -> list[list[str]]:
    rows = []
    for number, case in enumerate(CASES, start=1):
        comment, prediction = read_case(case)
        now = comment.created_at or TUESDAY
        cells = [
            tell(PolicyRouter(Policy.load(policy_id)).decide(comment, prediction, decision_id="d", now=now))
            for policy_id in POLICIES
        ]
        rows.append([str(number), f"« {comment.text} »".replace("« ", "«\N{NO-BREAK SPACE}"), *cells])
    return rows


def written_table() -> list[list[str]]:
    page = (ROOT / "docs" / "politiques.md").read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if line.startswith("| ") and line[2].isdigit()]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]


def test_there_are_ten_comments_with_several_violations_and_a_question() -> None:
    assert len(CASES) == 10
    for case in CASES:
        comment, prediction = read_case(case)
        fired = {*prediction.netiquette, *prediction.political, *(signal.id for signal in prediction.signals)}
        assert len(fired) >= 2
        assert comment.text.endswith("?")


@pytest.mark.parametrize("number", range(10))
def test_page_says_what_the_router_prescribes(number: int) -> None:
    told, written = build_table()[number], written_table()[number]
    plain = [cell.replace("\N{NO-BREAK SPACE}", " ") for cell in told]
    assert [cell.replace("\N{NO-BREAK SPACE}", " ") for cell in written] == plain


if __name__ == "__main__":
    for row in build_table():
        print("| " + " | ".join(row) + " |")

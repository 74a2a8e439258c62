"""`classifier policy …`: what people read and type."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.policy.made import TUESDAY, predict, write

from classifier.cli.policy import policy
from classifier.errors import PolicyError, UsageError
from classifier.policy import Policy, list_policies
from classifier.policy.comparison import compare_policies
from classifier.policy.coverage import cover


def run(*arguments: str) -> str:
    result = CliRunner().invoke(policy, list(arguments), standalone_mode=False, catch_exceptions=False)
    assert result.return_value in (None, 0)
    return result.output


def test_list_shows_the_five() -> None:
    output = run("list")
    assert all(policy_id in output for policy_id in list_policies())
    assert len(list_policies()) == 5


@pytest.mark.parametrize("policy_id", list_policies())
def test_show_is_readable(policy_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    output = run("show", policy_id)
    for title in ("1. Ce qui est interdit", "3. Où va", "Bureaux", "Autonomie", "Modèles de messages", "À fixer"):
        assert title in output
    assert max(map(len, output.splitlines())) <= 100


@pytest.mark.parametrize("policy_id", list_policies())
def test_nothing_is_uncovered(policy_id: str) -> None:
    assert "Rien n'est découvert" in run("coverage", policy_id)
    rows = cover(Policy.load(policy_id)).rows
    assert {row.table for row in rows} == {1, 2, 3, 4, 5, 6}


def test_coverage_finds_a_clause_that_nothing_covers(tmp_path: Path) -> None:
    text = Policy.load("montmagny").text.replace(', people: "Révision du document."', "")
    file = tmp_path / "m.yaml"
    file.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(policy, ["coverage", str(file)], standalone_mode=False)
    assert result.return_value == 5
    assert "Non couvert : Section 10." in result.output


def test_check_reports_every_file(tmp_path: Path) -> None:
    assert "valide" in run("check", "mamh", "drummondville")
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("schema: 1\n", encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        run("check", str(tmp_path / "a.yaml"), "mamh", str(tmp_path / "b.yaml"))
    assert "a.yaml" in str(caught.value)
    assert "b.yaml" in str(caught.value)


@pytest.mark.parametrize("name", ["Ville d'Essai", 'Ville « test » : "A" & B', "Ville # 1"])
def test_init_writes_a_valid_file_and_overwrites_nothing(tmp_path: Path, name: str) -> None:
    file = tmp_path / "essai.yaml"
    run("init", str(file), "--id", "essai", "--name", name)
    started = Policy.load(file)
    assert (started.id, started.content.organization) == ("essai", name)
    assert not cover(started).uncovered
    with pytest.raises(UsageError, match="existe déjà"):
        run("init", str(file))
    with pytest.raises(UsageError, match="Identifiant illisible"):
        run("init", str(tmp_path / "autre.yaml"), "--id", "Ma Ville")
    with pytest.raises(UsageError, match="ne peut être écrit"):
        run("init", str(tmp_path / "absent" / "x.yaml"))


def test_comparison_counts_what_would_change() -> None:
    old = Policy.load("montmagny")
    new = Policy.parse(
        old.text.replace('  profanity: {clause: "5.1", named: langage grossier}\n', "").replace(
            "  pile_on: {silent: true}", "  pile_on: {silent: true}\n  profanity: {silent: true}"
        )
    )
    scored = [(write(id=str(n)), predict("profanity")) for n in range(30)] + [(write(), predict("insult"))]
    comparison = compare_policies(old, new, scored, TUESDAY)
    assert (comparison.total, comparison.changed, comparison.no_longer_human) == (31, 30, 30)
    assert comparison.by_actions == {(("delete",), ("publish", "answer")): 30}
    assert comparison.by_human_reason == {"not_autonomous": -30}
    assert comparison.examples == [str(n) for n in range(20)]


def test_compare_scores_an_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from classifier import predictor as module

    class FakePredictor:
        @classmethod
        def load(cls, path: str | None = None) -> FakePredictor:
            return cls()

        def stream(self, comments):  # type: ignore[no-untyped-def]
            for comment in comments:
                yield predict("political_opinion") if "gouvernement" in comment.text else predict(category="positive")

    monkeypatch.setattr(module, "Predictor", FakePredictor)
    export = tmp_path / "export.csv"
    export.write_text("id;texte\n1;Merci!\n2;Ce gouvernement fait fausse route.\n", encoding="utf-8")
    output = run("compare", "baie-comeau", "montmagny", str(export))
    assert "Commentaires : 2; inchangés : 0; changés : 2." in output or "changés : 1" in output
    assert "gouvernement" not in output, "comments appear by id only"

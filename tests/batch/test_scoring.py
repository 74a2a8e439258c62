"""A whole export: the sum holds, nothing half-written stays, a killed run ends as if it had not been."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from datetime import datetime, timezone
from pathlib import Path

import pytest

from classifier.batch import Settings, score_export
from classifier.batch import scoring as scoring_module
from classifier.batch.workspace import workspace_path
from classifier.errors import AuditError, InputError, UsageError

NOW = datetime(2025, 6, 1, tzinfo=timezone.utc)


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "export.csv"
    lines = ["id,texte,auteur,date"]
    lines += [f"c{n},Commentaire numéro {n} sur la neige,a{n % 7},2025-01-0{1 + n % 9} 10:00" for n in range(1, 41)]
    lines.insert(5, "trop,de,cellules,ici,vraiment")
    lines.insert(9, "vide,,a1,2025-01-01")
    lines.append("c3,Commentaire numéro 3 sur la neige,a3,2025-01-04 10:00")  # a copy
    lines.append("c4,Commentaire numéro 4 corrigé depuis,a4,2025-01-05 10:00")  # an edit
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(export, output, fake, **options):
    return score_export(export, policy="ville", output=output, open_decider=fake, now=NOW, **options)


def read(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_row_is_accounted_for(export, tmp_path, fake_moderator):
    output = tmp_path / "decisions.csv"
    outcome = run(export, output, fake_moderator)
    assert (outcome.read, outcome.decided, outcome.quarantined, outcome.merged, outcome.edited) == (44, 41, 1, 1, 1)
    assert outcome.not_comments == {"empty": 1}
    assert outcome.holds
    assert outcome.exit_code == 4
    rows = read(output)
    assert len(rows) == 41
    assert [row["id"] for row in rows[:3]] == ["c1", "c2", "c3"]
    left_out = read(tmp_path / "decisions.ecartes.csv")
    assert [(item["line"], item["kind"]) for item in left_out] == [
        ("6", "quarantine"),
        ("10", "empty"),
        ("44", "duplicate"),
    ]
    assert outcome.written == [output, tmp_path / "decisions.ecartes.csv"]


def test_columns_are_those_of_the_design(export, tmp_path, fake_moderator):
    output = tmp_path / "d.csv"
    run(export, output, fake_moderator, settings=Settings(scores=True))
    header = output.read_text(encoding="utf-8").splitlines()[0].split(",")
    assert header[:19] == [
        "id",
        "text",
        "netiquette",
        "political",
        "category",
        "urgency",
        "signals",
        "evidence",
        "actions",
        "reasons",
        "citations",
        "deadlines",
        "needs_human",
        "link",
        "author",
        "published_at",
        "decision_id",
        "model",
        "policy",
    ]
    assert len(header) == 19 + 40
    assert all(name.startswith("score_") for name in header[19:])
    assert not any(row["author"] == "a1" for row in read(output))


def test_nothing_is_left_but_the_outputs(export, tmp_path, fake_moderator):
    before = set(tmp_path.iterdir())
    outcome = run(export, tmp_path / "d.csv", fake_moderator, report=tmp_path / "d.html")
    assert set(tmp_path.iterdir()) - before == set(outcome.written)


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "id,texte\n"])
def test_a_bad_file_leaves_nothing_behind(tmp_path, fake_moderator, content):
    path = tmp_path / "mauvais.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError):
        run(path, tmp_path / "d.csv", fake_moderator, report=tmp_path / "d.html")
    assert list(tmp_path.iterdir()) == [path]


def test_destinations_are_checked_before_anything_is_scored(export, tmp_path):
    def never():
        raise AssertionError("opened too early")

    with pytest.raises(UsageError, match=r"\.doc"):
        run(export, tmp_path / "d.doc", never)
    with pytest.raises(UsageError):
        run(export, tmp_path / "d.csv", never, report=tmp_path / "page.pdf")
    with pytest.raises(InputError):
        run(export, tmp_path / "absent" / "d.csv", never)


def test_an_audit_that_fails_at_once_leaves_nothing(export, tmp_path, fake_moderator):
    class Failing(fake_moderator):
        def decide(self, *args, **options):
            raise AuditError("Le registre ne peut pas être écrit.")

    before = set(tmp_path.iterdir())
    with pytest.raises(AuditError):
        run(export, tmp_path / "d.csv", Failing)
    assert set(tmp_path.iterdir()) == before


def test_a_failure_midway_keeps_the_work_and_says_how_to_go_on(export, tmp_path, fake_moderator, monkeypatch):
    monkeypatch.setattr(scoring_module, "CHUNK_ENTRIES", 10)
    whole = tmp_path / "entier.csv"
    run(export, whole, fake_moderator)

    class Failing(fake_moderator):
        calls = 0

        def decide(self, *args, **options):
            type(self).calls += 1
            if type(self).calls == 3:
                raise AuditError("Le disque est plein.")
            return super().decide(*args, **options)

    output = tmp_path / "d.csv"
    with pytest.raises(AuditError, match="--resume"):
        run(export, output, Failing)
    assert not output.exists()
    assert workspace_path(output).is_dir()
    outcome = run(export, output, fake_moderator, resume=True)
    assert outcome.holds
    assert output.read_bytes() == whole.read_bytes()
    assert not workspace_path(output).exists()


def test_resume_refuses_another_export(export, tmp_path, fake_moderator, monkeypatch):
    monkeypatch.setattr(scoring_module, "CHUNK_ENTRIES", 10)

    class Failing(fake_moderator):
        def decide(self, comments, **options):
            if options["positions"][0] > 20:
                raise KeyboardInterrupt
            return super().decide(comments, **options)

    output = tmp_path / "d.csv"
    with pytest.raises(KeyboardInterrupt):
        run(export, output, Failing)
    export.write_text(export.read_text(encoding="utf-8") + "c99,Un de plus,a1,2025-01-01\n", encoding="utf-8")
    with pytest.raises(UsageError, match="export a changé"):
        run(export, output, fake_moderator, resume=True)


def test_a_killed_run_resumes_to_the_same_bytes(tmp_path, fake_moderator):
    path = tmp_path / "gros.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("id,texte,auteur,date\n")
        for n in range(3_000):
            text = f"idiot numéro {n}" if n % 50 == 0 else f"La rue {n % 900} est glacée: quand passez-vous?"
            stream.write(f"c{n},{text},a{n % 300},2025-01-15 {n % 24:02d}:00\n")
    program = tmp_path / "run.py"
    program.write_text(
        textwrap.dedent(
            f"""
            import sys, time, importlib.util
            spec = importlib.util.spec_from_file_location("batch_fakes", {str(Path(__file__).with_name("fakes.py"))!r})
            fakes = importlib.util.module_from_spec(spec)
            sys.modules["batch_fakes"] = fakes
            spec.loader.exec_module(fakes)
            from datetime import datetime, timezone
            from classifier.batch import scoring, score_export
            scoring.CHUNK_ENTRIES = 150
            score_export({str(path)!r}, policy="ville", output=sys.argv[1], report=sys.argv[2],
                         open_decider=fakes.FakeModerator,
                         now=datetime(2025, 6, 1, tzinfo=timezone.utc), resume="--resume" in sys.argv,
                         progress=lambda n: time.sleep(0.02))
            """
        ),
        encoding="utf-8",
    )

    def start(name, *more):
        arguments = [sys.executable, str(program), str(tmp_path / f"{name}.csv"), str(tmp_path / f"{name}.html"), *more]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        return subprocess.Popen(arguments, env=environment)

    assert start("entier").wait(60) == 0
    killed = start("tue")
    rows = workspace_path(tmp_path / "tue.csv") / "rows.jsonl"
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not (rows.exists() and rows.stat().st_size > 400_000):
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    killed.wait(30)
    assert not (tmp_path / "tue.csv").exists(), "the run was over before it could be killed"
    assert rows.stat().st_size > 0
    assert start("tue", "--resume").wait(60) == 0
    assert (tmp_path / "tue.csv").read_bytes() == (tmp_path / "entier.csv").read_bytes()
    whole = (tmp_path / "entier.html").read_text(encoding="utf-8")
    assert (tmp_path / "tue.html").read_text(encoding="utf-8") == whole


def test_an_interrupted_run_is_not_swept_away(export, tmp_path, fake_moderator):
    folder = workspace_path(tmp_path / "d.csv")
    folder.mkdir()
    with pytest.raises(UsageError, match="--resume"):
        run(export, tmp_path / "d.csv", fake_moderator)
    assert folder.is_dir()
    assert run(export, tmp_path / "d.csv", fake_moderator, resume=True).holds
    assert not folder.exists()


def test_outputs_speak_of_the_same_rows(export, tmp_path, fake_moderator):
    pytest.importorskip("pyarrow")
    import pyarrow.parquet

    for name in ("d.csv", "d.jsonl", "d.parquet"):
        run(export, tmp_path / name, fake_moderator, settings=Settings(scores=True))
    rows = read(tmp_path / "d.csv")
    lines = [json.loads(line) for line in (tmp_path / "d.jsonl").read_text(encoding="utf-8").splitlines()]
    table = pyarrow.parquet.read_table(tmp_path / "d.parquet").to_pylist()
    assert (
        [row["decision_id"] for row in rows]
        == [row["decision_id"] for row in lines]
        == [row["decision_id"] for row in table]
    )
    assert [float(row["score_insult"]) for row in rows] == [row["score_insult"] for row in table]
    assert lines[0]["actions"] == ["publish"]


def test_same_export_twice_gives_the_same_decisions(export, tmp_path, fake_moderator):
    moderator = fake_moderator()
    run(export, tmp_path / "un.csv", lambda: moderator)
    known = dict(moderator.recorded)
    run(export, tmp_path / "deux.csv", lambda: moderator)
    assert moderator.recorded.keys() == known.keys()
    assert (tmp_path / "un.csv").read_bytes() == (tmp_path / "deux.csv").read_bytes()


def test_all_rows_in_quarantine_is_no_crash(tmp_path, fake_moderator):
    path = tmp_path / "x.csv"
    path.write_text("id,texte\n1,a\0b\n2,c\0d\n", encoding="utf-8")
    outcome = run(path, tmp_path / "d.xlsx", fake_moderator, report=tmp_path / "d.html")
    assert (outcome.decided, outcome.quarantined, outcome.exit_code) == (0, 2, 4)

"""`score`, `inspect` and `demo` from the command line, with the shipped model and policies."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from classifier.cli.main import main

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
PACKAGED = Path(__file__).parents[2] / "src" / "classifier" / "exports" / "samples"


def test_score_writes_the_table_the_page_and_the_log(tmp_path, capsys):
    output = tmp_path / "d.csv"
    code = main(
        [
            "score",
            str(SAMPLES / "facebook-graph.json"),
            "--policy",
            "drummondville",
            "-o",
            str(output),
            "--report",
            str(tmp_path / "p.html"),
        ]
    )
    said = capsys.readouterr().err
    assert code == 0
    assert "audit.db" in said
    assert "73 lignes lues = 67 décidées" in said
    assert "le compte y est" in said
    with output.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 67
    assert len({row["decision_id"] for row in rows}) == 67
    assert all(row["actions"] for row in rows)
    assert main(["audit", "verify", f"sqlite:///{(tmp_path / 'audit.db').as_posix()}"]) == 0


def test_scoring_twice_records_once(tmp_path):
    from classifier.audit import AuditLog

    url = f"sqlite:///{(tmp_path / 'audit.db').as_posix()}"
    heads, tables = [], []
    for name in ("un.csv", "deux.csv"):
        assert (
            main(
                [
                    "score",
                    str(SAMPLES / "tableau-utf8.csv"),
                    "--policy",
                    "mamh",
                    "-o",
                    str(tmp_path / name),
                    "--audit",
                    url,
                    "--quiet",
                ]
            )
            == 0
        )
        with AuditLog.open(url) as log:
            heads.append(log.head())
        tables.append((tmp_path / name).read_bytes())
    assert heads[0] == heads[1]
    assert tables[0] == tables[1]


def test_several_processes_give_the_same_bytes(tmp_path):
    path = tmp_path / "export.csv"
    # With dates: the delays of a comment without one run from the time of scoring, which differs from run to run.
    lines = [f"{n},La rue {n} est glacée depuis {n} jours,2025-01-15 10:{n % 60:02d}" for n in range(2_500)]
    path.write_text("id,texte,date\n" + "\n".join(lines) + "\n", encoding="utf-8")
    url = f"sqlite:///{(tmp_path / 'audit.db').as_posix()}"
    for jobs in ("1", "2"):
        assert (
            main(
                [
                    "score",
                    str(path),
                    "--policy",
                    "mamh",
                    "-o",
                    str(tmp_path / f"{jobs}.csv"),
                    "--audit",
                    url,
                    "--jobs",
                    jobs,
                    "--scores",
                    "--quiet",
                ]
            )
            == 0
        )
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["absent.csv", "--policy", "mamh", "-o", "d.csv"], 3),
        (["vide.csv", "--policy", "mamh", "-o", "d.csv"], 3),
        (["nombres.csv", "--policy", "mamh", "-o", "d.csv"], 3),
        (["bon.csv", "--policy", "inconnue", "-o", "d.csv"], 5),
        (["bon.csv", "--policy", "mamh", "-o", "d.docx"], 2),
        (["bon.csv", "--policy", "mamh", "-o", "d.csv", "--format", "rien"], 2),
        (["bon.csv", "--policy", "mamh", "-o", "d.csv", "--column", "text"], 2),
        (["bon.csv", "--policy", "mamh", "-o", "d.csv", "--model", "vide"], 6),
        (["bon.csv", "--policy", "mamh", "-o", "d.csv", "--audit", "sqlite:///absent/a.db"], 7),
        (["trou.csv", "--policy", "mamh", "-o", "d.csv"], 4),
    ],
)
def test_exit_codes(tmp_path, monkeypatch, capsys, arguments, code):
    (tmp_path / "vide.csv").touch()
    (tmp_path / "nombres.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "bon.csv").write_text("id,texte\n1,Merci\n", encoding="utf-8")
    (tmp_path / "trou.csv").write_text("id,texte\n1,Merci\n2,trop,large\n", encoding="utf-8")
    (tmp_path / "vide").mkdir()
    before = {path.name for path in tmp_path.iterdir()}
    monkeypatch.chdir(tmp_path)
    assert main(["score", *arguments]) == code
    if code != 4:
        assert "À faire" in capsys.readouterr().err or code == 5
        assert {path.name for path in tmp_path.iterdir()} == before


def test_inspect_shows_format_columns_and_five_rows(capsys):
    assert main(["inspect", str(SAMPLES / "excel-francais.csv")]) == 0
    said = capsys.readouterr().out
    assert "cp1252" in said
    assert "« Commentaire »" in said
    assert said.count("  ligne ") == 5
    assert "6 lues = 6 commentaires" in said


def test_inspect_masks_and_reports_quarantine(tmp_path, capsys):
    path = tmp_path / "x.csv"
    path.write_text("id,texte\n1,Mon cell : 819 555-0142\n2,a,b\n", encoding="utf-8")
    assert main(["inspect", str(path)]) == 4
    said = capsys.readouterr().out
    assert "555-0142" not in said
    assert "ligne 3 : 3 cellules au lieu de 2" in said


def test_demo_goes_from_an_export_to_the_workbook(tmp_path, capsys):
    folder = tmp_path / "visite"
    assert main(["demo", str(folder), "--yes"]) == 0
    assert {path.name for path in folder.iterdir()} >= {
        "facebook-graph.json",
        "decisions.xlsx",
        "rapport.html",
        "audit.db",
    }
    assert "67 décidées" in capsys.readouterr().out


def test_the_demo_is_the_shipped_sample():
    assert (PACKAGED / "facebook-graph.json").read_bytes() == (SAMPLES / "facebook-graph.json").read_bytes()

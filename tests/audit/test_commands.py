"""`classifier audit` and `classifier review` from the command line: what they write, say, and exit with."""

from __future__ import annotations

import json

import openpyxl
import pytest

from classifier.cli.main import main


@pytest.fixture
def url(log, fill, path):
    fill(log, 20)
    log.close()
    return str(path)


@pytest.fixture
def run(capsys):
    def call(*arguments):
        code = main([str(one) for one in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def first_id(path):
    import sqlite3

    return (
        sqlite3.connect(path).execute("SELECT id FROM audit_records WHERE kind = 'decision' ORDER BY seq").fetchone()[0]
    )


def test_verify_and_checkpoint(run, url, edit, tmp_path):
    code, out, _ = run("audit", "verify", url)
    assert code == 0
    assert "20 décisions" in out
    assert "audit checkpoint" in out
    point = tmp_path / "point.json"
    assert run("audit", "checkpoint", url, "-o", point)[0] == 0
    public_key = json.loads(point.read_text())["public_key"]
    assert run("audit", "verify", f"sqlite:///{url}", "--checkpoint", point, "--public-key", public_key)[0] == 0
    edit("UPDATE audit_records SET at_us = at_us + 1 WHERE seq = 9", "DELETE FROM audit_records WHERE seq > 20")
    code, out, err = run("audit", "verify", url, "--checkpoint", point)
    assert code == 7
    assert "L'enregistrement 9 a été modifié." in out
    assert "sa fin a été coupée" in out
    assert "ne se vérifie pas" in err
    assert run("audit", "verify", tmp_path / "absent.db")[0] == 7
    assert run("audit", "verify", url, "--checkpoint", tmp_path / "absent.json")[0] == 7


def test_dossier_history_and_export(run, url, tmp_path, item):
    page = tmp_path / "d.html"
    assert run("audit", "dossier", url, first_id(url)[:10], "-o", page, "--reviewer", "Greffe")[0] == 0
    assert "Greffe" in page.read_text(encoding="utf-8")
    assert run("audit", "dossier", url, "abcdef0123456789", "-o", page)[0] == 3
    from classifier.audit import AuditLog

    with AuditLog.open(url) as log:
        author = item(log, 3)[0].author
    assert run("audit", "history", url, author, "-o", tmp_path / "h.html")[0] == 0
    assert run("audit", "export", url, author, "-o", tmp_path / "e.json")[0] == 0
    said = json.loads((tmp_path / "e.json").read_text(encoding="utf-8"))
    assert said["decisions"][0]["commentaire"]
    assert author not in (tmp_path / "e.json").read_text(encoding="utf-8")
    code, _, err = run("audit", "export", url, "Nul ne sait", "-o", tmp_path / "e.json")
    assert code == 3
    assert "Nul ne sait" not in err
    assert run("audit", "dossier", url, first_id(url), "-o", tmp_path / "absent" / "d.html")[0] == 3


def test_purge_counts_first(run, url):
    options = ["--class", "ordinary", "--before", "2027-01-01"]
    code, out, _ = run("audit", "purge", url, *options)
    assert (code, "16 textes seraient détruits" in out) == (0, True)
    assert run("audit", "purge", url, *options, "--yes")[0] == 2
    code, out, _ = run("audit", "purge", url, *options, "--yes", "--by", "archiviste", "--rule", "2.4")
    assert (code, "Preuve de destruction" in out) == (0, True)
    assert "16 textes détruits" in run("audit", "verify", url)[1]
    assert run("audit", "purge", url, "--compact")[0] == 0
    assert run("audit", "purge", url, "--class", "ordinary", "--before", "demain")[0] == 2


def test_review_goes_out_and_comes_back(run, url, tmp_path):
    book = tmp_path / "r.xlsx"
    code, out, _ = run("review", "export", url, "-o", book)
    assert (code, "4 décisions à revoir" in out) == (0, True)
    workbook = openpyxl.load_workbook(book)
    workbook["Révision"]["K2"] = "agente"
    workbook["Révision"]["M3"] = "Inconnue"
    workbook["Révision"]["K3"] = "agente"
    workbook.save(book)
    code, out, _ = run("review", "import", url, book)
    assert code == 4
    assert "Ligne 3" in out
    assert "1 révisions consignées" in out
    code, out, _ = run("review", "figures", url)
    assert (code, "Revues par une personne : 1" in out) == (0, True)


def test_notices_and_appeals(run, url):
    one = first_id(url)
    assert run("review", "notice", url, one, "--action", "warn", "--strike", "netiquette", "--by", "agente")[0] == 0
    assert run("review", "notice", url, one, "--action", "gronder", "--by", "agente")[0] == 2
    assert run("review", "notice", url, one, "--action", "warn", "--by", "agente", "--date", "hier")[0] == 2
    code, out, _ = run("review", "appeal", url, one, "--channel", "courriel", "--by", "greffe", "--date", "2026-04-02")
    assert (code, "une autre personne doit la trancher" in out) == (0, True)
    assert "1 décisions" not in run("audit", "verify", url)[1]


@pytest.mark.parametrize("command", ["audit", "review"])
def test_help_is_in_french(run, command):
    code, out, _ = run(command, "--help")
    assert code == 0
    assert "Commandes" in out or "Commands" in out

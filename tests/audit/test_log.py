"""Appending and looking up: all or nothing, once, in a chain, without text or author in clear."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from classifier.audit import AuditLog, RunReference, decision_id
from classifier.audit.log import AppendResult
from classifier.errors import AuditError


def test_a_decision_is_recorded_once(log, item, check, path):
    items = [item(log, number) for number in range(7)]
    assert log.append(items) == AppendResult(7, 0)
    assert log.append([*items[3:], item(log, 7), item(log, 7)]) == AppendResult(1, 5)
    assert log.known([d.decision_id for _, d in items] + ["0" * 32]) == {d.decision_id for _, d in items}
    report = check(path)
    assert (report.holds, report.decisions, report.kept) == (True, 8, 8)


def test_an_edited_text_gives_a_new_decision_and_the_former_is_found(log, item):
    before = item(log, 1)
    after = item(log, 1, text="Le même commentaire, autrement dit")
    assert before[0].id == after[0].id
    log.append([before])
    former = log.former("ville-inventee", "facebook", [before[0].id, "inconnu"])
    assert former == {before[0].id: before[1].decision_id}
    assert log.append([after]).recorded == 1
    assert log.former("ville-inventee", "facebook", [before[0].id]) == {before[0].id: after[1].decision_id}
    assert log.former("autre-ville", "facebook", [before[0].id]) == {}


@pytest.mark.parametrize("place", range(7))
def test_decision_id_rests_on_every_field(place):
    fields = ["ville", "facebook", None, "aa", 3, "m", "p"]
    changed = list(fields)
    changed[place] = {0: "autre", 1: None, 2: "id", 3: "bb", 4: 4, 5: "n", 6: "q"}[place]
    assert decision_id(*fields) != decision_id(*changed)


def test_fields_of_a_decision_id_do_not_run_into_each_other():
    assert decision_id("ab", "c", "1", "t", 0, "m", "p") != decision_id("a", "bc", "1", "t", 0, "m", "p")
    assert decision_id("a", "b", None, "t", 1, "m", "p") != decision_id("a", "b", "1", "t", 1, "m", "p")


def test_neither_text_nor_author_nor_link_is_in_the_chain(log, path, item):
    comment, decision = item(log, 4)
    log.append([(comment, decision)])
    chain = sqlite3.connect(path).execute("SELECT group_concat(body, ' ') FROM audit_records").fetchone()[0]
    for secret in (comment.author, comment.id, comment.url, "clowns", log.pseudonym(comment.author)):
        assert secret not in chain
    log.close()
    assert comment.author.encode() not in path.read_bytes()


def test_the_database_refuses_what_the_log_never_does(log, path, fill):
    fill(log, 3)
    connection = sqlite3.connect(path)
    for statement in (
        "UPDATE audit_records SET body = '{}' WHERE seq = 2",
        "DELETE FROM audit_records WHERE seq = 2",
        "INSERT INTO audit_records SELECT 99, kind, 'x', at_us, about, seal, body, digest FROM audit_records LIMIT 1",
        "INSERT OR REPLACE INTO audit_records SELECT * FROM audit_records WHERE seq = 2",
        "INSERT OR REPLACE INTO audit_records SELECT seq + 99, kind, id, at_us, about, seal, body, digest "
        "FROM audit_records",
        "UPDATE audit_apart SET author = 'x'",
        "DELETE FROM audit_apart",
        "INSERT OR REPLACE INTO audit_apart SELECT * FROM audit_apart LIMIT 1",
        "INSERT INTO audit_purges VALUES (3, 1, 9)",
        "DELETE FROM audit_publications",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="audit:"):
            connection.execute(statement)


def test_a_batch_with_one_bad_decision_records_nothing_and_is_counted(log, item, check, path, monkeypatch):
    items = [item(log, number) for number in range(5)]
    import classifier.audit.log as module

    real = module.body_of
    monkeypatch.setattr(module, "body_of", lambda d: {"v": float("nan")} if d is items[3][1] else real(d))
    with pytest.raises(ValueError, match="JSON"):
        log.append(items)
    assert log.not_recorded == 5
    assert check(path).decisions == 0
    monkeypatch.undo()
    assert log.append(items).recorded == 5
    assert log.not_recorded == 0
    assert check(path).holds


def test_key_file_is_private_and_a_wrong_key_is_refused(log, path):
    key = path.with_name("audit.db.key")
    if os.name == "posix":
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        key.chmod(0o644)
        with pytest.raises(AuditError, match="chmod 600"):
            AuditLog.open(f"sqlite:///{path}")
        key.chmod(0o600)
    with pytest.raises(AuditError, match="pas celle du registre"):
        AuditLog.open(f"sqlite:///{path}", key=b"k" * 32)
    key.unlink()
    with pytest.raises(AuditError, match="introuvable"):
        AuditLog.open(f"sqlite:///{path}")
    with AuditLog.open(f"sqlite:///{path}", create=False) as without_key:
        with pytest.raises(AuditError, match="clé du registre"):
            without_key.pseudonym("Marie")
        assert without_key.head().seq == 1


def test_key_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("CLASSIFIER_AUDIT_KEY", "ab" * 32)
    with AuditLog.open(f"sqlite:///{tmp_path / 'a.db'}") as log:
        assert log.pseudonym("Marie") == AuditLog.open(f"sqlite:///{tmp_path / 'b.db'}").pseudonym(" Marie ")
    assert not (tmp_path / "a.db.key").exists()
    monkeypatch.setenv("CLASSIFIER_AUDIT_KEY", "pas une clé")
    with pytest.raises(AuditError, match="64 chiffres"):
        AuditLog.open(f"sqlite:///{tmp_path / 'a.db'}")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://x/y", "mysql"),
        ("sqlite://", "mémoire"),
        ("sqlite:////nulle/part/audit.db", "n'existe pas"),
        ("://", "pas lisible"),
    ],
)
def test_an_address_that_cannot_hold_a_log(url, words):
    with pytest.raises(AuditError, match=words):
        AuditLog.open(url)


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "notes.db").write_text("Ceci n'est pas une base de données." * 50)
    with pytest.raises(AuditError, match="abîmé"):
        AuditLog.open(f"sqlite:///{tmp_path / 'notes.db'}")
    with pytest.raises(AuditError, match="introuvable"):
        AuditLog.open(f"sqlite:///{tmp_path / 'absent.db'}", create=False)
    sqlite3.connect(tmp_path / "autre.db").execute("CREATE TABLE x (y)")
    with pytest.raises(AuditError, match="aucun registre"):
        AuditLog.open(f"sqlite:///{tmp_path / 'autre.db'}", create=False)


def test_policy_and_context_are_stored_once(log, item, path):
    run = RunReference(organisation="ville-inventee", policy_source="règles: []")
    log.append([item(log, number) for number in range(20)], run=run)
    log.append([item(log, number) for number in range(20, 40)], run=run)
    kinds = dict(sqlite3.connect(path).execute("SELECT kind, count(*) FROM audit_records GROUP BY kind"))
    assert kinds["policy"] == 1
    assert kinds["context"] == 1
    assert kinds["outcome"] <= 6
    assert kinds["decision"] == 40


def test_threads_share_a_log(log, item, check, path):
    items = [item(log, number) for number in range(60)]
    threads = [threading.Thread(target=log.append, args=(items[start : start + 20],)) for start in (0, 10, 20, 30, 40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report = check(path)
    assert (report.holds, report.decisions) == (True, 60)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_log_opened_before_a_fork_serves_after_it(log, item, check, path):
    log.append([item(log, 0)])
    child = os.fork()
    if child == 0:
        try:
            log.append([item(log, number) for number in range(1, 20)])
        finally:
            os._exit(0)
    log.append([item(log, number) for number in range(15, 40)])
    os.waitpid(child, 0)
    report = check(path)
    assert (report.holds, report.decisions) == (True, 40)


def test_records_are_small(log, path, fill):
    fill(log, 1000)
    log.close()
    connection = sqlite3.connect(path)
    pages = connection.execute(
        "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'audit_records%' OR name LIKE 'sqlite_autoindex_audit_records%'"
    )
    assert pages.fetchone()[0] / 1000 <= 800


def test_lone_surrogates_and_odd_characters_are_recorded(log, item, check, path):
    log.append([item(log, 0, text="a\ud800b\x00c\u2028d ﷽ 🏳️‍🌈")])
    assert check(path).holds


def test_messages_never_quote_what_was_to_be_written(log, item, edit):
    edit("DROP TABLE audit_apart")
    comment, decision = item(log, 0, text="un texte secret")
    with pytest.raises(AuditError) as caught:
        log.append([(comment, decision)])
    assert "secret" not in str(caught.value)
    assert not isinstance(caught.value.__cause__, SQLAlchemyError)
    assert log.not_recorded == 1


def test_a_folder_or_a_read_only_file(tmp_path: Path):
    with pytest.raises(AuditError, match="dossier"):
        AuditLog.open(f"sqlite:///{tmp_path}")

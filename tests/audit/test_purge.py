"""Destruction: recorded, complete down to the file's bytes, limited to what was named; the chain still holds."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from classifier.audit import AuditLog, verify
from classifier.audit.events import appeal_decision_draft, appeal_draft, notice_draft
from classifier.audit.lookup import find_author, find_decision
from classifier.audit.retention import compact, count_purgeable, purge
from classifier.errors import AuditError, UsageError

LATE = datetime(2027, 1, 1, tzinfo=UTC)
WHO = {"by": "archiviste", "rule": "calendrier 2.4"}


def bytes_of(path) -> bytes:
    return b"".join(one.read_bytes() for one in path.parent.glob(path.name + "*") if not one.name.endswith(".key"))


def test_nothing_is_left_in_the_files_and_the_chain_holds(log, path, item, check):
    secret = "Une phrase que personne d'autre n'aurait pu écrire ainsi"
    ids, authors = [], set()
    for number in range(0, 60, 10):
        items = [item(log, n, text=f"{secret} {n}") for n in range(number, number + 10)]
        log.append(items)
        ids += [decision.decision_id for _, decision in items]
        authors.update(log.pseudonym(comment.author) for comment, _ in items)
    author = min(authors)
    assert secret.encode() in bytes_of(path)
    assert author.encode() in bytes_of(path)
    result = purge(log, ["ordinary", "moderated", "urgent"], LATE, **WHO)
    assert (result.destroyed, result.held) == (60, 0)
    left = bytes_of(path)
    for trace in (secret.encode(), author.encode(), b"exemple.test", b"calendrier complet"):
        assert trace not in left
    report = verify(log.database)
    assert (report.holds, report.decisions, report.kept, report.destroyed) == (True, 60, 0, 60)
    assert find_decision(log, ids[3])[0].kept is None
    proof = find_proof(path, result.proofs[0])
    assert (proof["by"], proof["rule"], proof["count"]) == ("archiviste", "calendrier 2.4", 60)


def find_proof(path, proof) -> dict:
    body = sqlite3.connect(path).execute("SELECT body FROM audit_records WHERE id = ?", (proof,)).fetchone()[0]
    return json.loads(body)


def test_only_the_class_and_the_time_that_are_named(log, fill):
    fill(log, 100)
    limit = datetime(2026, 3, 1, 9, 50, tzinfo=UTC)
    counted = count_purgeable(log, ["ordinary"], limit)
    assert counted.destroyed == 40
    assert purge(log, ["ordinary"], limit, **WHO).destroyed == 40
    report = verify(log.database)
    assert (report.holds, report.kept, report.destroyed) == (True, 60, 40)
    assert purge(log, ["ordinary"], limit, **WHO) == type(counted)(0, 0)
    assert purge(log, ["moderated"], limit, **WHO).destroyed == 10
    assert verify(log.database).holds


def test_what_is_destroyed_is_forgotten_by_history_and_by_known_comments(log, item):
    comment, decision = item(log, 4)
    log.append([(comment, decision)])
    given = datetime(2026, 3, 2, tzinfo=UTC)
    log.append_drafts([notice_draft(decision.decision_id, "warn", given, by="x", strikes=["netiquette"])])
    pseudonym = log.pseudonym(comment.author)
    assert log.history([pseudonym], LATE)
    purge(log, ["moderated"], LATE, **WHO)
    assert log.history([pseudonym], LATE) == {}
    assert log.former("ville-inventee", "facebook", [comment.id]) == {}
    assert find_author(log, pseudonym) == (pseudonym, [])
    assert log.append([(comment, decision)]).already == 1, "a destroyed text does not come back"
    assert verify(log.database).holds


def test_an_open_appeal_holds_its_decision_back(log, fill):
    ids = fill(log, 5)
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    appeal = appeal_draft(ids[2], moment, channel="courriel", received_by="greffe")
    log.append_drafts([appeal])
    assert count_purgeable(log, ["ordinary"], LATE).held == 1
    result = purge(log, ["ordinary"], LATE, **WHO)
    assert (result.destroyed, result.held) == (3, 1)
    log.append_drafts(
        [appeal_decision_draft(appeal, ids[2], moment, outcome="upheld", by="y", why="Le texte est clair.")]
    )
    assert purge(log, ["ordinary"], LATE, **WHO).destroyed == 1
    assert verify(log.database).holds


@pytest.mark.parametrize(
    ("classes", "before", "who"),
    [(["tout"], LATE, WHO), ([], LATE, WHO), (["ordinary"], LATE.replace(tzinfo=None), WHO),
     (["ordinary"], LATE, {"by": "", "rule": "x"}), (["ordinary"], LATE, {"by": "x", "rule": " "})],
)  # fmt: skip
def test_a_purge_says_what_who_and_why(log, fill, classes, before, who):
    fill(log, 3)
    with pytest.raises(UsageError):
        purge(log, classes, before, **who)
    assert verify(log.database).kept == 3


def test_a_purge_that_fails_destroys_and_records_nothing(log, fill, monkeypatch):
    fill(log, 10)
    import classifier.audit.retention as module

    def fail(_):
        raise AuditError("panne")

    monkeypatch.setattr(module, "_drop_publications", fail)
    head = log.head()
    with pytest.raises(AuditError, match="panne"):
        purge(log, ["ordinary"], LATE, **WHO)
    assert log.head() == head
    report = verify(log.database)
    assert (report.holds, report.kept) == (True, 10)


def test_a_reader_in_the_way_is_told_and_compacting_later_ends_the_work(path, item, monkeypatch):
    import classifier.audit.database as database

    monkeypatch.setattr(database, "LOCK_WAIT_S", 0.2)
    log = AuditLog.open(f"sqlite:///{path}")
    log.append([item(log, 0, text="Une phrase unique au monde")])
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM audit_apart").fetchone()
    with pytest.raises(AuditError, match="--compact"):
        purge(log, ["ordinary"], LATE, **WHO)
    reader.execute("ROLLBACK")
    compact(log)
    assert b"unique au monde" not in bytes_of(path)
    assert verify(log.database).holds
    log.close()


def test_many_ranges_need_several_records(log, fill):
    fill(log, 2400)
    purge(log, ["moderated"], LATE, **WHO)
    result = purge(log, ["ordinary"], LATE - timedelta(days=200), **WHO)
    assert result.destroyed > 0
    assert verify(log.database).holds


@pytest.mark.postgresql
def test_postgresql_purge(postgresql, fill):
    with AuditLog.open(postgresql, key=bytes(32)) as log:
        fill(log, 50)
        assert purge(log, ["ordinary"], LATE, **WHO).destroyed == 40
        report = verify(log.database)
        assert (report.holds, report.destroyed) == (True, 40)

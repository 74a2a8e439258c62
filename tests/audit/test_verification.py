"""What verification finds, and what it says: edited, dropped, reordered, doubled, cut, rewritten; every column, every
bit."""

from __future__ import annotations

import dataclasses
import random
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from classifier.audit import AuditLog
from classifier.audit.canonical import GENESIS_DIGEST
from classifier.audit.chain import Chain, Row
from classifier.audit.checkpoints import load_signing_key, read_checkpoint, sign_checkpoint
from classifier.audit.retention import purge
from classifier.audit.verification import _batches, _seal_holds, verify
from classifier.errors import AuditError

ROOT = Path(__file__).resolve().parents[2]
_SWAP = (
    "UPDATE audit_records SET seq = -1 WHERE seq = {0}",
    "UPDATE audit_records SET seq = {0} WHERE seq = {1}",
    "UPDATE audit_records SET seq = {1} WHERE seq = -1",
)
_SHIFT_DOWN = "UPDATE audit_records SET seq = seq - {1} WHERE seq > {0}"


def independent(path: Path, *checkpoints: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(ROOT / "tools" / "verify_log.py"), str(path), *map(str, checkpoints)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env={"PYTHONIOENCODING": "utf-8"})


@pytest.fixture
def filled(log, fill, path):
    fill(log, 60)
    log.close()
    return path


def test_a_whole_log_verifies_with_both_verifiers(filled, check):
    report = check(filled)
    assert (report.holds, report.decisions, report.kept, report.destroyed) == (True, 60, 60, 0)
    done = independent(filled)
    assert (done.returncode, done.stdout.strip()) == (0, "Le registre tient."), done.stderr


@pytest.mark.parametrize(
    ("statements", "seq", "kind", "words"),
    [
        (["UPDATE audit_records SET body = replace(body, ',', ', ') WHERE seq = 20"], 20, "edited", "20 a été modifié"),
        (["UPDATE audit_records SET digest = zeroblob(32) WHERE seq = 20"], 20, "edited", "20 a été modifié"),
        (["DELETE FROM audit_records WHERE seq = 20"], 20, "dropped", "20 manque"),
        (["DELETE FROM audit_records WHERE seq IN (20, 21, 22)"], 20, "dropped", "20 à 22 manquent"),
        (["DELETE FROM audit_records WHERE seq = 20", _SHIFT_DOWN.format(20, 1)], 20, "dropped", "retiré"),
        ([s.format(20, 21) for s in _SWAP], 20, "reordered", "numéro 21"),
        ([s.format(20, 41) for s in _SWAP], 20, "reordered", "numéro 41"),
        (
            [
                "UPDATE audit_records SET seq = -seq - 1 WHERE seq > 20",
                "INSERT INTO audit_records SELECT 21, kind, id, at_us, about, seal, body, digest FROM audit_records "
                "WHERE seq = 20",
                "UPDATE audit_records SET seq = -seq WHERE seq < 0",
            ],
            21,
            "doubled",
            "double de l'enregistrement 20",
        ),
    ],
    ids=["edited", "digest", "dropped", "several", "dropped and renumbered", "swapped", "moved far", "doubled"],
)  # fmt: skip
def test_what_happened_is_told(filled, edit, check, statements, seq, kind, words):
    edit(*statements)
    findings = [finding for finding in check(filled).findings if finding.kind not in ("apart", "purge")]
    assert (findings[0].seq, findings[0].kind) == (seq, kind), findings
    assert words in findings[0].message
    assert len(findings) <= 2
    assert independent(filled).returncode == 1


def test_a_cut_tail_and_a_rewritten_log_are_found_with_a_checkpoint(filled, edit, check, tmp_path, fill):
    key = load_signing_key(tmp_path / "signing", create=True)
    with AuditLog.open(f"sqlite:///{filled}") as log:
        head = log.head()
        point = sign_checkpoint(log.genesis["log"], head.seq, head.digest, datetime(2026, 5, 1, tzinfo=UTC), key)
        fill(log, 5, start=60)
    file = tmp_path / "point.json"
    file.write_text(point.to_json())
    assert check(filled, checkpoints=[read_checkpoint(file)]).holds
    assert independent(filled, file).returncode == 0
    copy = filled.read_bytes()
    edit(f"DELETE FROM audit_records WHERE seq > {head.seq - 3}", f"DELETE FROM audit_apart WHERE seq > {head.seq - 3}")
    assert check(filled).holds, "without a checkpoint nothing tells a short log from a whole one"
    cut = check(filled, checkpoints=[point])
    assert [finding.kind for finding in cut.findings] == ["tail"]
    assert independent(filled, file).returncode == 1
    filled.write_bytes(copy)
    rewrite(filled, seq=20)
    assert check(filled).holds, "whoever rewrites the whole chain well leaves no other trace"
    assert [finding.kind for finding in check(filled, checkpoints=[point]).findings] == ["rewritten"]
    assert independent(filled, file).returncode == 1


def rewrite(path: Path, seq: int) -> None:
    """Edit a record, then make every digest after it right again."""
    connection = sqlite3.connect(path)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("UPDATE audit_records SET at_us = at_us + 1 WHERE seq = ?", (seq,))
    previous = GENESIS_DIGEST
    for columns in connection.execute("SELECT * FROM audit_records ORDER BY seq").fetchall():
        row = Row(*columns)
        previous = row.digest_after(previous, row.seq)
        connection.execute("UPDATE audit_records SET digest = ? WHERE seq = ?", (previous, row.seq))
    connection.commit()
    connection.close()


def test_checkpoints_are_checked_themselves(tmp_path):
    key = load_signing_key(tmp_path / "signing", create=True)
    assert load_signing_key(tmp_path / "signing", create=False) == key
    point = sign_checkpoint("a" * 32, 3, bytes(32), datetime(2026, 5, 1, tzinfo=UTC), key)
    file = tmp_path / "point.json"
    file.write_text(point.to_json())
    assert read_checkpoint(file, public_key=point.public_key.upper()) == point
    with pytest.raises(AuditError, match="autre clé"):
        read_checkpoint(file, public_key="00" * 32)
    file.write_text(point.to_json().replace('"seq": 3', '"seq": 4'))
    with pytest.raises(AuditError, match="signature"):
        read_checkpoint(file)
    file.write_text("[]")
    with pytest.raises(AuditError, match="pas un point de contrôle"):
        read_checkpoint(file)


def test_a_checkpoint_of_another_log(filled, check, tmp_path):
    point = sign_checkpoint("a" * 32, 3, bytes(32), datetime(2026, 5, 1, tzinfo=UTC), bytes(32))
    kinds = {finding.kind for finding in check(filled, checkpoints=[point]).findings}
    assert kinds == {"rewritten"}


def flip(value: object, bit: int) -> object:
    """The value with one bit changed; text as its bytes."""
    if isinstance(value, int):
        return value ^ (1 << bit % 62)
    raw = bytearray(value.encode() if isinstance(value, str) else value)
    raw[bit // 8 % len(raw)] ^= 1 << bit % 8
    return bytes(raw)


def columns_of(path: Path) -> list[tuple[str, str, str, object, object]]:
    """(table, key column, column, key, value) of every cell that holds something."""
    connection = sqlite3.connect(path)
    cells = []
    for table, key in (
        ("audit_records", "seq"),
        ("audit_apart", "seq"),
        ("audit_publications", "key"),
        ("audit_purges", "seq"),
        ("audit_schema", "version"),
    ):
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        for row in connection.execute(f"SELECT * FROM {table}"):
            known = dict(zip(names, row))
            cells += [
                (table, key, name, known[key], value) for name, value in known.items() if value not in (None, b"", "")
            ]
    connection.close()
    return cells


def test_one_bit_in_any_column_is_found(filled, edit, check, item):
    """A sample here; `tools/demo_audit_bits.py` does every column of every record of a log of 1,000."""
    with AuditLog.open(f"sqlite:///{filled}") as log:
        comment, decision = item(log, 60)
        log.append([(comment, dataclasses.replace(decision, former_id="f" * 32))])
        purge(log, ["ordinary"], datetime(2026, 3, 1, 9, 20, tzinfo=UTC), by="essai", rule="essai")
    edit()
    draw = random.Random(7)
    cells = columns_of(filled)
    kinds = {}
    for cell in cells:
        kinds.setdefault(cell[:3], []).append(cell)
    assert len(kinds) == 8 + 9 + 2 + 3 + 2
    connection = sqlite3.connect(filled, isolation_level=None)
    for (table, key, column), some in kinds.items():
        for _, _, _, where, value in draw.sample(some, min(4, len(some))):
            bit = draw.randrange(8 * 10_000)
            changed = flip(value, bit)
            cast = "CAST(? AS TEXT)" if isinstance(value, str) else "?"
            connection.execute("BEGIN")
            try:
                connection.execute(
                    f"UPDATE {table} SET {column} = {cast} WHERE {key} = ? AND {column} = ?", (changed, where, value)
                )
            except sqlite3.IntegrityError:
                connection.execute("ROLLBACK")  # A number that another row has: such an edit cannot be stored.
                continue
            connection.execute("COMMIT")
            try:
                assert not check(filled).holds, (table, column, where, bit)
            except AuditError:
                assert table == "audit_schema" or where == 1
            back = changed if cast == "?" else bytes(changed)
            undo = f"CAST({column} AS BLOB)" if isinstance(value, str) else column
            new_where = changed if column == key and cast == "?" else where
            if column == key and cast != "?":
                connection.execute(f"UPDATE {table} SET {column} = ? WHERE {undo} = ?", (value, back))
            else:
                connection.execute(
                    f"UPDATE {table} SET {column} = ? WHERE {key} = ? AND {undo} = ?", (value, new_where, back)
                )
    connection.close()
    assert check(filled).holds


def test_every_bit_of_three_records_is_found(filled):
    with AuditLog.open(f"sqlite:///{filled}", create=False) as log, log.database.read() as connection:
        rows = [pair for batch in _batches(connection) for pair in batch]
    chosen = [*[pair for pair in rows if pair[0].kind in ("genesis", "decision", "outcome")][:3], rows[-1]]
    assert {row.kind for row, _ in chosen} == {"genesis", "decision", "outcome"}
    tried = 0
    for row, beside in chosen:
        previous = rows[row.seq - 2][0].digest if row.seq > 1 else GENESIS_DIGEST
        assert row.digest_after(previous, row.seq) == row.digest
        for field in dataclasses.fields(row):
            value = getattr(row, field.name)
            for bit in range(62 if isinstance(value, int) else 8 * len(value or "")):
                changed = flip(value, bit)
                if isinstance(value, str):
                    changed = changed.decode("utf-8", "surrogateescape")
                edited = dataclasses.replace(row, **{field.name: changed})
                tried += 1
                # Its place is told by the walk itself; everything else by the link.
                assert field.name == "seq" or edited.digest_after(previous, row.seq) != edited.digest
                assert list(walk(rows[: row.seq - 1], edited))
        for place, value in enumerate(beside or ()):
            if place == 0 or value is None:
                continue
            value = bytes(value) if isinstance(value, memoryview) else value
            for bit in range(62 if isinstance(value, int) else 8 * len(value)):
                tried += 1
                assert not _seal_holds((*beside[:place], flip(value, bit), *beside[place + 1 :]), row.seal)
    assert tried > 8000


def walk(before, edited):
    chain = Chain()
    for row, _ in before[-1:]:
        chain.last_digest, chain._expected = row.digest, row.seq + 1
    chain.check(edited)
    return chain.conclude()


def test_what_stands_apart_is_part_of_it(filled, edit, check):
    edit("DELETE FROM audit_apart WHERE seq = 20")
    assert "disparu sans destruction" in check(filled).findings[0].message
    assert independent(filled).returncode == 1


def test_a_text_without_record_and_a_lost_publication(filled, edit, check):
    edit("INSERT INTO audit_apart SELECT 999, author, subject, publication, moment_us, retention, form, salt, payload "
         "FROM audit_apart LIMIT 1")  # fmt: skip
    assert [(f.seq, f.kind) for f in check(filled).findings] == [(999, "apart")]
    assert independent(filled).returncode == 1
    edit("DELETE FROM audit_apart WHERE seq = 999", "DELETE FROM audit_publications")
    assert {f.kind for f in check(filled).findings} == {"publication"}


def test_findings_are_bounded(filled, edit, check):
    edit("UPDATE audit_records SET body = body || ' '")
    report = check(filled)
    assert len(report.findings) == 63 or len(report.findings) == report.records


def test_the_independent_verifier_uses_the_standard_library_alone():
    source = (ROOT / "tools" / "verify_log.py").read_text(encoding="utf-8")
    names = {line.split()[1].split(".")[0] for line in source.splitlines() if line.startswith(("import ", "from "))}
    assert names == {"hashlib", "json", "pathlib", "sqlite3", "sys"}
    assert len([line for line in source.splitlines() if line.strip()]) <= 75


def test_memory_does_not_grow_with_the_log(log, fill):
    import tracemalloc

    peaks = []
    for start, count in ((0, 1200), (1200, 2800)):
        fill(log, count, start=start)
        tracemalloc.start()
        assert verify(log.database).holds
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.2


def test_verification_reads_one_state_while_others_append(filled, item):
    with AuditLog.open(f"sqlite:///{filled}") as log:
        seen = []

        def append_more(count: int) -> None:
            seen.append(count)
            log.append([item(log, 1000 + len(seen))])

        report = verify(log.database, progress=append_more)
        assert (report.holds, report.decisions) == (True, 60)
        assert verify(log.database).decisions == 61


def test_times_are_those_of_recording(path):
    moment = datetime(2026, 1, 2, tzinfo=UTC) + timedelta(microseconds=5)
    with AuditLog.open(f"sqlite:///{path}", clock=lambda: moment) as log:
        assert log.genesis["begun"] == moment.isoformat()
    (at_us,) = sqlite3.connect(path).execute("SELECT at_us FROM audit_records").fetchone()
    assert at_us == int(moment.timestamp() * 1_000_000)

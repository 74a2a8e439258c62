"""Speed, size and memory of the audit log, by one command.

    python benchmarks/audit.py --records 1000000

Prints how many decisions a second are appended in batches of 1,000, bytes a record (the chain alone, then the whole
file with redacted texts), and the time and peak memory of a verification, in a process of its own, beside a plain read
of the same rows as the reference. All but the first --decided records are copies under new ids. The database is made
in a temporary folder, or kept with --keep.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

_BATCH = 1000


def fill(path: Path, records: int) -> float:
    """Append made-up decisions; seconds spent in `append` alone."""
    from demo_decisions import make_items

    from classifier.audit import AuditLog

    spent_s = 0.0
    with AuditLog.open(f"sqlite:///{path}") as log:
        for start in range(0, records, _BATCH):
            items = list(make_items(log, start, min(_BATCH, records - start)))
            begun = time.perf_counter()
            log.append(items)
            spent_s += time.perf_counter() - begun
    return spent_s


def clone(path: Path, records: int) -> None:
    """Make the log longer with copies of 1,000 decisions under new ids: the same shapes, without deciding again."""
    from demo_decisions import make_items

    from classifier.audit import AuditLog
    from classifier.audit.records import RunReference

    with AuditLog.open(f"sqlite:///{path}") as log:
        items = make_items(log, 0, _BATCH)
        drafts = [draft for comment, decision in items for draft in log._drafts(comment, decision, RunReference())]
        with log.database.read() as connection:
            query = "SELECT count(*) FROM audit_records WHERE kind = 'decision'"
            done = int(connection.exec_driver_sql(query).scalar_one())
        while done < records:
            some = drafts[: min(_BATCH, records - done)]
            log.append_drafts([dataclasses.replace(draft, id=f"{done + n:032x}") for n, draft in enumerate(some)])
            done += len(some)


def measure_sizes(path: Path, decisions: int) -> tuple[float, float]:
    """Bytes a decision: of the chain with its indexes, and of the whole file."""
    connection = sqlite3.connect(path)
    chain = connection.execute("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'audit_records%'").fetchone()[0]
    whole = path.stat().st_size
    connection.close()
    return chain / decisions, whole / decisions


def verify_here(path: Path, checked: bool) -> dict[str, float]:
    """In a fresh process: verify, or only read, and say time and peak memory."""
    begun = time.perf_counter()
    if checked:
        from classifier.audit.database import Database
        from classifier.audit.verification import verify

        report = verify(Database(str(path), create=False))
        assert report.holds, report.findings[:3]
        count = report.records
    else:
        query = "SELECT * FROM audit_records r LEFT JOIN audit_apart a ON a.seq = r.seq ORDER BY r.seq"
        count = sum(1 for _ in sqlite3.connect(path).execute(query))
    taken_s = time.perf_counter() - begun
    return {"records": count, "time_s": taken_s, "peak_mib": _peak_mib()}


def _peak_mib() -> float:
    if os.name == "nt":
        return float("nan")
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--decided", type=int, default=20_000, help="decisions of their own; the rest are copies")
    parser.add_argument("--keep", type=Path, help="folder in which to keep the database")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(verify_here(Path(options.child[1]), options.child[0] == "verify")))
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        path = (options.keep or Path(temporary)) / "audit.db"
        decided = min(options.decided, options.records)
        spent_s = fill(path, decided)
        print(f"append : {decided / spent_s:,.0f} décisions/s (lots de {_BATCH})")
        clone(path, options.records)
        chain, whole = measure_sizes(path, options.records)
        print(f"taille : {chain:.0f} octets par décision pour la chaîne, {whole:.0f} avec textes et index")
        for what in ("read", "verify"):
            command = [sys.executable, __file__, "--child", what, str(path)]
            said = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            print(
                f"{what} : {said['records']:,} enregistrements en {said['time_s']:.1f} s, "
                f"pointe de mémoire {said['peak_mib']:.0f} Mio"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())

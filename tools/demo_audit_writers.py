"""Several processes append to one log at the same time; the chain verifies afterwards and holds every record once.

    python tools/demo_audit_writers.py --processes 8 --records 10000

The tests run 4 × 500. `--url` names a PostgreSQL log instead of a file.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from pathlib import Path

from demo_decisions import make_items

from classifier.audit import AuditLog, verify

_BATCH = 250


def append(url: str, writer: int, records: int) -> None:
    """One writer: its own made-up export, in batches."""
    with AuditLog.open(url) as log:
        for start in range(0, records, _BATCH):
            log.append(list(make_items(log, start, min(_BATCH, records - start), seed=writer)))


def main() -> int:
    """Run the demonstration."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--records", type=int, default=500, help="records a process")
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.url or f"sqlite:///{Path(folder) / 'audit.db'}"
        AuditLog.open(url).close()
        begun = time.perf_counter()
        context = multiprocessing.get_context("spawn")
        writers = [context.Process(target=append, args=(url, n, options.records)) for n in range(options.processes)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        taken_s = time.perf_counter() - begun
        with AuditLog.open(url, create=False) as log:
            report = verify(log.database)
    expected = options.processes * options.records
    failed = [writer.exitcode for writer in writers if writer.exitcode]
    print(
        f"{options.processes} × {options.records} : {report.decisions} décisions en {taken_s:.1f} s, "
        f"{len(report.findings)} anomalie(s), {len(failed)} écriture(s) en échec"
    )
    return 0 if report.holds and report.decisions == expected and not failed else 1


if __name__ == "__main__":
    sys.exit(main())

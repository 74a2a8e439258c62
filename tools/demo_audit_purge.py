"""A purge leaves a chain that verifies, a proof of destruction, and no trace of the texts in the database files.

python tools/demo_audit_purge.py --records 2000
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from demo_decisions import make_item

from classifier.audit import AuditLog, verify
from classifier.audit.retention import purge


def main() -> int:
    """Run the demonstration."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "audit.db"
        with AuditLog.open(f"sqlite:///{path}") as log:
            items = [make_item(log, n, text=f"Phrase témoin numéro {n:06d}") for n in range(options.records)]
            for start in range(0, len(items), 500):
                log.append(items[start : start + 500])
            before = count_traces(path, log, items)
            classes = ["ordinary", "moderated", "urgent"]
            result = purge(log, classes, datetime(2100, 1, 1, tzinfo=UTC), by="démonstration", rule="démonstration")
            after = count_traces(path, log, items)
            report = verify(log.database)
    print(
        f"{before} traces avant, {result.destroyed} textes détruits, {after} traces après, "
        f"{len(report.findings)} anomalie(s)"
    )
    return 0 if before >= options.records and not after and report.holds and report.destroyed == options.records else 1


def count_traces(path: Path, log: AuditLog, items: list) -> int:  # type: ignore[type-arg]
    """Texts, pseudonyms and links that can be read in the bytes of the database and of its journals."""
    content = b"".join(one.read_bytes() for one in path.parent.iterdir() if not one.name.endswith(".key"))
    traces = {comment.text.encode() for comment, _ in items}
    traces |= {log.pseudonym(comment.author).encode() for comment, _ in items}
    traces |= {comment.url.encode() + b'"' for comment, _ in items}
    return sum(1 for trace in traces if trace in content)


if __name__ == "__main__":
    sys.exit(main())

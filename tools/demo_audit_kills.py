"""A scoring run is killed at random moments, again and again, and resumed: no row without its record, no record twice.

    python tools/demo_audit_kills.py --kills 200

The child does what scoring does: it appends a batch, and only then writes its rows. CI runs 10 kills.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from classifier.audit import AuditLog, verify

_BATCH = 20


def score(folder: Path, records: int) -> None:
    """The child: append, then show; rows already shown are not shown again."""
    from demo_decisions import make_items

    shown = folder / "rows.txt"
    done = len(_whole_lines(shown))
    with AuditLog.open(f"sqlite:///{folder / 'audit.db'}") as log:
        start = done - done % _BATCH
        while start < records:
            items = list(make_items(log, start, _BATCH))
            log.append(items)
            with shown.open("a", encoding="ascii") as file:
                for _, decision in items[max(0, done - start) :]:
                    file.write(decision.decision_id + "\n")
                    file.flush()
            start += _BATCH
            done = max(done, start)


def _whole_lines(shown: Path) -> list[str]:
    """Rows shown; a row that a kill cut short is taken off, as the resuming writer does."""
    if not shown.exists():
        return []
    text = shown.read_text(encoding="ascii")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        shown.write_text(whole, encoding="ascii")
    return whole.splitlines()


def main() -> int:
    """Run the demonstration."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--records", type=int, default=10_000_000, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        score(Path(options.child), options.records)
        return 0
    draw = random.Random(options.seed)  # noqa: S311
    faults = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, __file__, "--child", name]
        kills_while_writing = 0
        for _ in range(options.kills):
            before = _size(folder)
            child = subprocess.Popen([*command])
            # Most often in the middle of a batch, however slow the machine; at times during start-up.
            patience_s = time.monotonic() + (30 if draw.random() < 0.8 else draw.random())
            while _size(folder) == before and time.monotonic() < patience_s:
                time.sleep(0.005)
            time.sleep(draw.random() * 0.3)
            child.kill()
            child.wait()
            kills_while_writing += _size(folder) != before
            faults += _count_faults(folder)
        rows = len(_whole_lines(folder / "rows.txt"))
        last = rows + _BATCH - rows % _BATCH
        subprocess.run([*command, "--records", str(last)], check=True)
        faults += _count_faults(folder)
        with AuditLog.open(f"sqlite:///{folder / 'audit.db'}", create=False) as log:
            report = verify(log.database)
        lines = _whole_lines(folder / "rows.txt")
    print(
        f"{options.kills} arrêts brutaux, dont {kills_while_writing} pendant l'écriture : {len(lines)} lignes, "
        f"{report.decisions} décisions, {faults} faute(s), {len(report.findings)} anomalie(s)"
    )
    whole = report.holds and not faults and len(lines) == len(set(lines)) == report.decisions == last
    return 0 if whole else 1


def _size(folder: Path) -> int:
    shown = folder / "rows.txt"
    return shown.stat().st_size if shown.exists() else 0


def _count_faults(folder: Path) -> int:
    """Rows shown without a record, and rows shown twice."""
    lines = _whole_lines(folder / "rows.txt")
    if not lines:
        return 0
    with AuditLog.open(f"sqlite:///{folder / 'audit.db'}", create=False) as log:
        known = log.known(lines)
    return sum(1 for line in lines if line not in known) + len(lines) - len(set(lines))


if __name__ == "__main__":
    sys.exit(main())

"""One bit is changed in the database file's values, and verification must see it; then the bit is put back.

    python tools/demo_audit_bits.py --records 1000

One random bit in every column of every record of a log of 1,000; then every bit of every column of three records of a
small log. The tests do a sample, and every bit of three records in memory.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from demo_decisions import make_items

from classifier.audit import AuditLog, verify
from classifier.audit.database import Database
from classifier.errors import AuditError

_TABLES = {"audit_records": "seq", "audit_apart": "seq", "audit_publications": "key"}


class Bench:
    """A log whose values can be edited, as by somebody who has the file in hand."""

    def __init__(self, path: Path, records: int) -> None:
        with AuditLog.open(f"sqlite:///{path}") as log:
            log.append(list(make_items(log, 0, records)))
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._database = Database(str(path), create=False)
        for kind, name in self._connection.execute(
            "SELECT type, name FROM sqlite_master WHERE sql IS NOT NULL"
        ).fetchall():
            if kind in ("trigger", "index"):
                self._connection.execute(f"DROP {kind} {name}")
        assert self.holds()

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()
        self._database.close()

    def holds(self) -> bool:
        """Whether the log verifies."""
        try:
            return verify(self._database).holds
        except AuditError:
            return False

    def cells(self) -> Iterator[tuple[str, str, int, object]]:
        """(table, column, rowid, value) of every cell that holds something."""
        for table in _TABLES:
            names = [row[1] for row in self._connection.execute(f"PRAGMA table_info({table})")]
            for row in self._connection.execute(f"SELECT rowid, * FROM {table}").fetchall():  # noqa: S608
                yield from (
                    (table, name, row[0], value) for name, value in zip(names, row[1:]) if value not in (None, b"")
                )

    def try_bit(self, table: str, column: str, rowid: int, value: object, bit: int) -> bool | None:
        """Change one bit, verify, put it back: whether it was seen; None if the database cannot hold such a value."""
        flipped = flip(value, bit)
        cast = "CAST(? AS TEXT)" if isinstance(value, str) else "?"
        try:
            self._connection.execute(f"UPDATE {table} SET {column} = {cast} WHERE rowid = ?", (flipped, rowid))  # noqa: S608
        except sqlite3.IntegrityError:
            return None
        seen = not self.holds()
        place = flipped if column == "seq" else rowid
        self._connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (value, place))  # noqa: S608
        return seen


def count_bits(value: object) -> int:
    """How many bits a value has (62 for a number: SQLite's integers are signed)."""
    if isinstance(value, int):
        return 62
    return 8 * len(value.encode() if isinstance(value, str) else value)  # type: ignore[arg-type]


def flip(value: object, bit: int) -> object:
    """The value with one bit changed; text as its bytes."""
    if isinstance(value, int):
        return value ^ (1 << bit)
    raw = bytearray(value.encode() if isinstance(value, str) else value)  # type: ignore[arg-type]
    raw[bit // 8] ^= 1 << bit % 8
    return bytes(raw)


def main() -> int:
    """Run the demonstration."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)  # noqa: S311
    missed = tried = impossible = 0
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder) / "many.db", options.records)
        for cell in list(bench.cells()):
            seen = bench.try_bit(*cell, draw.randrange(count_bits(cell[3])))
            tried += 1
            impossible += seen is None
            missed += seen is False
        assert bench.holds(), "every bit was put back"
        bench.close()
        print(f"un bit au hasard par colonne : {tried} essais, {impossible} refusés par la base, {missed} non vus")
        bench = Bench(Path(folder) / "few.db", 3)
        every = 0
        for cell in list(bench.cells()):
            if cell[0] == "audit_publications" or cell[2] not in (1, 3, 5):
                continue
            for bit in range(count_bits(cell[3])):
                seen = bench.try_bit(*cell, bit)
                every += 1
                impossible += seen is None
                missed += seen is False
        assert bench.holds(), "every bit was put back"
        bench.close()
        print(f"tous les bits de trois enregistrements : {every} essais, {missed} non vus en tout")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

"""How fast, in how much memory and disk, a whole export is scored: one command, figures printed as a Markdown table.

    python benchmarks/batch.py --rows 100000
    python benchmarks/batch.py --rows 10000000 --jobs 2 --folder /a/disk/with/room

The export is made of the comments of the corpus, each made different by a number, by 1 author per 20 comments, 1 in 200
a copy. The reference, in the same run, is the plain reading of the same file with the standard library.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]


def read_texts() -> list[str]:
    """Texts of the shipped corpus and samples."""
    texts = []
    for path in sorted((ROOT / "data" / "corpus").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            texts += [row["text"] for row in csv.DictReader(stream) if row.get("text")]
    return texts


def make_export(path: Path, rows: int, texts: list[str]) -> None:
    """Write an export of so many rows."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("id", "text", "author", "created_at", "post"))
        for number in range(rows):
            # A copy repeats the row before it, id and all.
            same = number - 1 if number % 200 == 199 else number
            minute = same % 525_600
            day = f"2025-{1 + minute // 43_800 % 12:02d}-{1 + minute // 1440 % 28:02d}"
            when = f"{day}T{minute // 60 % 24:02d}:{minute % 60:02d}:00-05:00"
            text = f"{texts[same % len(texts)]} {same}"
            writer.writerow((f"c{same}", text, f"a{same % max(1, rows // 20)}", when, f"Publication {same % 500}"))


class Peak(threading.Thread):
    """Peak memory of a process and its children, and peak size of a folder, looked at ten times a second."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        super().__init__(daemon=True)
        self._process, self._folder = process, folder
        self.memory_bytes = self.disk_bytes = self.main_bytes = 0

    def run(self) -> None:
        """Look until the process ends."""
        while self._process.poll() is None:
            try:
                main = psutil.Process(self._process.pid)
                sizes = [one.memory_info().rss for one in (main, *main.children(recursive=True))]
                self.main_bytes = max(self.main_bytes, sizes[0])
                self.memory_bytes = max(self.memory_bytes, sum(sizes))
            except psutil.Error:
                pass
            self.disk_bytes = max(self.disk_bytes, folder_bytes(self._folder))
            time.sleep(0.1)


def folder_bytes(folder: Path) -> int:
    """Size of what a folder holds."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.path.getsize(os.path.join(root, name))
            except OSError:
                continue
    return total


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--policy", default="mamh")
    parser.add_argument("--output", default="decisions.csv")
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--folder", type=Path, help="where to work (a temporary folder by default)")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="classifier-batch-", dir=options.folder))
    try:
        export = folder / "export.csv"
        make_export(export, options.rows, read_texts())
        input_bytes = export.stat().st_size
        started_s = time.perf_counter()
        with export.open(encoding="utf-8", newline="") as stream:
            plain = sum(1 for _ in csv.reader(stream)) - 1
        plain_s = time.perf_counter() - started_s
        command = [sys.executable, "-m", "classifier", "score", str(export), "--policy", options.policy]
        command += ["-o", str(folder / options.output), "--jobs", str(options.jobs)]
        if options.report:
            command += ["--report", str(folder / "rapport.html")]
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]),
        }
        started_s = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        peak = Peak(process, folder)
        peak.start()
        said = process.communicate()[1].decode("utf-8", "replace")
        wall_s = time.perf_counter() - started_s
        peak.join()
        if process.returncode not in (0, 4):
            print(said[-2000:], file=sys.stderr)
            return process.returncode
        print(next(line for line in reversed(said.splitlines()) if "lignes lues" in line))
        mib = 1 << 20
        outputs = {path.name: path.stat().st_size / mib for path in sorted(folder.iterdir()) if path.is_file()}
        print("| mesure | valeur |\n| --- | --- |")
        print(f"| lignes | {plain} ({input_bytes / mib:.0f} Mio) |")
        print(f"| processus | {options.jobs} |")
        print(f"| durée | {wall_s:.1f} s |")
        print(f"| débit | {plain / wall_s:.0f} lignes/s |")
        print(f"| lecture seule par le module csv (référence) | {plain_s:.1f} s |")
        print(f"| mémoire au plus haut, processus principal | {peak.main_bytes / mib:.0f} Mio |")
        print(f"| mémoire au plus haut, tous les processus | {peak.memory_bytes / mib:.0f} Mio |")
        print(f"| disque au plus haut | {peak.disk_bytes / mib:.0f} Mio |")
        for name, size in outputs.items():
            print(f"| {name} | {size:.1f} Mio |")
        return 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

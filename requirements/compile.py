"""Write the hashed requirement files again from pyproject.toml: `python requirements/compile.py [--upgrade]`.

Needs `uv` (in the environment: `pip install uv`). One resolution serves every platform and Python ≥ 3.11: the widest
file is made first and constrains the others, so that no two files disagree on a version. No file names an index.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "requirements"
COMPILE = [
    "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11",
    "--generate-hashes", "--no-header", "--no-emit-index-url", "--no-emit-find-links",
]  # fmt: skip
TEST_EXTRAS = ("training", "postgresql", "parquet", "notebooks", "dev")


def compile_file(name: str, *arguments: str) -> None:
    """Resolve one file, in place (its own pins are kept unless `--upgrade` is given)."""
    print(f"{name}.txt…", flush=True)
    subprocess.run([*COMPILE, *arguments, *sys.argv[1:], "-o", f"requirements/{name}.txt"], cwd=ROOT, check=True)


def main() -> None:
    """Compile the five files."""
    constrained = ("-c", "requirements/test.txt")
    compile_file("test", "pyproject.toml", "requirements/outils.in", *(f"--extra={extra}" for extra in TEST_EXTRAS))
    compile_file("base", "pyproject.toml", *constrained)
    compile_file("training", "pyproject.toml", "--extra=training", *constrained)
    compile_file("spark", "pyproject.toml", "--extra=spark", *constrained)
    compile_file("outils", "requirements/outils.in", *constrained)


if __name__ == "__main__":
    main()

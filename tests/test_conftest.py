"""The rule about skips, tried on a small suite in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SUITE = """
import pytest

def test_runs():
    assert True

def test_asks_for_a_server():
    pytest.skip("no server here")

@pytest.mark.skipif(True, reason="no runtime here")
def test_asks_for_a_runtime():
    assert True
"""

MODULE = 'import pytest\npytest.skip("no library here", allow_module_level=True)\n'


def run_suite(folder: Path, root: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_bytes((root / "tests" / "conftest.py").read_bytes())
    (folder / "test_suite.py").write_text(SUITE, encoding="utf-8")
    (folder / "test_module.py").write_text(MODULE, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -ra\n", encoding="utf-8")
    environment = {key: value for key, value in os.environ.items() if key != "CLASSIFIER_TEST_NO_SKIP"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
        cwd=folder, env={**environment, **variables}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_skips_are_printed_with_their_reasons(tmp_path: Path, root: Path) -> None:
    done = run_suite(tmp_path, root)
    assert done.returncode == 0
    assert "1 passed, 3 skipped" in done.stdout
    for reason in ("no server here", "no runtime here", "no library here"):
        assert reason in done.stdout


def test_skips_fail_where_none_is_allowed(tmp_path: Path, root: Path) -> None:
    done = run_suite(tmp_path, root, CLASSIFIER_TEST_NO_SKIP="1")
    assert done.returncode != 0
    assert "1 failed, 1 passed, 2 errors" in done.stdout
    for reason in ("no server here", "no runtime here", "no library here"):
        assert f"nothing may be skipped here, yet: Skipped: {reason}" in done.stdout

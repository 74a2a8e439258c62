"""What all tests share: the folders, and the rule about skips.

A test that cannot run here (no PostgreSQL, Java or Chromium) is skipped with its reason, printed in the summary.
Where `CLASSIFIER_TEST_NO_SKIP` is set (CI, which installs all three), a skip is a failure.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NO_SKIP = bool(os.environ.get("CLASSIFIER_TEST_NO_SKIP"))


def pytest_configure(config: pytest.Config) -> None:
    """A module that skips itself as a whole is then a failed collection: the others must run all the same."""
    if NO_SKIP:
        config.option.continue_on_collection_errors = True


def refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure that keeps the reason; an expected failure (`xfail`) is not a skip."""
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"CLASSIFIER_TEST_NO_SKIP: nothing may be skipped here, yet: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    refuse_skip(report)
    return report


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT

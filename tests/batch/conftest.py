"""The fake moderator, for this room's tests."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest


def load_fakes():
    """Load `fakes.py` by its path, once: test folders are no packages."""
    name = "batch_fakes"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("fakes.py"))
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture
def fake_moderator():
    return load_fakes().FakeModerator

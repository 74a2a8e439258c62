"""Each hostile file ends as the format notes say: read and counted, or refused with an explanation."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from classifier.errors import InputError
from classifier.exports import LeftOut, Row, open_export

_SPEC = importlib.util.spec_from_file_location("hostile_files", Path(__file__).with_name("hostile.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
hostile = importlib.util.module_from_spec(_SPEC)
import sys

sys.modules["hostile_files"] = hostile
_SPEC.loader.exec_module(hostile)


def test_there_are_forty_traps_at_least_with_names_of_their_own():
    names = [trap.name for trap in hostile.TRAPS]
    assert len(names) == len(set(names)) >= 40


@pytest.mark.parametrize("trap", hostile.TRAPS, ids=lambda trap: trap.name)
def test_hostile_file(trap, tmp_path):
    path = tmp_path / trap.file
    path.write_bytes(trap.content())
    if isinstance(trap.end, hostile.Refused):
        with pytest.raises(InputError) as refusal:
            list(open_export(path).entries())
        assert trap.end.says in str(refusal.value)
        assert refusal.value.todo
        return
    export = open_export(path)
    entries = list(export.entries())
    set_aside = [entry for entry in entries if isinstance(entry, LeftOut) and entry.quarantined]
    assert [entry.comment.text for entry in entries if isinstance(entry, Row)] == trap.end.texts
    assert len(set_aside) == trap.end.quarantined
    if trap.end.reason:
        assert trap.end.reason in set_aside[0].reason
    if trap.end.line is not None:
        assert set_aside[0].line == trap.end.line
    assert dict(export.tally.not_comments) == trap.end.others
    assert dict(export.tally.repairs) == trap.end.repairs
    assert dict(export.tally.warnings) == trap.end.warnings
    assert export.tally.holds
    assert export.tally.read == len(entries)

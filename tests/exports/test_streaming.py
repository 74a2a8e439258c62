"""A large export is read in bounded memory."""

from __future__ import annotations

import tracemalloc

import pytest

from classifier.exports import open_export

ROWS = 100_000


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gros.csv"])
def test_a_hundred_thousand_rows_in_bounded_memory(tmp_path, name):
    path = tmp_path / name
    with path.open("w", encoding="utf-8") as stream:
        if name.endswith(".csv"):
            stream.write("id,text,author\n")
        for number in range(ROWS):
            text = f"La rue numéro {number} est glacée depuis ce matin"
            line = f"c{number},{text},a{number % 999}\n"
            if name.endswith(".jsonl"):
                line = f'{{"id":"c{number}","text":"{text}","author":"a{number % 999}"}}\n'
            stream.write(line)
    export = open_export(path)
    tracemalloc.start()
    try:
        count = sum(1 for _ in export.comments())
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == export.tally.read == ROWS
    assert peak_bytes < path.stat().st_size / 2
    assert peak_bytes < 4 << 20

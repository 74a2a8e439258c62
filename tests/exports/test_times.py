"""Times as exports write them."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.exports.columns import normalise_name
from classifier.exports.mojibake import repair, shows_mojibake
from classifier.exports.times import TORONTO, parse_time


@pytest.mark.parametrize(
    ("value", "iso", "assumed"),
    [
        ("2025-09-19T14:03:22+0000", "2025-09-19T10:03:22-04:00", ()),
        ("2025-09-19T14:03:22Z", "2025-09-19T10:03:22-04:00", ()),
        ("2025-09-19T14:03:22.123Z", "2025-09-19T10:03:22-04:00", ()),
        ("2025-09-19 14:03", "2025-09-19T14:03:00-04:00", ("timezone",)),
        ("Wed Oct 10 20:19:24 +0000 2018", "2018-10-10T16:19:24-04:00", ()),
        ("03/04/2025", "2025-04-03T00:00:00-04:00", ("timezone",)),
        ("03/04/2025 8:05", "2025-04-03T08:05:00-04:00", ("timezone",)),
        ("19 sept. 2025", "2025-09-19T00:00:00-04:00", ("timezone",)),
        ("1er août 2025 à 14 h 03", "2025-08-01T14:03:00-04:00", ("timezone",)),
        ("vendredi 19 septembre 2025 à 9 h", "2025-09-19T09:00:00-04:00", ("timezone",)),
        ("1736950000", "2025-01-15T09:06:40-05:00", ()),
        (1736950000000, "2025-01-15T09:06:40-05:00", ()),
        ("45919,5", "2025-09-19T12:00:00-04:00", ("timezone",)),
        ("2025-11-02 01:30", "2025-11-02T01:30:00-04:00", ("timezone", "dst")),
        ("2025-03-09 02:30", "2025-03-09T03:30:00-04:00", ("timezone", "dst")),
        (datetime(2025, 1, 2, tzinfo=timezone.utc), "2025-01-01T19:00:00-05:00", ()),
    ],
)
def test_known_forms(value, iso, assumed):
    found, what = parse_time(value)
    assert found is not None
    assert found.isoformat() == iso
    assert found.tzinfo is TORONTO
    assert what == assumed


@pytest.mark.parametrize(
    "value", ["hier", "31/02/2025", "2025-13-01", "99999999999999999999", "a" * 5000, True, float("inf")]
)
def test_unreadable_is_marked(value):
    assert parse_time(value) == (None, ("time_unreadable",))


@pytest.mark.parametrize("value", [None, ""])
def test_absent_is_no_fault(value):
    assert parse_time(value) == (None, ())


@given(st.text(max_size=80) | st.floats() | st.integers())
def test_nothing_raises(value):
    found, _ = parse_time(value)
    assert found is None or found.utcoffset() is not None


@given(st.datetimes(min_value=datetime(1995, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(timezone.utc)))
def test_an_aware_time_is_the_same_instant(moment):
    found, assumed = parse_time(moment.isoformat(timespec="seconds"))
    assert found == moment.replace(microsecond=0)
    assert assumed == ()


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
@pytest.mark.parametrize(
    "text", ["Déjà à Québec, où ça gèle", "à", "Noël à l’aréna : 5 $… ça", "« Ça va? » dit-il", "É", "🙂 merci à vous"]
)
def test_mojibake_is_undone(text, encoding):
    # Bytes that cp1252 does not define pass as they are, as Windows does.
    raw = text.encode("utf-8")
    broken = "".join(
        bytes([b]).decode(encoding, "replace") if bytes([b]).decode(encoding, "ignore") else chr(b) for b in raw
    )
    assert shows_mojibake([broken])
    assert repair(broken) == text


@given(st.text(alphabet="abcdéèàçùêîô ’«»", max_size=60))
def test_healthy_text_is_left_alone(text):
    assert not shows_mojibake([text])


def test_column_names_are_repaired_too():
    assert normalise_name("Date de cr\u00c3\u00a9ation") == "date de creation"

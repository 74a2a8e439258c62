"""What redaction hides and leaves, measured on 320 comments written for it; linear time; encryption."""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.audit.privacy import MASK, NAMES_OF_KINDS, TextCipher, load_text_key, redact
from classifier.errors import AuditError
from classifier.signals.personal_data import KINDS, find_personal_data

_MARK = re.compile("⟦([a-z_]+):([^⟧]*)⟧")
NAMES = {"name", "mention", "profile"}


def read_halves() -> list[list[tuple[str, list[tuple[int, int, str]]]]]:
    """The two halves: text and the spans that must be hidden."""
    halves: list[list[tuple[str, list[tuple[int, int, str]]]]] = [[], []]
    half = 0
    for line in (Path(__file__).parent / "data" / "redaction.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# Second"):
            half = 1
        if not line.strip() or line.startswith("# "):
            continue
        text, spans, end = "", [], 0
        for match in _MARK.finditer(line):
            text += line[end : match.start()]
            spans.append((len(text), len(text) + len(match.group(2)), match.group(1)))
            text += match.group(2)
            end = match.end()
        halves[half].append((text + line[end:], spans))
    return halves


def measure(comments) -> dict[str, Counter]:
    """Hits, misses and false finds, for numbers and for names: a thing is found when every character of it is
    hidden."""
    counts = {"numbers": Counter(), "names": Counter()}
    for text, wanted in comments:
        hidden, found = redact(text)
        for start, end, kind in wanted:
            whole = all(one == MASK or one in " -.,()" for one in hidden[start:end])
            counts["names" if kind in NAMES else "numbers"]["hit" if whole else "miss"] += 1
        for start, end, kind in found:
            if not any(start < other_end and other_start < end for other_start, other_end, _ in wanted):
                counts["names" if kind in NAMES else "numbers"]["false"] += 1
    return counts


@pytest.mark.parametrize("half", [0, 1], ids=["first half", "second half"])
@pytest.mark.parametrize(
    ("group", "precision", "recall"), [("numbers", 0.95, 0.95), ("names", 0.9, 0.88)], ids=["numbers", "names"]
)
def test_precision_and_recall(half, group, precision, recall):
    counts = measure(read_halves()[half])[group]
    found = counts["hit"] / (counts["hit"] + counts["false"])
    caught = counts["hit"] / (counts["hit"] + counts["miss"])
    print(f"half {half + 1}, {group}: precision {found:.3f}, recall {caught:.3f}, {dict(counts)}")
    assert found >= precision
    assert caught >= recall


def test_the_set_is_what_it_says():
    first, second = read_halves()
    assert len(first) + len(second) == 320
    assert {kind for text, spans in first + second for _, _, kind in spans} == set(NAMES_OF_KINDS)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("NAS 046 454 286", ["sin"]),
        ("le numéro 046 454 287 du catalogue", []),
        ("4111 1111 1111 1111", ["card"]),
        ("4111 1111 1111 1112", []),
        ("TREM 8551 1512", ["health_insurance"]),
        ("TREM 8599 1512", []),
        ("T1234-150385-09", ["driving_licence"]),
        ("1 800 555-0199", []),
        ("819 555-0142", ["phone"]),
        ("819 155-0142", []),
        ("règlement 450-2019", []),
        ("a@b", []),
        ("luc@exemple.com", ["email"]),
        ("info@ville.levis.qc.ca", []),
    ],
)
def test_near_misses_beside_hits(text, kinds):
    assert [kind for _, _, kind in find_personal_data(text)] == kinds
    assert set(kinds) <= set(KINDS)


def test_where_a_problem_is_is_no_address_for_the_signal_yet_hidden_in_the_log():
    text = "Devant le 455 rue Saint-Jean il y a un trou"
    assert find_personal_data(text) == []
    assert [kind for _, _, kind in find_personal_data(text, places=True)] == ["address"]
    assert MASK in redact(text)[0]


@given(st.text(alphabet=st.sampled_from("abÉ 0123456789-.@()/,'’\n\u00a0rue M.JulieTremblay"), max_size=200))
def test_masks_keep_every_offset(text):
    hidden, spans = redact(text)
    assert len(hidden) == len(text)
    end_before = 0
    for start, end, kind in spans:
        assert end_before <= start < end <= len(text)
        assert kind in NAMES_OF_KINDS
        assert hidden[end_before:start] == text[end_before:start]
        assert set(hidden[start:end]) == {MASK}
        end_before = end


@pytest.mark.parametrize(
    "unit", ["5 ", "555-", "1 rue a ", "a@", "a.", "4111 ", "Julie ", "M. ", "facebook.com/", "(", "819 55"]
)
def test_time_is_linear(unit):
    def taken_s(count: int) -> float:
        text = unit * count
        best = 9.0
        for _ in range(3):
            begun = time.perf_counter()
            redact(text)
            best = min(best, time.perf_counter() - begun)
        return best

    # Twenty times the text: a quadratic step would take four hundred times as long.
    assert taken_s(10_000) < 100 * max(taken_s(500), 2e-4)


def test_a_plain_comment_costs_one_scan():
    text = "Bravo à toute l'équipe pour le beau travail dans le parc, on apprécie beaucoup vraiment!"
    begun = time.perf_counter()
    for _ in range(20_000):
        find_personal_data(text)
    assert (time.perf_counter() - begun) / 20_000 < 20e-6


def test_texts_kept_whole_are_encrypted(path, item, monkeypatch):
    from classifier.audit import AuditLog, verify
    from classifier.audit.lookup import find_decision

    monkeypatch.setenv("CLASSIFIER_AUDIT_TEXT_KEY", "cd" * 32)
    text = "Julie Tremblay au 819 555-0142"
    with AuditLog.open(f"sqlite:///{path}") as log:
        comment, decision = item(log, 0, text=text)
        log.append([(comment, decision)])
        assert find_decision(log, decision.decision_id)[0].kept.text == text
    assert b"Tremblay" not in path.read_bytes()
    monkeypatch.delenv("CLASSIFIER_AUDIT_TEXT_KEY")
    with AuditLog.open(f"sqlite:///{path}") as log:
        found = find_decision(log, decision.decision_id)[0]
        assert (found.kept, found.locked) == (None, True)
        assert verify(log.database).holds
    monkeypatch.setenv("CLASSIFIER_AUDIT_TEXT_KEY", "ce" * 32)
    with AuditLog.open(f"sqlite:///{path}") as log, pytest.raises(AuditError, match="ne s'ouvre pas"):
        find_decision(log, decision.decision_id)


def test_without_a_key_the_text_is_redacted(log, path, item):
    from classifier.audit.lookup import find_decision

    comment, decision = item(log, 0, text="Julie Tremblay au 819 555-0142, merci")
    log.append([(comment, decision)])
    kept = find_decision(log, decision.decision_id)[0].kept
    assert kept.text == f"{MASK * 14} au {MASK * 12}, merci"
    assert kept.hidden == ((0, 14, "name"), (18, 30, "phone"))
    log.close()
    assert b"Tremblay" not in path.read_bytes()


def test_text_key_is_checked():
    assert load_text_key({}) is None
    with pytest.raises(AuditError, match="64 chiffres"):
        load_text_key({"CLASSIFIER_AUDIT_TEXT_KEY": "abcd"})
    cipher = TextCipher(bytes(32))
    with pytest.raises(AuditError):
        cipher.open(cipher.close(b"texte", b"un sel"), b"un autre")

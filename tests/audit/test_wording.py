"""The French words of pages and workbooks."""

from __future__ import annotations

import doctest
from datetime import UTC, datetime
from importlib import import_module

import pytest

from classifier.audit.lookup import Event
from classifier.audit.wording import say_action, say_date, say_event, say_time


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ({"id": "publish", "parameters": {}}, "Laisser publié"),
        (
            {"id": "warn", "parameters": {"message": "first_warning", "strike": "netiquette"}},
            "Donner un avertissement (message : premier avertissement ; compte dans l'échelle : nétiquette)",
        ),
        ({"id": "hide", "parameters": {"alternatives": "delete"}}, "Masquer (ou : supprimer)"),
        (
            {"id": "escalate", "parameters": {"subject": "suicide_risk", "call": "emergency|suicide_line"}},
            "Alerter une personne sans attendre (motif : risque suicidaire ou détresse ; "
            "à appeler : services d'urgence, ligne de prévention du suicide)",
        ),
        (
            {"id": "ban", "parameters": {"length_days": "to_be_set"}},
            "Bannir l'auteur (durée en jours : à fixer par l'organisme)",
        ),
    ],
)  # fmt: skip
def test_actions(action, words):
    assert say_action(action) == words


def test_dates_are_those_of_quebec():
    assert say_date(datetime(2026, 1, 1, 3, tzinfo=UTC)) == "31 décembre 2025"
    assert say_time(datetime(2026, 7, 1, 16, 5, tzinfo=UTC)) == "1er juillet 2026 à 12\u00a0h\u00a005"
    assert say_time(datetime(2026, 7, 2, 16, tzinfo=UTC)) == "2 juillet 2026 à 12\u00a0h"


def test_events():
    at = datetime(2026, 3, 2, 15, tzinfo=UTC)
    us = int(at.timestamp()) * 1_000_000
    review = Event("review", "x", at, {"by": "agente", "seen_us": us, "changed": True, "why": "Ironie."})
    assert say_event(review) == "Décision revue et modifiée par agente, le 2 mars 2026 à 10\u00a0h. Motif : Ironie."
    alone = Event("notice", "x", at, {"action": "warn", "by": "automatique", "given_us": us})
    assert say_event(alone) == "Avertissement donné le 2 mars 2026 à 10\u00a0h sans intervention humaine."


@pytest.mark.parametrize(
    "module",
    [
        "canonical",
        "chain",
        "checkpoints",
        "identity",
        "names",
        "privacy",
        "records",
        "retention",
        "review_sheet",
        "wording",
    ],
)
def test_examples_in_docstrings(module):
    result = doctest.testmod(import_module(f"classifier.audit.{module}"))
    assert result.failed == 0


def test_examples_of_the_detector():
    result = doctest.testmod(import_module("classifier.signals.personal_data"))
    assert (result.failed, result.attempted > 0) == (0, True)

"""Deciding again: the same versions give the same decision, others a told difference; records are never touched."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from classifier.audit.lookup import find_decision, iterate_decisions
from classifier.audit.replay import comment_of, compare, thread_signals_of
from classifier.audit.retention import purge
from classifier.comments import Action, ModelReference, Signal
from classifier.errors import AuditError


def test_the_comment_comes_back_as_it_was(log, item):
    comment, decision = item(log, 1)
    comment = dataclasses.replace(
        comment, parent="9", author_role="elected", assumed=("timezone",), kind="private_message"
    )
    log.append([(comment, decision)])
    again = comment_of(find_decision(log, decision.decision_id)[0])
    assert again == dataclasses.replace(comment, author=None)


def test_the_same_decision_differs_in_nothing(log, item):
    items = [item(log, number) for number in range(12)]
    log.append(items)
    for recorded, (_, decision) in zip(iterate_decisions(log), items, strict=True):
        assert compare(recorded, decision) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"actions": (Action("publish"),)}, "actions : Masquer, Donner un avertissement → Laisser publié"),
        ({"urgency": "high"}, "urgence"),
        ({"needs_human": False}, "requise → non requise"),
        ({"prediction": {"netiquette": ()}}, "nétiquette : Injure ou attaque personnelle → aucune"),
        ({"prediction": {"category": "neutral"}}, "catégorie : Autre commentaire négatif → Commentaire neutre"),
        ({"prediction": {"model": ModelReference("autre", "2", "c3" * 32)}}, "modèle : empreinte a1a1"),
        ({"prediction": {"scores": None}}, "1 probabilités diffèrent, d'au plus 0,0100"),
    ],
)
def test_what_differs_is_told(log, item, change, words):
    comment, decision = item(log, 4)
    log.append([(comment, decision)])
    inner = change.pop("prediction", None)
    if inner is not None:
        if "scores" in inner:
            inner["scores"] = {**decision.prediction.scores, "insult": decision.prediction.scores["insult"] - 0.01}
        change = {"prediction": dataclasses.replace(decision.prediction, **inner)}
    [line] = compare(find_decision(log, decision.decision_id)[0], dataclasses.replace(decision, **change))
    assert words in line


def test_thread_signals_are_taken_as_recorded(log, item):
    comment, decision = item(log, 4)
    signals = (Signal("repeated", "3 fois", (), ("1", "2")), Signal("shouting", "", ((0, 3),)))
    decision = dataclasses.replace(decision, prediction=dataclasses.replace(decision.prediction, signals=signals))
    log.append([(comment, decision)])
    recorded = find_decision(log, decision.decision_id)[0]
    assert thread_signals_of(recorded) == (Signal("repeated", "3 fois"),)
    assert recorded.kept.details["related"] == ["1", "2"]


def test_a_destroyed_text_cannot_be_decided_again(log, item):
    comment, decision = item(log, 0)
    log.append([(comment, decision)])
    purge(log, ["ordinary"], datetime(2027, 1, 1, tzinfo=UTC), by="x", rule="y")
    with pytest.raises(AuditError, match="détruit"):
        comment_of(find_decision(log, decision.decision_id)[0])


def test_a_masked_publication_is_not_what_the_model_read(log, item):
    for number, post, whole in ((0, "Merci à Julie Tremblay pour le parc", False), (1, "Merci pour le parc", True)):
        comment, decision = item(log, number)
        log.append([(dataclasses.replace(comment, post=post), decision)])
        assert find_decision(log, decision.decision_id)[0].kept.whole is whole

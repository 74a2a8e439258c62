"""Thread signals: repetition, private dialogue, pile-on; each with its innocent neighbour."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.comments import Comment
from classifier.taxonomy import taxonomy
from classifier.threads import ThreadMemory
from classifier.threads.likeness import fold, similarities, sketch

START = datetime(2025, 1, 1, tzinfo=timezone.utc)


def signals_of(comments, labels=()):
    memory = ThreadMemory(":memory:")
    found = []
    for position, comment in enumerate(comments, start=1):
        memory.sight(comment)
        found.append({signal.id: signal for signal in memory.signals(comment, position=position, labels=labels)})
    memory.close()
    return found


def say(text, author="a", number=None, **more):
    say.count += 1
    return Comment(text=text, author=author, id=number or f"n{say.count}", **more)


say.count = 0


@pytest.mark.parametrize(
    ("first", "second", "repeated"),
    [
        ("Déneigez la rue des Pivoines au complet", "Déneigez la rue des Pivoines au complet", True),
        ("Déneigez la rue des Pivoines au complet", "DÉNEIGEZ la rue des pivoines au complet!!!", True),
        ("Déneigez la rue des Pivoines au complet svp", "Déneigez donc la rue des Pivoines au complet", True),
        ("Déneigez la rue des Pivoines au complet", "La bibliothèque ouvre-t-elle le dimanche matin?", False),
        ("Merci!", "Merci!", False),
        ("Les bacs bruns débordent depuis lundi", "Les trottoirs sont glacés depuis mardi", False),
    ],
)
def test_repeated(first, second, repeated):
    found = signals_of([say(first, number="x1"), say(second)])
    assert found[0] == {}
    assert ("repeated" in found[1]) is repeated
    if repeated:
        assert found[1]["repeated"].related == ("x1",)


def test_the_same_words_by_another_are_no_repetition():
    assert signals_of([say("Déneigez la rue des Pivoines", "a"), say("Déneigez la rue des Pivoines", "b")]) == [{}, {}]


def test_a_short_text_is_repeated_from_its_third_time():
    found = signals_of([say("Honte!"), say("honte"), say("HONTE !!!")])
    assert ["repeated" in one for one in found] == [False, False, True]


def test_without_author_there_is_no_thread_signal():
    assert signals_of([say("Déneigez la rue des Pivoines", None)] * 3) == [{}, {}, {}]


def exchange(authors):
    opening = say("Ouverture", authors[0], "racine")
    return [
        opening,
        *(say(f"réplique {n} différente {n * n}", author, parent="racine") for n, author in enumerate(authors[1:])),
    ]


def test_two_people_who_answer_only_each_other():
    found = signals_of(exchange("ababababa"))
    assert ["private_dialogue" in one for one in found] == [False] * 5 + [True] * 4


@pytest.mark.parametrize("authors", ["abcabcabc", "aaaaaaaaa", "ababacbab", "abab"])
def test_other_exchanges_are_no_private_dialogue(authors):
    assert not any("private_dialogue" in one for one in signals_of(exchange(authors)))


def test_the_organisation_answering_is_no_private_dialogue():
    memory = ThreadMemory(":memory:", own_accounts=frozenset({"b"}))
    for position, comment in enumerate(exchange("ababababab"), start=1):
        memory.sight(comment)
        assert not memory.signals(comment, position=position)


def pile(authors, hours=1, **more):
    target = say("Au plaisir de vous voir samedi", "cible", "t")
    return [
        target,
        *(
            say(f"attaque {n} {'xyz' * n}", author, parent="t", created_at=START + timedelta(hours=hours * n), **more)
            for n, author in enumerate(authors)
        ),
    ]


def test_several_hostile_people_against_one():
    found = signals_of(pile("abcdef"), labels=("insult",))
    assert ["pile_on" in one for one in found] == [False] * 5 + [True] * 2
    assert found[5]["pile_on"].detail == "5 personnes contre la même cible"


def test_kind_answers_few_people_and_slow_ones_are_no_pile_on():
    assert not any("pile_on" in one for one in signals_of(pile("abcdef"), labels=("advertising",)))
    assert not any("pile_on" in one for one in signals_of(pile("abababab"), labels=("insult",)))
    assert not any("pile_on" in one for one in signals_of(pile("abcdef", hours=60), labels=("insult",)))


def test_the_same_hostile_text_by_several():
    found = signals_of(
        [say("Dehors la directrice de la bibliothèque", author) for author in "abcde"], labels=("harassment",)
    )
    assert ["pile_on" in one for one in found] == [False] * 4 + [True]


def test_signals_are_those_of_the_taxonomy():
    assert {"repeated", "private_dialogue", "pile_on"} == set(taxonomy().thread_signals)


def test_ids_read_twice():
    memory = ThreadMemory(":memory:")
    assert not memory.sight(Comment(text="un", id="1")).duplicate
    assert memory.sight(Comment(text="un", id="1")).duplicate
    assert memory.sight(Comment(text="deux", id="1")).edited
    assert not memory.sight(Comment(text="un", id="1", platform="x")).duplicate
    assert not memory.sight(Comment(text="un")).duplicate
    assert not memory.sight(Comment(text="un")).duplicate


def test_what_was_not_committed_is_forgotten(tmp_path):
    path = tmp_path / "memory.sqlite"
    memory = ThreadMemory(path)
    memory.sight(Comment(text="un", id="1"))
    memory.commit()
    memory.sight(Comment(text="deux", id="2"))
    memory.close()
    memory = ThreadMemory(path)
    assert memory.sight(Comment(text="un", id="1")).duplicate
    assert not memory.sight(Comment(text="deux", id="2")).duplicate
    memory.close()


@given(st.text(max_size=200), st.text(max_size=200))
def test_similarity_is_symmetric_and_bounded(one, other):
    first, second = sketch(fold(one)), sketch(fold(other))
    [there] = similarities(first, [second])
    [back] = similarities(second, [first])
    assert 0.0 <= there == back <= 1.0
    assert similarities(first, [first, second])[0] == 1.0


def test_similarity_is_close_to_the_true_overlap():
    one, other = fold("deneigez la rue des pivoines ce soir"), fold("deneigez la rue des erables ce soir")
    grams = [{text[at : at + 4] for at in range(len(text) - 3)} for text in (one, other)]
    true = len(grams[0] & grams[1]) / len(grams[0] | grams[1])
    assert abs(similarities(sketch(one), [sketch(other)])[0] - true) < 0.2

"""A policy file that does not hold is refused as a whole: every error, its line, an arrow, what was expected."""

from __future__ import annotations

import re

import pytest

from classifier.errors import PolicyError
from classifier.policy import Policy, list_policies

TEXT = Policy.load("montmagny").text


def refuse(*replacements: tuple[str, str]) -> str:
    """Message of the error that Montmagny's file gives once changed."""
    text = TEXT
    for old, new in replacements:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    with pytest.raises(PolicyError) as caught:
        Policy.parse(text, "essai.yaml")
    assert caught.value.exit_code == 5
    return str(caught.value)


def line_of(fragment: str, text: str = TEXT) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if fragment in line)


INSULT = '  insult: {clause: "5.1", named:'


def test_unknown_label_with_line_arrow_and_suggestion() -> None:
    message = refuse((INSULT, INSULT.replace("insult:", "insullt:")))
    assert f"essai.yaml, ligne {line_of(INSULT)} (prohibited → insullt)" in message
    assert "étiquette inconnue « insullt »" in message
    assert "\n      ^^^^^^^\n" in message, "the arrow stands under the key"
    assert "Vouliez-vous dire « insult »?" in message
    assert "rien n'est dit de : insult" in refuse((TEXT.splitlines()[line_of(INSULT) - 1] + "\n", ""))


def test_missing_clause() -> None:
    message = refuse((INSULT, "  insult: {named:"))
    assert f"ligne {line_of(INSULT)}" in message
    assert "clause absente" in message


def test_unknown_clause() -> None:
    message = refuse((INSULT, INSULT.replace('"5.1"', '"5.15"')))
    assert "section citée sans être décrite" in message
    assert "Vouliez-vous dire « 5.1" in message


def test_two_rules_that_contradict_each_other() -> None:
    twice = refuse(("  profanity:", '  insult: {clause: "5.1", named: autre}\n  profanity:'))
    assert f"« insult » est déjà à la ligne {line_of(INSULT)} : deux règles se contredisent" in twice
    allowed = "  private_dialogue: {silent: true}"
    both = refuse((allowed, f"{allowed}\n  insult: {{silent: true}}"))
    assert f"« insult » est déjà à la ligne {line_of(INSULT)} : deux règles se contredisent" in both
    assert "project" in refuse((INSULT, INSULT.replace("named:", "project:")))
    ladder = '    netiquette:\n      clause: "5.1"'
    double = refuse((ladder, '    autre: {clause: "5.1", strike: warning, steps: [none]}\n' + ladder))
    assert "toutes les infractions : déjà dans « autre »" in double


def test_removal_needs_a_clause_of_the_document() -> None:
    assert "retrait sans clause" in refuse((INSULT, "  insult: {project:"))


def test_a_ban_without_terms_never_runs_alone() -> None:
    message = refuse(("  alone: {} ", "  alone: {ban: 0.9} "))
    assert "un bannissement sans durée ni appel fixés n'agit jamais seul" in message
    assert f"ligne {line_of('  alone: {}')}" in message


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2027-04-11", "2027-03-01", "période impossible : elle finit avant de commencer"),
        ("2027-01-01", "2027-12-31", "période impossible : 364 jours"),
        ("2027-02-30", "2027-03-01", "au lieu d'une date"),
        ("2025-10-01", "2025-10-15", "se chevauchent"),
    ],
)
def test_impossible_window(first: str, last: str, expected: str) -> None:
    window = f"{{name: P, kind: municipal, first: {first}, last: {last}, status: final, source: S}}"
    assert expected in refuse(("  windows:", f"  own: {{p: {window}}}\n  windows:"))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("schema: 1", "schema: 2", "version de schéma inconnue"),
        ("removal:", "removals:", "Vouliez-vous dire « removal »?"),
        ("  mode: whole ", "  mode: tout ", "manière inconnue « tout »"),
        ("  action: delete ", "  action: erase ", "action inconnue « erase »"),
        ("municipal-2025", "municipale-2025", "Vouliez-vous dire « municipal-2025 »?"),
        ("{redirect: elected,", "{redirect: elus,", "bureau absent de « desks »"),
        ("message: ban_notice", "message: ban_notise", "Vouliez-vous dire « ban_notice »?"),
        ("delays: [service_reached,", "delays: [service_reach,", "Vouliez-vous dire « service_reached »?"),
        ("working_days: 2}", "working_days: 2, elapsed_hours: 4}", "2 unités pour un délai"),
        ("working_days: 2}", "working_days: deux}", "un nombre de"),
        ("holidays: quebec", "holidays: québec", "Vouliez-vous dire « quebec »?"),
        ("zone: America/Toronto", "zone: America/Quebecc", "fuseau inconnu"),
        ('close: "16:30"', 'close: "07:00"', "la fermeture n'est pas après l'ouverture"),
        ("closures: []", "closures: [{first: 2027-01-05, last: 2027-01-02, source: x}]", "finit avant de commencer"),
        ('{answer: communications, when: "rien', '{hide: communications, when: "rien', "action inconnue « hide »"),
        ("        - none\n", "        - {ban: communications}\n        - {warn: communications}\n", "plus douce"),
        ("grave: [threat,", "grave: [threats,", "Vouliez-vous dire « threat »?"),
        ("grave: [", "thresholds: {insult: 1.5}\ngrave: [", "un nombre de 0 à 1"),
        ("grave: [", "thresholds: {shouting: 0.5}\ngrave: [", "étiquette sans seuil « shouting »"),
        ("  alone: {} ", "  alone: {review: 0.9} ", "« review » ne peut agir sans une personne"),
        ("{bureau}", "{buro}", "champ inconnu {buro}"),
        ("{section}", "{section", "accolade seule"),
        ("  contest:", "  concours:", "sujet inconnu « concours »"),
        ("  candidate: {clause", "  candidat: {clause", "Vouliez-vous dire « candidate »?"),
        ("  unclear: {project: document muet, do: [{no_reply: ~}]}\n", "", "rien n'est dit de : unclear"),
        ("do: [{no_reply: ~}]}", "do: []}", "aucune étape"),
        ("call: [emergency, suicide_line]", "call: []", "personne à appeler"),
    ],
)
def test_each_error_says_what_was_expected(old: str, new: str, expected: str) -> None:
    message = refuse((old, new))
    assert expected in message
    assert re.search(r"essai\.yaml, ligne \d+", message)


def test_all_errors_at_once_in_the_order_of_the_file() -> None:
    message = refuse(
        ("schema: 1", "schema: 9"),
        (INSULT, INSULT.replace("insult:", "insullt:")),
        ("municipal-2025", "municipale-2025"),
        ("holidays: quebec", "holidays: texas"),
    )
    lines = [int(number) for number in re.findall(r"ligne (\d+) ?\(?", message) if number]
    assert "compte 4 erreurs" in message
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "fichier vide"),
        ("a: [", "YAML illisible"),
        ("- a\n- b\n", "une liste au lieu d'une table"),
        ("bonjour", "au lieu d'une table"),
        ("a: &x [*x]", "clé inconnue « a »"),
        ("x" * 1_000_001, "caractères"),
        ("[" * 3000, "YAML"),
    ],
)
def test_files_that_are_no_policy(text: str, expected: str) -> None:
    with pytest.raises(PolicyError, match=re.escape(expected)):
        Policy.parse(text, "essai.yaml")


def test_policies_that_are_unknown_or_unreadable(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(PolicyError, match=r"Vouliez-vous dire « montmagny »\?"):
        Policy.load("montmagni")
    with pytest.raises(PolicyError, match=r"absente\.yaml"):
        Policy.load(tmp_path / "absente.yaml")
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("é: é".encode("cp1252"))
    with pytest.raises(PolicyError, match="UTF-8"):
        Policy.load(latin)
    with pytest.raises(PolicyError, match="illisible"):
        Policy.load(tmp_path)


@pytest.mark.parametrize("policy_id", list_policies())
def test_hash_does_not_depend_on_line_endings_or_place(policy_id: str, tmp_path) -> None:  # type: ignore[no-untyped-def]
    policy = Policy.load(policy_id)
    copy = tmp_path / "ailleurs.yaml"
    copy.write_bytes(policy.text.replace("\n", "\r\n").encode("utf-8-sig"))
    assert Policy.load(copy).sha256 == policy.sha256
    copy.write_text(policy.text.replace("version: 1.0.0", "version: 1.0.1"), encoding="utf-8")
    assert Policy.load(copy).sha256 != policy.sha256


def test_policies_travel_between_processes() -> None:
    import pickle

    from classifier.policy import PolicyRouter

    policy = Policy.load("mamh")
    router = pickle.loads(pickle.dumps(PolicyRouter(policy)))
    assert router.policy.reference == policy.reference


def test_clause_and_render() -> None:
    policy = Policy.load("montmagny")
    assert "retrait sans avis" in policy.clause("5.1")
    with pytest.raises(PolicyError, match=r"Vouliez-vous dire « 5\.1"):
        policy.clause("5.1a")
    text = policy.render("removal_notice", section="5.1", motif="insulte")
    assert "section 5.1" in text
    assert "Ville de Montmagny" in text
    assert "[durée à fixer]" in policy.render("ban_notice")
    with pytest.raises(PolicyError, match="removal_notice"):
        policy.render("removal_notise")
    with pytest.raises(PolicyError, match="Champ de message inconnu"):
        policy.render("removal_notice", sections="5.1")

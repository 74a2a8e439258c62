"""The pages people get: everything section 65.2 asks for, in French, escaped, third parties masked; history and
export."""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from classifier.audit import RunReference
from classifier.audit.dossier import Contact, describe, write_author_page, write_dossier
from classifier.audit.events import AUTOMATIC, appeal_decision_draft, appeal_draft, notice_draft
from classifier.audit.lookup import find_author, find_decision
from classifier.audit.retention import purge
from classifier.comments import Action
from classifier.errors import AuditError, InputError
from classifier.policy import Policy, Strike

GIVEN = datetime(2026, 3, 2, 15, tzinfo=UTC)
LATE = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def recorded(log, item):
    """An insult to a named person, under a shipped policy; its decision id."""
    policy = Policy.load("drummondville")
    comment, decision = item(log, 4, text="Maudite gang de clowns, Julie Tremblay au 819 555-0142 <b>fait rien</b>")
    reason = dataclasses.replace(decision.reasons[0], clause="annexe 1, 4")
    decision = dataclasses.replace(decision, policy=policy.reference, reasons=(reason,))
    log.append([(comment, decision)], run=RunReference("drummondville", policy.text))
    return comment, decision.decision_id


def test_the_dossier_says_what_section_65_2_asks(log, recorded):
    _, decision_id = recorded
    page = write_dossier(log, decision_id, contact=Contact("Greffière", "greffe@ville.exemple"))
    for words in (
        "article 65.2",
        "Ville de Drummondville",
        "Politique d&#39;utilisation des médias sociaux, annexe 1, 4",
        "Interdit les propos inappropriés",
        "Injure ou attaque personnelle",
        "Donner un avertissement",
        "L&#39;organisation réserve cette action à une personne.",
        "modele-de-demonstration",
        "a1" * 32,
        "Greffière",
        "greffe@ville.exemple",
        "présenter vos observations",
        "Commission d'accès",
        decision_id,
    ):
        assert words in page, words
    for secret in ("Tremblay", "555-0142", "<b>fait", "Personne inventée"):
        assert secret not in page
    assert "&lt;b&gt;fait rien" in page
    assert not re.search(r"<script|https?://(?!exemple\.test)", page)


class _Outline(HTMLParser):
    void = frozenset(("meta", "br", "link", "img", "hr"))

    def __init__(self):
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_pages_are_well_formed(log, recorded):
    comment, decision_id = recorded
    for page in (write_dossier(log, decision_id), write_author_page(log, comment.author)[0]):
        outline = _Outline()
        outline.feed(page)
        assert outline.open == []
        assert 'lang="fr-CA"' in page


def test_whether_it_was_automated_follows_what_people_did(log, item):
    comment, decision = item(log, 0)
    log.append([(comment, decision)])
    assert "fondée exclusivement sur un traitement automatisé" in write_dossier(log, decision.decision_id)
    other = item(log, 4)
    log.append([other])
    assert "la décision revient à une personne" in write_dossier(log, other[1].decision_id)
    appeal = appeal_draft(other[1].decision_id, GIVEN, channel="courriel", received_by="greffe")
    answer = appeal_decision_draft(
        appeal, other[1].decision_id, GIVEN, outcome="granted", by="directrice", why="Erreur."
    )
    log.append_drafts([appeal, answer])
    page = write_dossier(log, other[1].decision_id)
    assert "Une personne a examiné cette décision (le 2 mars 2026)" in page
    assert "décision annulée par directrice" in page


def test_after_destruction_the_dossier_says_so(log, recorded):
    _, decision_id = recorded
    purge(log, ["moderated"], LATE, by="archiviste", rule="2.4")
    page = write_dossier(log, decision_id)
    assert "ont été détruits" in page
    assert "article 73" in page
    assert "clowns" not in page


def test_an_id_is_found_by_its_beginning(log, recorded):
    _, decision_id = recorded
    assert find_decision(log, decision_id[:8].upper())[0].id == decision_id
    for wrong in ("ffffffffffff", "", "pas un id", "%"):
        with pytest.raises(InputError):
            find_decision(log, wrong)


def test_what_was_recorded_reads_back(log, recorded, item):
    _, decision_id = recorded
    said = find_decision(log, decision_id)[0].said
    assert said["netiquette"] == ["insult"]
    assert said["organisation"] == "drummondville"
    assert said["actions"][0]["parameters"]["until"].startswith("2026-03-03T09:04")
    assert said["reasons"][0]["threshold"] == 0.5
    assert abs(said["reasons"][0]["score"] - said["scores"]["insult"]) < 1e-9
    comment, decision = item(log, 1)
    log.append([(comment, decision)])
    again = find_decision(log, decision.decision_id)[0]
    assert again.said["deadlines"][0]["due"] == decision.deadlines[0].due
    assert again.kept.moment == comment.created_at
    assert again.kept.publication == comment.post
    for label, score in decision.prediction.scores.items():
        assert abs(again.said["scores"][label] - score) <= 5.1e-5


def test_author_history_with_warnings_and_terms(log, recorded):
    comment, decision_id = recorded
    log.append_drafts(
        [notice_draft(decision_id, "warn", GIVEN, by="conseillère", strikes=["netiquette"], message="first_warning")]
    )
    page, count = write_author_page(log, comment.author)
    assert count == 1
    assert "Avertissement donné le 2 mars 2026 à 10\u00a0h par conseillère" in page
    assert "non fixée par l&#39;organisme" in page
    assert "Tremblay" not in page
    assert comment.author not in page
    [described] = describe(find_author(log, comment.author)[1])
    assert described["suites"][0].startswith("Avertissement donné")
    assert "Tremblay" not in str(described)
    assert write_author_page(log, "Inconnue")[1] == 0


def test_history_counts_what_was_given_before(log, recorded, item):
    comment, decision_id = recorded
    pseudonym = log.pseudonym(comment.author)
    assert log.history([pseudonym], LATE) == {}
    notice = notice_draft(decision_id, "warn", GIVEN, by="x", strikes=["netiquette"])
    assert log.append_drafts([notice, notice]) == 1
    assert log.history([pseudonym, "a" + "0" * 20], LATE)[pseudonym].strikes == (Strike("netiquette", GIVEN),)
    assert log.history([pseudonym], GIVEN) == {}
    log.append_drafts([notice_draft(decision_id, "ban", GIVEN + timedelta(days=1), by="x")])
    assert log.history([pseudonym], LATE)[pseudonym].bans == (GIVEN + timedelta(days=1),)
    appeal = appeal_draft(decision_id, LATE, channel="courriel", received_by="greffe")
    log.append_drafts([appeal])
    assert log.history([pseudonym], LATE), "an appeal that waits cancels nothing"
    log.append_drafts([appeal_decision_draft(appeal, decision_id, LATE, outcome="granted", by="y", why="Erreur.")])
    assert log.history([pseudonym], LATE) == {}


def test_an_action_left_to_run_alone_is_a_strike_once(log, item):
    comment, decision = item(log, 4)
    alone = dataclasses.replace(decision, needs_human=False, actions=(Action("warn", {"strike": "netiquette"}, True),))
    assert log.append([(comment, alone)]).recorded == 1
    assert log.append([(comment, alone)]).recorded == 0
    pseudonym = log.pseudonym(comment.author)
    assert len(log.history([pseudonym], LATE)[pseudonym].strikes) == 1
    assert find_decision(log, alone.decision_id)[0].events[0].body["by"] == AUTOMATIC
    recommended = item(log, 9)
    log.append([recommended])
    assert log.pseudonym(recommended[0].author) not in log.history([log.pseudonym(recommended[0].author)], LATE)


def test_an_appeal_is_decided_with_a_reason(log, recorded):
    _, decision_id = recorded
    with pytest.raises(AuditError, match="motivée"):
        appeal_decision_draft("x", decision_id, GIVEN, outcome="upheld", by="y", why=" ")
    with pytest.raises(AuditError, match="connue"):
        appeal_decision_draft("x", decision_id, GIVEN, outcome="peut-être", by="y", why="z")


@pytest.mark.chromium
def test_the_dossier_prints_on_few_pages(log, recorded, tmp_path):
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    page, printed = tmp_path / "dossier.html", tmp_path / "dossier.pdf"
    page.write_text(write_dossier(log, recorded[1]), encoding="utf-8")
    command = [
        chromium,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-sync",
    ]
    options = [f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={printed}", page.as_uri()]
    subprocess.run([*command, *options], check=True, capture_output=True, timeout=60, env={**os.environ})
    content = printed.read_bytes()
    assert content.startswith(b"%PDF")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", content)) <= 4

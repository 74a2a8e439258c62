"""Writes a sample dossier and a sample author's history, from made-up comments under a shipped policy.

    python tools/demo_dossier.py FOLDER

Open the two pages in a browser, and print them.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from demo_decisions import make_item

from classifier.audit import AuditLog, RunReference
from classifier.audit.dossier import Contact, write_author_page, write_dossier
from classifier.audit.events import appeal_decision_draft, appeal_draft, notice_draft
from classifier.policy import Policy

_TEXT = "Maudite gang de clowns, Julie Tremblay au 819 555-0142 fait rien de sa job, c'est honteux"
_GIVEN = datetime(2026, 3, 2, 15, tzinfo=UTC)


def main() -> int:
    """Run the demonstration."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    policy = Policy.load("drummondville")
    contact = Contact("Directrice du Service des communications", "communications@ville.exemple, 819 555-0100")
    with tempfile.TemporaryDirectory() as folder, AuditLog.open(f"sqlite:///{Path(folder) / 'audit.db'}") as log:
        items = []
        for number, text in ((4, _TEXT), (9, None), (14, None)):
            comment, decision = make_item(log, number, text=text)
            reason = dataclasses.replace(decision.reasons[0], clause="annexe 1, 4")
            decision = dataclasses.replace(decision, policy=policy.reference, reasons=(reason,))
            items.append((dataclasses.replace(comment, author="Personne inventée"), decision))
        log.append(items, run=RunReference("drummondville", policy.text))
        decision_id = items[0][1].decision_id
        by = "conseillère en communication"
        warning = notice_draft(decision_id, "warn", _GIVEN, by=by, strikes=["netiquette"], message="first_warning")
        appeal = appeal_draft(
            decision_id, _GIVEN + timedelta(days=3), channel="courriel", received_by="agente au greffe"
        )
        why = "Le commentaire s'en prend à une personne nommée."
        decided = _GIVEN + timedelta(days=6)
        answer = appeal_decision_draft(appeal, decision_id, decided, outcome="upheld", by="directrice", why=why)
        log.append_drafts([warning, appeal, answer])
        pages = {
            "dossier.html": write_dossier(log, decision_id, contact=contact),
            "historique.html": write_author_page(log, "Personne inventée", contact=contact)[0],
        }
    for name, page in pages.items():
        (options.folder / name).write_text(page, encoding="utf-8")
        print(options.folder / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())

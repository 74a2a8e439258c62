"""Outputs of one small batch, decided by the fake moderator of the batch tests."""

from __future__ import annotations

import importlib.util
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest

from classifier.batch import score_export

TRICKY = [
    ("=1+1", "a1"),
    ("- Enlevez les pneus", "a2"),
    ("+1 d'accord", "a3"),
    ("@maire répondez", "a4"),
    ("\t=cmd", "a5"),
    ("\r=cmd|calc", "a6"),
    ("</script><script>document.title='pris'</script>", "a7"),
    ("<b>gras</b> & \"guillemets\" 'apostrophe'", "a8"),
    ("espèce d'idiot 🧑🏽‍🚒 fini", "a9"),
    ("je veux mourir", "a10"),
    ("appelez Julie au 514-555-0142 svp", "a11"),
    ("idiot", "a12"),
    ("À quelle heure ouvre la patinoire du parc?", "a13"),
    ("Où est la patinoire du parc Bellerive?", "a14"),
    ("pas fort votre affaire", "a15"),
    ("ligne\u2028séparée", "a16"),
]


def load_fakes():
    name = "batch_fakes"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).parents[1] / "batch" / "fakes.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def make_outputs(tmp_path_factory):
    def make(names, comments=TRICKY, **options):
        import json

        folder = tmp_path_factory.mktemp("sorties")
        path = folder / "export.jsonl"
        with path.open("w", encoding="utf-8") as stream:
            for number, (text, author) in enumerate(comments):
                when = f"2025-01-{1 + number % 28:02d}T{number % 24:02d}:00:00-05:00"
                item = {
                    "id": f"=c{number}",
                    "text": text,
                    "author": author,
                    "created_at": when,
                    "post": f"Publication {number % 3}",
                }
                stream.write(json.dumps(item) + "\n")
            stream.write("{abîmée\n")
        for name in names:
            score_export(
                path,
                policy="ville",
                output=folder / name,
                report=folder / "page.html",
                open_decider=load_fakes().FakeModerator,
                now=datetime(2025, 6, 1, tzinfo=timezone.utc),
                **options,
            )
        return folder

    return make


@pytest.fixture(scope="session")
def outputs(make_outputs):
    return make_outputs(["d.csv", "d.xlsx"])

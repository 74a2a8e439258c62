"""The page: self-contained, masked, honest about its figures, and accessible in a real browser."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from classifier.reports.cards import marked_spans
from classifier.reports.charts import show_day, volume_plot
from classifier.reports.names import format_share
from classifier.reports.order import gravity
from classifier.reports.page import show_moment
from classifier.reports.statistics import DayVolume, bucket_days
from classifier.reports.topics import Topics


@pytest.fixture(scope="module")
def page(outputs):
    return (outputs / "page.html").read_text(encoding="utf-8")


def data_of(page):
    raw = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    assert raw is not None
    data = json.loads(raw.group(1))
    for row in data["rows"]:
        row[0] = data["names"][row[0]]
    return data["rows"]


def test_page_is_self_contained(page):
    assert page.startswith("<!doctype html>")
    assert '<html lang="fr-CA">' in page
    assert not re.search(r"<(link|iframe|img|object)\b", page)
    assert not re.search(r"<script[^>]+src=", page)
    assert not re.search(r"url\(|@import", page)


def test_page_holds_every_comment_gravest_first(page):
    rows = data_of(page)
    assert len(rows) == 16
    assert rows[0][1] == "je veux mourir"
    assert [row[0] for row in rows[:4]] == ["immediate", "high", "high", "low"]


def test_texts_cannot_break_out_of_the_page(page):
    assert "<script>document.title" not in page
    assert "</script><script>" not in page.replace("</script>\n<script>", "")
    assert any("</script>" in row[1] for row in data_of(page))


def test_personal_information_is_masked_unless_asked(page, make_outputs):
    from classifier.batch import Settings

    assert "514-555-0142" not in page
    assert "█" in page
    clear = make_outputs(["d.csv"], settings=Settings(unmasked=True)) / "page.html"
    assert "514-555-0142" in clear.read_text(encoding="utf-8")
    assert "ne pas diffuser" in clear.read_text(encoding="utf-8")


def test_offsets_of_the_script_are_utf16(page):
    row = next(row for row in data_of(page) if "🧑🏽‍🚒" in row[1])
    [[start, end, _]] = row[2]
    assert row[1].encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le") == "idiot"


def test_sum_and_figures_are_on_the_page(page):
    assert "17 lignes lues = 16 décidées + 1 en quarantaine" in page
    assert "la ligne n&#39;est pas un objet JSON" in page


def test_spans_do_not_overlap_and_near_ones_join():
    row = {
        "text": "va donc gros idiot",
        "evidence": [[8, 12, "insult", 0.9], [13, 18, "insult", 0.8], [0, 2, "insult", 0.1]],
        "signals": [],
    }
    assert marked_spans(row) == [(8, 18, "insult")]
    overlap = {
        "text": "abcdef",
        "evidence": [[0, 4, "insult", 1.0], [2, 6, "threat", 1.0], [4, 99, "threat", 1.0]],
        "signals": [],
    }
    spans = marked_spans(overlap)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    assert all(end <= 6 for _, end, _ in spans)


def test_order_of_gravity():
    base = {"category": "neutral", "alert_score": 0.0, "urgency": "normal", "any_violation": 0.1}
    rows = [
        {**base, "urgency": "immediate", "category": "suicide_risk"},
        {**base, "urgency": "immediate", "category": "crime_report"},
        {**base, "urgency": "immediate", "alert_score": 0.9},
        {**base, "urgency": "immediate", "alert_score": 0.2},
        {**base, "urgency": "high"},
        {**base, "any_violation": 0.9},
        base,
    ]
    assert sorted([*rows[3:], *rows[:3]], key=gravity) == rows


def test_buckets_keep_every_comment():
    days = {date(2024, 1, 1): DayVolume(3, 1), date(2025, 6, 30): DayVolume(2, 2)}
    unit, buckets = bucket_days(days)
    assert unit == "mois"
    assert sum(volume.total for _, volume in buckets) == 5
    assert len(buckets) == 18
    assert "5 commentaires datés" in volume_plot(buckets, unit)
    assert bucket_days({date(2025, 1, 1): DayVolume(1, 0), date(2025, 4, 30): DayVolume(1, 0)})[0] == "semaine"


def test_topics_find_the_words_of_questions():
    topics = Topics()
    for n in range(6):
        topics.add("Patinoire", f"À quelle heure ouvre la patinoire {n}?", asking=True, broken=False)
        topics.add("Budget", "Encore une hausse des taxes", asking=False, broken=True)
    assert topics.words(3)[0][0] in ("patinoire", "ouvre", "heure")
    assert [post.post for post in topics.busiest(5)] == ["Patinoire"]


def test_french_forms():
    assert show_day(date(2025, 8, 1)) == "1er août 2025"
    assert show_moment("2025-01-01T02:05:00+00:00") == "31 décembre 2024, 21\u00a0h\u00a005"
    assert format_share(0, 0) == "0\u00a0%"


CHECK = """
const puppeteer = require("puppeteer-core"), fs = require("fs");
(async () => {
  const browser = await puppeteer.launch({executablePath: process.argv[2], args: ["--no-sandbox"]});
  const page = await browser.newPage(), found = {requests: [], errors: [], violations: []};
  page.on("request", (r) => { if (!r.url().startsWith("file:")) found.requests.push(r.url()); });
  page.on("pageerror", (e) => found.errors.push(String(e)));
  for (const width of [1280, 390]) {
    await page.setViewport({width, height: 900});
    await page.goto("file://" + process.argv[3]);
    await page.evaluate(fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
    const result = await page.evaluate(() => axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}));
    for (const v of result.violations) found.violations.push(width + " " + v.id + " " + v.nodes[0].html.slice(0, 200));
    found.passes = result.passes.length;
    found["overflow" + width] = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  }
  found.title = await page.title();
  const count = () => page.$eval("#count", (e) => e.textContent);
  found.all = await count();
  await page.type("#f-text", "PATINOIRE ou");
  await new Promise((r) => setTimeout(r, 400));
  found.searched = await count();
  await page.$eval("#filters", (f) => f.reset());
  await page.select("#f-urgency", "immediate");
  await new Promise((r) => setTimeout(r, 400));
  found.urgent = await count();
  found.first = await page.$eval("#list blockquote", (e) => e.textContent);
  await browser.close();
  console.log(JSON.stringify(found));
})();
"""


def find_browser():
    return next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )


@pytest.mark.chromium
def test_page_is_accessible_and_works_in_a_browser(outputs, tmp_path_factory):
    browser, node, npm = find_browser(), shutil.which("node"), shutil.which("npm")
    if not (browser and node and npm):
        pytest.skip("Chromium, node ou npm manque : l'accessibilité de la page n'est pas vérifiée ici")
    folder = Path(__file__).parent / "node_modules"
    if not (folder / "axe-core").is_dir():
        folder = tmp_path_factory.mktemp("axe")
        installed = subprocess.run(
            [npm, "install", "--silent", "--no-audit", "--no-fund", "axe-core@4", "puppeteer-core@24"],
            cwd=folder,
            capture_output=True,
            timeout=120,
            check=False,
        )
        if installed.returncode:
            pytest.skip("axe-core et puppeteer-core ne s'installent pas ici (npm sans réseau?)")
    else:
        folder = folder.parent
    program = folder / "check-page.cjs"
    program.write_text(CHECK, encoding="utf-8")
    try:
        done = subprocess.run(
            [node, str(program), browser, str(outputs / "page.html")],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    finally:
        program.unlink()
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["violations"] == []
    assert found["passes"] > 30
    assert found["requests"] == []
    assert found["errors"] == []
    assert found["overflow1280"] <= 0
    assert found["overflow390"] <= 0
    assert found["title"].startswith("Rapport de modération")
    assert found["all"].startswith("16 commentaires")
    assert found["searched"].startswith("2 commentaires")
    assert found["urgent"].startswith("1 commentaire,")
    assert found["first"] == "je veux mourir"

"""Every sample export is read as its platform's, or refused as its row of the format notes says."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier.errors import InputError, UsageError
from classifier.exports import open_export
from classifier.exports.catalogue import JSON_FORMATS, TABLE_FORMATS

SAMPLES = Path(__file__).parents[2] / "data" / "samples"

READ = {
    "facebook-graph.json": ("facebook-graph", 67, {"post": 4, "sticker": 1, "photo": 1}),
    "instagram-graph.json": ("instagram-graph", 6, {}),
    "youtube-api.json": ("youtube-api", 5, {}),
    "x-api.json": ("x-api", 4, {"post": 1}),
    "linkedin-api.json": ("linkedin-api", 3, {"photo": 1}),
    "apify-commentaires.json": ("apify-facebook", 4, {"attachment": 1}),
    "service-export.xlsx": ("export-service", 3, {"preamble": 2, "photo": 1, "trailer": 1}),
    "facepager.csv": ("facepager", 2, {"seed": 1, "post": 1, "failed_query": 1}),
    "boite-de-reception.csv": ("table", 3, {}),
    "excel-francais.csv": ("table", 6, {}),
    "tableau-utf8.csv": ("table", 5, {}),
    "commentaires.xlsx": ("table", 4, {}),
    "commentaires.jsonl": ("table", 3, {}),
    "commentaires.parquet": ("table", 3, {}),
}
REFUSED = {
    "meta-telechargement-comments.json": "personnel de Facebook",
    "instagram-telechargement-comments.json": "personnel d'Instagram",
    "youtube-takeout-comments.csv": "Takeout",
    "x-archive-tweets.js": "archive personnelle de X",
    "linkedin-Comments.csv": "personnel de LinkedIn",
    "crowdtangle-publications.csv": "table de publications",
}


def test_every_sample_and_every_format_is_tested():
    assert {path.name for path in SAMPLES.iterdir()} == READ.keys() | REFUSED.keys()
    read = {known for known, _, _ in READ.values()}
    assert read - {"table"} == {known.id for known in (*JSON_FORMATS, *TABLE_FORMATS) if not known.refusal}
    assert len(REFUSED) == sum(1 for known in (*JSON_FORMATS, *TABLE_FORMATS) if known.refusal)


@pytest.mark.parametrize("name", READ)
def test_sample_is_read(name):
    if name.endswith(".parquet"):
        pytest.importorskip("pyarrow")
    known, comments, others = READ[name]
    export = open_export(SAMPLES / name)
    rows = list(export.comments())
    assert export.format == known
    assert len(rows) == export.tally.comments == comments
    assert dict(export.tally.not_comments) == others
    assert export.tally.quarantined == 0
    assert export.tally.holds
    assert all(row.comment.text.strip() for row in rows)
    assert [row.position for row in rows] == sorted(row.position for row in rows)


@pytest.mark.parametrize("name", REFUSED)
def test_sample_is_refused_with_an_explanation(name):
    with pytest.raises(InputError) as refusal:
        open_export(SAMPLES / name)
    assert REFUSED[name] in str(refusal.value)
    assert "Exportez" in refusal.value.todo


def rows_of(name):
    return list(open_export(SAMPLES / name).comments())


def test_facebook_threads_ids_times_and_publications():
    rows = rows_of("facebook-graph.json")
    by_id = {row.comment.id: row for row in rows}
    replies = [row for row in rows if row.depth]
    assert len(replies) == 18
    assert all(row.comment.parent in by_id for row in replies)
    assert all(isinstance(row.comment.id, str) and "_" in row.comment.id for row in rows)
    assert rows[0].comment.created_at.isoformat() == "2025-01-15T06:22:41-05:00"
    assert rows[0].comment.assumed == ()
    assert rows[0].comment.post.startswith("Opération déneigement")
    assert sum(row.comment.author is None for row in rows) == 1
    assert any(row.comment.tagged == ("Camille Brodeur",) for row in rows)


def test_youtube_html_becomes_text():
    export = open_export(SAMPLES / "youtube-api.json")
    texts = [row.comment.text for row in export.comments()]
    assert "À 42:10 le conseiller n'a pas répondu.\nOù est le rapport & les annexes?" in texts
    assert export.tally.repairs == {"html": 1}


def test_apify_replies_find_their_parent_by_depth_and_order():
    rows = rows_of("apify-commentaires.json")
    assert [row.comment.parent for row in rows] == [None, "Y29tOjMx", "Y29tOjMx", None]


def test_facepager_comments_carry_the_text_of_their_publication():
    assert {row.comment.post for row in rows_of("facepager.csv")} == {
        "Collecte des branches : déposez-les en bordure de rue avant lundi 7 h."
    }


def test_export_service_suffix_is_taken_away_and_counted():
    export = open_export(SAMPLES / "service-export.xlsx")
    texts = [row.comment.text for row in export.comments()]
    assert "Quand est-ce que vous ramassez les feuilles mortes?" in texts
    assert export.tally.repairs == {"media_suffix": 1}


def test_x_entities_and_reposts():
    export = open_export(SAMPLES / "x-api.json")
    texts = [row.comment.text for row in export.comments()]
    assert any("un stop > maintenant" in text for text in texts)
    assert not any(text.startswith("RT ") for text in texts)


def test_columns_can_be_named_or_ranked(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a;b;c\n1;Bonjour à vous tous;x\n2;Merci beaucoup à tous;y\n", encoding="utf-8")
    assert [row.comment.id for row in open_export(path, columns={"id": "1", "text": "b"}).comments()] == ["1", "2"]
    with pytest.raises(InputError, match="pas de colonne « zzz »"):
        open_export(path, columns={"text": "zzz"})
    with pytest.raises(UsageError, match="champ « corps »"):
        open_export(path, columns={"corps": "b"})
    with pytest.raises(UsageError, match="format « rien »"):
        open_export(path, format="rien")


def test_a_folder_and_an_absent_file_are_refused(tmp_path):
    with pytest.raises(InputError, match="dossier"):
        open_export(tmp_path)
    with pytest.raises(InputError, match="introuvable"):
        open_export(tmp_path / "absent.csv")


def test_no_error_quotes_a_comment(tmp_path):
    path = tmp_path / "c.json"
    path.write_text('{"data":[{"id":"1_2","created_time":"x","message":"motsecret"}', encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        open_export(path)
    assert "motsecret" not in str(refusal.value)

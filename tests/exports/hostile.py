"""Forty-odd hostile files, each named by its trap, and how each must end."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Read:
    """The file is read: these texts, so many set aside, these kinds of non-comments, repairs and warnings."""

    texts: list[str]
    quarantined: int = 0
    reason: str = ""
    line: int | None = None
    others: dict[str, int] = field(default_factory=dict)
    repairs: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Refused:
    """The file is refused, and the message says this."""

    says: str


@dataclass(frozen=True)
class Trap:
    name: str
    file: str
    content: Callable[[], bytes]
    end: Read | Refused


def text(content: str, encoding: str = "utf-8") -> Callable[[], bytes]:
    return lambda: content.encode(encoding)


def raw(content: bytes) -> Callable[[], bytes]:
    return lambda: content


def document(content: object) -> Callable[[], bytes]:
    return lambda: json.dumps(content).encode()


def workbook(rows: list[list[object]], *, broken: bool = False) -> Callable[[], bytes]:
    def make() -> bytes:
        import openpyxl

        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in rows:
            sheet.append(row)
        stream = io.BytesIO()
        book.save(stream)
        content = stream.getvalue()
        return content[: len(content) // 2] if broken else content

    return make


def archive(names: dict[str, bytes]) -> Callable[[], bytes]:
    def make() -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in names.items():
                packed.writestr(name, content)
        return stream.getvalue()

    return make


def facebook(**fields: object) -> dict[str, object]:
    return {"id": "1_2", "created_time": "2025-09-19T14:03:22+0000", **fields}


def mojibake(content: str) -> str:
    return content.encode("utf-8").decode("cp1252")


LONG_ID = "123456789012345678"
NEST: object = facebook(message="fond")
for _ in range(80):
    NEST = {**facebook(message="niveau"), "comments": {"data": [NEST]}}

TRAPS = [
    # --- text and encodings
    Trap("empty_file", "vide.csv", raw(b""), Refused("est vide")),
    Trap("only_blank_lines", "blanc.csv", raw(b"\r\n \r\n\t\r\n"), Refused("est vide")),
    Trap("only_a_bom", "bom.csv", raw(b"\xef\xbb\xbf"), Refused("est vide")),
    Trap("header_without_rows", "entete.csv", text("id,texte\n"), Refused("aucune ligne")),
    Trap("bom_in_first_header", "bom.csv", text("\ufefftexte,id\nDéneigement,1\n"), Read(["Déneigement"])),
    Trap(
        "cp1252", "cp1252.csv", text("id;texte\n1;C’est l’été à Québec…\n", "cp1252"), Read(["C’est l’été à Québec…"])
    ),
    Trap(
        "mac_roman",
        "mac.csv",
        text("id;texte\r1;Déjà l’été à Montréal\r", "mac_roman"),
        Read(["Déjà l’été à Montréal"]),
    ),
    Trap("cp850", "dos.csv", text("id;texte\r\n1;Déneigé à côté, ça va\r\n", "cp850"), Read(["Déneigé à côté, ça va"])),
    Trap("utf16_with_bom", "utf16.csv", text("id\ttexte\n1\tPelleté à côté\n", "utf-16"), Read(["Pelleté à côté"])),
    Trap(
        "utf16_without_bom",
        "utf16le.csv",
        text("id\ttexte\n1\tPelleté à côté\n", "utf-16-le"),
        Read(["Pelleté à côté"]),
    ),
    Trap(
        "one_bad_byte_in_utf8",
        "octet.csv",
        raw(
            "id,texte\n1,Élan à vélo, é\n".replace(", é", "").encode() * 1
            + "2,été déjà là où ça gèle\n3,".encode()
            + b"caf\xe9\n"
        ),
        Read(["Élan à vélo", "été déjà là où ça gèle"], 1, "illisibles", 4),
    ),
    Trap(
        "nul_byte_in_text",
        "nul.csv",
        raw(b"id,texte\n1,Bon\x00jour\n2,Merci beaucoup\n"),
        Read(["Merci beaucoup"], 1, "nul", 2),
    ),
    Trap("binary_file", "image.csv", raw(bytes(range(256)) * 40), Refused("binaires")),
    Trap(
        "lone_surrogate",
        "demi.json",
        raw(
            b'{"data":[{"id":"1_2","created_time":"2025-01-01T00:00:00+0000","message":"a\\ud83d"},{"id":"1_3","created_time":"2025-01-01T00:00:00+0000","message":"ok"}]}'
        ),
        Read(["ok"], 1, "illisibles"),
    ),
    Trap("nfd_accents_kept", "nfd.csv", text("id,texte\n1,De\u0301neigement\n"), Read(["De\u0301neigement"])),
    Trap(
        "joiners_flags_skin_tones",
        "emoji.csv",
        text("id,texte\n1,👩🏽‍🚒 bravo 🇨🇦 👍🏿\n"),
        Read(["👩🏽‍🚒 bravo 🇨🇦 👍🏿"]),
    ),
    Trap(
        "zero_width_only",
        "rien.csv",
        text("id,texte\n1,\u200b\u200d\ufeff\n2,Bonjour\n"),
        Read(["Bonjour"], others={"empty": 1}),
    ),
    # --- mojibake
    Trap(
        "mojibake_cp1252",
        "excel.csv",
        text(mojibake("id,texte,titre\n1,C’est glacé,é\n2,Pelletage à faire,é\n")),
        Read(["C’est glacé", "Pelletage à faire"], repairs={"mojibake": 2}),
    ),
    Trap(
        "mojibake_latin1_escapes",
        "meta.json",
        document({"data": [facebook(message="Voilà à Montréal é".encode().decode("latin-1"))]}),
        Read(["Voilà à Montréal é"], repairs={"mojibake": 1}),
    ),
    Trap(
        "mojibake_in_header",
        "entete.csv",
        text(mojibake("Date de création,Contenu du commentaire\n2025-01-02,Très bonne idée\n")),
        Read(["Très bonne idée"], repairs={"mojibake": 1}, warnings={"timezone": 1}),
    ),
    Trap(
        "one_mojibake_in_healthy_file",
        "sain.csv",
        text("id,texte\n" + "1,Été à la fenêtre\n" * 30 + "2,Pourquoi Ã© au lieu de é\n"),
        Read(["Été à la fenêtre"] * 30 + ["Pourquoi Ã© au lieu de é"]),
    ),
    # --- CSV
    Trap(
        "semicolon_and_sep_line", "sep.csv", text("sep=;\r\nid;texte\r\n1;Bonjour, vous\r\n"), Read(["Bonjour, vous"])
    ),
    Trap(
        "crlf_inside_quotes",
        "crlf.csv",
        text('id,texte\r\n1,"deux\r\nlignes"\r\n2,suite\r\n'),
        Read(["deux\r\nlignes", "suite"]),
    ),
    Trap(
        "quote_never_closed",
        "guillemet.csv",
        text('id,texte,lieu\n1,"jamais,ici\n2,bon,là\n3,bon aussi,là\n'),
        Read(["bon", "bon aussi"], 1, "jamais refermé", 2),
    ),
    Trap(
        "backslash_escapes",
        "barre.csv",
        text('id,texte,lieu\n1,"il a dit \\"oui\\", puis non",x\n2,"a \\"b\\" c",y\n'),
        Read(['il a dit "oui", puis non', 'a "b" c']),
    ),
    Trap(
        "too_many_cells",
        "trop.csv",
        text("id,texte\n1,Bonjour, vous\n2,Merci\n"),
        Read(["Merci"], 1, "3 cellules au lieu de 2", 2),
    ),
    Trap(
        "too_few_cells",
        "peu.csv",
        text("id,texte,lieu\n1,Bonjour\n2,Merci,ici\n"),
        Read(["Merci"], 1, "2 cellules au lieu de 3", 2),
    ),
    Trap("trailing_blank_lines", "fin.csv", text("id,texte\n1,Bonjour\n\n\n\n"), Read(["Bonjour"])),
    Trap(
        "repeated_header",
        "colles.csv",
        text("id,texte\n1,Un bel hiver\nid,texte\n2,Un bel été\n"),
        Read(["Un bel hiver", "Un bel été"], others={"repeated_header": 1}),
    ),
    Trap("same_column_twice", "double.csv", text("id,texte,texte\n1,Bonjour,autre\n"), Read(["Bonjour"])),
    Trap(
        "no_header_at_all",
        "sans.csv",
        text("2025-01-03,Quand passe la charrue chez nous?\n2025-01-04,Merci pour le beau travail!\n"),
        Read(["Quand passe la charrue chez nous?", "Merci pour le beau travail!"], warnings={"timezone": 2}),
    ),
    Trap("no_text_column", "nombres.csv", text("a,b\n1,2\n3,4\n"), Refused("colonne de texte")),
    Trap(
        "megabyte_field",
        "geant.csv",
        lambda: b"id,texte\n1," + b"x" * 2_000_000 + b"\n2,Bonjour\n",
        Read(["Bonjour"], 1, "million", 2),
    ),
    Trap(
        "long_quoted_field",
        "long.csv",
        lambda: b'id,texte\n1,"' + b"mot " * 60_000 + b'"\n2,Bonjour\n',
        Read(["Bonjour"], 1, "démesuré", 2),
    ),
    Trap(
        "id_in_scientific_notation",
        "id.csv",
        text("id;texte\n1,23E+17;Bonjour à tous\n1,23E+17;Bonsoir à tous\n"),
        Read(["Bonjour à tous", "Bonsoir à tous"], warnings={"id_rounded": 2}),
    ),
    Trap(
        "formula_text_kept", "formule.csv", text("id,texte\n1,=CMD()|x\n2,@SUM(A1)\n"), Read(["=CMD()|x", "@SUM(A1)"])
    ),
    # --- times
    Trap(
        "day_before_month",
        "date.csv",
        text("id,texte,date\n1,Bonjour,03/04/2025\n"),
        Read(["Bonjour"], warnings={"timezone": 1}),
    ),
    Trap(
        "autumn_hour_twice",
        "automne.csv",
        text("id,texte,date\n1,Bonjour,2025-11-02 01:30\n"),
        Read(["Bonjour"], warnings={"timezone": 1, "dst": 1}),
    ),
    Trap(
        "spring_hour_missing",
        "printemps.csv",
        text("id,texte,date\n1,Bonjour,2025-03-09 02:30\n"),
        Read(["Bonjour"], warnings={"timezone": 1, "dst": 1}),
    ),
    Trap(
        "unreadable_date",
        "date.csv",
        text("id,texte,date\n1,Bonjour,hier\n"),
        Read(["Bonjour"], warnings={"time_unreadable": 1}),
    ),
    # --- JSON
    Trap("json_cut_short", "coupe.json", raw(b'{"data":[{"id":"1_2","message":"Bon'), Refused("pas du JSON complet")),
    Trap("json_empty_list", "rien.json", raw(b'{"data":[]}'), Refused("aucun commentaire")),
    Trap(
        "json_of_something_else", "autre.json", raw(b'{\n"version": 3,\n"name": "x"}'), Refused("liste de commentaires")
    ),
    Trap("json_too_deep", "profond.json", lambda: b"[" * 200_000 + b"]" * 200_000, Refused("hors de toute mesure")),
    Trap("replies_too_deep", "reponses.json", document({"data": [NEST]}), Read(["niveau"] * 51, 1, "imbriquées")),
    Trap(
        "pages_pasted_together",
        "pages.json",
        lambda: b"\n".join(json.dumps({"data": [facebook(id=f"1_{n}", message=f"page {n}")]}).encode() for n in (1, 2)),
        Read(["page 1", "page 2"]),
    ),
    Trap(
        "message_not_a_text",
        "type.json",
        document({"data": [facebook(message=12), facebook(message="ok")]}),
        Read(["ok"], 1, "pas un texte"),
    ),
    Trap(
        "sticker_and_photo",
        "medias.json",
        document(
            {
                "data": [
                    facebook(message="", attachment={"type": "sticker"}),
                    facebook(message=None, attachment={"type": "photo"}),
                    facebook(message="ok"),
                ]
            }
        ),
        Read(["ok"], others={"sticker": 1, "photo": 1}),
    ),
    Trap("from_absent", "anonyme.json", document({"data": [facebook(message="ok")]}), Read(["ok"])),
    Trap(
        "json_line_broken",
        "lignes.jsonl",
        raw(b'{"id":"1","text":"Bonjour"}\n{"id":"2","text":\n{"id":"3","text":"Merci"}\n'),
        Read(["Bonjour", "Merci"], 1, "objet JSON", 2),
    ),
    # --- workbooks and others
    Trap(
        "workbook_with_preamble",
        "service.xlsx",
        workbook(
            [
                ["Export du 3 mars"],
                [],
                ["Nom", "Date", "Commentaire"],
                ["A", datetime(2025, 3, 1), "Bonjour à tous"],
                ["Fin de l'export"],
            ]
        ),
        Read(["Bonjour à tous"], others={"preamble": 1, "trailer": 1}, warnings={"timezone": 1}),
    ),
    Trap(
        "workbook_rounded_id",
        "id.xlsx",
        workbook([["id", "texte"], [float(LONG_ID), "Bonjour à tous"]]),
        Read(["Bonjour à tous"], warnings={"id_rounded": 1}),
    ),
    Trap(
        "workbook_error_cell",
        "erreur.xlsx",
        workbook([["id", "texte"], ["1", "#NAME?"], ["2", "Bonjour"]]),
        Read(["Bonjour"], 1, "erreur de formule", 2),
    ),
    Trap(
        "workbook_excel_serial_date",
        "serie.csv",
        text("id;texte;date\n1;Bonjour;45919,5856\n"),
        Read(["Bonjour"], warnings={"timezone": 1}),
    ),
    Trap("workbook_truncated", "coupe.xlsx", workbook([["id", "texte"], ["1", "x"]], broken=True), Refused("abîmé")),
    Trap("workbook_empty", "vide.xlsx", workbook([]), Refused("est vide")),
    Trap(
        "zip_that_is_no_workbook",
        "telechargement.zip",
        archive({"comments/comments.json": b"{}"}),
        Refused("archive ZIP"),
    ),
    Trap("old_or_locked_xls", "vieux.xls", raw(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600), Refused("ancien")),
    Trap("html_page", "page.html", text("<!doctype html><p>Commentaires"), Refused("page HTML")),
    Trap("pdf", "rapport.csv", raw(b"%PDF-1.7\n"), Refused("PDF")),
    Trap(
        "gzip_cut_short",
        "coupe.csv.gz",
        lambda: gzip.compress(b"id,texte\n" + b"1,Bonjour\n" * 5000)[:60],
        Refused("tronqué"),
    ),
    Trap("gzip_of_csv", "bon.csv.gz", lambda: gzip.compress("id,texte\n1,Été\n".encode()), Read(["Été"])),
    Trap(
        "posts_not_comments",
        "pages.csv",
        text('Page Name,Post Created,Likes,Comments,Shares,Message\nVille,2024-03-01,80,"1,025",3,Avis aux citoyens\n'),
        Refused("table de publications"),
    ),
    Trap("parquet_cut_short", "coupe.parquet", raw(b"PAR1" + b"\0" * 40), Refused("Parquet")),
]

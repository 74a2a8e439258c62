"""From a draft to a `Comment`: text checked and repaired, ids opaque, time dated, or the reason why not."""

from __future__ import annotations

import re
from typing import Any

from classifier.comments import Comment
from classifier.exports.entries import KINDS, MAX_TEXT_CHARS, Draft, LeftOut, Row, Tally
from classifier.exports.mojibake import repair
from classifier.exports.times import parse_time

__all__ = ["Finisher", "clean_id"]

#: An identifier that a spreadsheet rounded: the digits are lost, it identifies nothing.
_ROUNDED = re.compile(r"\d{1,3}(?:[.,]\d{1,20})?[eE]\+?\d{1,3}")
#: Largest integer that a spreadsheet's number holds exactly.
_MAX_EXACT = 2**53
_EXCEL_ERRORS = frozenset(
    {"#NAME?", "#NOM?", "#VALUE!", "#VALEUR!", "#REF!", "#N/A", "#DIV/0!", "#NULL!", "#NUL!", "#NUM!", "#NOMBRE!"}
)
#: Nothing to read in these (besides white space): zero-width and direction marks.
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"), None)


def clean_id(value: Any) -> tuple[str | None, bool]:
    """An identifier as an opaque string, and whether a spreadsheet had rounded it away.

    Examples
    --------
    >>> clean_id(" 17_42 "), clean_id("1,23E+17"), clean_id(12.0)
    (('17_42', False), (None, True), ('12', False))
    """
    if value is None or isinstance(value, bool):
        return None, False
    if isinstance(value, float):
        if value.is_integer() and abs(value) < _MAX_EXACT:
            return str(int(value)), False
        return None, True
    text = str(value).strip().strip("'").strip()
    if not text:
        return None, False
    return (None, True) if _ROUNDED.fullmatch(text) else (text, False)


class Finisher:
    """Turns drafts into entries, and counts what it repairs and assumes.

    Parameters
    ----------
    tally : Tally
        Counters to keep.
    platform : str
        Platform of the comments.
    mojibake : bool
        Whether the whole file shows mojibake.
    """

    def __init__(self, tally: Tally, platform: str, mojibake: bool) -> None:
        self._tally = tally
        self._platform = platform
        self._mojibake = mojibake

    def finish(self, position: int, line: int | None, draft: Draft) -> Row | LeftOut:
        """Check one draft."""
        text = draft.text
        if text is None or not str(text).translate(_INVISIBLE).strip():
            kind = draft.kind or "empty"
            return LeftOut(position, line, kind, KINDS[kind])
        if draft.kind:
            return LeftOut(position, line, draft.kind, KINDS[draft.kind])
        text = str(text)
        if reason := _fault(text):
            return LeftOut(position, line, "quarantine", reason)
        repairs = list(draft.repairs)
        text = self._mend(text, repairs)
        comment_id, rounded = clean_id(draft.id)
        parent, parent_rounded = clean_id(draft.parent)
        author, _ = clean_id(draft.author)
        if rounded or parent_rounded:
            self._tally.warnings["id_rounded"] += 1
        created_at, assumed = parse_time(draft.created)
        for warning in assumed:
            self._tally.warnings[warning] += 1
        if created_at is not None and (self._tally.latest is None or created_at > self._tally.latest):
            self._tally.latest = created_at
        mended: list[str] = []
        comment = Comment(
            text=text,
            id=_sound(comment_id),
            post=self._mend(_sound(draft.post), mended) if draft.post else None,
            author=self._mend(_sound(author), mended) if author else None,
            created_at=created_at,
            parent=_sound(parent),
            url=_sound(draft.url),
            platform=draft.platform or self._platform or None,
            tagged=tuple(tag for tag in map(_sound, draft.tagged) if tag),
            kind=draft.message_kind,
            assumed=assumed,
        )
        for name in dict.fromkeys(repairs + mended):
            self._tally.repairs[name] += 1
        return Row(position, line, comment, draft.depth)

    def _mend(self, text: str | None, repairs: list[str]) -> Any:
        if text is None or not self._mojibake:
            return text
        mended = repair(text)
        if mended != text:
            repairs.append("mojibake")
        return mended


def _fault(text: str) -> str:
    """Why a text cannot be scored, in French; empty if it can."""
    if len(text) > MAX_TEXT_CHARS:
        return f"texte de plus de {MAX_TEXT_CHARS} caractères"
    if "\0" in text:
        return "caractère nul dans le texte"
    if _has_lone_surrogate(text):
        return "caractères illisibles dans le texte (octets abîmés ou demi-caractère isolé)"
    if text.strip() in _EXCEL_ERRORS:
        return "le tableur a remplacé le texte par une erreur de formule"
    return ""


def _sound(value: str | None) -> str | None:
    """A side field that can be written anywhere: lone surrogates and NUL become « ? »."""
    if value is None:
        return None
    if "\0" in value or _has_lone_surrogate(value):
        return "".join("?" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in value)
    return value


def _has_lone_surrogate(text: str) -> bool:
    if text.isascii():
        return False
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False

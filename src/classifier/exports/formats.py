"""What a format is: how it is recognised by content, and how its records become drafts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from classifier.exports.entries import Draft

__all__ = ["JsonFormat", "TableFormat", "dig", "html_to_text", "media_kind", "no_converter", "no_drafts"]


@dataclass(frozen=True, slots=True)
class JsonFormat:
    """A platform's JSON.

    Attributes
    ----------
    id, title, platform : str
        Stable id, French title, platform of the comments.
    recognise : callable
        Parsed document → whether it is of this format.
    walk : callable
        Parsed document → drafts in order, replies after what they answer; a string stands for a record that
        cannot be read, and says why.
    refusal : str
        For a recognised file that holds no received comments: why, and what to export instead.
    """

    id: str
    title: str
    platform: str
    recognise: Callable[[Any], bool]
    walk: Callable[[Any], Iterator[Draft | str]]
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class TableFormat:
    """A platform's table, whatever carries it.

    Attributes
    ----------
    id, title, platform : str
        Stable id, French title, platform of the comments.
    recognise : callable
        (set of normalised column names, first records) → whether it is of this format.
    converter : callable
        First records → a function from fields, keyed by normalised column name, to a draft. A new function for each
        reading: it may remember rows already met.
    refusal : str
        As for `JsonFormat`.
    """

    id: str
    title: str
    platform: str
    recognise: Callable[[frozenset[str], list[Mapping[str, Any]]], bool]
    converter: Callable[[list[Mapping[str, Any]]], Callable[[Mapping[str, Any]], Draft | str]]
    refusal: str = ""


def no_drafts(document: Any) -> Iterator[Draft | str]:
    """Nothing: for a format that is recognised in order to be refused."""
    yield from ()


def no_converter(sample: list[Mapping[str, Any]]) -> Callable[[Mapping[str, Any]], Draft | str]:
    """The same for a table: never called, since the file is refused first."""
    return lambda fields: "format refusé"


def dig(value: Any, *keys: str) -> Any:
    """Follow keys through nested mappings; None where one is absent.

    Examples
    --------
    >>> dig({"from": {"id": "7"}}, "from", "id"), dig({"from": None}, "from", "id")
    ('7', None)
    """
    for key in keys:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def media_kind(name: Any) -> str:
    """Kind of an attachment, as `entries.KINDS` names it.

    Examples
    --------
    >>> media_kind("sticker"), media_kind("animated_image_share"), media_kind(None)
    ('sticker', 'photo', 'empty')
    """
    if not name:
        return "empty"
    lowered = str(name).lower()
    for kind, words in (
        ("sticker", ("sticker",)),
        ("video", ("video", "reel")),
        ("photo", ("photo", "image", "gif", "album")),
    ):
        if any(word in lowered for word in words):
            return kind
    return "attachment"


def html_to_text(markup: str) -> str:
    r"""Text of a fragment of HTML: line breaks kept, tags gone, entities read.

    Examples
    --------
    >>> html_to_text("C&#39;est beau<br>Merci &amp; bravo <a href='x'>ici</a>")
    "C'est beau\nMerci & bravo ici"
    """
    from html.parser import HTMLParser

    pieces: list[str] = []

    class Collector(HTMLParser):
        def handle_data(self, data: str) -> None:
            pieces.append(data)

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag in ("br", "p") and (pieces or tag == "br"):
                pieces.append("\n")

    collector = Collector(convert_charrefs=True)
    collector.feed(markup)
    collector.close()
    return "".join(pieces)

"""One comment as people see it: masked text with its evidence marked, what was decided, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from classifier.reports.names import Names

__all__ = ["Card", "Masker", "make_card", "marked_spans"]

#: A label's strongest spans are marked, those near the strongest only: a text all in bold says nothing.
_SPANS_PER_LABEL = 3
_NEAR_STRONGEST = 0.45


class Masker:
    """Hides names and personal information, keeping every offset.

    Parameters
    ----------
    enabled : bool
        False to leave texts as they are.
    """

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        # One publication stands above many comments: its text is masked once.
        self.mask_post = lru_cache(maxsize=10_000)(self.mask)

    def mask(self, text: str) -> str:
        """The text, as long as before.

        Examples
        --------
        >>> Masker(enabled=True).mask("Mon cell : 819 555-0142")
        'Mon cell : ████████████'
        """
        if not self._enabled or not text:
            return text
        from classifier.audit.privacy import redact

        return redact(text)[0]


def marked_spans(row: Mapping[str, Any]) -> list[tuple[int, int, str]]:
    """Spans of the text to show in bold: evidence and signals, without overlap, in order.

    Examples
    --------
    >>> marked_spans({"text": "va donc idiot", "evidence": [[8, 13, "insult", 1.0]], "signals": []})
    [(8, 13, 'insult')]
    """
    text = row["text"]
    by_label: dict[str, list[list[Any]]] = {}
    for span in row["evidence"]:
        by_label.setdefault(span[2], []).append(span)
    candidates: list[tuple[int, int, str]] = []
    for label, found in by_label.items():
        strongest = sorted(found, key=lambda span: -span[3])[:_SPANS_PER_LABEL]
        candidates += [(span[0], span[1], label) for span in strongest if span[3] >= _NEAR_STRONGEST * strongest[0][3]]
    candidates += [
        (span[0], span[1], signal[0]) for signal in row["signals"] for span in signal[2][: 2 * _SPANS_PER_LABEL]
    ]
    spans: list[tuple[int, int, str]] = []
    at = 0
    for start, end, label in sorted(candidates, key=lambda one: (one[0], -one[1])):
        start = max(start, at)
        if not start < end <= len(text):
            continue
        if spans and spans[-1][2] == label and not text[spans[-1][1] : start].strip():
            # Neighbours of one label read better as one.
            spans[-1] = (spans[-1][0], end, label)
        else:
            spans.append((start, end, label))
        at = end
    return spans


@dataclass(frozen=True, slots=True)
class Card:
    """What the page shows of one comment; all names in French.

    Attributes
    ----------
    urgency : str
        Id, for its colour.
    text : str
        Masked text.
    spans : list of (int, int, str)
        Where the evidence lies, and for which label or signal.
    """

    id: str
    urgency: str
    urgency_name: str
    text: str
    spans: list[tuple[int, int, str]]
    post: str
    category: str
    netiquette: list[str]
    political: list[str]
    signals: list[str]
    actions: list[str]
    reasons: list[str]
    human_reasons: list[str]
    deadlines: list[tuple[str, str, bool]]
    needs_human: bool
    uncertain: list[str]
    desk: str
    author: str
    published_at: str
    link: str
    decision_id: str

    def marked(self) -> Markup:
        """The text as HTML, its evidence in `<mark>` with the label as a title."""
        pieces: list[str] = []
        at = 0
        for start, end, label in self.spans:
            pieces.append(str(escape(self.text[at:start])))
            pieces.append(f'<mark title="{escape(label)}">{escape(self.text[start:end])}</mark>')
            at = end
        # Every piece was escaped above.
        return Markup("".join([*pieces, str(escape(self.text[at:]))]))  # noqa: S704

    def packed(self, say: Callable[[str], int]) -> list[Any]:
        """The card as an array, for the page's script (same order as in `page.js`).

        Parameters
        ----------
        say : callable
            Name → its rank in the page's list of names, which are each written once.
        """
        # Offsets of the script are UTF-16 units: those of Python are code points.
        units = [(_utf16(self.text, start), _utf16(self.text, end), say(label)) for start, end, label in self.spans]
        return [
            say(self.urgency),
            self.text,
            units,
            say(self.category),
            *([say(name) for name in names] for names in (self.netiquette, self.political, self.signals, self.actions)),
            *([say(name) for name in names] for names in (self.reasons, self.human_reasons)),
            [(say(name), due, int(overdue)) for name, due, overdue in self.deadlines[:1]],
            int(self.needs_human),
            [say(name) for name in self.uncertain],
            say(self.desk),
            self.author,
            self.published_at,
            self.link,
            self.id,
            self.decision_id,
            say(self.post),
        ]


def _utf16(text: str, offset: int) -> int:
    prefix = text[:offset]
    return offset if prefix.isascii() else len(prefix.encode("utf-16-le", "surrogatepass")) // 2


def make_card(row: Mapping[str, Any], names: Names, masker: Masker) -> Card:
    """What the page shows of a row."""
    link = row["link"] if row["link"].startswith(("https://", "http://")) else ""
    return Card(
        id=row["id"],
        urgency=row["urgency"],
        urgency_name=names.urgency(row["urgency"]),
        text=masker.mask(row["text"]),
        spans=[(start, end, names.label(label)) for start, end, label in marked_spans(row)],
        post=masker.mask_post(row["post"][:300]),
        category=names.label(row["category"]),
        netiquette=[names.label(label) for label in row["netiquette"]],
        political=[names.label(label) for label in row["political"]],
        signals=[
            names.label(signal[0]) + (f" ({names.detail(signal[1])})" if signal[1] else "") for signal in row["signals"]
        ],
        actions=list(dict.fromkeys(_action(action, names) for action in row["actions"])),
        reasons=list(dict.fromkeys(_reason(reason, names) for reason in row["reasons"])),
        human_reasons=[names.human_reason(reason) for reason in row["human_reasons"]],
        deadlines=[(names.delay(one[0]), one[1], bool(one[3])) for one in row["deadlines"]],
        needs_human=row["needs_human"],
        uncertain=[names.label(label) for label in row["uncertain"]],
        desk=names.desk(row["desk"]) if row["desk"] else "",
        author=row["author"],
        published_at=row["published_at"],
        link=link,
        decision_id=row["decision_id"],
    )


def _action(action: list[Any], names: Names) -> str:
    """An action with who it concerns, when the policy says so."""
    identifier, parameters, _ = action
    desk = parameters.get("desk") or parameters.get("to") or ""
    return names.action(identifier) + (f" : {names.desk(desk)}" if desk else "")


def _reason(reason: list[Any], names: Names) -> str:
    subject, _, clause, coverage, score, _ = reason
    details = [
        f"section {clause}" if clause else "",
        names.coverage(coverage),
        f"score {score:.2f}".replace(".", ",") if score is not None else "",
    ]
    return f"{names.label(subject)} ({', '.join(detail for detail in details if detail)})"

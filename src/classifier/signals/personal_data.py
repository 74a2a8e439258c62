"""Personal information that a rule can recognise: phones, e-mails, addresses, official numbers, cards, plates.

Two uses: the text signal ``personal_data``, and redaction in the audit log. Everything hangs on a digit or an at
sign, so that
a comment with neither costs one scan. Each digit group is looked at with windows of fixed width and its groups are
read by
length: the time is linear in the text, whatever it holds.

Numbers that belong to nobody are left alone: toll-free lines, three-digit services, amounts, by-law numbers,
addresses of
public bodies' mail. Names are not sought here: see `classifier.audit.names`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

__all__ = ["KINDS", "find_personal_data"]

#: A number that was read, and that is nobody's: its groups are taken so that no part of them is read as something else.
_NOBODYS = ""

#: Kind → French name. A signal's detail is one of these names.
KINDS = {
    "phone": "téléphone",
    "email": "courriel",
    "address": "adresse",
    "sin": "numéro d'assurance sociale",
    "health_insurance": "numéro d'assurance maladie",
    "driving_licence": "permis de conduire",
    "plate": "plaque d'immatriculation",
    "card": "carte de paiement",
    "birth_date": "date de naissance",
    "account": "compte bancaire",
    "file_number": "numéro de dossier",
}

_TRIGGER = re.compile(r"[0-9@]")
_DIGITS = re.compile(r"[0-9]+")
_SEPARATORS = frozenset(" \u00a0\u202f\u2009.-\u2010\u2011\u2012\u2013\u2014()/")
_TOLL_FREE = frozenset(("800", "822", "833", "844", "855", "866", "877", "888", "900", "976"))
#: Area codes of Canada; a three-digit prefix is looked for in it as it is.
_CANADIAN_AREAS = (
    "204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 403 416 418 428 431 437 438 450 460 468 474 506 514 "
    "519 537 548 568 579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 867 873 879 902 "
    "905 942"
)
_PUBLIC_MAIL = re.compile(
    r"(?:gouv\.qc\.ca|canada\.ca|gc\.ca|(?:ville|mrc|municipalite|mun)[a-z0-9.-]{0,60}\.(?:qc\.)?ca)$"
)

# Words that say what a number is, looked for in the few characters before it.
_BEFORE_PHONE = re.compile(r"t[ée]l|cell|app?el|text|phone|joindre|rejoin|contact|fax|sms|whats|num[ée]ro|📞|☎|📱")
_BEFORE_PLATE = re.compile(r"plaque|immatricul|licen[cs]e plate|plate")
_BEFORE_BIRTH = re.compile(r"\bn[ée]{1,2}(?:\(e\))? le|naissance|\bddn\b|anniversaire|\bdob\b|born")
_BEFORE_ACCOUNT = re.compile(r"compte|folio|transit|institution|iban|virement|interac")
_BEFORE_FILE = re.compile(r"dossier|matricule|r[ée]clamation|no client|num[ée]ro de client|permis no|employ[ée] no")
_BEFORE_SIN = re.compile(r"\bnas\b|assurance[- ]sociale|\bsin\b")
_BEFORE_PLACE = re.compile(
    r"(?:devant|face|coin|hauteur|pr[èe]s|vis-[àa]-vis|proche|bord|arri[èe]re|entre)[a-zà-ÿ' ]{0,8}$"
)
_BEFORE_YEAR = re.compile(
    r"\b(?:en|depuis|mars|avril|mai|juin|juillet|ao[uû]t|[a-zû]{3,5}bre|janvier|f[ée]vrier|l'an)\s$"
)
_AMOUNT = re.compile(
    r"\s?(?:\$|€|%|k\$|m\$|dollar|piast|million|habitant|citoyen|logement|pi2|m2|km|kg|m³|pieds|litres|votes)"
)

_STREET = re.compile(
    r"(?:(?:bis|ter|[a-d])?,?\s(?:[0-9]{1,3}\s?(?:e|ere|ère|er|re|ième|ieme)\s)?)"
    r"(rue|avenue|av\.?|ave\.?|boulevard|boul\.?|blvd\.?|bd|chemin|ch\.|rang|mont[ée]e|all[ée]e|impasse|croissant|ruelle|"
    r"terrasse|promenade|place|c[ôo]te|route|rte\.?|carr[ée]|cercle|square|quai|domaine)(?![a-zà-ÿ0-9])",
    re.IGNORECASE,
)
#: Types that are also everyday words: they need a capital letter after them.
_AMBIGUOUS = frozenset(
    ("place", "côte", "cote", "route", "carré", "carre", "cercle", "square", "quai", "domaine", "ch.", "bd")
)
_ENGLISH_STREET = re.compile(
    r"\s(?:[A-Z][a-z'-]{1,20}\s){1,3}(?:Street|St\.?|Road|Rd\.?|Drive|Dr\.?|Avenue|Ave\.?|Lane|Court)\b"
)
_STREET_NAME = re.compile(
    r"\s?(?:(?:de\sla|de\sl['’]|des|de|du|d['’]|la|le|les|l['’]|st|ste|saint|sainte|sts)[\s.-]{0,2}){0,3}"
    r"[0-9A-Za-zÀ-ÿ][\wÀ-ÿ'’-]{0,30}(?:(?:\s(?:de|des|du|la|à|aux))?\s[A-ZÉÈÀ][\wÀ-ÿ'’-]{0,30}){0,3}"
)
_CAPITAL = re.compile(r"\s[0-9]{2,3}\b|\s(?:(?:de\sla|des|de|du|d['’]|la|le|l['’])[\s.-]?)?[A-ZÉÈÀÂÎÔ]")
_UNIT = re.compile(
    r",?\s?(?:#|app?\.?t?\.?\s?|appartement\s|bureau\s|local\s|unit[ée]\s|suite\s|porte\s)\s?[0-9]{1,5}[a-zA-Z]?\b"
)
_POSTAL = re.compile(
    r"(?<![A-Za-z0-9])[ABCEGHJ-NPRSTVXYabceghj-nprstvxy][0-9][A-Za-z][ -]?[0-9][A-Za-z][0-9](?![A-Za-z0-9])"
)
_PLATE = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Za-z]{3}[ -]?[0-9]{3}|[0-9]{3}[ -]?[A-Za-z]{3}|[A-Za-z][0-9]{2}[ -]?[A-Za-z]{3}"
    r"|[A-Za-z][0-9]{6}|[A-Za-z]{2}[0-9]{5})(?![A-Za-z0-9])"
)
_MONTHS = "janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[uû]t|septembre|octobre|novembre|d[ée]cembre"
_BIRTH_DATE = re.compile(
    rf"[0-9]{{1,4}}(?:er)?(?:[/. -][0-9]{{1,2}}[/. -][0-9]{{1,4}}|\s(?:{_MONTHS})(?:\s[0-9]{{4}})?)", re.IGNORECASE
)
_FILE = re.compile(r"[A-Za-z]{0,4}[ -]?[0-9][0-9A-Za-z-]{3,20}")
_FILE_PREFIX = re.compile(r"(?<![A-Za-z])[A-Z]{1,5}-?$")
_MAIL_LEFT = re.compile(r"[A-Za-z0-9._%+-]{1,64}$")
_MAIL_RIGHT = re.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}")


@dataclass(frozen=True, slots=True)
class _Run:
    """Digit groups that stand together: ``514 555-0123`` is one run of three."""

    groups: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def find_personal_data(text: str, *, places: bool = False) -> list[tuple[int, int, str]]:
    """Spans of personal information found by rule.

    Parameters
    ----------
    text : str
        A comment.
    places : bool
        Whether to give also the addresses that the comment uses to say where a problem is (« devant le 12, rue X »).

    Returns
    -------
    list of (int, int, str)
        Start and end in code points, and a key of `KINDS`; in order, never overlapping.

    Examples
    --------
    >>> find_personal_data("Appelez Luc au 819 555-0142")
    [(15, 27, 'phone')]
    >>> find_personal_data("Le 1 800 463-4776 ne répond pas, le règlement 450-2019 non plus")
    []
    """
    if _TRIGGER.search(text) is None:
        return []
    found = list(_emails(text)) if "@" in text else []
    for run in _runs(text):
        found.extend(_read_run(text, run))
    found.extend(_addresses(text, places))
    found.extend((match.start(), match.end(), "address") for match in _POSTAL.finditer(text))
    return _without_overlaps(found)


def _emails(text: str) -> Iterator[tuple[int, int, str]]:
    place = text.find("@")
    while place >= 0:
        left = _MAIL_LEFT.search(text, max(0, place - 64), place)
        right = _MAIL_RIGHT.match(text, place + 1)
        if left is not None and right is not None and not _PUBLIC_MAIL.search(right.group().lower()):
            yield left.start(), right.end(), "email"
        place = text.find("@", place + 1)


def _runs(text: str) -> Iterator[_Run]:
    groups: list[re.Match[str]] = []
    for match in _DIGITS.finditer(text):
        if groups and not _joined(text, groups[-1].end(), match.start()):
            yield _run(groups)
            groups = []
        groups.append(match)
    if groups:
        yield _run(groups)


def _joined(text: str, end: int, start: int) -> bool:
    return start - end <= 3 and all(character in _SEPARATORS for character in text[end:start])


def _run(groups: Sequence[re.Match[str]]) -> _Run:
    return _Run(
        tuple(group.group() for group in groups),
        tuple(group.start() for group in groups),
        tuple(group.end() for group in groups),
    )


def _read_run(text: str, run: _Run) -> Iterator[tuple[int, int, str]]:
    """Read a run from its left: the first kind that fits takes its groups."""
    place = 0
    while place < len(run.groups):
        found = _read_at(text, run, place)
        if found is None:
            place += 1
            continue
        start, end, kind, taken = found
        if kind != _NOBODYS:
            yield start, end, kind
        place += taken


def _read_at(text: str, run: _Run, place: int) -> tuple[int, int, str, int] | None:
    groups = run.groups[place : place + 6]
    start = run.starts[place]
    lengths = tuple(len(group) for group in groups)
    before = text[max(0, start - 60) : start].lower()

    def span(kind: str, taken: int, back: int = 0) -> tuple[int, int, str, int]:
        return start - back, run.ends[place + taken - 1], kind, taken

    if taken := _card(groups, lengths):
        return span("card", taken)
    if (back := _letters_before(text, start, 4)) and (taken := _health_insurance(groups, lengths)):
        return span("health_insurance", taken, back)
    if (back := _letters_before(text, start, 1)) and (lengths[:3] == (4, 6, 2) or lengths[0] == 12):
        return span("driving_licence", 3 if lengths[0] == 4 else 1, back)
    end = run.ends[min(place + 2, len(run.ends) - 1)]
    after = text[end : end + 24].lower()
    if taken := _phone(groups, lengths, before, text, run, place):
        if groups[1 if groups[0] == "1" else 0][:3] in _TOLL_FREE:
            return span(_NOBODYS, taken)
        back = 1 if text[start - 1 : start] in ("(", "+") and start else 0
        return span("phone", taken, back)
    if taken := _sin(groups, lengths, before, after):
        return span("sin", taken)
    if _BEFORE_BIRTH.search(before[-25:]) and (match := _BIRTH_DATE.match(text, start)):
        return start, match.end(), "birth_date", sum(1 for one in run.starts[place:] if one < match.end())
    if _BEFORE_PLATE.search(before) and (match := _PLATE.search(text, max(0, start - 4), start + 12)):
        return match.start(), match.end(), "plate", max(1, sum(1 for one in run.starts[place:] if one < match.end()))
    digits = sum(lengths[:4])
    if digits >= 7 and _BEFORE_ACCOUNT.search(before[-30:]) and not _AMOUNT.match(after):
        return span("account", min(4, len(lengths)))
    if _BEFORE_FILE.search(before[-24:]) and (match := _FILE.match(text, start)):
        prefix = _FILE_PREFIX.search(text, max(0, start - 6), start)
        return (
            prefix.start() if prefix is not None else start,
            match.end(),
            "file_number",
            max(1, sum(1 for one in run.starts[place:] if one < match.end())),
        )
    return None


def _letters_before(text: str, start: int, count: int) -> int:
    """How many characters back the `count` letters begin that stand just before; 0 if there are not exactly that
    many.
    """
    gap = 1 if text[start - 1 : start] in (" ", "-", "\u00a0") and count > 1 and start else 0
    letters = text[max(0, start - gap - count) : start - gap]
    outside = text[start - gap - count - 1 : start - gap - count] if start - gap - count > 0 else ""
    whole = len(letters) == count and letters.isascii() and letters.isalpha() and not outside.isalnum()
    return count + gap if whole else 0


def _luhn(digits: str) -> bool:
    total = 0
    for place, character in enumerate(reversed(digits)):
        value = int(character) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _card(groups: tuple[str, ...], lengths: tuple[int, ...]) -> int:
    for shape in ((4, 4, 4, 4), (4, 6, 5), (4, 6, 4)):
        if lengths[: len(shape)] == shape and groups[0][0] in "23456" and _luhn("".join(groups[: len(shape)])):
            return len(shape)
    return 1 if 13 <= lengths[0] <= 19 and groups[0][0] in "3456" and _luhn(groups[0]) else 0


def _health_insurance(groups: tuple[str, ...], lengths: tuple[int, ...]) -> int:
    taken = 1 if lengths[0] == 8 else 2 if lengths[:2] == (4, 4) else 0
    if not taken:
        return 0
    digits = "".join(groups[:taken])
    # Year, month (50 more for women), day, then two figures of the insurer.
    month, day = int(digits[2:4]) % 50, int(digits[4:6])
    return taken if 1 <= month <= 12 and 1 <= day <= 31 else 0


def _sin(groups: tuple[str, ...], lengths: tuple[int, ...], before: str, after: str) -> int:
    taken = 3 if lengths[:3] == (3, 3, 3) else 1 if lengths[0] == 9 else 0
    if not taken:
        return 0
    if _BEFORE_SIN.search(before[-30:]) or _BEFORE_SIN.search(after):
        return taken  # It says that it is one: a misprint does not make it less so.
    digits = "".join(groups[:taken])
    amount = _AMOUNT.match(after) is not None or digits.endswith("000")
    return taken if digits[0] in "12345679" and _luhn(digits) and not amount else 0


def _phone(groups: tuple[str, ...], lengths: tuple[int, ...], before: str, text: str, run: _Run, place: int) -> int:
    if before.endswith("+") and sum(lengths) >= 8:
        return len(lengths)
    first = 1 if groups[0] == "1" and len(groups) > 1 else 0
    rest, sizes = groups[first:], lengths[first:]
    for shape in ((3, 3, 4), (3, 7), (3, 3, 2, 2), (6, 4)):
        if sizes[: len(shape)] == shape:
            return first + len(shape) if _numbering_plan("".join(rest[: len(shape)])) else 0
    if sizes[0] == 10 or (sizes[0] == 11 and rest[0][0] == "1"):
        digits = rest[0][-10:]
        known = digits[:3] in _CANADIAN_AREAS or _BEFORE_PHONE.search(before) is not None
        return first + 1 if known and _numbering_plan(digits) else 0
    if sizes[:5] == (2, 2, 2, 2, 2) and rest[0][0] == "0":
        return first + 5
    if sizes[:2] == (3, 4) and not first and len(sizes) == 2 and rest[0][0] in "23456789":
        return 2 if _local_phone(rest[1], before, text, run, place) else 0
    return 0


def _numbering_plan(digits: str) -> bool:
    return digits[0] in "23456789" and digits[3] in "23456789"


def _local_phone(last: str, before: str, text: str, run: _Run, place: int) -> bool:
    """Seven digits: a by-law (450-2019), a range (200-1000 $) and a quantity look the same."""
    if _AMOUNT.match(text[run.ends[place + 1] : run.ends[place + 1] + 12].lower()):
        return False
    if _BEFORE_PHONE.search(before[-30:]):
        return True
    hyphen = text[run.ends[place] : run.starts[place + 1]] in ("-", "\u2011", "\u2013")
    year = "1900" <= last <= str(date.today().year + 5)
    return hyphen and not year and not last.endswith("00")


def _addresses(text: str, places: bool) -> Iterator[tuple[int, int, str]]:
    for match in _DIGITS.finditer(text):
        start, end = match.span()
        if end - start > 5 or (start and text[start - 1].isalnum()):
            continue
        street = _street(text, end)
        if street is None:
            continue
        before = text[max(0, start - 30) : start].lower()
        if end - start == 4 and match.group()[:2] in ("19", "20") and _BEFORE_YEAR.search(before):
            continue
        if not places and _BEFORE_PLACE.search(before):
            continue
        yield start, _address_end(text, street), "address"


def _street(text: str, end: int) -> re.Match[str] | None:
    street = _STREET.match(text, end)
    if street is None:
        return _ENGLISH_STREET.match(text, end)
    if street.group(1).lower() in _AMBIGUOUS and not _CAPITAL.match(text, street.end()):
        return None
    return street


def _address_end(text: str, street: re.Match[str]) -> int:
    kind = street.group(1) if street.re.groups else None
    end = street.end()
    if kind is None:
        name_end = end
    else:
        name = _STREET_NAME.match(text, end)
        name_end = name.end() if name is not None else end
    unit = _UNIT.match(text, name_end)
    return unit.end() if unit is not None else name_end


def _without_overlaps(found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    kept: list[tuple[int, int, str]] = []
    for one in sorted(found, key=lambda span: (span[0], -span[1])):
        if not kept or one[0] >= kept[-1][1]:
            kept.append(one)
    return kept

"""Reading of what a policy prescribes: rules by label, removal, urgent cases, routes, sanctions, roles."""

from __future__ import annotations

from types import MappingProxyType
from typing import Mapping

from classifier.policy.document import Entry, closest
from classifier.policy.schema import BanTerms, Ladder, Removal, RoleRule, Route, Rule, Sanctions, Step, UrgentRule
from classifier.policy.vocabulary import ACTIONS, AUTHOR_ROLES, REMOVALS, SANCTIONS
from classifier.taxonomy import taxonomy

__all__ = [
    "ROUTED",
    "read_labels",
    "read_removal",
    "read_roles",
    "read_routes",
    "read_rules",
    "read_sanctions",
    "read_urgent",
]

#: Keys that say how a clause covers a case → coverage.
_COVERAGE_KEYS = {"named": "named", "as": "as", "by_law": "by law", "project": "project"}

#: Routes that are not categories: what a label changes about where the comment goes.
_LABEL_ROUTES = ("official_addressed", "political_matter", "wrong_premise")

#: Everything that a policy routes.
ROUTED = (*taxonomy().category[2:], *_LABEL_ROUTES)

#: Alerts that a policy must provide for.
_URGENT = taxonomy().alerts

#: Labels and signals of which a policy must say something. `official_addressed` only changes a route; the signal
#: `personal_data` stands for the label `personal_information`.
_JUDGED = tuple(
    name
    for name in (*taxonomy().netiquette, *taxonomy().political, *taxonomy().signals)
    if name not in ("official_addressed", "personal_data")
)


def read_labels(entry: Entry, among: tuple[str, ...] = _JUDGED) -> tuple[str, ...]:
    """A list of labels or signals; unknown ones are flagged."""
    return tuple(name for item in entry.items() if (name := item.text(among, "étiquette")))


def _coverage(entry: Entry, found: Mapping[str, Entry]) -> tuple[str, str, str]:
    """Clause, coverage and words of a rule written ``{clause: …, named|as|by_law: …}`` or ``{project: …}``."""
    keys = [key for key in _COVERAGE_KEYS if key in found]
    if len(keys) != 1:
        entry.flag(
            "portée absente" if not keys else f"plusieurs portées ({', '.join(keys)})",
            "une seule de : named (le mot du document), as (notre lecture), by_law, project (document muet)",
        )
        return "", "project", ""
    key = keys[0]
    clause = found["clause"].refer("clause") if "clause" in found else ""
    if key != "project" and not clause:
        entry.flag("clause absente", 'clause: "section du document", ou project: si le document est muet')
    if key == "project" and clause:
        entry.flag("« project » avec une clause : deux règles se contredisent", "l'un ou l'autre")
    return clause, _COVERAGE_KEYS[key], found[key].text()


def read_rules(sections: Mapping[str, Entry]) -> dict[str, Rule]:
    """Rules of ``prohibited``, ``discouraged``, ``judged`` and ``allowed``: each label and signal exactly once."""
    effects = {"prohibited": "remove", "discouraged": "remind", "judged": "review", "allowed": "allow"}
    rules: dict[str, Rule] = {}
    lines: dict[str, int] = {}
    misspelt: set[str] = set()
    for section, effect in effects.items():
        if section not in sections:
            continue
        for subject, key, value in sections[section].pairs():
            rule = _read_rule(subject, effect, value)
            if subject not in _JUDGED:
                near = closest(subject, _JUDGED)
                misspelt.add(near)
                key.flag(f"étiquette inconnue « {subject} »", "une étiquette ou un signal de la taxonomie", near)
                continue
            if subject in rules:
                key.flag(
                    f"« {subject} » est déjà à la ligne {lines[subject]} : deux règles se contredisent",
                    "une seule de : prohibited, discouraged, judged, allowed",
                )
                continue
            lines[subject] = key.line
            rules[subject] = rule
    missing = [name for name in _JUDGED if name not in rules and name not in misspelt]
    if missing:
        came = f"rien n'est dit de : {', '.join(missing)}"
        sections["allowed"].flag(came, "chaque étiquette et signal, interdit ou permis")
    return rules


def _read_rule(subject: str, effect: str, value: Entry) -> Rule:
    if effect == "allow":
        found = value.table((), ("clause", "also", "why", "silent"))
        if ("why" in found) == ("silent" in found):
            value.flag("« why » ou « silent » attendu", "why: pourquoi c'est permis, ou silent: true (document muet)")
        words = found["why"].text() if "why" in found else ""
        clause = found["clause"].refer("clause") if "clause" in found else ""
        return Rule(subject, effect, clause, "named" if clause else "project", words, "", _also(found))
    found = value.table((), ("clause", "also", *_COVERAGE_KEYS, "person"))
    clause, coverage, words = _coverage(value, found)
    if effect == "remove" and coverage == "project":
        value.flag("retrait sans clause", "la clause qui interdit : aucune n'est inventée")
    person = found["person"].text() if "person" in found else ""
    return Rule(subject, effect, clause, coverage, words, person, _also(found))


def _also(found: Mapping[str, Entry]) -> tuple[str, ...]:
    """Other sections that speak of the same case."""
    return tuple(item.refer("clause") for item in found["also"].items()) if "also" in found else ()


def read_removal(entry: Entry) -> Removal:
    """Section ``removal``."""
    found = entry.table(("clause", "mode", "action", "by"), ("alternatives", "choice", "explain", "report"))
    action = found["action"].text(REMOVALS, "action") if "action" in found else ""
    alternatives = (
        tuple(item.text((*REMOVALS, "report"), "action") for item in found["alternatives"].items())
        if "alternatives" in found
        else ()
    )
    if action and action in alternatives:
        found["alternatives"].flag(f"« {action} » est déjà l'action recommandée", "les autres actions permises")
    report: tuple[str, ...] = ()
    report_clause = ""
    if "report" in found:
        inner = found["report"].table(("clause", "labels"))
        report = read_labels(inner["labels"]) if "labels" in inner else ()
        report_clause = inner["clause"].refer("clause") if "clause" in inner else ""
    explain_clause = explain_when = ""
    if "explain" in found:
        inner = found["explain"].table(("clause",), ("when",))
        explain_when = inner["when"].text() if "when" in inner else ""
        explain_clause = inner["clause"].refer("clause") if "clause" in inner else ""
    return Removal(
        mode=found["mode"].text(("whole", "remainder"), "manière") if "mode" in found else "whole",
        action=action,
        desk=found["by"].refer("desk") if "by" in found else "",
        alternatives=alternatives,
        clause=found["clause"].refer("clause") if "clause" in found else "",
        choice=found["choice"].text() if "choice" in found else "",
        explain="explain" in found,
        explain_clause=explain_clause,
        explain_when=explain_when,
        report=report,
        report_clause=report_clause,
    )


def read_step(entry: Entry, allowed: tuple[str, ...] = tuple(ACTIONS)) -> Step:
    """One step: ``{action: desk, when: …, message: …}``; `~` where no desk is meant."""
    actions: list[tuple[str, Entry]] = []
    message = when = only = ""
    for key, key_entry, value in entry.pairs():
        if key == "only":
            only = value.text(("tagged", "untagged"), "condition")
        elif key == "message":
            message = value.refer("message")
        elif key == "when":
            when = value.text()
        elif key in allowed:
            actions.append((key, value))
        else:
            near = closest(key, (*allowed, "message", "when", "only"))
            key_entry.flag(f"action inconnue « {key} »", f"une de : {', '.join(allowed)}", near)
    if len(actions) != 1:
        entry.flag(f"{len(actions)} actions dans une étape", "exactement une action par étape")
        return Step("review")
    action, value = actions[0]
    return Step(action, "" if value.is_null else value.refer("desk"), message, when, only)


def read_routes(entry: Entry) -> dict[str, Route]:
    """Section ``routes``: one entry per category, and one per label that changes the way."""
    routes: dict[str, Route] = {}
    for subject, key, value in entry.pairs():
        if subject not in ROUTED:
            key.flag(f"catégorie inconnue « {subject} »", f"une de : {', '.join(ROUTED)}", closest(subject, ROUTED))
            continue
        found = value.table(("do",), ("clause", "also", *_COVERAGE_KEYS, "delays", "person"))
        clause, coverage, words = _coverage(value, found)
        steps = tuple(read_step(item, _ROUTE_ACTIONS) for item in found["do"].items()) if "do" in found else ()
        if "do" in found and not steps:
            value.flag("aucune étape", "au moins une étape sous « do »")
        delays = tuple(item.refer("delay") for item in found["delays"].items()) if "delays" in found else ()
        person = found["person"].text() if "person" in found else ""
        routes[subject] = Route(subject, clause, coverage, words, steps, delays, person, _also(found))
    missing = [name for name in ROUTED if name not in routes and name not in _LABEL_ROUTES]
    if missing:
        entry.flag(f"rien n'est dit de : {', '.join(missing)}", "une route par catégorie")
    return routes


#: What a route may prescribe: nothing that removes or punishes.
_ROUTE_ACTIONS = (
    "answer",
    "acknowledge",
    "ask_details",
    "correct",
    "decline",
    "redirect",
    "transfer",
    "no_reply",
    "review",
)


def read_urgent(entry: Entry) -> dict[str, UrgentRule]:
    """Section ``urgent``: who phones or writes to whom for each alert."""
    rules: dict[str, UrgentRule] = {}
    for subject, key, value in entry.pairs():
        if subject not in _URGENT:
            key.flag(f"alerte inconnue « {subject} »", f"une de : {', '.join(_URGENT)}", closest(subject, _URGENT))
            continue
        found = value.table(("who", "call", "attach"), ("clause", *_COVERAGE_KEYS, "write"))
        clause, coverage, words = _coverage(value, found)
        call = tuple(item.refer("desk") for item in found["call"].items()) if "call" in found else ()
        if "call" in found and not call:
            found["call"].flag("personne à appeler", "au moins un bureau ou une ligne")
        rules[subject] = UrgentRule(
            subject=subject,
            clause=clause,
            coverage=coverage,
            words=words,
            who=found["who"].refer("desk") if "who" in found else "",
            call=call,
            write=tuple(item.refer("desk") for item in found["write"].items()) if "write" in found else (),
            attach=tuple(item.text() for item in found["attach"].items()) if "attach" in found else (),
        )
    missing = [name for name in _URGENT if name not in rules]
    if missing:
        entry.flag(f"rien n'est dit de : {', '.join(missing)}", "chaque alerte (« project: » si le document est muet)")
    return rules


def read_sanctions(entry: Entry) -> Sanctions:
    """Section ``sanctions``: ladders by kind of offence, and the terms of a ban."""
    found = entry.table(("ladders", "ban"))
    ladders: list[Ladder] = []
    taken: dict[str, str] = {}
    for name, key, value in found["ladders"].pairs() if "ladders" in found else ():
        inner = value.table(("clause", "strike", "steps"), ("labels", "words"))
        labels = read_labels(inner["labels"]) if "labels" in inner else ()
        for label in labels or ("*",):
            if label in taken:
                whom = "toutes les infractions" if label == "*" else f"« {label} »"
                key.flag(f"{whom} : déjà dans « {taken[label]} », deux règles se contredisent", "une seule échelle")
            taken[label] = name
        ladders.append(
            Ladder(
                id=name,
                clause=inner["clause"].refer("clause") if "clause" in inner else "",
                labels=labels,
                strike=inner["strike"].text(("warning", "removal"), "compte") if "strike" in inner else "warning",
                words=inner["words"].text() if "words" in inner else "",
                steps=_read_sanction_steps(inner["steps"]) if "steps" in inner else (),
            )
        )
    return Sanctions(tuple(ladders), _read_terms(found["ban"]) if "ban" in found else BanTerms(None, None, None))


def _read_sanction_steps(entry: Entry) -> tuple[Step, ...]:
    """Steps of a ladder, which may only get harder: none, then warnings, then a ban."""
    steps: list[Step] = []
    banned = False
    for item in entry.items():
        step = Step("none") if not item.is_null and _is_none(item) else read_step(item, SANCTIONS)
        if banned and step.action != "ban":
            item.flag("une étape plus douce après un bannissement", "des étapes de plus en plus sévères")
        banned = banned or step.action == "ban"
        steps.append(step)
    if not steps:
        entry.flag("aucune étape", "au moins une étape")
    return tuple(steps)


def _is_none(entry: Entry) -> bool:
    return getattr(entry.node, "value", None) == "none"


def _read_terms(entry: Entry) -> BanTerms:
    found = entry.table(("length_days", "warning_expires_days", "appeal"))

    def days(key: str) -> int | None:
        if key not in found or getattr(found[key].node, "value", "") == TO_BE_SET:
            return None
        return int(found[key].number(1, 3650))

    appeal = found["appeal"].text() if "appeal" in found else TO_BE_SET
    return BanTerms(days("length_days"), days("warning_expires_days"), None if appeal == TO_BE_SET else appeal)


#: Marks a choice that the document leaves to the organisation and that it has not made yet.
TO_BE_SET = "to_be_set"


def read_roles(entry: Entry) -> Mapping[str, RoleRule]:
    """Section ``roles``: what the document says of those who write in a public role."""
    rules: dict[str, RoleRule] = {}
    for role, key, value in entry.pairs():
        if role not in AUTHOR_ROLES:
            key.flag(f"rôle inconnu « {role} »", f"un de : {', '.join(AUTHOR_ROLES)}", closest(role, AUTHOR_ROLES))
            continue
        found = value.table(("clause", "says"), ("when", "also"))
        when = found["when"].text(("always", "municipal", "provincial"), "moment") if "when" in found else "always"
        clause = found["clause"].refer("clause") if "clause" in found else ""
        rules[role] = RoleRule(role, clause, found["says"].text() if "says" in found else "", when, _also(found))
    return MappingProxyType(rules)

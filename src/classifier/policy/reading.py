"""From the text of a policy file to its `Content`, or to one error that lists all that is wrong with it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Mapping

from classifier.errors import PolicyError
from classifier.policy.document import Entry, Source, closest
from classifier.policy.provisions import (
    read_labels,
    read_removal,
    read_roles,
    read_routes,
    read_rules,
    read_sanctions,
    read_urgent,
)
from classifier.policy.schema import SCHEMA, Autonomy, Clause, Content, Desk, Document, Rule, Topic
from classifier.policy.templates import check_template
from classifier.policy.timetable import read_delays, read_elections, read_hours
from classifier.policy.vocabulary import MESSAGES, PEOPLE_TOPICS
from classifier.taxonomy import taxonomy

__all__ = ["read_content"]

_REQUIRED = (
    "schema",
    "id",
    "version",
    "organization",
    "document",
    "languages",
    "retention_days",
    "clauses",
    "desks",
    "prohibited",
    "allowed",
    "grave",
    "removal",
    "sanctions",
    "urgent",
    "routes",
    "delays",
    "hours",
    "elections",
    "autonomy",
    "messages",
    "people",
)
_OPTIONAL = ("discouraged", "judged", "roles", "private_messages", "officials", "thresholds")

#: Actions that an organisation may let run alone.
_AUTONOMOUS = ("hide", "delete", "report", "warn", "ban", "remind", "explain")


def read_content(name: str, text: str) -> Content:
    """Read and check a whole policy file.

    Parameters
    ----------
    name : str
        File name shown in messages.
    text : str
        The YAML.

    Raises
    ------
    PolicyError
        With all problems at once: line, arrow, what was expected, « vouliez-vous dire ».
    """
    source = Source(name, text)
    content = None
    if not source.problems:
        found = source.root.table(_REQUIRED, _OPTIONAL)
        if set(_REQUIRED) <= set(found):
            content = _read(source, found)
            source.resolve()
    if source.problems or content is None:
        count = len(source.problems)
        plural = "s" if count > 1 else ""
        raise PolicyError(
            f"La politique « {name} » compte {count} erreur{plural} :\n{source.report()}\n"
            "À faire : corrigez le fichier, puis relancez « classifier policy check »."
        )
    return content


def _read(source: Source, found: Mapping[str, Entry]) -> Content:
    if found["schema"].text() != str(SCHEMA):
        found["schema"].flag("version de schéma inconnue", f"schema: {SCHEMA}")
    source.define("clause", (key for key, _, _ in found["clauses"].pairs()))
    source.define("desk", (key for key, _, _ in found["desks"].pairs()))
    source.define("message", (key for key, _, _ in found["messages"].pairs()))
    source.define("delay", (key for key, _, _ in found["delays"].pairs()))
    organization = found["organization"].table(("name", "short"))
    rules = read_rules(found)
    sanctions = read_sanctions(found["sanctions"])
    languages, reply_languages = _read_languages(found["languages"])
    roles = read_roles(found["roles"]) if "roles" in found else MappingProxyType({})
    private = found["private_messages"].table(("netiquette",)) if "private_messages" in found else {}
    content = Content(
        id=found["id"].text(),
        version=found["version"].text(),
        organization=organization["name"].text() if "name" in organization else "",
        short_name=organization["short"].text() if "short" in organization else "",
        document=_read_document(found["document"]),
        languages=languages,
        reply_languages=reply_languages,
        retention=_read_retention(found["retention_days"]),
        clauses=_read_clauses(found["clauses"]),
        desks=_read_desks(found["desks"]),
        rules=MappingProxyType(rules),
        grave=read_labels(found["grave"]),
        removal=read_removal(found["removal"]),
        sanctions=sanctions,
        urgent=MappingProxyType(read_urgent(found["urgent"])),
        routes=MappingProxyType(read_routes(found["routes"])),
        delays=MappingProxyType(read_delays(found["delays"])),
        hours=read_hours(found["hours"]),
        elections=read_elections(found["elections"]),
        roles=roles,
        private_netiquette=private["netiquette"].refer("clause") if "netiquette" in private else "",
        officials=tuple(item.text() for item in found["officials"].items()) if "officials" in found else (),
        thresholds=_read_thresholds(found["thresholds"]) if "thresholds" in found else MappingProxyType({}),
        autonomy=_read_autonomy(found["autonomy"], rules, sanctions.terms.are_set),
        messages=_read_messages(found["messages"]),
        topics=_read_topics(found["people"]),
        citations=_citations(source),
    )
    return content


def _citations(source: Source) -> Mapping[str, tuple[str, ...]]:
    """Section → where in the file it is cited."""
    cited: dict[str, list[str]] = {}
    for kind, name, entry in source.references:
        if kind == "clause":
            cited.setdefault(name, []).append(".".join(entry.path[:2]))
    return MappingProxyType({name: tuple(dict.fromkeys(places)) for name, places in cited.items()})


def _read_document(entry: Entry) -> Document:
    found = entry.table(("title", "date"), ("adopted", "notes"))
    return Document(
        title=found["title"].text() if "title" in found else "",
        date=found["date"].text() if "date" in found else "",
        adopted=found["adopted"].text() if "adopted" in found else "",
        notes=tuple(item.text() for item in found["notes"].items()) if "notes" in found else (),
    )


def _read_languages(entry: Entry) -> tuple[tuple[str, ...], Mapping[str, str]]:
    found = entry.table(("public",), ("replies",))
    languages = tuple(item.text() for item in found["public"].items()) if "public" in found else ()
    replies: dict[str, str] = {}
    if "replies" in found:
        replies = {language: value.refer("clause") for language, _, value in found["replies"].pairs()}
    return languages, MappingProxyType(replies)


def _read_retention(entry: Entry) -> Mapping[str, int]:
    found = entry.table(("texts", "decisions"))
    return MappingProxyType({key: int(value.number(1, 36500)) for key, value in found.items()})


def _read_clauses(entry: Entry) -> Mapping[str, Clause]:
    clauses: dict[str, Clause] = {}
    for section, key, value in entry.pairs():
        found = value.table(("says",), ("people",))
        clauses[section] = Clause(
            section=section,
            says=found["says"].text() if "says" in found else "",
            people=found["people"].text() if "people" in found else "",
            line=key.line,
        )
    return MappingProxyType(clauses)


def _read_desks(entry: Entry) -> Mapping[str, Desk]:
    desks: dict[str, Desk] = {}
    for name, _, value in entry.pairs():
        found = value.table(("name", "source"), ("phone", "email", "url"))
        texts = {key: found[key].text() if key in found else "" for key in ("name", "phone", "email", "url", "source")}
        desks[name] = Desk(id=name, **texts)
    return MappingProxyType(desks)


def _read_thresholds(entry: Entry) -> Mapping[str, float]:
    labels = (*taxonomy().netiquette, *taxonomy().political, *taxonomy().alerts)
    thresholds: dict[str, float] = {}
    for label, key, value in entry.pairs():
        if label in labels:
            thresholds[label] = value.number(0.0, 1.0)
        else:
            near = closest(label, labels)
            expected = "une étiquette de nétiquette ou politique, ou une alerte"
            key.flag(f"étiquette sans seuil « {label} »", expected, near)
    return MappingProxyType(thresholds)


def _read_autonomy(entry: Entry, rules: Mapping[str, Rule], terms_are_set: bool) -> Autonomy:
    found = entry.table(("mode",), ("alone",))
    minima: dict[str, float] = {}
    for action, key, value in found["alone"].pairs() if "alone" in found else ():
        if action not in _AUTONOMOUS:
            key.flag(f"« {action} » ne peut agir sans une personne", f"une de : {', '.join(_AUTONOMOUS)}")
        elif action == "ban" and not terms_are_set:
            key.flag(
                "un bannissement sans durée ni appel fixés n'agit jamais seul : deux règles se contredisent",
                "sanctions → ban → length_days et appeal, ou retirer cette ligne",
            )
        else:
            minima[action] = value.number(0.5, 1.0)
    mode = found["mode"].text(("recommend", "shadow"), "mode") if "mode" in found else "recommend"
    return Autonomy(mode, MappingProxyType(minima))


def _read_messages(entry: Entry) -> Mapping[str, str]:
    messages: dict[str, str] = {}
    for name, _, value in entry.pairs():
        messages[name] = value.text()
        wrong = check_template(messages[name])
        if wrong:
            value.flag(wrong, "des champs comme {section}, {bureau} ou {coordonnees}")
    missing = [name for name in MESSAGES if name not in messages]
    if missing:
        entry.flag(f"modèles absents : {', '.join(missing)}", "un modèle de message par cas")
    return MappingProxyType(messages)


def _read_topics(entry: Entry) -> Mapping[str, Topic]:
    topics: dict[str, Topic] = {}
    for name, key, value in entry.pairs():
        if name not in PEOPLE_TOPICS:
            key.flag(f"sujet inconnu « {name} »", f"un de : {', '.join(PEOPLE_TOPICS)}")
            continue
        found = value.table((), ("clause", "why", "silent"))
        if ("why" in found) == ("silent" in found):
            value.flag("« why » ou « silent » attendu", "why: pourquoi une personne, ou silent: true")
        clause = found["clause"].refer("clause") if "clause" in found else ""
        topics[name] = Topic(name, clause, found["why"].text() if "why" in found else "")
    missing = [name for name in PEOPLE_TOPICS if name not in topics]
    if missing:
        entry.flag(f"rien n'est dit de : {', '.join(missing)}", "chaque sujet (silent: true si le document est muet)")
    return MappingProxyType(topics)

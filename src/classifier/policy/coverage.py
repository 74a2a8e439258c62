"""What a policy file covers of its document: every cell of the tables, every clause, and what is left to people."""

from __future__ import annotations

from dataclasses import dataclass

from classifier.policy.policy import Policy
from classifier.policy.provisions import ROUTED
from classifier.policy.schema import Content, Rule, Step
from classifier.policy.vocabulary import ACTIONS, AUTHOR_ROLES, PEOPLE_TOPICS
from classifier.taxonomy import taxonomy

__all__ = ["Coverage", "Row", "cover"]

#: Status → French name. `uncovered` is the only one that is wrong.
STATUSES = {
    "rule": "règle",
    "allowed": "permis",
    "silent": "document muet",
    "project": "règle du projet",
    "people": "pour des personnes",
    "uncovered": "NON COUVERT",
}

_EFFECTS = {"remove": "retrait", "remind": "rappel, sans retrait", "review": "une personne juge"}
_MODES = {"whole": "le commentaire entier", "remainder": "seulement s'il ne reste rien une fois retiré ce qui enfreint"}


@dataclass(frozen=True, slots=True)
class Row:
    """One cell: `table` (1 to 5, or 6 for clauses), what it speaks of, its status, clause, and what follows."""

    table: int
    subject: str
    status: str
    clause: str
    says: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """All rows of a policy, in the order of the tables."""

    rows: tuple[Row, ...]

    @property
    def uncovered(self) -> tuple[Row, ...]:
        """Clauses that neither a rule nor a reason for people covers."""
        return tuple(row for row in self.rows if row.status == "uncovered")


def cover(policy: Policy) -> Coverage:
    """Compare a policy file with what it must speak of.

    Parameters
    ----------
    policy : Policy
        A policy, loaded (and so already free of errors).

    Returns
    -------
    Coverage
        One row per label, signal, conduct, category, delay, window, topic and clause.
    """
    content = policy.content
    tables = (_labels, _conduct, _routes, _time, _elections, _clauses)
    return Coverage(tuple(row for table in tables for row in table(content)))


def _labels(content: Content) -> list[Row]:
    names = taxonomy().names
    return [_label_row(names[subject], rule) for subject, rule in content.rules.items()]


def _label_row(name: str, rule: Rule) -> Row:
    if rule.effect == "allow":
        status = "allowed" if rule.clause else "silent"
        return Row(1, name, status, rule.clause, (rule.words or "laissé publié") + _see(rule.also))
    coverage = {"named": "nommé", "as": "selon notre lecture", "by law": "par la loi"}[rule.coverage]
    person = f" — toujours une personne : {rule.person}" if rule.person else ""
    says = f"{_EFFECTS[rule.effect]}, {coverage} : {rule.words}{_see(rule.also)}{person}"
    return Row(1, name, "rule", rule.clause, says)


def _see(sections: tuple[str, ...]) -> str:
    return f" (voir aussi {', '.join(sections)})" if sections else ""


def _conduct(content: Content) -> list[Row]:
    removal = content.removal
    action = ACTIONS[removal.action]
    others = "".join(f" (ou {ACTIONS[name].lower()})" for name in removal.alternatives)
    rows = [Row(2, "Retrait", "rule", removal.clause, f"{action}{others}, {_MODES[removal.mode]}")]
    if removal.report:
        labels = ", ".join(taxonomy().names[label].lower() for label in removal.report)
        rows.append(Row(2, "Signalement à la plateforme", "rule", removal.report_clause, labels))
    if removal.explain:
        rows.append(Row(2, "Explication à l'auteur", "rule", removal.explain_clause, removal.explain_when or "prévue"))
    else:
        rows.append(Row(2, "Explication à l'auteur", "silent", "", "aucune n'est prévue"))
    for ladder in content.sanctions.ladders:
        steps = " → ".join(ACTIONS[step.action].lower() if step.action in ACTIONS else "rien" for step in ladder.steps)
        rows.append(Row(2, f"Sanctions ({ladder.id})", "rule", ladder.clause, f"{steps} : {ladder.words}"))
    terms = content.sanctions.terms
    choices = (
        ("Durée d'un bannissement, en jours", terms.length_days),
        ("Échéance d'un avertissement, en jours", terms.warning_expires_days),
        ("Recours", terms.appeal),
    )
    for name, value in choices:
        says = "choix de l'organisation, à fixer" if value is None else f"choix de l'organisation : {value}"
        rows.append(Row(2, name, "silent", "", says))
    for subject, rule in content.urgent.items():
        who = content.desks[rule.who].name
        call = ", ".join(content.desks[desk].name for desk in rule.call)
        status = "rule" if rule.clause else "project"
        name = f"Urgent : {taxonomy().names[subject].lower()}"
        rows.append(Row(2, name, status, rule.clause, f"{who} appelle : {call}"))
    private = content.private_netiquette
    says = "une personne décide; rien à masquer"
    rows.append(Row(2, "Nétiquette en message privé", "rule" if private else "silent", private, says))
    return rows


def _routes(content: Content) -> list[Row]:
    rows = []
    names = {
        **taxonomy().names,
        "political_matter": "Sujet politique",
        "wrong_premise": "Fausse prémisse",
    }
    for subject in ROUTED:
        route = content.routes.get(subject)
        if route is None:
            rows.append(Row(3, names[subject], "silent", "", "aucune route particulière"))
            continue
        steps = "; ".join(_describe_step(content, step) for step in route.steps) + _see(route.also)
        rows.append(Row(3, names[subject], "rule" if route.clause else "project", route.clause, steps))
    return rows


def _describe_step(content: Content, step: Step) -> str:
    desk = f" ({content.desks[step.desk].name})" if step.desk else ""
    return ACTIONS[step.action].lower() + desk + (f" — {step.when}" if step.when else "")


def _time(content: Content) -> list[Row]:
    delays = content.delays
    rows = [Row(4, delays[name].name, "rule", delays[name].clause, describe_delay(content, name)) for name in delays]
    if not rows:
        rows.append(Row(4, "Délai de réponse", "silent", "", "aucun nombre au document"))
    status = "rule" if content.hours.clause else "project"
    rows.append(Row(4, "Heures de service", status, content.hours.clause, content.hours.words))
    return rows


def describe_delay(content: Content, name: str) -> str:
    """A delay in words: amount, unit, kinds of message."""
    delay = content.delays[name]
    if delay.elapsed_hours is not None:
        amount = f"{delay.elapsed_hours:g} h de suite"
    elif delay.working_days is not None:
        amount = f"{delay.working_days} jours ouvrables"
    else:
        amount = f"{delay.working_hours:g} h ouvrables".replace(".", ",")
    kinds = {"comment": "commentaires", "private_message": "messages privés"}
    return f"{amount}, {' et '.join(kinds[kind] for kind in delay.applies)}"


def _elections(content: Content) -> list[Row]:
    rows = []
    if not content.elections.windows:
        rows.append(Row(5, "Périodes électorales", "silent", "", "aucune règle propre à une période électorale"))
    conduct = "contenu de campagne retiré" if content.elections.content == "remove" else "comme en tout temps"
    for window in content.elections.windows:
        status = "dates provisoires" if window.status == "provisional" else "dates annoncées"
        says = f"du {window.first} au {window.last} ({status}) : {conduct}"
        clause = content.elections.clause or content.topics["body_in_election"].clause
        rows.append(Row(5, window.name, "rule" if clause else "project", clause, says))
    for role, name in AUTHOR_ROLES.items():
        rule = content.roles.get(role)
        if rule is None:
            rows.append(Row(5, name, "silent", "", "le document n'en dit rien"))
        else:
            rows.append(Row(5, name, "rule", rule.clause, f"{rule.says} — une personne juge, si le rôle est connu"))
    rows.append(Row(5, "Où, quand et comment voter", "project", "", "reçoit toujours une réponse, jamais un retrait"))
    return rows


def _clauses(content: Content) -> list[Row]:
    rows = []
    for topic in content.topics.values():
        status = "people" if topic.why else "silent"
        rows.append(Row(6, PEOPLE_TOPICS[topic.id], status, topic.clause, topic.why or "le document n'en dit rien"))
    for section, clause in content.clauses.items():
        cited = [place for place in content.citations.get(section, ()) if not place.startswith("people.")]
        if cited:
            count = f"{len(cited)} règle{'s' * (len(cited) > 1)}"
            rows.append(Row(6, f"Section {section}", "rule", section, f"{clause.says} ({count})"))
        elif section in content.citations:
            rows.append(Row(6, f"Section {section}", "people", section, clause.says))
        elif clause.people:
            rows.append(Row(6, f"Section {section}", "people", section, f"{clause.says} {clause.people}"))
        else:
            rows.append(Row(6, f"Section {section}", "uncovered", section, clause.says))
    return rows

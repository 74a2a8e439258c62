"""Policies as readable tables for a terminal: lists, one policy in full, its coverage, a comparison."""

from __future__ import annotations

from textwrap import wrap
from typing import Iterable, Sequence

from classifier.policy.comparison import Comparison
from classifier.policy.coverage import STATUSES, Coverage, cover
from classifier.policy.policy import Policy
from classifier.policy.vocabulary import ACTIONS, HUMAN_REASONS, MESSAGES

__all__ = ["show_comparison", "show_coverage", "show_list", "show_notes", "show_policy", "show_table"]

_TABLES = {
    1: "1. Ce qui est interdit, et ce qui ne l'est pas",
    2: "2. Ce qui s'ensuit",
    3: "3. Où va un commentaire permis",
    4: "4. Délais et heures",
    5: "5. Élections et rôles publics",
    6: "6. Pour des personnes, et sections du document",
}


def show_table(header: Sequence[str], rows: Iterable[Sequence[str]], width: int) -> list[str]:
    """A table with columns as narrow as they can be; the last one wraps at `width` characters."""
    rows = [tuple(row) for row in rows]
    cap = max(16, width // 3)
    widths = [min(cap, max(len(row[column]) for row in (tuple(header), *rows))) for column in range(len(header) - 1)]
    rest = max(24, width - sum(widths) - 2 * len(widths))
    lines = []
    for number, row in enumerate((tuple(header), *rows)):
        cells = [wrap(cell, size) or [""] for cell, size in zip(row, (*widths, rest))]
        for line in range(max(len(cell) for cell in cells)):
            parts = [cell[line] if line < len(cell) else "" for cell in cells]
            lines.append("  ".join(part.ljust(size) for part, size in zip(parts, (*widths, rest))).rstrip())
        if number == 0:
            lines.append("  ".join("─" * size for size in (*widths, rest)))
    return lines


def show_list(policies: Iterable[Policy], width: int) -> list[str]:
    """One line per policy: id, organisation, document, date, version of the file, hash."""
    header = ("Identifiant", "Organisation", "Version", "Empreinte", "Document")
    rows = [
        (
            policy.id,
            policy.content.short_name,
            policy.version,
            policy.sha256[:12],
            f"{policy.content.document.title} ({policy.content.document.date})",
        )
        for policy in policies
    ]
    return show_table(header, rows, width)


def show_policy(policy: Policy, width: int) -> list[str]:
    """A policy in full: document, tables 1 to 5, offices, autonomy, messages, choices to make."""
    content = policy.content
    lines = [
        f"{content.organization} ({policy.id}, version {policy.version}, empreinte {policy.sha256[:12]})",
        f"{content.document.title} — {content.document.date}",
        *(line for note in content.document.notes for line in wrap(f"Note : {note}", width, subsequent_indent="  ")),
    ]
    rows = cover(policy).rows
    for table in range(1, 6):
        lines += ["", _TABLES[table], ""]
        shown = [row for row in rows if row.table == table]
        cells = [(row.subject, row.clause or f"({STATUSES[row.status]})", row.says) for row in shown]
        lines += show_table(("Sujet", "Section", "Ce qui s'ensuit"), cells, width)
    lines += ["", "Bureaux", ""]
    desks = [(desk.name, desk.source, policy.contact(desk.id) or "—") for desk in content.desks.values()]
    lines += show_table(("Bureau", "Source", "Coordonnées publiques"), desks, width)
    lines += ["", "Autonomie", ""]
    mode = "observer sans recommander" if content.autonomy.mode == "shadow" else "recommander"
    lines.append(f"Mode : {mode}.")
    for action, least in content.autonomy.minima.items():
        lines.append(f"{ACTIONS[action]} : peut agir sans une personne à partir de {least:g}".replace(".", ",") + ".")
    if not content.autonomy.minima:
        lines.append("Aucune action n'agit sans une personne.")
    for label, least in content.thresholds.items():
        lines.append(f"Seuil propre à l'organisation : {label} ≥ {least:g}".replace(".", ","))
    lines += ["", "Modèles de messages", ""]
    messages = [(MESSAGES.get(name, name), policy.render(name)) for name in content.messages]
    lines += show_table(("Modèle", "Texte"), messages, width)
    return [*lines, *show_notes(policy, width)]


def show_notes(policy: Policy, width: int) -> list[str]:
    """What the organisation still has to choose or confirm."""
    content = policy.content
    notes = []
    terms = content.sanctions.terms
    if not terms.are_set:
        notes.append("Durée et recours d'un bannissement à fixer : d'ici là, il n'est que proposé à une personne.")
    if terms.warning_expires_days is None:
        notes.append("Échéance d'un avertissement à fixer : d'ici là, un avertissement n'expire pas.")
    if content.hours.coverage == "project" or "confirmer" in content.hours.words:
        notes.append(f"Heures de service à confirmer : {content.hours.words}.")
    provisional = [window.name for window in content.elections.windows if window.status == "provisional"]
    if provisional:
        notes.append(f"Périodes électorales provisoires : {'; '.join(provisional)}.")
    uncovered = cover(policy).uncovered
    if uncovered:
        notes.append(f"Sections non couvertes : {', '.join(row.clause for row in uncovered)}.")
    if not notes:
        return []
    lines = [line for note in notes for line in wrap(f"- {note}", width, subsequent_indent="  ")]
    return ["", "À fixer ou à confirmer", "", *lines]


def show_coverage(policy: Policy, coverage: Coverage, width: int) -> list[str]:
    """All cells with their status, then what is not covered, or that nothing is left."""
    lines = [f"Couverture de « {policy.content.document.title} » ({policy.id}, version {policy.version})"]
    for table, title in _TABLES.items():
        lines += ["", title, ""]
        shown = [row for row in coverage.rows if row.table == table]
        rows = [(row.subject, STATUSES[row.status], row.clause or "—", row.says) for row in shown]
        lines += show_table(("Sujet", "Couverture", "Section", "Ce qui s'ensuit, ou pourquoi"), rows, width)
    lines.append("")
    if coverage.uncovered:
        lines.append("Non couvert : " + ", ".join(row.subject for row in coverage.uncovered) + ".")
    else:
        lines.append(f"Rien n'est découvert : {len(coverage.rows)} cas et sections, chacun avec sa règle ou sa raison.")
    return lines


def show_comparison(comparison: Comparison, old: Policy, new: Policy, width: int) -> list[str]:
    """What would change between two versions: counts by change, then the comments, by id only."""
    lines = [
        f"De {old.id} {old.version} ({old.sha256[:12]}) à {new.id} {new.version} ({new.sha256[:12]})",
        f"Commentaires : {comparison.total}; inchangés : {comparison.total - comparison.changed}; "
        f"changés : {comparison.changed}.",
    ]
    if not comparison.changed:
        return lines
    lines += ["", "Changements d'actions", ""]
    common = comparison.by_actions.most_common()
    rows = [(str(count), _names(before), _names(after)) for (before, after), count in common]
    lines += show_table(("Nombre", "Avant", "Après"), rows, width)
    if comparison.newly_human or comparison.no_longer_human:
        lines.append("")
        lines.append(f"Une personne en plus : {comparison.newly_human}; en moins : {comparison.no_longer_human}.")
    for reason, count in sorted(comparison.by_human_reason.items()):
        lines.append(f"{count:+d}  {HUMAN_REASONS.get(reason, reason)}")
    lines += ["", f"Premiers commentaires changés : {', '.join(comparison.examples)}"]
    return lines


def _names(actions: tuple[str, ...]) -> str:
    return ", ".join(ACTIONS.get(action, action).lower() for action in actions) or "—"

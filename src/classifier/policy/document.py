"""A YAML file read with its lines, so that every error says where it stands, what came and what was expected.

Nothing here knows what a policy is. Reading goes on after an error, so that one run reports them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from difflib import get_close_matches
from typing import Collection, Iterable, Iterator

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

__all__ = ["Entry", "Problem", "Source"]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: Files beyond this are not policies; reading them whole could exhaust memory.
MAX_CHARS = 1_000_000

#: YAML documents nest no deeper than this in any policy; deeper ones would exhaust the stack.
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong, at `line` and `column` (from 1), under the keys of `path`."""

    line: int
    column: int
    width: int
    path: tuple[str, ...]
    came: str
    expected: str
    suggestion: str


class Source:
    """A policy file: its text, its problems, the names it defines and those it refers to.

    Parameters
    ----------
    name : str
        Shown in messages (a file name, never a whole path).
    text : str
        The file.
    """

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.lines = text.splitlines()
        self.problems: list[Problem] = []
        self.defined: dict[str, list[str]] = {}
        self.references: list[tuple[str, str, Entry]] = []
        self.root = Entry(self, self._compose(text), ())

    def _compose(self, text: str) -> Node:
        empty = MappingNode("tag:yaml.org,2002:map", [], None, None)
        if len(text) > MAX_CHARS:
            self._add(0, 0, 1, (), f"fichier de {len(text)} caractères", f"au plus {MAX_CHARS} caractères", "")
            return empty
        try:
            node = yaml.compose(text, Loader=_LOADER)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line, column = (mark.line, mark.column) if mark is not None else (0, 0)
            self._add(line, column, 1, (), "YAML illisible", "un fichier YAML (retrait, guillemets, deux-points)", "")
            return empty
        except RecursionError:
            self._add(0, 0, 1, (), "YAML trop imbriqué", f"au plus {MAX_DEPTH} niveaux", "")
            return empty
        if node is None:
            self._add(0, 0, 1, (), "fichier vide", "une politique (voir « classifier policy init »)", "")
            return empty
        return node

    def _add(
        self, line: int, column: int, width: int, path: tuple[str, ...], came: str, expected: str, near: str
    ) -> None:
        problem = Problem(line + 1, column + 1, max(width, 1), path, came, expected, near)
        if problem not in self.problems:
            self.problems.append(problem)

    def flag(self, node: Node, path: tuple[str, ...], came: str, expected: str = "", near: str = "") -> None:
        """Record one problem at `node`."""
        start, end = node.start_mark, node.end_mark
        if start is None or end is None:
            self._add(0, 0, 1, path, came, expected, near)
            return
        width = end.column - start.column if end.line == start.line else 1
        self._add(start.line, start.column, width, path, came, expected, near)

    def define(self, kind: str, names: Iterable[str]) -> None:
        """Say that `names` of this `kind` exist, for `resolve`."""
        self.defined.setdefault(kind, []).extend(names)

    def resolve(self) -> None:
        """Flag each reference to a name that nothing defines."""
        kinds = {
            "clause": "section citée sans être décrite sous « clauses »",
            "desk": "bureau absent de « desks »",
            "message": "modèle de message absent de « messages »",
            "delay": "délai absent de « delays »",
        }
        for kind, name, entry in self.references:
            known = self.defined.get(kind, [])
            if name not in known:
                entry.flag(f"« {name} » : {kinds[kind]}", "un nom défini dans le fichier", closest(name, known))

    def report(self) -> str:
        """All problems in the order of the file, each with its line, an arrow, what was expected and a suggestion."""
        blocks = []
        for problem in sorted(self.problems, key=lambda p: (p.line, p.column)):
            where = " → ".join(problem.path)
            block = [f"{self.name}, ligne {problem.line}" + (f" ({where})" if where else "") + f" : {problem.came}"]
            if problem.line <= len(self.lines):
                shown = self.lines[problem.line - 1]
                block.append(f"    {shown[:120]}")
                if problem.column <= 120:
                    block.append("    " + " " * (problem.column - 1) + "^" * min(problem.width, 121 - problem.column))
            if problem.expected:
                block.append(f"    Attendu : {problem.expected}.")
            if problem.suggestion:
                block.append(f"    Vouliez-vous dire « {problem.suggestion} »?")
            blocks.append("\n".join(block))
        return "\n".join(blocks)


class Entry:
    """A value of the file, with the keys that lead to it."""

    __slots__ = ("node", "path", "source")

    def __init__(self, source: Source, node: Node, path: tuple[str, ...]) -> None:
        self.source = source
        self.node = node
        self.path = path

    @property
    def line(self) -> int:
        """Line in the file, from 1."""
        return self.node.start_mark.line + 1 if self.node.start_mark is not None else 1

    @property
    def is_null(self) -> bool:
        """Whether the file says nothing here (`~` or an empty value)."""
        return isinstance(self.node, ScalarNode) and self.node.tag == "tag:yaml.org,2002:null"

    @property
    def is_list(self) -> bool:
        """Whether the value is a list."""
        return isinstance(self.node, SequenceNode)

    def flag(self, came: str, expected: str = "", near: str = "") -> None:
        """Record one problem here."""
        self.source.flag(self.node, self.path, came, expected, near)

    def pairs(self) -> Iterator[tuple[str, Entry, Entry]]:
        """Key, entry of the key, entry of the value; a key written twice is flagged: two rules would contradict."""
        if not isinstance(self.node, MappingNode):
            if not self.is_null:
                self.flag(f"{self._kind()} au lieu d'une table", "« clé: valeur », une par ligne")
            return
        seen: dict[str, int] = {}
        for key_node, value_node in self.node.value:
            key = key_node.value if isinstance(key_node, ScalarNode) else ""
            path = (*self.path, key)
            key_entry = Entry(self.source, key_node, path)
            if key in seen:
                came = f"« {key} » est déjà à la ligne {seen[key]} : deux règles se contredisent"
                key_entry.flag(came, "une seule règle")
                continue
            if len(path) > MAX_DEPTH:
                key_entry.flag("YAML trop imbriqué", f"au plus {MAX_DEPTH} niveaux")
                continue
            seen[key] = key_entry.line
            yield key, key_entry, Entry(self.source, value_node, path)

    def table(self, required: Collection[str] = (), optional: Collection[str] = ()) -> dict[str, Entry]:
        """The values by key; unknown and missing keys are flagged."""
        known = [*required, *optional]
        found: dict[str, Entry] = {}
        for key, key_entry, value in self.pairs():
            if key in known:
                found[key] = value
            else:
                key_entry.flag(f"clé inconnue « {key} »", f"une de : {', '.join(known)}", closest(key, known))
        missing = [key for key in required if key not in found]
        if missing:
            what = "manque" if len(missing) == 1 else "manquent"
            self.flag(f"{what} : {', '.join(missing)}", "ces clés" if len(missing) > 1 else f"la clé « {missing[0]} »")
        return found

    def items(self) -> list[Entry]:
        """The entries of a list."""
        if not isinstance(self.node, SequenceNode):
            if not self.is_null:
                self.flag(f"{self._kind()} au lieu d'une liste", "[un, deux] ou « - un » par ligne")
            return []
        return [Entry(self.source, node, self.path) for node in self.node.value]

    def text(self, among: Collection[str] | None = None, what: str = "valeur") -> str:
        """The value as written; with `among`, flagged if it is none of these."""
        if not isinstance(self.node, ScalarNode) or self.is_null or not self.node.value.strip():
            self.flag(f"{self._kind()} au lieu d'un texte", "un texte")
            return ""
        value = str(self.node.value).strip()
        if among is not None and value not in among:
            near = closest(value, among)
            self.flag(f"{what} inconnue « {value} »", f"une de : {', '.join(among)}" if len(among) <= 12 else "", near)
            return ""
        return value

    def number(self, least: float, most: float) -> float:
        """A number in [least, most]; otherwise flagged, and `least` stands in until the file is refused."""
        try:
            value = float(self.node.value) if isinstance(self.node, ScalarNode) else None
        except ValueError:
            value = None
        if value is None or not least <= value <= most:
            self.flag(f"{self._kind()} au lieu d'un nombre permis", f"un nombre de {least:g} à {most:g}")
            return least
        return value

    def truth(self) -> bool:
        """``true`` or ``false``, nothing else."""
        return self.text(("true", "false")) == "true"

    def day(self) -> date | None:
        """A date written 2029-11-04."""
        try:
            return date.fromisoformat(self.node.value if isinstance(self.node, ScalarNode) else "")
        except ValueError:
            self.flag(f"{self._kind()} au lieu d'une date", "une date comme 2029-11-04")
            return None

    def clock(self) -> time | None:
        """A time of day written "08:30"."""
        try:
            return time.fromisoformat(self.node.value if isinstance(self.node, ScalarNode) else "")
        except ValueError:
            self.flag(f"{self._kind()} au lieu d'une heure", 'une heure comme "08:30"')
            return None

    def refer(self, kind: str) -> str:
        """The value, which must be the name of something of this `kind` defined elsewhere in the file."""
        name = self.text()
        if name:
            self.source.references.append((kind, name, self))
        return name

    def _kind(self) -> str:
        if self.is_null:
            return "rien"
        if isinstance(self.node, MappingNode):
            return "une table"
        if isinstance(self.node, SequenceNode):
            return "une liste"
        return f"« {str(self.node.value)[:40]} »"


def closest(name: str, known: Iterable[str]) -> str:
    """The known name that `name` is most likely a slip for; empty if none comes near."""
    matches = get_close_matches(name, list(known), n=3, cutoff=0.6)
    return max(matches, key=lambda match: _shared_start(name, match), default="")


def _shared_start(one: str, other: str) -> int:
    return next((index for index, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))

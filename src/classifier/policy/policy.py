"""`Policy`: a written policy as data, loaded, checked, and able to cite itself."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files
from os import PathLike, fspath
from pathlib import Path
from typing import Callable, Collection, Mapping

from classifier.comments import PolicyReference
from classifier.errors import PolicyError
from classifier.policy.document import closest
from classifier.policy.reading import read_content
from classifier.policy.schema import Content
from classifier.policy.templates import render_template
from classifier.policy.timetable import shared_windows_text

__all__ = ["Policy", "list_policies"]

#: Package that carries the five policies.
_FOLDER = "policies"


class Policy:
    """A policy ready for use; immutable, safe to share between threads.

    Attributes
    ----------
    id, version : str
        As the file states them.
    sha256 : str
        Hash of the file and of the shared election windows, line endings made equal.
    content : Content
        All that the file says.
    text : str
        The file itself, so that the audit log can keep what decided.

    Examples
    --------
    >>> Policy.load("drummondville").content.short_name
    'Ville de Drummondville'
    """

    def __init__(self, content: Content, text: str) -> None:
        self.content = content
        self.id = content.id
        self.version = content.version
        self.text = text
        unified = (text + "\0" + shared_windows_text()).replace("\r\n", "\n")
        self.sha256 = sha256(unified.encode("utf-8")).hexdigest()
        self.reference = PolicyReference(self.id, self.version, self.sha256)

    @classmethod
    def load(cls, policy: str | PathLike[str]) -> Policy:
        """Load a policy by id, or from a file.

        Parameters
        ----------
        policy : str or path
            One of `list_policies`, or the path of a YAML file.

        Raises
        ------
        PolicyError
            If it is unknown or unreadable, or does not hold: then with all its errors at once.
        """
        name = fspath(policy)
        if name in list_policies():
            return _load_shipped(name)
        path = Path(name)
        if not path.suffix and not path.exists():
            raise _unknown("Politique inconnue", name, list_policies(), " ou le chemin d'un fichier YAML")
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise PolicyError(f"« {path.name} » n'est pas en UTF-8.", todo="Enregistrez le fichier en UTF-8.") from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "chemin invalide"
            raise PolicyError(f"Fichier de politique illisible : « {path.name} » ({reason}).") from None
        return cls.parse(text, path.name)

    @classmethod
    def parse(cls, text: str, name: str = "politique.yaml") -> Policy:
        """Read a policy from the text of its file; `name` is shown in messages.

        Raises
        ------
        PolicyError
            With all errors at once.
        """
        return cls(read_content(name, text), text)

    def clause(self, section: str) -> str:
        """What a section says, in our own words.

        Raises
        ------
        PolicyError
            If the policy cites no such section.

        Examples
        --------
        >>> Policy.load("baie-comeau").clause("11")[:12]
        'Seuls les co'
        """
        try:
            return self.content.clauses[section].says
        except KeyError:
            raise _unknown("Section inconnue", section, self.content.clauses) from None

    def render(self, template_id: str, **values: str) -> str:
        """A message of the policy with its fields filled in.

        Parameters
        ----------
        template_id : str
            One of `vocabulary.MESSAGES`.
        **values : str
            Fields of `templates.FIELDS`; `organisation` and `politique` are known already.

        Raises
        ------
        PolicyError
            For a template or a field that does not exist.
        """
        if template_id not in self.content.messages:
            raise _unknown("Modèle de message inconnu", template_id, self.content.messages)
        known: Mapping[str, str] = {"organisation": self.content.organization, "politique": self.content.document.title}
        return render_template(self.content.messages[template_id], {**known, **values})

    def contact(self, desk_id: str) -> str:
        """Public contact details of an office on one line; empty if the document gives none."""
        desk = self.content.desks.get(desk_id)
        return "" if desk is None else " · ".join(filter(None, (desk.phone, desk.email, desk.url)))

    def __reduce__(self) -> tuple[Callable[[str, str], Policy], tuple[str, str]]:
        return Policy.parse, (self.text, f"{self.id}.yaml")

    def __repr__(self) -> str:
        return f"Policy({self.id!r}, version={self.version!r}, sha256={self.sha256[:12]!r})"


def _unknown(what: str, name: str, known: Collection[str], besides: str = "") -> PolicyError:
    near = closest(name, known)
    came = f"{what} : « {name} »." + (f" Vouliez-vous dire « {near} »?" if near else "")
    return PolicyError(came, expected=f"{', '.join(known)}{besides}.")


@cache
def list_policies() -> tuple[str, ...]:
    """Ids of the shipped policies, in alphabetical order."""
    folder = files("classifier").joinpath(_FOLDER)
    return tuple(sorted(entry.name[: -len(".yaml")] for entry in folder.iterdir() if entry.name.endswith(".yaml")))


@cache
def _load_shipped(policy_id: str) -> Policy:
    name = f"{policy_id}.yaml"
    return Policy.parse(files("classifier").joinpath(_FOLDER).joinpath(name).read_text(encoding="utf-8"), name)

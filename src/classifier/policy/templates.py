"""Message templates: plain text with a few named fields, checked when the policy is loaded."""

from __future__ import annotations

import re
from typing import Final, Mapping

from classifier.errors import PolicyError

__all__ = ["FIELDS", "check_template", "render_template"]

#: Field → what stands for it until somebody fills it in.
FIELDS: Final[Mapping[str, str]] = {
    "organisation": "",
    "section": "[section]",
    "politique": "",
    "bureau": "[bureau]",
    "coordonnees": "[coordonnées]",
    "motif": "[motif]",
    "duree": "[durée à fixer]",
    "appel": "[recours à fixer]",
    "lien": "[lien]",
}

_FIELD = re.compile(r"\{([^{}]*)\}")


def check_template(template: str) -> str:
    """What is wrong with a template, in French; empty if nothing."""
    unknown = [name for name in _FIELD.findall(template) if name not in FIELDS]
    if unknown:
        return f"champ inconnu {{{unknown[0]}}}"
    if "{" in _FIELD.sub("", template) or "}" in _FIELD.sub("", template):
        return "accolade seule"
    return ""


def render_template(template: str, values: Mapping[str, str]) -> str:
    """Fill in the fields; a field without value shows its French placeholder in brackets.

    Raises
    ------
    PolicyError
        For a value whose field does not exist.

    Examples
    --------
    >>> render_template("Voir la section {section}.", {"section": "5.1"})
    'Voir la section 5.1.'
    """
    unknown = sorted(set(values) - set(FIELDS))
    if unknown:
        raise PolicyError(f"Champ de message inconnu : {unknown[0]}.", expected=", ".join(FIELDS))
    return _FIELD.sub(lambda match: values.get(match[1], "") or FIELDS[match[1]], template)

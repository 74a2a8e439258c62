"""The commented policy file that a new organisation starts from."""

from __future__ import annotations

import json
import re
from importlib.resources import files

from classifier.errors import UsageError

__all__ = ["starter_text"]

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def starter_text(policy_id: str, name: str) -> str:
    """A valid policy file with comments in French, for the organisation `name`.

    Raises
    ------
    UsageError
        If the id is not lower-case letters, digits and hyphens.

    Examples
    --------
    >>> starter_text("rimouski", "Ville de Rimouski").splitlines()[0]
    '# Politique de modération : Ville de Rimouski.'
    """
    if not _ID.fullmatch(policy_id):
        raise UsageError(f"Identifiant illisible : « {policy_id} ».", "lettres minuscules, chiffres et traits d'union")
    name = re.sub(r"[ \t\r\n]+", " ", name).strip()
    text = files(__package__).joinpath("starter.yaml").read_text(encoding="utf-8")
    quoted = json.dumps(name, ensure_ascii=False)  # a JSON string is a YAML string, whatever the name holds
    return text.replace("@NAME@", name).replace('"@QUOTED@"', quoted).replace("@ID@", policy_id)

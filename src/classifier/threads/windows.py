"""How far the signals of a thread look back: read from `windows.yaml`, with its source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

__all__ = ["Windows", "default_windows"]


@dataclass(frozen=True, slots=True)
class Windows:
    """Numbers behind the signals of a thread (see `windows.yaml` for what each means).

    Attributes
    ----------
    look_back_comments, exact_min_chars, short_occurrences, near_min_chars : int
        For ``repeated``.
    near_similarity : float
        For ``repeated``, in [0, 1].
    turns : int
        For ``private_dialogue``.
    people, same_text_min_chars : int
        For ``pile_on``.
    hours : float
        For ``pile_on``.
    """

    look_back_comments: int
    exact_min_chars: int
    short_occurrences: int
    near_min_chars: int
    near_similarity: float
    turns: int
    people: int
    hours: float
    same_text_min_chars: int


@cache
def default_windows() -> Windows:
    """The windows that come with the package.

    Examples
    --------
    >>> default_windows().turns
    6
    """
    raw = yaml.safe_load(files(__package__).joinpath("windows.yaml").read_text(encoding="utf-8"))
    return Windows(**raw["repeated"], **raw["private_dialogue"], **raw["pile_on"])

"""Tasks and labels: their order and French names, read from `taxonomy.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Mapping

import yaml

__all__ = ["TASKS", "Taxonomy", "taxonomy"]

#: The three classifiers, in the order of the model's outputs.
TASKS = ("netiquette", "political", "category")


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The label set.

    Attributes
    ----------
    netiquette, political, category : tuple of str
        Label ids of the three tasks, in the order of the model's outputs.
    text_signals, thread_signals : tuple of str
        Ids of the computed signals.
    alerts : tuple of str
        Labels that raise an alert at their own recall thresholds.
    toxicity : tuple of str
        Labels whose noisy-or is compared with public toxicity sets.
    names : mapping of str to str
        French name of every label and signal.
    version : int
        Version of the label set; a bundle names the one it was trained on.
    """

    netiquette: tuple[str, ...]
    political: tuple[str, ...]
    category: tuple[str, ...]
    text_signals: tuple[str, ...]
    thread_signals: tuple[str, ...]
    alerts: tuple[str, ...]
    toxicity: tuple[str, ...]
    names: Mapping[str, str]
    version: int

    @property
    def labels(self) -> tuple[str, ...]:
        """All 40 label ids, in the order of the model's outputs."""
        return self.netiquette + self.political + self.category

    @property
    def signals(self) -> tuple[str, ...]:
        """All signal ids, those of the text first."""
        return self.text_signals + self.thread_signals

    def task_of(self, label: str) -> str:
        """Name of the task that holds `label`.

        Raises
        ------
        KeyError
            If no task has this label.

        Examples
        --------
        >>> taxonomy().task_of("electoral")
        'political'
        """
        for task in TASKS:
            if label in getattr(self, task):
                return task
        raise KeyError(label)


@cache
def taxonomy() -> Taxonomy:
    """The label set of this version of the package (read once).

    Examples
    --------
    >>> len(taxonomy().labels), taxonomy().names["insult"]
    (40, 'Injure ou attaque personnelle')
    """
    raw = yaml.load(files(__package__).joinpath("taxonomy.yaml").read_text(encoding="utf-8"), Loader=_loader())
    signals = raw["signals"]
    names: dict[str, str] = {}
    for group in (*(raw[task] for task in TASKS), signals["text"], signals["thread"]):
        names.update(group)
    return Taxonomy(
        netiquette=tuple(raw["netiquette"]),
        political=tuple(raw["political"]),
        category=tuple(raw["category"]),
        text_signals=tuple(signals["text"]),
        thread_signals=tuple(signals["thread"]),
        alerts=tuple(raw["alerts"]),
        toxicity=tuple(raw["toxicity"]),
        names=MappingProxyType(names),
        version=int(raw["version"]),
    )


def _loader() -> type:
    """The C loader where PyYAML was built with it: ten times faster, same safety."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)

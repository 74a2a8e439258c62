"""The gravest first: rows of a batch in the order in which people should read them, without holding them in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["URGENCY_RANKS", "gravity", "read_at", "sorted_offsets"]

#: Most urgent first.
URGENCY_RANKS = {"immediate": 0, "high": 1, "normal": 2, "low": 3}
#: Categories that lead within an urgency, whatever else the comment is.
_LEADING = ("suicide_risk", "crime_report")


def gravity(row: Mapping[str, Any]) -> tuple[int, int, float, float]:
    """Sort key of a row: urgency, then lives and crimes, then how strong the alert, then how sure the violation.

    Examples
    --------
    >>> calm = {"category": "positive", "alert_score": 0.0, "urgency": "low", "any_violation": 0.1}
    >>> grave = {**calm, "category": "suicide_risk"}
    >>> gravity(grave) < gravity(calm)
    True
    """
    return (
        URGENCY_RANKS.get(row["urgency"], len(URGENCY_RANKS)),
        _LEADING.index(row["category"]) if row["category"] in _LEADING else len(_LEADING),
        -float(row["alert_score"]),
        -float(row["any_violation"]),
    )


def sorted_offsets(path: Path, desks: bool = False) -> tuple[np.ndarray[Any, Any], dict[str, np.ndarray[Any, Any]]]:
    """Byte offsets of the rows of a file, gravest first; and the same for each desk.

    Parameters
    ----------
    path : Path
        JSON Lines of rows.
    desks : bool
        Whether to split by desk too.

    Returns
    -------
    (array of int64, dict of str to array)
        Forty bytes of memory per row.
    """
    keys: list[tuple[int, int, float, float]] = []
    offsets: list[int] = []
    names: dict[str, int] = {}
    owners: list[int] = []
    at = 0
    with path.open("rb") as stream:
        for line in stream:
            row = json.loads(line)
            keys.append(gravity(row))
            offsets.append(at)
            owners.append(names.setdefault(row["desk"], len(names)))
            at += len(line)
    if not offsets:
        return np.empty(0, np.int64), {}
    columns = np.array(keys, dtype=np.float64)
    # lexsort sorts by its last key first, and is stable: equal rows stay in the order read.
    order = np.lexsort((columns[:, 3], columns[:, 2], columns[:, 1], columns[:, 0]))
    placed = np.array(offsets, np.int64)[order]
    of_desk = np.array(owners, np.int32)[order]
    return placed, {name: placed[of_desk == rank] for name, rank in names.items() if name} if desks else {}


def read_at(path: Path, offsets: Sequence[int] | np.ndarray[Any, Any]) -> Iterator[dict[str, Any]]:
    """Rows at these offsets, in this order."""
    with path.open("rb") as stream:
        for offset in offsets:
            stream.seek(int(offset))
            yield json.loads(stream.readline())

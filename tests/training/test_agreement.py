"""Agreement of two readers."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier.errors import InputError
from classifier.training.agreement import measure_agreement

HEADER = "reader,id,netiquette,political,category\n"


def test_kappa_is_cohens(tmp_path: Path) -> None:
    first = ["insult"] * 5 + [""] * 5
    second = ["insult"] * 4 + [""] * 6
    lines = [f"A,{i},{x},,negative\n" for i, x in enumerate(first)] + [
        f"B,{i},{x},,{'negative' if i else 'neutral'}\n" for i, x in enumerate(second)
    ]
    path = tmp_path / "r.csv"
    path.write_text(HEADER + "".join(lines), encoding="utf-8")
    agreements = {one.label: one for one in measure_agreement(path)}
    insult = agreements["insult"]
    assert (insult.rows, insult.given, insult.agreed) == (10, 5, 0.9)
    assert insult.kappa == pytest.approx((0.9 - 0.5) / 0.5)
    assert agreements["category"].agreed == 0.9
    assert agreements["threat"].kappa == 1.0


@pytest.mark.parametrize("body", ["A,1,,,neutral\n", "A,1,,,neutral\nB,2,,,neutral\n"])
def test_half_a_reading_is_refused(tmp_path: Path, body: str) -> None:
    path = tmp_path / "r.csv"
    path.write_text(HEADER + body, encoding="utf-8")
    with pytest.raises(InputError, match="deux lectures"):
        measure_agreement(path)

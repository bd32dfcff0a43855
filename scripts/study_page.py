"""docs/studies.md, made from what `record_studies` measured."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from guerdon.scripts.doc_blocks import anchor, table

__all__ = ["study_page"]

T95 = {1: 12.71, 2: 4.30, 3: 3.18, 4: 2.78, 5: 2.57, 6: 2.45, 7: 2.36, 8: 2.31, 9: 2.26}
"""Quantiles of Student's t at 97.5%, by degrees of freedom; 1.96 for more."""


def study_page(folder: Path) -> Iterable[str]:
    """Yield the blocks of the page for the results in a folder."""
    found = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
    yield "# Directions, measured"
    yield (
        "What published reward systems claim, measured here on worlds that are small enough to repeat. Where a "
        "direction does not appear, that is what is written. Intervals are 95%, Student's t over seeds."
    )
    yield table(["study", "found"], [[f"[{one['title']}](#{anchor(one['title'])})", one["finding"]] for one in found])
    for one in found:
        yield f"## {one['title']}"
        yield one["about"]
        yield _rows(one["rows"])
        yield f"{one['finding']} {one['seeds']} seeds. `python scripts/record_studies.py --study {one['study']}`"


def _rows(rows: Sequence[Mapping[str, Any]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return table(names, [[_shown(row.get(name)) for name in names] for row in rows])


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        mean = sum(value) / len(value)
        if len(value) < 2:
            return _number(mean)
        deviation = math.sqrt(sum((one - mean) ** 2 for one in value) / (len(value) - 1))
        half = T95.get(len(value) - 1, 1.96) * deviation / math.sqrt(len(value))
        return f"{_number(mean)} ± {_number(half)}"
    return _number(value) if isinstance(value, float) else str(value)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"

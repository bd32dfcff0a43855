"""The table of a recorded learning study, as README.md shows it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from guerdon.scripts.doc_blocks import table

__all__ = ["learning_table"]


def learning_table(path: Path) -> str:
    """Return the rows of a WORLD_learning.json as Markdown, study by study; "" if there is no such file."""
    if not path.exists():
        return ""
    rows = json.loads(path.read_text("utf-8"))["rows"]
    parts = []
    for study in dict.fromkeys(row["study"] for row in rows):
        some = [_row(row) for row in rows if row["study"] == study]
        parts.append(f"*{study}*\n\n" + table(["env", "reward", "agent", "steps", "solved", "by seed", "90% at"], some))
    about = (
        "Solved: share of the test tasks after training, with a 95% interval over seeds and tasks. 90% at: the first "
        "point of each seed's curve, on 64 of the tasks, that is at 90% or above."
    )
    return "\n\n".join([*parts, f"{about} Numbers: [{path.name}](docs/results/{path.name})."])


def _row(row: dict[str, Any]) -> list[str]:
    success = row["success"]
    reached = ["never" if step is None else f"{step / 1000:,.0f}k" for step in row["reached"]]
    return [
        row["env"].rpartition("/")[2].removesuffix("-v0"),
        f"`{row['reward']}`",
        row["agent"] + _settings(row["args"]),
        f"{row['steps'] / 1000:,.0f}k",
        f"{success['value']:.0%} ({success['low']:.0%} to {success['high']:.0%})",
        ", ".join(f"{value:.0%}" for value in row["per_seed"]),
        ", ".join(reached),
    ]


def _settings(args: dict[str, Any]) -> str:
    said = []
    for key, value in args.items():
        plain = key == "policy_kwargs" and "features_extractor_class" in value
        said.append("observations unscaled" if plain else f"{key} {value}")
    return f" ({', '.join(said)})" if said else ""

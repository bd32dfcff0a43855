"""The table of a recorded learning study, as README.md shows it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from guerdon.scripts.doc_blocks import table

__all__ = ["learning_table"]


def learning_table(path: Path, link: str = "docs/results") -> str:
    """Return the rows of a WORLD_learning.json as Markdown, study by study; "" if there is no such file.

    Args:
        path: the file.
        link: the folder that it is in, as the page that shows the table calls it.
    """
    if not path.exists():
        return ""
    rows = json.loads(path.read_text("utf-8"))["rows"]
    parts = []
    for study in dict.fromkeys(row["study"] for row in rows):
        some = [row for row in rows if row["study"] == study]
        shown = [name for name in COLUMNS if any(COLUMNS[name](row) for row in some)]
        parts.append(f"*{study}*\n\n" + table(shown, [[COLUMNS[name](row) for name in shown] for row in some]))
    about = (
        "Solved: share of the test tasks after training, with a 95% interval over seeds and tasks. 90% at: the first "
        "point of each seed's curve, on 64 of the tasks, that is at 90% or above. Length: steps of an episode then."
    )
    return "\n\n".join([*parts, f"{about} Numbers: [{path.name}]({link}/{path.name})."])


def _solved(row: dict[str, Any]) -> str:
    success = row["success"]
    return f"{success['value']:.0%} ({success['low']:.0%} to {success['high']:.0%})"


def _reached(row: dict[str, Any]) -> str:
    return ", ".join("never" if step is None else f"{step / 1000:,.0f}k" for step in row["reached"])


def _length(row: dict[str, Any]) -> str:
    lengths = row.get("length_per_seed", ())
    return f"{sum(lengths) / len(lengths):.1f}" if lengths and row["agent"].startswith("recipe/") else ""


def _figure(row: dict[str, Any], name: str) -> str:
    """Return how a figure of the training went: at first, half way, and at last."""
    values = row.get("figures", {}).get(name, ())
    return ", ".join(f"{_short(values[i])}" for i in (0, len(values) // 2, -1)) if values else ""


def _short(value: float) -> str:
    return f"{value:.2f}" if value < 1.0 else f"{value:.1f}"


def _agent(row: dict[str, Any]) -> str:
    return row["agent"].removeprefix("recipe/") + _settings(row["args"])


def _settings(args: dict[str, Any]) -> str:
    said = []
    for key, value in args.items():
        if key in SILENT or (key == "policy" and "text_memory" not in value):
            continue
        if key == "policy":
            said.append(f"reads {value['text_memory']}")
            continue
        plain = key == "policy_kwargs" and "features_extractor_class" in value
        said.append("observations unscaled" if plain else f"{key} {value}")
    return f" ({', '.join(said)})" if said else ""


SILENT = ("num_groups", "warm_updates")
"""Settings that a table does not repeat in every row."""
COLUMNS: dict[str, Callable[[dict[str, Any]], str]] = {
    "env": lambda row: row["env"].rpartition("/")[2].removesuffix("-v0"),
    "reward": lambda row: f"`{row['reward']}`",
    "agent": _agent,
    "steps": lambda row: f"{row['steps'] / 1000:,.0f}k",
    "on": lambda row: "" if row["evaluated_on"] == "test" else row["evaluated_on"],
    "solved": _solved,
    "by seed": lambda row: ", ".join(f"{value:.0%}" for value in row["per_seed"]),
    "90% at": _reached,
    "length": _length,
    "repeated actions": lambda row: _figure(row, "repeated") if row["study"] in ("step-credit", "length") else "",
    "groups with a success": lambda row: _figure(row, "any_solved"),
    "retrievals": lambda row: _figure(row, "retrievals"),
    "pairs ranked right": lambda row: _figure(row, "implicit/pair_accuracy"),
}
"""What a table can show of a row; columns that would be empty are left out."""

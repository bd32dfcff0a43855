"""Preferences on disk: episodes as a Minari data set, pairs as Parquet, what people answer line by line."""

from __future__ import annotations

import io
import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from ..core.files import write_atomic
from ..core.preferences import PreferenceSet
from .folders import needed, new_folder
from .trajectory_store import Origin, load_trajectories, read_origin, save_trajectories

__all__ = ["add_answer", "load_preferences", "preferences_origin", "read_answers", "save_preferences"]

TRAJECTORIES, PAIRS, ANSWERS = "trajectories", "pairs.parquet", "answers.jsonl"
ENDS = tuple(f"{side}{part}" for side in ("first", "second") for part in ("", "_start", "_stop"))
"""Columns of one pair, in the order of `PreferenceSet.pairs`."""


def save_preferences(folder: str | Path, preferences: PreferenceSet, origin: Origin) -> Path:
    """Write preferences as a folder: `trajectories/` (Minari), `pairs.parquet`.

    The table has the columns pair, first, first_start, first_stop, second, second_start, second_stop (numbers of
    episodes and steps) and label (null: not decided). Its metadata say what was played and who labelled.

    Args:
        folder: a folder that does not exist; it appears when everything is written.
        preferences: pairs of whole episodes.
        origin: where the episodes come from.

    Raises:
        RuntimeError, FileExistsError, ValueError: as for `save_trajectories`.
    """
    arrow, parquet = needed("pyarrow"), needed("pyarrow.parquet")
    columns: dict[str, Any] = {"pair": np.arange(len(preferences))}
    columns |= dict(zip(ENDS, preferences.pairs.reshape(len(preferences), 6).T, strict=True))
    labels = [None if math.isnan(label) else label for label in preferences.labels.tolist()]
    told = {"env": origin.env, "env_kwargs": _json(asdict(origin)["env_kwargs"]), "source": preferences.source}
    table = arrow.table({**columns, "label": arrow.array(labels, arrow.float64())}).replace_schema_metadata(told)
    buffer = io.BytesIO()
    parquet.write_table(table, buffer)
    with new_folder(folder) as hidden:
        save_trajectories(hidden / TRAJECTORIES, preferences.trajectories, origin)
        write_atomic(hidden / PAIRS, buffer.getvalue())
    return Path(folder)


def load_preferences(folder: str | Path) -> PreferenceSet:
    """Return the preferences in a folder; what people have answered replaces the labels of the table.

    Raises:
        RuntimeError: minari or pyarrow is not installed.
        FileNotFoundError: the folder holds no preferences.
        ValueError: it holds some that cannot be read.
    """
    if not Path(folder, PAIRS).is_file():
        raise FileNotFoundError(f"{folder} holds no preferences ({PAIRS}); `guerdon prefer` makes some")
    parquet = needed("pyarrow.parquet")
    table = parquet.read_table(Path(folder, PAIRS))
    missing = {"label", *ENDS} - set(table.column_names)
    if missing:
        raise ValueError(f"{Path(folder, PAIRS)} has no column {min(missing)!r}")
    pairs = np.stack([np.asarray(table[name]) for name in ENDS], axis=1).reshape(-1, 2, 3)
    labels = np.array([math.nan if one is None else one for one in table["label"].to_pylist()], dtype=float)
    told = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
    source, answers = told.get("source", ""), read_answers(folder)
    for pair, label in answers.items():
        if not 0 <= pair < len(labels):
            raise ValueError(f"{Path(folder, ANSWERS)}: there is no pair {pair}, only {len(labels)}")
        labels[pair] = math.nan if label is None else label
    if answers:
        source = "human" if source in ("", "none") else f"{source} + human"
    return PreferenceSet(load_trajectories(Path(folder, TRAJECTORIES)), pairs.astype(int), labels, source)


def preferences_origin(folder: str | Path) -> Origin:
    """Return where the episodes of preferences come from."""
    return read_origin(Path(folder, TRAJECTORIES))


def add_answer(folder: str | Path, pair: int, label: float | None, seconds: float = 0.0) -> None:
    """Append what a person said of a pair: 1, 0, 0.5 or None (cannot tell); it is on the disk when this returns.

    Raises:
        ValueError: the label is none of these.
    """
    if label not in (0, 0.5, 1, None):
        raise ValueError(f"the answer to pair {pair} is {label}, not 1, 0, 0.5 or None")
    line = {"pair": int(pair), "label": None if label is None else float(label), "seconds": round(float(seconds), 3)}
    path = Path(folder, ANSWERS)
    torn = path.exists() and path.stat().st_size > 0 and path.read_bytes()[-1:] != b"\n"
    with path.open("a") as file:
        file.write(("\n" if torn else "") + json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_answers(folder: str | Path) -> dict[int, float | None]:
    """Return what people said, by pair; the last answer counts, and a line that a killed process tore does not."""
    path = Path(folder, ANSWERS)
    found: dict[int, float | None] = {}
    for line in path.read_text().splitlines() if path.exists() else ():
        try:
            told = json.loads(line)
            pair, label = int(told["pair"]), told["label"]
        except (ValueError, KeyError, TypeError):
            continue
        found.pop(pair, None)
        found[pair] = label
    return found


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, default=os.fspath)

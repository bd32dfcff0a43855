"""Reading run folders for analysis: run.json, episodes.csv, metrics.jsonl and the names of the videos.

Nothing is repaired here. A number that is NaN stays NaN so that the analysis can count it; a file that does
not follow the format is an error that names the file and the line.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.names import check_name

__all__ = ["Episodes", "RunRecord", "read_run"]

SCRIPTED = "scripted/"
KEYS = (
    "env",
    "env_kwargs",
    "reward",
    "reward_hash",
    "agent",
    "seed",
    "steps",
    "args",
    "git",
    "versions",
    "wall_s",
)
COLUMNS = ("phase", "task", "task_type", "length", "is_success", "objective", "reward")
TERM = "term:"
BOOLS = {"0": 0.0, "1": 1.0, "false": 0.0, "true": 1.0, "0.0": 0.0, "1.0": 1.0}
VIDEOS = (".mp4", ".webm", ".gif")


@dataclass(frozen=True)
class Episodes:
    """The episodes of one phase of one run, one entry an episode.

    Attributes:
        tasks: task ids.
        task_types: task types, the strata.
        columns: "length" (steps), "is_success" (0/1), "objective" (in [0, 1]) and "reward" (the episode's
            return under the trained reward), each `(num_episodes,)`.
        terms: summed reward terms by name, each `(num_episodes,)`.
    """

    tasks: tuple[str, ...]
    task_types: tuple[str, ...]
    columns: Mapping[str, NDArray[np.float64]]
    terms: Mapping[str, NDArray[np.float64]]

    @property
    def num_nan(self) -> int:
        """How many episodes hold at least one number that is NaN or infinite."""
        numbers = [*self.columns.values(), *self.terms.values()]
        return int((~np.isfinite(np.stack(numbers))).any(axis=0).sum())


@dataclass(frozen=True)
class RunRecord:
    """One run folder, read whole; the fields are those of run.json.

    Attributes:
        path: the folder, written with forward slashes, as messages and results name it.
        folder: the folder on this machine.
        info: all of run.json.
        episodes: the episodes of each phase ("train" and the names of the evaluation sets).
        metrics: per metric name the steps and the values, ordered by step.
        videos: file names in the folder's videos/.
    """

    path: str
    folder: Path
    info: Mapping[str, Any]
    episodes: Mapping[str, Episodes]
    metrics: Mapping[str, tuple[NDArray[np.int64], NDArray[np.float64]]]
    videos: tuple[str, ...]

    @property
    def reward(self) -> str:
        """The id or expression of the reward."""
        return self.info["reward"]

    @property
    def agent(self) -> str:
        """The name of the agent, or "scripted/NAME"."""
        return self.info["agent"]

    @property
    def seed(self) -> int:
        """The run's seed."""
        return int(self.info["seed"])

    @property
    def done(self) -> bool:
        """Whether the run finished."""
        return self.info["status"] == "done"

    @property
    def scripted(self) -> str | None:
        """The name of the scripted policy ("expert"), or None for a trained agent."""
        return self.agent.removeprefix(SCRIPTED) if self.agent.startswith(SCRIPTED) else None

    @property
    def sets(self) -> tuple[str, ...]:
        """The names of the evaluation sets, in the order of the file."""
        return tuple(phase for phase in self.episodes if phase != "train")


def read_run(folder: str | os.PathLike[str], root: str | os.PathLike[str] | None = None) -> RunRecord:
    """Read one run folder.

    Args:
        folder: a folder that holds run.json.
        root: where paths in the results start from; by default they are as given.

    Raises:
        ValueError: a file is missing, cut off or not in the format; the message names it and the line.
    """
    folder = Path(folder)
    path = folder.as_posix()
    if root is not None and folder.resolve().is_relative_to(Path(root).resolve()):
        path = folder.resolve().relative_to(Path(root).resolve()).as_posix()
    try:
        info = json.loads((folder / "run.json").read_text())
    except FileNotFoundError as error:
        raise ValueError(f"{path}: there is no run.json, so this is not a run folder") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}/run.json: not JSON ({error})") from error
    if info.get("schema") != 1:
        raise ValueError(f"{path}/run.json: schema {info.get('schema')!r} is not known; this version reads 1")
    check_name("run status", info.get("status"), ("running", "done"), f"{path}/run.json")
    missing = [key for key in KEYS if key not in info]
    if missing:
        raise ValueError(f"{path}/run.json: the key {missing[0]!r} is missing")
    videos = (folder / "videos").glob("*") if (folder / "videos").is_dir() else ()
    names = tuple(sorted(video.name for video in videos if video.suffix in VIDEOS))
    if info["status"] != "done":  # its files may end in the middle of a line
        return RunRecord(path, folder, info, {}, {}, names)
    episodes = _read_episodes(folder / "episodes.csv", path)
    return RunRecord(path, folder, info, episodes, _read_metrics(folder / "metrics.jsonl", path), names)


def _read_episodes(file: Path, path: str) -> dict[str, Episodes]:
    if not file.exists():
        raise ValueError(f"{path}: the run is done but has no episodes.csv")
    phases: dict[str, list[dict[str, str]]] = {}
    with file.open(newline="") as lines:
        reader = csv.DictReader(lines)
        header = reader.fieldnames or []
        for column in COLUMNS:
            check_name("column", column, header, f"the header of {path}/episodes.csv")
        for row in reader:
            if None in row or None in row.values():
                raise ValueError(f"{path}/episodes.csv:{reader.line_num}: not {len(header)} cells")
            flag = row["is_success"].strip().lower()
            if flag not in BOOLS:
                raise ValueError(f"{path}/episodes.csv:{reader.line_num}: is_success is {flag!r}, not 0 or 1")
            phases.setdefault(row["phase"], []).append(row)
    terms = [column for column in header if column.startswith(TERM)]
    found = {}
    for phase, rows in phases.items():
        where = f"{path}/episodes.csv, phase {phase!r}"
        columns = {name: _numbers(rows, name, where) for name in ("length", "objective", "reward")}
        columns["is_success"] = np.array([BOOLS[row["is_success"].strip().lower()] for row in rows])
        found[phase] = Episodes(
            tuple(row["task"] for row in rows),
            tuple(row["task_type"] for row in rows),
            columns,
            {term.removeprefix(TERM): _numbers(rows, term, where) for term in terms},
        )
    return found


def _numbers(rows: list[dict[str, str]], column: str, where: str) -> NDArray[np.float64]:
    try:
        return np.array([float(row[column] or "nan") for row in rows])
    except ValueError as error:
        raise ValueError(f"{where}, column {column!r}: {error}") from error


def _read_metrics(file: Path, path: str) -> dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]]:
    if not file.exists():
        return {}
    points: dict[str, dict[int, float]] = {}
    for number, line in enumerate(file.read_text().splitlines(), start=1):
        try:
            point = json.loads(line)
            value = point["value"]
            points.setdefault(point["name"], {})[int(point["step"])] = float("nan" if value is None else value)
        except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}/metrics.jsonl:{number}: not a metric ({error!r})") from error
    return {
        name: (np.array(sorted(series)), np.array([series[step] for step in sorted(series)]))
        for name, series in points.items()
    }

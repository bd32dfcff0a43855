"""What one way of training came to over its seeds, whatever else it is compared with: a row of a table.

`comparison` holds the same agent under several rewards in one env; a study holds anything beside anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..core.random import derive_seed
from .config import CellConfig
from .run_reader import RunRecord, read_run
from .statistics import Estimate, summarise_outcomes

__all__ = ["StudyRow", "study_row"]

FIGURE = "train/figure/"


@dataclass(frozen=True)
class StudyRow:
    """The seeds of one cell together.

    Attributes:
        study: what the row is shown for.
        env, reward, agent, args: what was trained; args override the agent's settings.
        env_kwargs: arguments of the env.
        steps: env steps of a seed.
        evaluated_on: name of the evaluation set.
        num_tasks: tasks in it, each played once by every seed.
        success: share of the tasks solved at the end, with a 95% interval over seeds and tasks.
        per_seed: the same of each seed.
        reached: the first step at which a point of the curve of each seed was at 90% or above; None if none was.
        length_per_seed: mean steps of an episode of the evaluation.
        curve_steps, curve: the points of the mean curve.
        figures: what the learner reported in training, by name: its mean over the seeds at each point that all have.
        reward_hash: of the reward's code and parameters.
        runs: hashes of the cells.
    """

    study: str
    env: str
    reward: str
    agent: str
    args: dict[str, Any]
    env_kwargs: dict[str, Any]
    steps: int
    evaluated_on: str
    num_tasks: int
    success: Estimate
    per_seed: tuple[float, ...]
    reached: tuple[int | None, ...]
    length_per_seed: tuple[float, ...]
    curve_steps: tuple[int, ...]
    curve: tuple[float, ...]
    figures: dict[str, tuple[float, ...]]
    reward_hash: str
    runs: tuple[str, ...]


def study_row(study: str, cells: Sequence[CellConfig], root: str | Path, on: str | None = None) -> StudyRow:
    """Read the finished runs of cells that differ in nothing but their seeds.

    Args:
        study: what the row is shown for.
        cells: one a seed.
        root: folder of the run store.
        on: the evaluation set that is read; the first of them by default.

    Raises:
        ValueError: no cells, or a run is not done, or was evaluated on other tasks than the first.
    """
    if not cells:
        raise ValueError(f"study {study!r}: no cells, so there is nothing to summarise")
    first, runs = cells[0], [read_run(cell.folder(root)) for cell in cells]
    name = on or next(iter(first.sets))
    for run in runs:
        if not run.done:
            raise ValueError(f"study {study!r}: the run in {run.path} is not done")
        if run.episodes[name].tasks != runs[0].episodes[name].tasks:
            raise ValueError(f"study {study!r}: {run.path} was evaluated on other tasks than {runs[0].path}")
    solved = np.array([run.episodes[name].columns["is_success"] for run in runs])
    rng = np.random.default_rng(derive_seed("study", study, first.hash))
    success, _ = summarise_outcomes(solved, runs[0].episodes[name].task_types, rng)
    curves = [run.metrics[f"eval/{name}/success"] for run in runs]
    return StudyRow(
        study=study,
        env=first.env,
        reward=first.reward,
        agent=first.agent,
        args=dict(first.agent_args),
        env_kwargs=dict(first.env_kwargs),
        steps=int(runs[0].info["steps"]),
        evaluated_on=name,
        num_tasks=solved.shape[1],
        success=success,
        per_seed=tuple(float(value) for value in solved.mean(axis=1)),
        reached=tuple(_reached(run, name) for run in runs),
        length_per_seed=tuple(float(run.episodes[name].columns["length"].mean()) for run in runs),
        curve_steps=tuple(int(step) for step in curves[0][0]),
        curve=tuple(float(value) for value in np.mean([values for _, values in curves], axis=0)),
        figures=_figures(runs),
        reward_hash=str(runs[0].info["reward_hash"]),
        runs=tuple(cell.hash for cell in cells),
    )


def _figures(runs: Sequence[RunRecord]) -> dict[str, tuple[float, ...]]:
    names = {name for run in runs for name in run.metrics if name.startswith(FIGURE)}
    found = {}
    for name in sorted(names):
        values = [run.metrics[name][1] for run in runs if name in run.metrics]
        size = min(len(one) for one in values)
        found[name.removeprefix(FIGURE)] = tuple(np.mean([one[:size] for one in values], axis=0).round(5).tolist())
    return found


def _reached(run: RunRecord, name: str, level: float = 0.9) -> int | None:
    steps, values = run.metrics[f"eval/{name}/success"]
    there = np.flatnonzero(values >= level)
    return int(steps[there[0]]) if len(there) else None

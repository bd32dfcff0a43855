"""What becomes of an agent that is paid a written reward: trained in the run store, a failure being a result too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ...core.episode_log import EpisodeRow, read_episodes
from ..cell import run_cell
from ..compare import CompareConfig
from ..config import CellConfig
from ..executor import run_cells

__all__ = ["CHOSEN_ON", "CellTrainer", "Trained", "Trainer", "traces_of"]

CHOSEN_ON = "training tasks"
"""Name of the evaluation set by which rewards are compared: tasks that are trained on, so that what is kept for
evaluation is kept out of the search."""
CHECKPOINTS = 10
"""Eureka's reward reflection shows ten moments of the training."""


@dataclass(frozen=True)
class Trained:
    """One training.

    Attributes:
        score: the objective on the training tasks in the end, in [0, 1]; None if the training failed. Only selectors
            see it, and whoever it is printed for.
        held_out: share of held-out tasks that are solved, or None.
        traces: for each term what an episode paid in the mean, at up to ten moments of the training.
        error: why it failed, or "".
        folder: of the run, or "".
    """

    score: float | None
    held_out: float | None = None
    traces: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    error: str = ""
    folder: str = ""


class Trainer(Protocol):
    """Trains an agent on each reward."""

    def __call__(self, rewards: Sequence[str]) -> list[Trained]:
        """Return what came of each, in order; never raises because of a reward."""
        ...


@dataclass(frozen=True)
class CellTrainer:
    """Trains the env's own agent, one cell of the run store for each reward; cells that are done are not run again.

    Args:
        env: the env.
        steps: env steps for each reward.
        out: folder of the run store.
        env_kwargs: arguments of the env.
        agent: a named agent; None for the env's own.
        agent_args: settings that override the agent's.
        seed: of all trainings: equal seeds make rewards comparable.
        episodes: tasks of each evaluation set.
        jobs: processes; with 1, everything runs in this one.
        quiet: show no progress.
    """

    env: str
    steps: int
    out: str | Path = "runs"
    env_kwargs: Mapping[str, Any] = field(default_factory=dict)
    agent: str | None = None
    agent_args: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    episodes: int | None = 64
    jobs: int = 1
    quiet: bool = True

    def cell(self, reward: str) -> CellConfig:
        """Return the cell of a reward."""
        config = CompareConfig(
            env=self.env,
            rewards=(reward,),
            env_kwargs=self.env_kwargs,
            agent=self.agent,
            agent_args=self.agent_args,
            steps=self.steps,
            episodes=self.episodes,
            points=0,
        )
        cell = config.cell(reward, self.seed)
        return replace(cell, sets={CHOSEN_ON: {}, **cell.sets}, video=False)

    def __call__(self, rewards: Sequence[str]) -> list[Trained]:
        """Train on each."""
        cells: dict[str, CellConfig] = {}
        errors: dict[str, str] = {}
        for reward in dict.fromkeys(rewards):
            try:
                cells[reward] = self.cell(reward)
                cells[reward].hash  # noqa: B018 - a reward that cannot be made fails here
            except Exception as error:
                errors[reward] = f"{type(error).__name__}: {error}"
                cells.pop(reward, None)
        folders = {reward: cell.folder(self.out) for reward, cell in cells.items()}
        if self.jobs > 1:
            failed = run_cells(list(cells.values()), Path(self.out), self.jobs, self.quiet)
            errors |= {reward: failed[str(at)] for reward, at in folders.items() if str(at) in failed}
        else:
            for reward, cell in cells.items():
                try:
                    run_cell(cell, self.out)
                except Exception as error:
                    errors[reward] = f"{type(error).__name__}: {error}"
        return [
            Trained(None, error=errors[reward]) if reward in errors else _read(folders[reward], cells[reward])
            for reward in rewards
        ]


def _read(folder: Path, cell: CellConfig) -> Trained:
    rows = read_episodes(folder / "episodes.csv")
    own = [row.objective for row in rows if row.phase == CHOSEN_ON]
    other = [row.is_success for row in rows if row.phase in cell.sets and row.phase != CHOSEN_ON]
    return Trained(
        float(np.mean(own)),
        float(np.mean(other)) if other else None,
        traces_of([row for row in rows if row.phase == "train"]),
        folder=folder.as_posix(),
    )


def traces_of(rows: Sequence[EpisodeRow], points: int = CHECKPOINTS) -> dict[str, tuple[float, ...]]:
    """Return for each term its mean sum over an episode in each of `points` equal parts of the training's episodes."""
    if not rows:
        return {}
    parts = np.array_split(np.arange(len(rows)), min(points, len(rows)))
    return {
        name: tuple(float(np.mean([rows[i].terms[name] for i in part])) for part in parts) for name in rows[0].terms
    }

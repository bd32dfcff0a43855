"""One training that leaves nothing but a number: for studies that compare many rewards."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .cell import run_cell
from .compare import CompareConfig
from .run_reader import read_run

__all__ = ["trained_success"]


def trained_success(
    env: str, reward: str, seed: int, steps: int, episodes: int = 100, env_kwargs: Mapping[str, Any] | None = None
) -> float:
    """Return the share of evaluation tasks that the env's own agent solves after training on a reward.

    Args:
        env: name of an env of the suite, such as "Reach".
        reward: id or expression.
        seed: of the training.
        steps: env steps of training, rounded up to whole policy updates.
        episodes: tasks of the evaluation set, which were not trained on.
        env_kwargs: arguments of the env beside its own.
    """
    config = CompareConfig(
        env=f"guerdon:guerdon/{env}-v0", steps=steps, episodes=episodes, points=0, env_kwargs=env_kwargs or {}
    )
    cell = replace(config.cell(reward, seed), video=False)
    with tempfile.TemporaryDirectory() as runs:
        record = read_run(run_cell(cell, runs))
    return float(record.episodes[next(iter(cell.sets))].columns["is_success"].mean())

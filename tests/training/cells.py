"""Cells that train in a second, and how the tests look at what they leave."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from guerdon.agents.sb3 import load_policy
from guerdon.evaluation.config import CellConfig

__all__ = ["HOUSEHOLD", "SMALL", "cell", "files", "points", "run_info", "weights"]

HOUSEHOLD = "guerdon:guerdon/Household-v0"
SMALL: dict[str, Any] = {"split": "valid_seen", "task_types": (1,), "max_episode_steps": 12}
ROLLOUT = {"num_envs": 8, "n_steps": 8, "batch_size": 32}


def cell(**changes: Any) -> CellConfig:
    """Return a cell of 512 steps, with two points of the curve after the first, and tests in unseen rooms."""
    return replace(
        CellConfig(
            env=HOUSEHOLD,
            reward="household/plan-distance-v1 + 0.5 * household/novelty-v1(scope='lifelong')",
            env_kwargs=SMALL,
            steps=512,
            agent_args=ROLLOUT,
            sets={"unseen": {"split": "valid_unseen"}},
            episodes=4,
            points=2,
            curve_episodes=2,
        ),
        **changes,
    )


def run_info(folder: Path) -> dict[str, Any]:
    """Return run.json."""
    return json.loads((folder / "run.json").read_text())


def points(folder: Path) -> list[tuple[int, str]]:
    """Return (step, name) of every point of the learning curve."""
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    return [(point["step"], point["name"]) for point in map(json.loads, lines)]


def weights(folder: Path) -> dict[str, torch.Tensor]:
    """Return the weights of the policy that a run left."""
    return load_policy(run_info(folder)["agent"], folder / "checkpoints").model.policy.state_dict()


def files(folder: Path) -> list[str]:
    """Return the names of all files of a run but the lock."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and p.name != ".lock")

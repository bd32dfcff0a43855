"""Agents trained on models of preferences and demonstrations, beside the hand-written rewards.

Learned rewards are compared by what the agent that is trained on them achieves, in a robot task and in a text world, at
equal env steps: Reach (agent robot-ppo, 60,000 steps) and the household's pick-and-place errands (agent ppo, 40,000).
"preferences" is the model "bradley-terry" from 500 pairs of segments (expert, expert with noise, chance) that an oracle
compares by the hand-written dense reward (Reach: by the tolerance reward); "demonstrations" is the model "progress"
from 20 expert episodes, as the potential of shaping beside the sparse reward; "imitation" GAIL on the same episodes.
Success on the env's evaluation tasks, one number a seed; steps that data cost are not counted.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from guerdon.evaluation.datasets import demonstrate, prefer
from guerdon.evaluation.trial import trained_success
from guerdon.reward_models.learned.base import MODELS
from guerdon.reward_models.learned.demo_features import save_demo_features
from guerdon.reward_models.learned.teachers import SyntheticTeacher

__all__ = ["finding", "measure"]

WORLDS = {
    "Reach": ("manipulation/sparse-v1", "manipulation/staged-v1", "manipulation/tolerance-v1", 60_000, {}),
    "Household": (
        "household/success-v1",
        "household/subgoals-v1",
        "household/subgoals-v1",
        40_000,
        {"task_types": (1,)},
    ),
}


def measure(seeds: int) -> list[dict[str, Any]]:
    """Return a row for each world and reward."""
    torch.set_num_threads(1)
    rows = []
    for world, (sparse, dense, teacher, steps, kwargs) in WORLDS.items():
        found: dict[str, list[float]] = {}
        for seed in range(seeds):
            with tempfile.TemporaryDirectory() as folder:
                for name, reward in _rewards(world, sparse, dense, teacher, kwargs, seed, Path(folder)).items():
                    found.setdefault(name, []).append(trained_success(world, reward, seed, steps, env_kwargs=kwargs))
        rows += [{"world": world, "reward": name, "success": values} for name, values in found.items()]
    return rows


def finding(rows: Sequence[dict[str, Any]]) -> str:
    """Say how near each learned reward comes to the hand-written one."""
    said = []
    for world in WORLDS:
        means = {row["reward"]: float(np.mean(row["success"])) for row in rows if row["world"] == world}
        said.append(f"{world}: " + ", ".join(f"{name} {mean:.0%}" for name, mean in means.items()))
    return "Success after training, " + "; ".join(said) + "."


def _rewards(
    world: str, sparse: str, dense: str, teacher: str, kwargs: dict[str, Any], seed: int, folder: Path
) -> dict[str, str]:
    """Fit what is to be fitted; return a reward for each row."""
    env = f"guerdon:guerdon/{world}-v0"
    pairs = prefer(env, kwargs, SyntheticTeacher(teacher), 500, seed=seed, columns=(teacher,))
    model = MODELS["bradley-terry"]()
    model.fit(pairs, seed)
    rewards = {
        "sparse": sparse,
        "hand-written, dense": dense,
        "preferences": f"learned/model-v1(path='{model.save(folder / 'pairs.npz')}')",
    }
    shown = demonstrate(env, kwargs, episodes=20, seed=seed)
    progress = MODELS["progress"]()
    progress.fit(shown, seed)
    path = progress.save(folder / "progress.npz")
    rewards["demonstrations"] = f"{sparse} + learned/model-v1(path='{path}', form='shaping', scale=5.0)"
    rewards["imitation"] = f"learned/gail-v1(demos='{save_demo_features(shown, folder / 'steps.npz')}')"
    return rewards

"""Perceptual rewards: steps of a task found in five demonstrations, as a reward.

Published (Sermanet, Xu and Levine, 2016, arXiv 1612.06699): rewards in closed form, from what a few demonstrations look
like, suffice to learn a door. Here the features are the numbers of the observation, 6 of which are chosen for each of
three steps; the baseline pays minus the distance to the last situation of a demonstration in all of them, on the same
scale. PPO (robot-ppo), success on tasks that were not trained on. Only sparse and the hand-written reward see the true
success. About one and a half minutes of CPU a seed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from guerdon.evaluation.recording import record
from guerdon.evaluation.trial import trained_success
from guerdon.evaluation.voc import value_order
from guerdon.reward_models.learned.last_frame import LastFrameModel
from guerdon.reward_models.learned.perceptual import PerceptualModel

__all__ = ["finding", "measure"]

TASKS, STEPS, DEMOS = ("ButtonPress", "DrawerClose"), 40_000, 5
SEEN = "observation:15:24,achieved_goal-desired_goal"
"""What is looked at: the gripper, its velocity, the object from the gripper, the object from the target."""
SPARSE, DENSE = "manipulation/sparse-v1", "manipulation/staged-v1"
PERCEPTUAL, BOTH, DISTANCE = "perceptual", "sparse + perceptual shaping", "distance to the last situation"


def measure(seeds: int) -> list[dict[str, Any]]:
    """Fit and train."""
    import torch

    torch.set_num_threads(1)
    return [
        _row(task, name, seeds)
        for task in TASKS
        for name in ("sparse", PERCEPTUAL, BOTH, DISTANCE, "hand-written, dense")
    ]


def _row(task: str, name: str, seeds: int) -> dict[str, Any]:
    orders, found = [], []
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(seeds):
            path, env = Path(folder, f"{seed}.npz"), f"guerdon:guerdon/{task}-v0"
            model = LastFrameModel(only=SEEN) if name == DISTANCE else PerceptualModel(features=6, only=SEEN)
            reward = {"sparse": SPARSE, "hand-written, dense": DENSE}.get(name, f"learned/model-v1(path={str(path)!r})")
            if reward not in (SPARSE, DENSE):
                model.fit(record(env, {}, "expert", DEMOS, seed), seed)
                model.save(path)
                orders.append(value_order(model, record(env, {}, "expert", 10, 1000 + seed)).mean_forward)
            if name == BOTH:
                reward = f"{SPARSE} + learned/model-v1(path={str(path)!r}, form='shaping')"
            found.append(trained_success(task, reward, seed, STEPS))
    return {
        "task": task,
        "reward": name,
        "steps": STEPS,
        "rank correlation with time on held-out demonstrations": orders or None,
        "success": found,
    }


def finding(rows: list[dict[str, Any]]) -> str:
    """Say whether the reward alone teaches a task, and whether it beats the distance to the end."""
    said = []
    for task in dict.fromkeys(row["task"] for row in rows):
        mean = {row["reward"]: float(np.mean(row["success"])) for row in rows if row["task"] == task}
        alone, sparse, distance = mean[PERCEPTUAL], mean["sparse"], mean[DISTANCE]
        said.append(
            f"{task}: the perceptual reward alone reaches {alone:.2f}, {_more(alone, distance)} than the distance to "
            f"the last situation ({distance:.2f}) and {_more(alone, sparse)} than the sparse reward ({sparse:.2f}); as "
            f"shaping beside it {mean[BOTH]:.2f}."
        )
    return " ".join(said)


def _more(one: float, other: float) -> str:
    return "more" if one > other else "not more"

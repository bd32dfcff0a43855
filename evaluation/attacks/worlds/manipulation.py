"""manipulation: noise below what sensors resolve; motion the other way, a hand that lets go, an end too early."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ....core.trajectory import Step, Trajectory
from ....envs.manipulation import ENVS
from ..redoing import dropped_step
from ..world import World, register_world

__all__ = ["MANIPULATION"]

RESOLUTION = 1e-4
"""Standard deviation of the noise: a tenth of a millimetre, 0.1 mm/s, 0.006 degrees."""


def _noise(trajectory: Trajectory, rng: np.random.Generator) -> Trajectory:
    """Add noise to what is seen; a step sees the same after it as the next one before."""

    def seen(obs: Any) -> Any:
        if isinstance(obs, Mapping):
            return {key: seen(value) for key, value in obs.items()}
        if isinstance(obs, np.ndarray) and obs.dtype.kind == "f":
            return (obs + rng.normal(0.0, RESOLUTION, obs.shape)).astype(obs.dtype)
        return obs

    views = [seen(step.obs) for step in trajectory.steps]
    views.append(seen(trajectory.steps[-1].next_obs))
    steps = [
        dataclasses.replace(step, obs=views[at], next_obs=views[at + 1], inputs=None, choice=None)
        for at, step in enumerate(trajectory.steps)
    ]
    return dataclasses.replace(trajectory, steps=steps)


def _reversed(steps: Sequence[Step], rng: np.random.Generator) -> list[Any]:
    """Move the other way from somewhere in the first half on."""
    begin = int(rng.integers(max(len(steps) // 2, 1)))
    other = np.array([-1.0, -1.0, -1.0, 1.0], dtype=steps[0].action.dtype)
    size = len(steps[0].action)
    return [step.action if at < begin else step.action * other[:size] for at, step in enumerate(steps)]


def _let_go(steps: Sequence[Step], rng: np.random.Generator) -> list[Any]:
    """Do with the hand the opposite from somewhere on."""
    begin = int(rng.integers(len(steps)))
    other = np.array([1.0, 1.0, 1.0, -1.0], dtype=steps[0].action.dtype)
    size = len(steps[0].action)
    return [step.action if at < begin else step.action * other[:size] for at, step in enumerate(steps)]


def _cut_short(steps: Sequence[Step], rng: np.random.Generator) -> list[Any]:
    """Stop moving, hand as it is, somewhere in the first two thirds."""
    end = int(rng.integers(max(2 * len(steps) // 3, 1)))
    still = steps[end].action.copy()
    still[:3] = 0.0
    return [step.action if at < end else still for at, step in enumerate(steps)]


MANIPULATION = register_world(
    World(
        "manipulation",
        tuple(name.rpartition("/")[2] for name in ENVS),
        preserving={"sensor noise": _noise},
        breaking={
            "reversed motion": _reversed,
            "opposite hand": _let_go,
            "cut short": _cut_short,
            "dropped step": dropped_step,
        },
    )
)

"""What an attack needs to know of a world: how to say the same differently, and how to go wrong."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...core.registry import Registry
from ...core.trajectory import Step, Trajectory

__all__ = ["WORLDS", "World", "register_world", "reworded", "world_of"]

Rewording = Callable[[Trajectory, np.random.Generator], Trajectory]
"""Says the same differently: texts or arrays change, states and scores stay."""
Redoing = Callable[[Sequence[Step], np.random.Generator], list[Any] | None]
"""Steps to other actions, which are then played; None if it has nothing to offer for this episode."""


@dataclass(frozen=True)
class World:
    """The edits of one world.

    Attributes:
        name: of the world.
        envs: names of its envs, such as "Calc-v0"; () for every env that no other world claims.
        preserving: edits by name that keep the meaning.
        breaking: edits by name that are meant to ruin the episode. They change what is done, and what is done is
            played, so that observations, states and the objective are true; an edit that does no harm is not used.
        plain: what remains of an episode without its style (padding, repetition), for tier 3.
    """

    name: str
    envs: tuple[str, ...] = ()
    preserving: Mapping[str, Rewording] = field(default_factory=dict)
    breaking: Mapping[str, Redoing] = field(default_factory=dict)
    plain: Redoing | None = None


WORLDS: Registry[World] = Registry("attacked world", "guerdon.evaluation.attacks.worlds")
"""All worlds by name, found by importing the modules of `guerdon.evaluation.attacks.worlds`."""


def register_world(world: World) -> World:
    """Make a world known under its name."""
    return WORLDS.add(world.name, world)


def world_of(env_id: str) -> World:
    """Return the world of an env; the one that claims no env if there is none of its own."""
    name = env_id.rpartition("/")[2]
    return next((world for _, world in WORLDS.items() if name in world.envs), WORLDS["any"])


def reworded(trajectory: Trajectory, say: Callable[[str], str]) -> Trajectory:
    """Return a trajectory with every text that a scorer can read put through `say`; the rest is shared.

    These are observations, actions, admissible actions and lists of texts in the infos. What a policy read of it
    before ("inputs", "choice") is dropped.
    """

    def told(value: Any) -> Any:
        if type(value) is str or isinstance(value, np.str_):
            return say(str(value))
        return type(value)(map(told, value)) if isinstance(value, list | tuple) else value

    steps = [
        dataclasses.replace(
            step,
            obs=told(step.obs),
            action=told(step.action),
            next_obs=told(step.next_obs),
            admissible=tuple(map(told, step.admissible)),
            text={key: told(value) for key, value in step.text.items()},
            inputs=None,
            choice=None,
        )
        for step in trajectory.steps
    ]
    return dataclasses.replace(trajectory, steps=steps)

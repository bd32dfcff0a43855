"""What a reward can be sought on: episodes of an expert, and of whoever is not to be imitated, with labels only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..agents.actor import Actor
from ..agents.scripted import SCRIPTED
from ..core.random import derive_seed
from ..core.trajectory import Trajectory
from ..reward_models.programs.state_fields import world_named
from .load import load_actor
from .made_up import MADE_UP, better_made_up, made_up, way_of
from .recording import record

__all__ = ["Evidence", "StallingActor", "gather"]

NOISE = 0.5
STALLS = 2
"""How many times the expert that gives up is played."""


class StallingActor(Actor):
    """Acts like an expert at first and like somebody lazy from a step on that is drawn anew for each episode.

    Args:
        expert, lazy: who acts before and after.
        longest: the expert acts for 1 to this many steps, all equally likely.
    """

    def __init__(self, expert: Actor, lazy: Actor, longest: int):
        self.expert, self.lazy, self.longest = expert, lazy, max(1, longest)
        self.name = f"{expert.name}, stalling"
        self._rng = np.random.default_rng(0)
        self._left = np.zeros(0, dtype=int)

    def seed(self, seed: int) -> None:
        """Seed both actors and the moments of giving up."""
        self.expert.seed(seed)
        self.lazy.seed(seed)
        self._rng = np.random.default_rng(derive_seed(seed, "stalls"))

    def act(self, observations: Any, infos: Mapping[str, Any], fresh: np.ndarray) -> list[Any]:
        """Ask both; take the expert's action as long as it goes on."""
        if len(self._left) != len(fresh):
            self._left = np.zeros(len(fresh), dtype=int)
        self._left = np.where(fresh, self._rng.integers(1, self.longest + 1, len(fresh)), self._left - 1)
        expert = self.expert.act(observations, infos, fresh)
        lazy = self.lazy.act(observations, infos, fresh)
        return [one if left > 0 else other for one, other, left in zip(expert, lazy, self._left.tolist(), strict=True)]


@dataclass(frozen=True)
class Evidence:
    """Episodes by who played them.

    Attributes:
        env: id of the env.
        demos: N episodes of the expert.
        others: by name, N episodes each: of the same N tasks, in the same order, by somebody who is not to be
            imitated. Those with names of `MADE_UP` are made of the demonstrations, not played.
        ways: for each demonstration, the steps that it is on its way; what follows is staying where it got to.
        gamma: the discount under which episodes are compared, the agent's.
        better: pairs (better, worse) of names of others that are also told apart; see `better_made_up`.
    """

    env: str
    demos: list[Trajectory]
    others: Mapping[str, list[Trajectory]]
    ways: tuple[int, ...]
    gamma: float = 0.99
    better: tuple[tuple[str, str], ...] = ()

    @property
    def played(self) -> dict[str, list[Trajectory]]:
        """The others without those that are made up."""
        return {name: some for name, some in self.others.items() if not name.startswith(MADE_UP)}


def gather(
    env_id: str,
    env_kwargs: Mapping[str, Any] | None = None,
    episodes: int = 16,
    seed: int = 0,
    gamma: float = 0.99,
) -> Evidence:
    """Play training tasks with scripted policies, states kept.

    Others are: random; lazy; the expert with half of its actions random; the expert giving up at a random moment,
    twice; hovering and every known exploit that plays this env; and, made of the demonstrations, waiting at several
    moments, going to and fro, doing what another task asks for (see `aims_of`), and one thing being left where
    it was.

    Raises:
        UnknownNameError: the env has no scripted expert.
    """

    def play(policy: str | Actor) -> list[Trajectory]:
        return record(env_id, env_kwargs, policy, episodes, seed, states=True)

    demos = play("expert")
    others: dict[str, list[Trajectory]] = {
        "random": play("random"),
        "lazy": play("lazy"),
        "noisy": play(f"expert:{NOISE}"),
    }
    world = world_named(env_id)
    ways = tuple(way_of(one, world) for one in demos)
    for number in range(STALLS):
        expert, lazy = (load_actor(name, env_id=env_id) for name in ("expert", "lazy"))
        stalling = StallingActor(expert, lazy, min(ways) - 1)
        others[f"stalling {number + 1}"] = record(
            env_id, env_kwargs, stalling, episodes, seed, states=True, num_envs=32 - number
        )
    for name, policy in SCRIPTED.items():
        if policy.plays(env_id) and (policy.exploits is not None or name.endswith("/hover")):
            others[name] = play(name)
    horizon = max(len(one) for some in (demos, *others.values()) for one in some)
    return Evidence(
        env_id,
        demos,
        {**others, **made_up(demos, ways, horizon, world)},
        ways,
        gamma,
        tuple(better_made_up(demos, others["random"], world)),
    )

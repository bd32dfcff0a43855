"""What a scripted policy is, and how many of them play at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

import numpy as np

from ...core.random import derive_seed
from ...core.registry import Registry
from ...core.roles import role_of
from ...envs.registration import is_text
from ..actor import Actor, rows_of

__all__ = ["SCRIPTED", "ScriptedActor", "ScriptedPolicy", "find_scripted", "register"]


class ScriptedPolicy(ABC):
    """Plays one episode after another in one env.

    Class attributes:
        name: under which it is known; "world/name" if it only knows one world.
        exploits: the id of the reward that it games, or None.
        worlds: names of the envs that it can play, such as "Household"; empty for every text env.
    """

    name: ClassVar[str]
    exploits: ClassVar[str | None] = None
    worlds: ClassVar[tuple[str, ...]] = ()

    def __init__(self, seed: int = 0):
        self.rng = np.random.default_rng(seed)

    @classmethod
    def plays(cls, env_id: str) -> bool:
        """Return whether the policy makes sense in an env."""
        name = env_id.rpartition(":")[2]
        if not cls.worlds:
            return is_text(name)
        return any(name.startswith(f"guerdon/{world}-v") for world in cls.worlds)

    def reset(self, observation: Any, info: Mapping[str, Any]) -> None:  # noqa: B027 - most keep nothing
        """Begin an episode."""

    @abstractmethod
    def act(self, observation: Any, info: Mapping[str, Any]) -> Any:
        """Return the next action."""


SCRIPTED: Registry[type[ScriptedPolicy]] = Registry("scripted policy", "guerdon.agents.scripted")
"""All scripted policies by name, found by importing the modules of `guerdon.agents.scripted`."""

P = TypeVar("P", bound=ScriptedPolicy)


def register(cls: type[P]) -> type[P]:
    """Class decorator: make a policy known under its name."""
    SCRIPTED.add(cls.name, cls)
    return cls


def find_scripted(name: str, env_id: str) -> str:
    """Return the scripted policy that a name means in an env: "expert" is the env's own expert, if it has one.

    A name that means nothing there is returned as it is.
    """
    if name in SCRIPTED and SCRIPTED[name].plays(env_id):
        return name
    own = [other for other, policy in SCRIPTED.items() if policy.plays(env_id) and role_of(other) == name]
    return own[0] if own else name


class ScriptedActor(Actor):
    """One scripted policy in each of B slots."""

    def __init__(self, policy: str, seed: int = 0):
        self._cls, self.name = SCRIPTED[policy], policy
        self._policies: list[ScriptedPolicy] = []
        self._seed = seed

    def seed(self, seed: int) -> None:
        """Start over, with policies seeded from `seed`."""
        self._seed, self._policies = seed, []

    def act(self, observations: Any, infos: Mapping[str, Any], fresh: np.ndarray) -> list[Any]:
        """Ask each slot's policy."""
        observations = rows_of(observations)
        if len(self._policies) != len(observations):
            self._policies = [self._cls(derive_seed(self._seed, row)) for row in range(len(observations))]
        actions = []
        for row, (policy, observation) in enumerate(zip(self._policies, observations, strict=True)):
            info = {key: infos[key][row] for key in ("admissible_actions", "expert_action") if key in infos}
            if fresh[row]:
                policy.reset(observation, info)
            actions.append(policy.act(observation, info))
        return actions

"""Provers: whoever finishes an episode, so that one sees what a situation is worth to somebody else."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from ..policies.base import Policy, Reader

__all__ = ["ExpertProver", "PolicyProver", "Prover"]


class Prover(ABC):
    """Chooses actions for situations of many episodes at once."""

    def reader(self) -> Reader | None:
        """Return a reader for one episode; None if the prover reads the env's info only."""
        return None

    @abstractmethod
    def choose(self, inputs: Sequence[Any], infos: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Return an action for each situation.

        Args:
            inputs: from the readers; None where there are none.
            infos: what the env says, as dicts.
        """

    @abstractmethod
    def state(self) -> Any:
        """Return what `restore` needs to go on exactly."""

    @abstractmethod
    def restore(self, state: Any) -> None:
        """Go back to what `state` returned."""


class PolicyProver(Prover):
    """A frozen copy of a policy, drawing its actions.

    Args:
        policy: copied; each of its decisions must depend on its inputs alone, not on a memory of its own.
        seed: for its draws.

    Raises:
        ValueError: the policy is sequential.
    """

    def __init__(self, policy: Policy, seed: int):
        if policy.sequential:
            raise ValueError(
                f"a {type(policy).__name__} with a memory of its own cannot be set down in the middle of an episode; "
                'use the prover "expert", or a policy whose `sequential` is false'
            )
        self.policy = copy.deepcopy(policy).requires_grad_(False)
        self.generator = torch.Generator(policy.device).manual_seed(seed)

    def reader(self) -> Reader:
        """Return a reader of the policy's."""
        return self.policy.reader(1)

    def choose(self, inputs: Sequence[Any], infos: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Decide for all situations in one call."""
        return self.policy.decide(inputs, None, np.ones(len(inputs), dtype=bool), self.generator).actions

    def state(self) -> Any:
        """Return the weights and the generator."""
        return copy.deepcopy({"policy": self.policy.state_dict(), "generator": self.generator.get_state()})

    def restore(self, state: Any) -> None:
        """Go back to what `state` returned."""
        self.policy.load_state_dict(state["policy"])
        self.generator.set_state(state["generator"].cpu())


class ExpertProver(Prover):
    """Follows the world's expert with probability p; else, or where there is no way left, any admissible action.

    Args:
        follow: p.
        seed: for its draws.
    """

    def __init__(self, follow: float, seed: int):
        self.follow = follow
        self.rng = np.random.default_rng(seed)

    def choose(self, inputs: Sequence[Any], infos: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Choose one after the other."""
        return [self._one(info) for info in infos]

    def _one(self, info: Mapping[str, Any]) -> Any:
        follows, expert = self.rng.random() < self.follow, info.get("expert_action")
        if follows and expert is not None:
            return expert
        actions = info["admissible_actions"]
        return actions[int(self.rng.integers(len(actions)))]

    def state(self) -> Any:
        """Return the generator."""
        return copy.deepcopy(self.rng.bit_generator.state)

    def restore(self, state: Any) -> None:
        """Go back to what `state` returned."""
        self.rng.bit_generator.state = copy.deepcopy(state)

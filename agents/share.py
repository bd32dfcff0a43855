"""One process' share of a recipe's training: its slots of the env, its copy of the policy, its trainer."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any

import torch

from ..core.random import derive_seed
from ..reward_models import Reward
from ..reward_models.process.base import StepScorer
from .parallel import Link
from .policies.base import Policy
from .policies.make import make_policy
from .pooled import room_for
from .recipe import Context, Recipe
from .samplers.groups import GroupSampler
from .samplers.player import Player
from .samplers.segments import SegmentSampler
from .trainer import Trainer

__all__ = ["Share"]


class Share:
    """The whole of a training in one process, or a P-th of its slots and groups in each of P.

    Each process plays and draws with a seed of its own; weights begin equal and stay so.

    Args:
        link: to the other processes; None if there are none.
        recipe: what is trained by.
        env_id, env_kwargs: the env.
        reward: what is recorded in the column "paid".
        seed: seeds everything.
        device: where the policy lives.

    Attributes:
        policy: what is trained.
        trainer: None before `begin`.
    """

    def __init__(
        self,
        link: Link | None,
        recipe: Recipe,
        env_id: str,
        env_kwargs: Mapping[str, Any],
        reward: Reward,
        seed: int,
        device: str,
    ):
        self._link, self._recipe, self._env_id, self._env_kwargs = link, recipe, env_id, env_kwargs
        self._seed = seed if link is None else derive_seed(seed, "process", link.rank)
        self._player = Player(env_id, env_kwargs, reward, recipe.num_envs // recipe.processes, self._seed)
        self.policy: Policy = make_policy(self._player.env, derive_seed(seed, "policy"), **recipe.policy).to(device)
        self.trainer: Trainer | None = None

    @property
    def room(self) -> int:
        """How many numbers it exchanges with the others at once."""
        return room_for(list(self.policy.parameters()))

    @property
    def paying(self) -> Reward:
        """The reward that pays in its env, with what it has learned there."""
        player = self._player if self.trainer is None else self.trainer.sampler.player
        return player.env.reward

    def begin(self, weights: Mapping[str, torch.Tensor] | None = None) -> None:
        """Make the trainer of the policy as it stands, or with the weights of another process.

        Raises:
            ValueError: a scorer learns, which it can from whole batches only, and there are several processes.
        """
        if weights is not None:
            self.policy.load_state_dict(weights)
        recipe, player = self._recipe, self._player
        parts = recipe.parts(Context(self.policy, self._env_id, self._env_kwargs, self._seed))
        if self._link is not None:
            for scorer in parts.scorers:
                if type(scorer).fit is not StepScorer.fit:
                    raise ValueError(
                        f"recipe {recipe.name!r}: processes={recipe.processes}, but its scorer {scorer.name!r} learns "
                        "from whole batches; set processes=1"
                    )
        player.record_plans = any("state" in scorer.reads for scorer in parts.scorers)
        sampler = (
            SegmentSampler(player, recipe.segment)
            if recipe.segment
            else GroupSampler(player, recipe.num_groups // recipe.processes, recipe.group_size)
        )
        reference = copy.deepcopy(self.policy).requires_grad_(False) if parts.reference else None
        seed = derive_seed(self._seed, "trainer")
        self.trainer = Trainer(self.policy, parts, sampler, recipe, seed, reference, self._link)

    def iterate(
        self, progress: float = 0.0, on_episode: Callable[[dict[str, Any]], None] | None = None
    ) -> dict[str, float]:
        """Do one iteration; return figures to log."""
        assert self.trainer is not None
        return self.trainer.iterate(on_episode, progress)

    def state(self) -> tuple[bytes, dict[str, Any]]:
        """Return a digest of the weights, and what of the trainer's state no other process knows."""
        assert self.trainer is not None
        digest = blake2b()
        for value in self.policy.state_dict().values():
            digest.update(value.detach().cpu().contiguous().view(torch.uint8).numpy().tobytes())
        return digest.digest(), self.trainer.own_state()

    def restore(self, state: Mapping[str, Any], own: Mapping[str, Any]) -> None:
        """Go back to a state of the trainer of any process, with this one's own part."""
        self.begin()
        assert self.trainer is not None
        self.trainer.restore({**state, **own})

"""A recipe as a learner: what `run_cell` trains, beside the algorithms of Stable-Baselines3."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

from ..core.random import derive_seed
from ..reward_models import Reward
from .cloning import clone, demonstrations
from .discount import check_gamma
from .policies.make import load_weights, make_policy, save_weights
from .policy_actor import PolicyActor
from .recipe import Context, make_recipe
from .samplers.groups import GroupSampler
from .samplers.player import Player
from .samplers.segments import SegmentSampler
from .trainer import Trainer

__all__ = ["WEIGHTS", "RecipeLearner", "load_recipe_policy"]

WEIGHTS = "policy.pt"
"""The file of a trained policy of our own."""


class RecipeLearner:
    """One policy of our own learning in one env under one reward by one recipe.

    Args:
        recipe: its name.
        env_id, env_kwargs: the env.
        reward: what is recorded in the column "paid"; whether it is learned from is up to the recipe.
        seed: seeds everything.
        settings: constants that override the recipe's.
        device: where the policy lives.
    """

    steps_per_update = 1
    """Batches of whole episodes vary in size, so budgets are met at the end of the iteration that reaches them."""

    def __init__(
        self,
        recipe: str,
        env_id: str,
        env_kwargs: Mapping[str, Any],
        reward: Reward,
        seed: int,
        settings: Mapping[str, Any] | None = None,
        device: str = "auto",
    ):
        self.recipe = make_recipe(recipe, settings or {})
        check_gamma(reward, self.recipe.gamma)
        self.figures: dict[str, float] = {}
        self._env_id, self._env_kwargs, self._reward, self._seed = env_id, dict(env_kwargs), reward, seed
        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        self._player = Player(env_id, env_kwargs, reward, self.recipe.num_envs, seed)
        self.policy = make_policy(self._player.env, derive_seed(seed, "policy"), **self.recipe.policy).to(device)
        self._trainer: Trainer | None = None
        self._warm_steps = 0

    @property
    def steps(self) -> int:
        """Env steps taken so far: by the policy, by its expert before, and by scorers that label by trying."""
        if self._trainer is None:
            return 0
        labels = sum(scorer.env_steps for scorer in self._trainer.parts.scorers)
        return self._warm_steps + self._trainer.sampler.player.steps + labels

    def learn(self, steps: int, on_episode: Callable[[dict[str, Any]], None], budget: int | None = None) -> None:
        """Train for at least `steps` more env steps; `on_episode` gets the info of each finished episode.

        Learning rates that fall do so over `budget` steps, all that are ever taken, or else over this call.
        """
        goal = self.steps + steps
        if self._trainer is None:
            self._warm_up()
            self._trainer = self._make_trainer()
        while self.steps < goal:
            now = self.steps
            self.figures = self._trainer.iterate(on_episode, min(now / (budget or goal), 1.0))

    def _warm_up(self) -> None:
        recipe = self.recipe
        if not recipe.warm_start:
            return
        seed = derive_seed(self._seed, "warm start")
        shown = demonstrations(
            self.policy,
            self._env_id,
            self._env_kwargs,
            self._reward,
            recipe.warm_start,
            seed,
            expert=recipe.expert,
            noise=recipe.warm_noise,
            tagger=recipe.tag,
        )
        clone(self.policy, shown, seed, updates=recipe.warm_updates, gamma=recipe.gamma)
        self._warm_steps = sum(len(one) for one in shown)

    def _make_trainer(self) -> Trainer:
        recipe, player = self.recipe, self._player
        parts = recipe.parts(Context(self.policy, self._env_id, self._env_kwargs, self._seed))
        player.record_plans = any("state" in scorer.reads for scorer in parts.scorers)
        sampler = (
            SegmentSampler(player, recipe.segment)
            if recipe.segment
            else GroupSampler(player, recipe.num_groups, recipe.group_size)
        )
        reference = copy.deepcopy(self.policy).requires_grad_(False) if parts.reference else None
        return Trainer(self.policy, parts, sampler, recipe, derive_seed(self._seed, "trainer"), reference)

    def checkpoint(self) -> bytes:
        """Return everything that going on depends on: weights, optimiser, scorers, envs, memories, generators."""
        trainer = None if self._trainer is None else self._trainer.state()
        return pickle.dumps({"trainer": trainer, "warm_steps": self._warm_steps})

    def resume(self, checkpoint: bytes) -> None:
        """Go on from a checkpoint that this project wrote; pickles from elsewhere are not safe to load."""
        data = pickle.loads(checkpoint)
        self._warm_steps = data["warm_steps"]
        if data["trainer"] is not None:
            self._trainer = self._make_trainer()
            self._trainer.restore(data["trainer"])

    def save(self, folder: Path) -> None:
        """Write the policy into a run's folder of checkpoints."""
        save_weights(self.policy, folder / WEIGHTS)

    def actor(self) -> PolicyActor:
        """Return the current policy as an actor."""
        return PolicyActor(self.policy)


def load_recipe_policy(folder: Path) -> PolicyActor:
    """Return the policy that `RecipeLearner.save` wrote into a run's folder of checkpoints."""
    return PolicyActor(load_weights(folder / WEIGHTS))

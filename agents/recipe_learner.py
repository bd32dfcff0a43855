"""A recipe as a learner: what `run_cell` trains, beside the algorithms of Stable-Baselines3."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

from ..core.random import derive_seed
from ..reward_models import Reward
from .cloning import clone, demonstrations
from .discount import check_gamma
from .parallel import Crew
from .policies.base import Policy
from .policies.make import load_weights, save_weights
from .policy_actor import PolicyActor
from .recipe import make_recipe
from .share import Share
from .trainer import SHARED, Trainer

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
        given = self.recipe, env_id, self._env_kwargs, reward, seed, device
        many = self.recipe.processes
        self._crew = None if many == 1 else Crew(many, Share, given, f"recipe {self.recipe.name!r}")
        self._share = Share(None, *given) if self._crew is None else self._crew.own
        self.policy: Policy = self._share.policy
        self._warm_steps = 0

    @property
    def _trainer(self) -> Trainer | None:
        return self._share.trainer

    @property
    def steps(self) -> int:
        """Env steps taken so far: by the policy, by its expert before, and by scorers that label by trying."""
        if self._trainer is None:
            return 0
        labels = sum(scorer.env_steps for scorer in self._trainer.parts.scorers)
        return self._warm_steps + self._trainer.steps + labels

    def learn(self, steps: int, on_episode: Callable[[dict[str, Any]], None], budget: int | None = None) -> None:
        """Train for at least `steps` more env steps; `on_episode` gets the info of each finished episode.

        Learning rates that fall do so over `budget` steps, all that are ever taken, or else over this call.
        """
        goal = self.steps + steps
        if self._trainer is None:
            self._warm_up()
            if self._crew is None:
                self._share.begin()
            else:
                self._crew.call("begin", self.policy.state_dict())
        while self.steps < goal:
            progress = min(self.steps / (budget or goal), 1.0)
            if self._crew is None:
                self.figures = self._share.iterate(progress, on_episode)
            else:
                tellers = [on_episode, *[None] * (self.recipe.processes - 1)]
                self.figures = self._crew.call("iterate", progress, each=tellers)[0]

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

    def paying(self) -> Reward:
        """Return the reward that pays in the training env, with what it has learned there; process 0's of several."""
        return self._share.paying

    def checkpoint(self) -> bytes:
        """Return everything that going on depends on: weights, optimiser, scorers, envs, memories, generators.

        Of several processes it holds what each needs.

        Raises:
            RuntimeError: the processes' weights have come apart.
        """
        data = {"trainer": None if self._trainer is None else self._trainer.state(), "warm_steps": self._warm_steps}
        if self._crew is not None and self._trainer is not None:
            digests, owns = zip(*self._crew.call("state"), strict=True)
            if len(set(digests)) > 1:
                raise RuntimeError(f"recipe {self.recipe.name!r}: the weights of its processes are not equal any more")
            data["owns"] = owns
        return pickle.dumps(data)

    def resume(self, checkpoint: bytes) -> None:
        """Go on from a checkpoint that this project wrote; pickles from elsewhere are not safe to load.

        Raises:
            ValueError: it is one of another number of processes.
        """
        data = pickle.loads(checkpoint)
        self._warm_steps = data["warm_steps"]
        state = data["trainer"]
        if state is None:
            return
        owns = data.get("owns", ({},))
        if len(owns) != self.recipe.processes:
            raise ValueError(
                f"recipe {self.recipe.name!r}: processes={self.recipe.processes}, but the checkpoint is one of "
                f"processes={len(owns)}, and no other number goes on from it"
            )
        if self._crew is None:
            self._share.restore(state, {})
        else:
            self._crew.call("restore", {name: state[name] for name in SHARED}, each=owns)

    def save(self, folder: Path) -> None:
        """Write the policy into a run's folder of checkpoints."""
        save_weights(self.policy, folder / WEIGHTS)

    def actor(self) -> PolicyActor:
        """Return the current policy as an actor."""
        return PolicyActor(self.policy)


def load_recipe_policy(folder: Path) -> PolicyActor:
    """Return the policy that `RecipeLearner.save` wrote into a run's folder of checkpoints."""
    return PolicyActor(load_weights(folder / WEIGHTS))

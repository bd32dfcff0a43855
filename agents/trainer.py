"""The one on-policy loop: collect, score, filter, pay, give credit, update the policy, fit the scorers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
import torch

from ..core.trajectory import Batch, Group, Step
from .batch_figures import batch_figures
from .losses.clipped import Targets
from .policies.base import Policy, log_probs
from .ranges import ranges
from .recipe import Parts, Recipe
from .samplers.player import Player

__all__ = ["Sampler", "Trainer"]


class Sampler(Protocol):
    """Collects a batch with a policy; see `agents.samplers`."""

    player: Player

    def collect(
        self, policy: Policy, generator: torch.Generator, on_episode: Callable[[dict[str, Any]], None] | None = None
    ) -> Batch:
        """Return the next batch."""
        ...


class Trainer:
    """Trains a policy by a recipe's parts, one iteration at a time.

    Scorers judge a batch before the policy learns from it, and learn from it afterwards.

    Args:
        policy: what is trained.
        parts: the recipe's parts.
        sampler: where experience comes from.
        recipe: learning rate, epochs, minibatch.
        seed: seeds all draws of policy and update.
        reference: the frozen policy of "ref_logp", if the parts want it.
    """

    def __init__(
        self,
        policy: Policy,
        parts: Parts,
        sampler: Sampler,
        recipe: Recipe,
        seed: int,
        reference: Policy | None = None,
    ):
        self.policy, self.parts, self.sampler, self.recipe, self.reference = policy, parts, sampler, recipe, reference
        self._weights = list(policy.parameters())  # walking through the modules costs as much as a small update
        self.optimizer = torch.optim.Adam(self._weights, lr=recipe.learning_rate, eps=1e-5, fused=True)
        self.generator = torch.Generator(policy.device).manual_seed(seed)
        self.rng = np.random.default_rng(seed)

    def iterate(
        self, on_episode: Callable[[dict[str, Any]], None] | None = None, progress: float = 0.0
    ) -> dict[str, float]:
        """Do one iteration; return figures to log.

        Args:
            on_episode: told of each episode that ended.
            progress: share of the budget that is used up, for learning rates that fall.
        """
        batch = self.sampler.collect(self.policy, self.generator, on_episode)
        if self.reference is not None:
            for one, logp in zip(batch.trajectories, log_probs(self.reference, batch.trajectories), strict=True):
                one.write("ref_logp", logp)
        for scorer in self.parts.scorers:
            scorer.write(batch)
        kept = batch if self.parts.keep is None else _filtered(batch, self.parts.keep)
        figures = batch_figures(batch)
        figures |= {"kept": len(kept.trajectories) / max(len(batch.trajectories), 1)}
        if kept.groups:
            payments = self.parts.transform(kept)
            advantages = self.parts.advantage(kept, payments)
            figures |= self._update(kept, advantages, self.parts.advantage.targets(kept, payments), progress)
        for scorer in self.parts.scorers:
            figures |= {f"{scorer.name}/{name}": value for name, value in scorer.fit(batch).items()}
        return figures

    def _update(
        self,
        batch: Batch,
        advantages: Sequence[np.ndarray],
        targets: Sequence[np.ndarray] | None,
        progress: float,
    ) -> dict[str, float]:
        recipe, device = self.recipe, self.policy.device
        if recipe.anneal:
            for group in self.optimizer.param_groups:
                group["lr"] = recipe.learning_rate * max(1.0 - progress, 0.02)
        trajectories = batch.trajectories
        segments: list[Sequence[Step]] = [one.steps for one in trajectories]
        if not self.policy.sequential:
            segments = [[step] for steps in segments for step in steps]
        pack = self.policy.pack(segments)
        starts = np.concatenate(([0], np.cumsum([len(one) for one in segments])))

        def flat(values: Sequence[np.ndarray]) -> torch.Tensor:
            return torch.as_tensor(np.concatenate(values), dtype=torch.float32, device=device)

        whole = Targets(
            logp=flat([np.array([step.logp for one in trajectories for step in one.steps])]),
            advantage=flat(advantages),
            returns=None if targets is None else flat(targets),
            ref_logp=flat([one.column("ref_logp") for one in trajectories]) if self.reference is not None else None,
        )
        sums: dict[str, torch.Tensor] = {}
        count = 0
        for _ in range(recipe.epochs):
            for rows in _minibatches(self.rng, starts, recipe.minibatch):
                part = _picked(whole, torch.as_tensor(ranges(starts, rows)[1], device=device))
                with torch.autocast(device.type, torch.bfloat16, enabled=recipe.precision == "bfloat16"):
                    now = self.policy.evaluate_pack(pack, rows)
                loss, figures = self.parts.loss(now, part)
                self.optimizer.zero_grad(set_to_none=True)
                loss.backward()
                torch.nn.utils.clip_grad_norm_(self._weights, recipe.max_grad_norm)
                self.optimizer.step()
                for name, value in {"loss": loss.detach(), **figures}.items():
                    sums[name] = sums[name] + value if name in sums else value
                count += 1
        return {name: float(value) / count for name, value in sums.items()}

    def state(self) -> dict[str, Any]:
        """Return everything that `restore` needs to go on exactly; it pickles."""
        return {
            "policy": self.policy.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "generator": self.generator.get_state(),
            "rng": self.rng,
            "sampler": self.sampler,
            "reference": None if self.reference is None else self.reference.state_dict(),
            "scorers": [(scorer.state(), scorer.env_steps) for scorer in self.parts.scorers],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to what `state` returned."""
        self.policy.load_state_dict(state["policy"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.generator.set_state(state["generator"])
        self.rng, self.sampler = state["rng"], state["sampler"]
        if self.reference is not None:
            self.reference.load_state_dict(state["reference"])
        for scorer, (kept, env_steps) in zip(self.parts.scorers, state["scorers"], strict=True):
            scorer.restore(kept)
            scorer.env_steps = env_steps


def _filtered(batch: Batch, keep: Callable[[Group], Group]) -> Batch:
    groups = [keep(group) for group in batch.groups]
    return replace(batch, groups=[group for group in groups if group.trajectories])


def _minibatches(rng: np.random.Generator, starts: np.ndarray, size: int) -> list[np.ndarray]:
    """Return the segments in random order, in parts of about `size` steps each; none is much smaller than the rest."""
    order = rng.permutation(len(starts) - 1)
    before = np.cumsum(np.diff(starts)[order]) - np.diff(starts)[order]
    count = max(round(starts[-1] / size), 1)
    which = np.minimum(before * count // max(starts[-1], 1), count - 1)
    return [order[which == part] for part in range(count) if (which == part).any()]


def _picked(whole: Targets, rows: torch.Tensor) -> Targets:
    return Targets(
        logp=whole.logp[rows],
        advantage=whole.advantage[rows],
        returns=None if whole.returns is None else whole.returns[rows],
        ref_logp=None if whole.ref_logp is None else whole.ref_logp[rows],
    )

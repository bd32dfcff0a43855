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
from .parallel import Link
from .policies.base import Policy, log_probs
from .pooled import PooledGradient, Report, merged_episodes, merged_figures
from .ranges import ranges
from .recipe import Parts, Recipe
from .samplers.player import Player

__all__ = ["SHARED", "Sampler", "Trainer"]

SHARED = ("policy", "optimizer", "reference")
"""What of a trainer's state is the same in all processes."""


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
        link: to the other processes that train the same policy; None if there are none. Each collects a part of the
            batch with a seed of its own. Advantages and gradients are those of the whole batch, and all processes
            take the same steps with the weights, which stay equal to the bit.
    """

    def __init__(
        self,
        policy: Policy,
        parts: Parts,
        sampler: Sampler,
        recipe: Recipe,
        seed: int,
        reference: Policy | None = None,
        link: Link | None = None,
    ):
        self.policy, self.parts, self.sampler, self.recipe, self.reference = policy, parts, sampler, recipe, reference
        self._weights = list(policy.parameters())  # walking through the modules costs as much as a small update
        self.optimizer = torch.optim.Adam(self._weights, lr=recipe.learning_rate, eps=1e-5, fused=True)
        self.generator = torch.Generator(policy.device).manual_seed(seed)
        self.rng = np.random.default_rng(seed)
        self._link = link
        self._pooled = None if link is None else PooledGradient(self._weights, link)
        self._taken: list[int] = []  # in process 0 of several: the env steps of each

    @property
    def steps(self) -> int:
        """Env steps that were taken to collect batches, those of other processes included in process 0."""
        return sum(self._taken) if self._taken else self.sampler.player.steps

    def iterate(
        self, on_episode: Callable[[dict[str, Any]], None] | None = None, progress: float = 0.0
    ) -> dict[str, float]:
        """Do one iteration; return figures to log.

        Args:
            on_episode: told of each episode that ended; if there are several processes, by process 0 at the end.
            progress: share of the budget that is used up, for learning rates that fall.
        """
        link, told = self._link, list[dict[str, Any]]()
        batch = self.sampler.collect(self.policy, self.generator, on_episode if link is None else told.append)
        if self.reference is not None:
            for one, logp in zip(batch.trajectories, log_probs(self.reference, batch.trajectories), strict=True):
                one.write("ref_logp", logp)
        for scorer in self.parts.scorers:
            scorer.write(batch)
        kept = batch if self.parts.keep is None else _filtered(batch, self.parts.keep)
        figures = batch_figures(batch)
        figures |= {"kept": len(kept.trajectories) / max(len(batch.trajectories), 1)}
        learned: dict[str, float] = {}
        steps = sum(map(len, kept.trajectories))
        whole = steps if link is None else int(link.each([steps]).sum())
        if whole:
            payments = self.parts.transform(kept)
            estimator = self.parts.advantage
            advantages = estimator(kept, payments) if link is None else estimator.pooled(kept, payments, link.each)
            learned = self._update(kept, advantages, estimator.targets(kept, payments), progress, whole)
        if link is not None:
            report = Report(len(batch.trajectories), figures, learned, told, self.sampler.player.steps)
            return self._merged(link.gather(report), on_episode)
        figures |= learned
        for scorer in self.parts.scorers:
            figures |= {f"{scorer.name}/{name}": value for name, value in scorer.fit(batch).items()}
        return figures

    def _merged(
        self, reports: Sequence[Report], on_episode: Callable[[dict[str, Any]], None] | None
    ) -> dict[str, float]:
        """Tell of the episodes of all processes and return their figures; in all but process 0 there are none."""
        if not reports:
            return {}
        before = self._taken or [0] * len(reports)
        self._taken = [one.steps for one in reports]
        if on_episode is not None:
            for info in merged_episodes(reports, before):
                on_episode(info)
        return merged_figures(reports)

    def _update(
        self,
        batch: Batch,
        advantages: Sequence[np.ndarray],
        targets: Sequence[np.ndarray] | None,
        progress: float,
        whole: int,
    ) -> dict[str, float]:
        """Take the update's steps; return figures, means over the steps of a minibatch.

        If the batch, of `whole` steps, lies in several processes, so does each minibatch; the figures are then this
        process' part of the mean.
        """
        recipe, device = self.recipe, self.policy.device
        if recipe.anneal:
            for group in self.optimizer.param_groups:
                group["lr"] = recipe.learning_rate * max(1.0 - progress, 0.02)
        trajectories = batch.trajectories
        segments: list[Sequence[Step]] = [one.steps for one in trajectories]
        if not self.policy.sequential:
            segments = [[step] for steps in segments for step in steps]
        pack = self.policy.pack(segments) if segments else None
        starts = np.concatenate(([0], np.cumsum([len(one) for one in segments], dtype=int)))

        def flat(values: Sequence[np.ndarray]) -> torch.Tensor:
            joined = np.concatenate(values) if len(values) else np.zeros(0)
            return torch.as_tensor(joined, dtype=torch.float32, device=device)

        known = Targets(
            logp=flat([np.array([step.logp for one in trajectories for step in one.steps])]),
            advantage=flat(advantages),
            returns=None if targets is None else flat(targets),
            ref_logp=flat([one.column("ref_logp") for one in trajectories]) if self.reference is not None else None,
        )
        pooled, sums = self._pooled, dict[str, torch.Tensor]()
        total = None if pooled is None else whole
        turns = [part for _ in range(recipe.epochs) for part in _minibatches(self.rng, starts, recipe.minibatch, total)]
        places = [ranges(starts, rows)[1] for rows in turns]
        shares = [1.0] * len(turns) if pooled is None else pooled.shares([len(one) for one in places])
        count = 0
        for rows, index, share in zip(turns, places, shares, strict=True):
            if share is None:
                continue
            self.optimizer.zero_grad(set_to_none=True)
            figures: dict[str, torch.Tensor] = {}
            if share:
                part = _picked(known, torch.as_tensor(index, device=device))
                with torch.autocast(device.type, torch.bfloat16, enabled=recipe.precision == "bfloat16"):
                    now = self.policy.evaluate_pack(pack, rows)
                loss, figures = self.parts.loss(now, part)
                figures = {"loss": loss.detach(), **figures}
                if pooled is not None:
                    loss, figures = loss * share, {name: value * share for name, value in figures.items()}
                loss.backward()
            if pooled is not None:
                pooled.pool()
            torch.nn.utils.clip_grad_norm_(self._weights, recipe.max_grad_norm)
            self.optimizer.step()
            for name, value in figures.items():
                sums[name] = sums[name] + value if name in sums else value
            count += 1
        return {name: float(value) / count for name, value in sums.items()}

    def state(self) -> dict[str, Any]:
        """Return everything that `restore` needs to go on exactly; it pickles."""
        return {
            "policy": self.policy.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "reference": None if self.reference is None else self.reference.state_dict(),
            **self.own_state(),
        }

    def own_state(self) -> dict[str, Any]:
        """Return what of the state differs from process to process."""
        return {
            "generator": self.generator.get_state(),
            "rng": self.rng,
            "sampler": self.sampler,
            "scorers": [(scorer.state(), scorer.env_steps) for scorer in self.parts.scorers],
            "taken": self._taken,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to what `state` returned."""
        self.policy.load_state_dict(state["policy"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.generator.set_state(state["generator"])
        self.rng, self.sampler, self._taken = state["rng"], state["sampler"], state.get("taken", [])
        if self.reference is not None:
            self.reference.load_state_dict(state["reference"])
        for scorer, (kept, env_steps) in zip(self.parts.scorers, state["scorers"], strict=True):
            scorer.restore(kept)
            scorer.env_steps = env_steps


def _filtered(batch: Batch, keep: Callable[[Group], Group]) -> Batch:
    groups = [keep(group) for group in batch.groups]
    return replace(batch, groups=[group for group in groups if group.trajectories])


def _minibatches(rng: np.random.Generator, starts: np.ndarray, size: int, whole: int | None = None) -> list[np.ndarray]:
    """Return the segments in random order, in parts of about `size` steps each; none is much smaller than the rest.

    If they are those of one of several processes, which have `whole` steps together, there are as many parts in each
    of them, some of which may be empty.
    """
    order = rng.permutation(len(starts) - 1)
    before = np.cumsum(np.diff(starts)[order]) - np.diff(starts)[order]
    count = max(round((starts[-1] if whole is None else whole) / size), 1)
    which = np.minimum(before * count // max(starts[-1], 1), count - 1)
    return [order[which == part] for part in range(count) if whole is not None or (which == part).any()]


def _picked(whole: Targets, rows: torch.Tensor) -> Targets:
    return Targets(
        logp=whole.logp[rows],
        advantage=whole.advantage[rows],
        returns=None if whole.returns is None else whole.returns[rows],
        ref_logp=None if whole.ref_logp is None else whole.ref_logp[rows],
    )

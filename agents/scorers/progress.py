"""Stepwise progress: contributions of steps that add up to the outcome, found by least squares."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from ...core.trajectory import Batch, Group, Trajectory
from ...reward_models.process.base import StepScorer
from ..policies.base import Evaluation, Policy
from .learner import Learner, per_episode, per_step

__all__ = ["ProgressScorer"]


class ProgressScorer(StepScorer):
    """c_k with sum_k c_k ~ R: the outcome of an episode handed back to its steps.

        c_k = v(s_k) + log pi'(a_k | s_k) - (the same of the network as it began),   loss = (sum_k c_k - R)^2

    v and pi' are the value head and the action head of a copy of the policy, so all contributions are 0 at first. The
    paper reads c_k from a language model that has seen the step's action; a value head alone has not, and the two
    heads together can say any function of situation and action.

    If the outcomes really are sums over steps, the fit finds the parts, up to what no outcome can tell apart. If
    not, it spreads credit over whatever steps go along with success, causal or not; a policy can then farm a step
    that once was a by-product. Nothing keeps the sum at R for episodes unlike those seen.

    Source: Wang et al., "SPA-RL", arXiv 2505.20732 (2025); the loss is confirmed in their code, the heads are ours.

    Args:
        policy: what to begin with; it is copied.
        name: the column.
        learning_rate, max_grad_norm, epochs, minibatch, seed: of `Learner`.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        name: str = "progress",
        learning_rate: float = 1e-3,
        max_grad_norm: float = 10.0,
        epochs: int = 1,
        minibatch: int = 512,
        seed: int = 0,
    ):
        self.name = name
        self.learner = Learner(
            policy,
            seed=seed,
            learning_rate=learning_rate,
            max_grad_norm=max_grad_norm,
            epochs=epochs,
            minibatch=minibatch,
        )
        self.start = copy.deepcopy(policy).requires_grad_(False)

    def score(self, trajectories: Sequence[Trajectory]) -> list[np.ndarray]:
        """Return the contributions."""
        now = per_step(self.learner.net, trajectories, _said)
        return [one - then for one, then in zip(now, per_step(self.start, trajectories, _said), strict=True)]

    def fit(self, batch: Batch) -> dict[str, float]:
        """Move the sums towards the outcomes; return "loss" and, as it was before, "residual": rms of sum - R."""
        trajectories = batch.trajectories
        starts = per_step(self.start, trajectories, _said)
        known = {id(one): then for one, then in zip(trajectories, starts, strict=True)}
        left = [given.sum() - one.outcome for one, given in zip(trajectories, self.score(trajectories), strict=True)]
        loss = self.learner.descend(batch, lambda groups: self._loss(groups, known))
        figures = {"residual": float(np.sqrt(np.mean(np.square(left))))}
        return figures if loss is None else figures | {"loss": loss}

    def state(self) -> Any:
        """Return all weights, the optimiser and the generator."""
        return {"learner": self.learner.state(), "start": copy.deepcopy(self.start.state_dict())}

    def restore(self, state: Any) -> None:
        """Go back to what `state` returned."""
        self.learner.restore(state["learner"])
        self.start.load_state_dict(state["start"])

    def _loss(self, groups: Sequence[Group], starts: dict[int, np.ndarray]) -> torch.Tensor:
        trajectories = [one for group in groups for one in group.trajectories]
        now = _said(self.learner.net.evaluate([one.steps for one in trajectories]))
        then = torch.as_tensor(np.concatenate([starts[id(one)] for one in trajectories])).to(now)
        total = per_episode(now - then, trajectories)
        outcome = torch.tensor([one.outcome for one in trajectories]).to(total)
        return (total - outcome).square().mean()


def _said(evaluation: Evaluation) -> torch.Tensor:
    return evaluation.value + evaluation.logp

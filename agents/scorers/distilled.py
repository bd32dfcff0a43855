"""A prover's progress learned by a network, so that only some episodes must be played on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from ...core.trajectory import Batch, Group, Trajectory
from ...reward_models.process.base import StepScorer
from ..policies.base import Policy
from .learner import Learner, per_step
from .prover import ProverScorer

__all__ = ["DistilledProver"]


class DistilledProver(StepScorer):
    """A^mu from a value network v that is fitted to what the prover was seen to reach: V^mu(s) ~ logistic(v(s)).

    The prover plays on from the steps of a few episodes of each batch only; the network, a copy of the policy's,
    learns its chance of success from them by cross-entropy and scores all episodes. Before the first fit all scores
    are 0. This is how the paper trains its verifiers; that it is done while the policy learns is ours.

    Source: Setlur et al., "Rewarding Progress", arXiv 2410.08146 (2024; ICLR 2025); a reconstruction.

    Args:
        prover: who plays on. Outcomes must lie in [0, 1].
        policy: what the network begins as; it is copied.
        name: the column.
        labelled: episodes of each batch that are played on.
        learning_rate, max_grad_norm, epochs, minibatch, seed: of `Learner`.
    """

    def __init__(
        self,
        prover: ProverScorer,
        policy: Policy,
        *,
        name: str = "prover",
        labelled: int = 8,
        learning_rate: float = 1e-3,
        max_grad_norm: float = 10.0,
        epochs: int = 4,
        minibatch: int = 64,
        seed: int = 0,
    ):
        self.prover, self.name, self.labelled = prover, name, labelled
        self.learner = Learner(
            policy,
            seed=seed,
            learning_rate=learning_rate,
            max_grad_norm=max_grad_norm,
            epochs=epochs,
            minibatch=minibatch,
        )
        self._fitted = False

    def score(self, trajectories: Sequence[Trajectory]) -> list[np.ndarray]:
        """Return differences of expected values; the value after the last step is the outcome."""
        if not self._fitted:
            return [np.zeros(len(one)) for one in trajectories]
        values = per_step(self.learner.net, trajectories, lambda says: torch.sigmoid(says.value))
        return [np.diff(np.append(value, one.outcome)) for one, value in zip(trajectories, values, strict=True)]

    def fit(self, batch: Batch) -> dict[str, float]:
        """Label some episodes and learn from them; return "loss" and "seen", the mean value the prover reached."""
        trajectories = batch.trajectories
        chosen = self.learner.rng.permutation(len(trajectories))[: self.labelled]
        some = [trajectories[row] for row in sorted(chosen)]
        labels = {id(one): label[:-1] for one, label in zip(some, self.prover.values(some), strict=True)}

        def loss_of(groups: Sequence[Group]) -> torch.Tensor:
            taken = [one for group in groups for one in group.trajectories]
            value = self.learner.net.evaluate([one.steps for one in taken]).value
            label = torch.as_tensor(np.concatenate([labels[id(one)] for one in taken])).to(value)
            return binary_cross_entropy_with_logits(value, label)

        loss = self.learner.descend(Batch([Group(one.task_id, [one]) for one in some]), loss_of)
        self._fitted, self.env_steps = True, self.prover.env_steps
        seen = {"seen": float(np.mean(np.concatenate(list(labels.values()))))}
        return seen if loss is None else seen | {"loss": loss}

    def state(self) -> Any:
        """Return the state of the prover and of the network."""
        return {"prover": self.prover.state(), "learner": self.learner.state(), "fitted": self._fitted}

    def restore(self, state: Any) -> None:
        """Go back to what `state` returned."""
        self.prover.restore(state["prover"])
        self.learner.restore(state["learner"])
        self._fitted, self.env_steps = state["fitted"], self.prover.env_steps

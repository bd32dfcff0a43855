"""What scorers that are networks share: a network with its optimiser, fitted group by group, resumed exactly."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch

from ...core.trajectory import Batch, Group, Trajectory
from ..policies.base import Evaluation, Policy

__all__ = ["Learner", "per_episode", "per_step"]


class Learner:
    """A copy of a policy's network that learns something else than to act.

    Args:
        policy: what to begin with; it is copied.
        seed: for the order of the data.
        learning_rate: of Adam.
        max_grad_norm: the gradient is cut to this norm.
        epochs: how often `descend` goes over its batch.
        minibatch: about how many steps one gradient is of. Groups stay together.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        seed: int = 0,
        learning_rate: float = 1e-3,
        max_grad_norm: float = 10.0,
        epochs: int = 1,
        minibatch: int = 512,
    ):
        self.net = copy.deepcopy(policy).requires_grad_(True)
        self.optimiser = torch.optim.Adam(self.net.parameters(), lr=learning_rate)
        self.max_grad_norm, self.epochs, self.minibatch = max_grad_norm, epochs, minibatch
        self.rng = np.random.default_rng(seed)

    def descend(self, batch: Batch, loss_of: Callable[[Sequence[Group]], torch.Tensor | None]) -> float | None:
        """Take gradient steps over a batch and return the mean loss, None if no groups had one.

        Args:
            batch: what to learn from.
            loss_of: the loss of some groups, a scalar; None if they teach nothing.
        """
        losses = []
        for _ in range(self.epochs):
            for groups in self._minibatches(batch):
                loss = loss_of(groups)
                if loss is None:
                    continue
                self.optimiser.zero_grad(set_to_none=True)
                loss.backward()
                torch.nn.utils.clip_grad_norm_(self.net.parameters(), self.max_grad_norm)
                self.optimiser.step()
                losses.append(loss.item())
        return float(np.mean(losses)) if losses else None

    def _minibatches(self, batch: Batch) -> Iterator[list[Group]]:
        waiting: list[Group] = []
        size = 0
        for row in self.rng.permutation(len(batch.groups)):
            waiting.append(batch.groups[row])
            size += sum(map(len, batch.groups[row].trajectories))
            if size >= self.minibatch:
                yield waiting
                waiting, size = [], 0
        if waiting:
            yield waiting

    def state(self) -> dict[str, Any]:
        """Return weights, optimiser and generator, as copies."""
        return copy.deepcopy(
            {
                "net": self.net.state_dict(),
                "optimiser": self.optimiser.state_dict(),
                "rng": self.rng.bit_generator.state,
            }
        )

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to what `state` returned."""
        state = copy.deepcopy(state)
        self.net.load_state_dict(state["net"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.rng.bit_generator.state = state["rng"]


def per_step(
    policy: Policy, trajectories: Sequence[Trajectory], read: Callable[[Evaluation], torch.Tensor], chunk: int = 2048
) -> list[np.ndarray]:
    """Return a figure of each step, one array (T,) for each trajectory, without gradients.

    Args:
        policy: evaluates the recorded steps.
        trajectories: whole episodes or segments.
        read: takes the figures (N,) out of an evaluation.
        chunk: about how many steps are evaluated at once.
    """
    found: list[np.ndarray] = []
    first = size = 0
    for last, one in enumerate(trajectories, 1):
        size += len(one)
        if size >= chunk or last == len(trajectories):
            some = trajectories[first:last]
            with torch.no_grad():
                figures = read(policy.evaluate([each.steps for each in some])).cpu().numpy().astype(float)
            found.extend(np.split(figures, np.cumsum([len(each) for each in some])[:-1]))
            first, size = last, 0
    return found


def per_episode(figures: torch.Tensor, trajectories: Sequence[Trajectory]) -> torch.Tensor:
    """Add up figures of steps (N,), in the order of the trajectories, to sums (B,)."""
    lengths = torch.tensor([len(one) for one in trajectories], device=figures.device)
    rows = torch.repeat_interleave(torch.arange(len(lengths), device=figures.device), lengths)
    return figures.new_zeros(len(lengths)).index_add(0, rows, figures)

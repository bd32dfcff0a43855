"""The implicit process reward: how much more likely a step is under a model of success than under its reference."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, logsigmoid

from ...core.names import check_name
from ...core.trajectory import Batch, Group, Trajectory
from ...reward_models.process.base import StepScorer
from ..policies.base import Policy, log_probs
from .learner import Learner, per_episode

__all__ = ["ImplicitScorer", "outcome_loss", "pair_accuracy"]

LOSSES = ("ce", "dpo", "nca", "kto")
REFERENCES = ("frozen", "rolling")


class ImplicitScorer(StepScorer):
    """r_k = beta (log phi(a_k | ...) - log ref(a_k | ...)), with phi trained on outcomes only.

    phi has the shape of the policy, and the sum of r over an episode is fitted to its outcome. Then the sum over a
    prefix, q_k, is beta log E[exp(r(episode) / beta)] over what the reference might still do: a value function that
    nobody trained, whose differences are the process rewards. No step was ever labelled.

    It can be gamed where phi is wrong: a policy that is paid by a phi that no longer learns finds actions that phi,
    not the world, likes. `pair_accuracy` in what `fit` returns shows it: it falls as the policy moves away.

    Source: Yuan et al., "Free Process Rewards without Process Labels", arXiv 2412.01981 (2024), confirmed in their
    code; online: Cui et al. (PRIME), arXiv 2502.01456 (2025); rolling reference and pairs: Liu et al. (OPRL),
    arXiv 2509.19199 (2025). The baseline of "kto" (see `outcome_loss`) is a reconstruction.

    Args:
        policy: phi begins as a copy of it, and so does the frozen reference: all scores are 0 at first.
        name: the column.
        reference: "frozen", the policy as it is given here; or "rolling", whoever took the step (`Step.logp`).
        loss: "ce", "dpo", "nca" or "kto"; see `outcome_loss`.
        beta: how strongly the log-ratio counts, in the loss and in the scores.
        scale: what the log-ratio is multiplied by in the scores, if it shall not be beta: PRIME's scores have none.
        aggregate: "sum" of the steps of an episode in the loss, or their "mean".
        update: "after", scores are from before this batch was learned from; or "before", from after it.
        offline: 0 to learn for ever. Otherwise the first so many batches are learned from and scored 0, then it is
            frozen and its scores are given out.
        learning_rate, max_grad_norm, epochs, minibatch, seed: of `Learner`.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        name: str = "implicit",
        reference: str = "frozen",
        loss: str = "ce",
        beta: float = 0.05,
        scale: float | None = None,
        aggregate: str = "sum",
        update: str = "after",
        offline: int = 0,
        learning_rate: float = 1e-3,
        max_grad_norm: float = 10.0,
        epochs: int = 1,
        minibatch: int = 512,
        seed: int = 0,
    ):
        where = "ImplicitScorer"
        check_name("reference", reference, REFERENCES, where)
        self.loss = check_name("loss", loss, LOSSES, where)
        self.aggregate = check_name("aggregate", aggregate, ("sum", "mean"), where)
        self.update = check_name("update", update, ("after", "before"), where)
        if beta <= 0:
            raise ValueError(f"ImplicitScorer: beta must be above 0, not {beta}")
        self.name, self.beta, self.offline = name, beta, offline
        self.scale = beta if scale is None else scale
        self.learner = Learner(
            policy,
            seed=seed,
            learning_rate=learning_rate,
            max_grad_norm=max_grad_norm,
            epochs=epochs,
            minibatch=minibatch,
        )
        self.reference = copy.deepcopy(policy).requires_grad_(False) if reference == "frozen" else None
        self._fitted = 0
        self._figures: dict[str, float] = {}

    def score(self, trajectories: Sequence[Trajectory]) -> list[np.ndarray]:
        """Return scaled log-ratios; zeros as long as an offline scorer still learns."""
        if self._fitted < self.offline:
            return [np.zeros(len(one)) for one in trajectories]
        gaps = self._gaps(trajectories, self._references(trajectories))
        return [self.scale * gap for gap in gaps]

    def write(self, batch: Batch) -> None:
        """Score a batch; with `update` "before", learn from it first."""
        if self.update == "before":
            self._figures = self._learn(batch)
        super().write(batch)

    def fit(self, batch: Batch) -> dict[str, float]:
        """Learn to tell successes from failures; return "loss" and "pair_accuracy", the latter of before."""
        return self._figures if self.update == "before" else self._learn(batch)

    def state(self) -> Any:
        """Return all weights, the optimiser, the generator and how many batches were learned from."""
        reference = None if self.reference is None else copy.deepcopy(self.reference.state_dict())
        return {
            "learner": self.learner.state(),
            "reference": reference,
            "fitted": self._fitted,
            "figures": dict(self._figures),
        }

    def restore(self, state: Any) -> None:
        """Go back to what `state` returned."""
        self.learner.restore(state["learner"])
        if self.reference is not None:
            self.reference.load_state_dict(state["reference"])
        self._fitted, self._figures = state["fitted"], dict(state["figures"])

    def _learn(self, batch: Batch) -> dict[str, float]:
        trajectories = batch.trajectories
        references = self._references(trajectories)
        gaps = self._gaps(trajectories, references)
        told = pair_accuracy(batch.groups, [gap.mean() if self.aggregate == "mean" else gap.sum() for gap in gaps])
        figures = {} if told is None else {"pair_accuracy": told}
        if self.offline and self._fitted >= self.offline:
            return figures
        known = {id(one): reference for one, reference in zip(trajectories, references, strict=True)}
        loss = self.learner.descend(batch, lambda groups: self._loss(groups, known))
        self._fitted += 1
        return figures if loss is None else figures | {"loss": loss}

    def _loss(self, groups: Sequence[Group], references: dict[int, np.ndarray]) -> torch.Tensor | None:
        trajectories = [one for group in groups for one in group.trajectories]
        logp = self.learner.net.evaluate([one.steps for one in trajectories]).logp
        reference = np.concatenate([references[id(one)] for one in trajectories])
        total = self.beta * per_episode(logp - torch.as_tensor(reference).to(logp), trajectories)
        if self.aggregate == "mean":
            total = total / torch.tensor([len(one) for one in trajectories], device=total.device)
        return outcome_loss(self.loss, total, groups)

    def _references(self, trajectories: Sequence[Trajectory]) -> list[np.ndarray]:
        if self.reference is None:
            return [np.array([step.logp for step in one.steps]) for one in trajectories]
        return log_probs(self.reference, trajectories)

    def _gaps(self, trajectories: Sequence[Trajectory], references: list[np.ndarray]) -> list[np.ndarray]:
        gaps = [now - then for now, then in zip(log_probs(self.learner.net, trajectories), references, strict=True)]
        if self.reference is None:
            # Who acted computed its log-probability in batches of another shape; what differs by rounding alone is
            # 0, lest an advantage that divides by the largest score blow it up.
            gaps = [np.where(np.abs(gap) < 1e-5, 0.0, gap) for gap in gaps]
        return gaps


def outcome_loss(kind: str, total: torch.Tensor, groups: Sequence[Group]) -> torch.Tensor | None:
    """Return the loss of what episodes were given in total, (B,), against their outcomes z; None without a pair.

        ce:  -z log s(r) - (1 - z) log s(-r), z cut to [0, 1]; it needs no pairs
        dpo: -log s(r+ - r-)
        nca: -log s(r+) - log s(-r+) / 2 - log s(-r-) / 2
        kto: z s(b - r) + (1 - z) s(r - b), b = max(mean r, 0) without gradient

    with s the logistic function and (+, -) all pairs of a group whose outcomes differ, the better one first. The
    baseline b of "kto" stands for the divergence from the reference, here taken over the episodes at hand.

    Args:
        kind: "ce", "dpo", "nca" or "kto".
        total: in the order of the trajectories of the groups.
        groups: what happened.
    """
    outcomes = [one.outcome for group in groups for one in group.trajectories]
    if kind in ("ce", "kto"):
        label = torch.tensor(outcomes).to(total).clamp(0.0, 1.0)
        if kind == "ce":
            return binary_cross_entropy_with_logits(total, label)
        above = total - total.detach().mean().clamp(min=0.0)
        return (label * torch.sigmoid(-above) + (1.0 - label) * torch.sigmoid(above)).mean()
    better, worse = _pairs(groups)
    if not better:
        return None
    good, bad = total[better], total[worse]
    if kind == "dpo":
        return -logsigmoid(good - bad).mean()
    return -(logsigmoid(good) + 0.5 * logsigmoid(-good) + 0.5 * logsigmoid(-bad)).mean()


def pair_accuracy(groups: Sequence[Group], totals: Sequence[float]) -> float | None:
    """Return the share of pairs of a group, with unlike outcomes, that `totals` rank right; None without a pair.

    A tie counts one half, so that knowing nothing is worth 0.5.

    Args:
        groups: what happened.
        totals: what each trajectory was given, in the order of the groups.
    """
    better, worse = _pairs(groups)
    if not better:
        return None
    given = np.asarray(totals, dtype=float)
    return float(np.mean((np.sign(given[better] - given[worse]) + 1.0) / 2.0))


def _pairs(groups: Sequence[Group]) -> tuple[list[int], list[int]]:
    """Return rows of all pairs within a group of which the first has the better outcome."""
    better, worse, start = [], [], 0
    for group in groups:
        outcomes = [one.outcome for one in group.trajectories]
        for i, one in enumerate(outcomes):
            for j, other in enumerate(outcomes):
                if one > other:
                    better.append(start + i)
                    worse.append(start + j)
        start += len(outcomes)
    return better, worse

"""Learning a linear reward of a tabular world from preferences, under either model of what people mean by them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from ...core.names import check_name
from ...core.preferences import PreferenceSet
from ...core.random import derive_seed
from ...envs.tabular.mdp import TabularMDP
from ...envs.tabular.solvers import evaluate_policy
from .preference_loss import preference_loss

__all__ = ["LinearWorld", "PreferenceModel", "fit_linear"]

PreferenceModel = Literal["return", "regret"]
TIE = 1e-9


@dataclass(frozen=True)
class LinearWorld:
    """A tabular world whose reward is linear in known features, R(s, a) = w . phi(s, a).

    Attributes:
        mdp: the world; what it pays itself does not matter here.
        features: phi, (S, A, K).
        gamma: discount, below 1, so that every reward has finite values.
    """

    mdp: TabularMDP
    features: np.ndarray
    gamma: float = 0.99

    def __post_init__(self) -> None:
        if self.features.shape[:2] != self.mdp.admissible.shape or self.features.ndim != 3:
            raise ValueError(
                f"features have the shape {self.features.shape}, not (S, A, K) of {self.mdp.admissible.shape}"
            )
        if not 0 <= self.gamma < 1:
            raise ValueError(f"LinearWorld: gamma is {self.gamma}, not in [0, 1)")

    def successor_features(self, policy: np.ndarray) -> np.ndarray:
        """Return psi (S, K): the discounted sum of features expected from each state under a policy (S, A).

        V(s) = w . psi(s) for every w.
        """
        columns = [self.mdp.with_rewards(np.array(one)) for one in np.moveaxis(self.features, -1, 0)]
        return np.stack([evaluate_policy(one, policy, self.gamma) for one in columns], axis=-1)

    def action_values(self, weights: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Return Q (S, A) of acting once and then being worth `values` (S,); -inf where not admissible."""
        ahead = self.gamma * self.mdp.expect(np.where(self.mdp.terminal, 0.0, values))
        return np.where(self.mdp.admissible, self.features @ weights + ahead, -np.inf)

    def best(self, weights: np.ndarray, begin: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return an optimal deterministic policy (S, A) for weights (K,), and its successor features (S, K).

        Policy iteration; a policy is left as it is where it is not beaten by more than rounding.

        Args:
            weights: w.
            begin: a policy to begin with; None for the first admissible actions.
        """
        states, width = self.mdp.admissible.shape
        policy = np.eye(width)[self.mdp.admissible.argmax(axis=1)] if begin is None else begin
        while True:  # each round is better by more than TIE, and there are finitely many policies
            psi = self.successor_features(policy)
            table = self.action_values(weights, psi @ weights)
            live = ~self.mdp.terminal
            now, top = np.zeros(states), np.zeros(states)
            now[live] = np.where(policy[live] > 0, table[live], 0.0).sum(axis=1)
            top[live] = table[live].max(axis=1)
            better = live & (top > now + TIE)
            if not better.any():
                return policy, psi
            policy = np.where(better[:, None], np.eye(width)[table.argmax(axis=1)], policy)

    def optimal_mixture(self, weights: np.ndarray) -> np.ndarray:
        """Return the policy (S, A) that takes all optimal actions equally often: what is left open is a coin."""
        _, psi = self.best(weights)
        table = self.action_values(weights, psi @ weights)
        good = self.mdp.admissible & (table >= np.where(self.mdp.terminal, 0.0, table.max(axis=1))[:, None] - 1e-7)
        return good / np.maximum(good.sum(axis=1, keepdims=True), 1)


def fit_linear(
    world: LinearWorld,
    preferences: PreferenceSet,
    model: PreferenceModel,
    policies: np.ndarray | None = None,
    updates: int = 300,
    rate: float = 0.05,
    decay: float = 1e-3,
    restarts: int = 3,
    softness: float = 1e-3,
    seed: int = 0,
) -> np.ndarray:
    """Return the weights (K,) that explain preferences best, under the partial return or under regret.

        return: P = sigmoid(w . (f_1 - f_2)),  f = sum_t gamma^t phi(s_t, a_t)
        regret: P = sigmoid(regret_2 - regret_1),  regret = V_w(s_0) - w . f - gamma^T V_w(s_T)

    V_w is the optimal value under w. Without `policies` it is exact: solved anew before each update, whose gradient by
    the envelope theorem is that of the best policy's w . psi. With `policies` it is approximated as in the code, by the
    softmax-weighted value of the given ones, V_w(s) = sum_i softmax_i(w . psi_i(s) / softness) w . psi_i(s).

    Each pair is learned from in both orders, so it does not matter which was named first. The loss under regret is not
    convex: of several beginnings (and of w = 0 under the partial return, where one is enough) the best one is taken.

    Source: Knox et al., "Models of human preference for learning reward functions" (arXiv 2206.02231, 2022). Status:
    confirmed in the code of the follow-up (arXiv 2310.02456, 2023): linear reward, successor features, softmax 0.001,
    doubled data; the exact form is ours.
    Traps: if all segments are equally long, a feature that every step has (a step's cost) cancels out of the partial
    return, and its weight stays exactly 0, however many pairs there are. Of a V_w from too few policies w learns what
    makes those look optimal.
    How it can be gamed: weights that explain decisions say nothing about decisions that nobody was compared on.

    Args:
        world: dynamics and features.
        preferences: of trajectories with numbers of states and of actions.
        model: see above.
        policies: (P, S, A), or None.
        updates: steps of Adam, each over all pairs.
        rate: its learning rate.
        decay: weight of |w|^2 in the loss.
        restarts: beginnings, under regret.
        softness: see above.
        seed: of the beginnings.
    """
    import torch

    check_name("model of preference", model, get_args(PreferenceModel), "fit_linear")
    sums, first, last, worth, labels = (torch.from_numpy(one) for one in _segments(world, preferences))
    known = (
        None if policies is None else torch.from_numpy(np.stack([world.successor_features(one) for one in policies]))
    )

    def values(weights: torch.Tensor, state: list[np.ndarray]) -> torch.Tensor:
        if known is not None:
            each = known @ weights
            return (torch.softmax(each / softness, dim=0) * each).sum(dim=0)
        policy, psi = world.best(weights.detach().numpy(), state[0] if state else None)
        state[:] = [policy]
        return torch.from_numpy(psi) @ weights

    def goodness(weights: torch.Tensor, state: list[np.ndarray]) -> torch.Tensor:
        paid = sums @ weights
        if model == "return":
            return paid
        worths = values(weights, state)
        return paid + worth * worths[last] - worths[first]

    def loss(weights: torch.Tensor, state: list[np.ndarray]) -> torch.Tensor:
        good = goodness(weights, state)
        return preference_loss(good[:, 0], good[:, 1], labels) + decay * (weights**2).sum()

    best, least = np.zeros(world.features.shape[-1]), np.inf
    for number in range(1 if model == "return" else restarts):
        rng = np.random.default_rng(derive_seed(seed, "restart", number))
        begin = np.zeros(len(best)) if model == "return" else rng.normal(size=len(best))
        weights = torch.tensor(begin, requires_grad=True)
        optimiser, state = torch.optim.Adam([weights], lr=rate), list[np.ndarray]()
        for _ in range(updates):
            optimiser.zero_grad()
            loss(weights, state).backward()
            optimiser.step()
        left = float(loss(weights, state).detach())
        if left < least:
            best, least = weights.detach().numpy().copy(), left
    return best


def _segments(world: LinearWorld, preferences: PreferenceSet) -> tuple[np.ndarray, ...]:
    """Return of each pair in both orders: sums of features (N, 2, K), first and last states, gamma^T (N, 2), labels."""
    pairs = preferences.pairs[preferences.decided]
    labels = preferences.labels[preferences.decided]
    shape = (len(pairs), 2)
    sums, worth = np.zeros((*shape, world.features.shape[-1])), np.zeros(shape)
    first, last = np.zeros(shape, dtype=int), np.zeros(shape, dtype=int)
    for row, pair in enumerate(pairs.tolist()):
        for side, (index, start, stop) in enumerate(pair):
            steps = preferences.trajectories[index].steps[start:stop]
            seen = world.features[[step.obs for step in steps], [step.action for step in steps]]
            sums[row, side] = world.gamma ** np.arange(len(steps)) @ seen
            first[row, side], last[row, side] = steps[0].obs, steps[-1].next_obs
            worth[row, side] = world.gamma ** len(steps)
    both = [np.concatenate([one, one[:, ::-1]]) for one in (sums, first, last, worth)]
    return (*both, np.concatenate([labels, 1 - labels]))

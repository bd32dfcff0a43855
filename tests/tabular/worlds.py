"""Random MDPs for checking the solvers: with chance and without, with forbidden actions, with and without a horizon."""

from __future__ import annotations

import numpy as np

from guerdon.envs.tabular.mdp import TabularMDP

__all__ = ["random_mdp", "random_policy"]


def random_mdp(seed: int, deterministic: bool = False, horizon: int | None = None) -> TabularMDP:
    """Return 3 to 6 states, the last of them terminal, and 2 or 3 actions, some of which are not admissible."""
    rng = np.random.default_rng(seed)
    states, actions = int(rng.integers(3, 7)), int(rng.integers(2, 4))
    if deterministic:
        transitions = rng.integers(states, size=(states, actions))
        rewards = rng.normal(size=(states, actions))
    else:
        transitions = rng.dirichlet(np.full(states, 0.4), size=(states, actions))
        transitions = np.where(transitions < 0.05, 0.0, transitions)
        transitions /= transitions.sum(axis=2, keepdims=True)
        rewards = rng.normal(size=(states, actions, states))
    admissible = rng.random((states, actions)) < 0.7
    admissible[np.arange(states), rng.integers(actions, size=states)] = True
    start = rng.dirichlet(np.ones(states))
    return TabularMDP(transitions, rewards, np.arange(states) == states - 1, start, admissible, horizon)


def random_policy(mdp: TabularMDP, seed: int) -> np.ndarray:
    """Return positive probabilities (S, A) for all admissible actions."""
    weights = np.random.default_rng((seed, 1)).random(mdp.admissible.shape) + 0.1
    weights = np.where(mdp.admissible, weights, 0.0)
    return weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-300)

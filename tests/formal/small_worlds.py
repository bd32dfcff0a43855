"""Small random worlds and policies to try objectives on."""

from __future__ import annotations

import numpy as np

from guerdon.envs.tabular.mdp import TabularMDP

__all__ = ["ladder", "some_policy", "world"]


def world(seed: int, states: int = 4, actions: int = 2) -> TabularMDP:
    rng = np.random.default_rng(seed)
    return TabularMDP(
        transitions=0.9 * rng.dirichlet(np.full(states, 0.5), size=(states, actions)) + 0.1 / states,
        rewards=rng.normal(size=(states, actions)),
        terminal=np.zeros(states, dtype=bool),
        start=rng.dirichlet(np.ones(states)),
        admissible=np.ones((states, actions), dtype=bool),
    )


def ladder(seed: int, depth: int = 3) -> tuple[TabularMDP, np.ndarray]:
    """Return a world of some decisions with chance in it, and two rewards that are small whole numbers."""
    rng, size = np.random.default_rng(seed), 2 * depth + 1
    after = np.zeros((size, 2, size))
    for state in range(size - 1):
        level = state // 2 + 1
        ahead = [2 * level, 2 * level + 1] if level < depth else [size - 1]
        after[state][:, ahead] = rng.dirichlet(np.ones(len(ahead)), size=2)
    after[-1, :, -1] = 1.0
    over = np.arange(size) == size - 1
    mdp = TabularMDP(after, np.zeros((size, 2)), over, np.eye(size)[0], np.repeat(~over[:, None], 2, axis=1))
    return mdp, rng.integers(-1, 3, size=(2, size, 2)).astype(float) * mdp.admissible


def some_policy(mdp: TabularMDP, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.ones(mdp.num_actions), size=mdp.num_states) * mdp.admissible

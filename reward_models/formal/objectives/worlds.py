"""The smallest worlds on which formalisms come apart."""

from __future__ import annotations

import numpy as np

from ....envs.tabular.mdp import TabularMDP

__all__ = ["choice", "leaving", "swap", "two_steps"]


def swap() -> TabularMDP:
    """Two states that alternate for ever whatever is done: J(aa) + J(bb) = J(ab) + J(ba) for every Markov reward."""
    return _world(np.array([[1, 1], [0, 0]]), terminal=0)


def two_steps() -> TabularMDP:
    """Two decisions between a and b, then the end: the same identity, with returns that are small whole numbers."""
    return _world(np.array([[1, 1], [2, 2], [2, 2]]), terminal=1)


def choice(actions: int) -> TabularMDP:
    """One decision, then the end: what is visited is the policy itself."""
    return _world(np.array([[1] * actions] * 2), terminal=1)


def leaving() -> TabularMDP:
    """Stay (action 0), or leave (1) for a state where one stays for ever."""
    return _world(np.array([[0, 1], [1, 1]]), terminal=0)


def _world(after: np.ndarray, terminal: int) -> TabularMDP:
    over = np.arange(len(after)) >= len(after) - terminal
    return TabularMDP(
        transitions=after,
        rewards=np.zeros(after.shape),
        terminal=over,
        start=np.eye(len(after))[0],
        admissible=np.repeat(~over[:, None], after.shape[1], axis=1),
    )

"""STARC's distance is zero exactly where all policies are ordered alike.

Skalse et al. (arXiv 2309.15257, 2023, theorem on invariance). Enumerated on 1,000 random worlds of three states and two
actions: all eight deterministic policies and forty random ones are ordered by their returns under a reward and under a
second one, which is the first scaled, shaped and redistributed over next states; the first with noise; or its
negative. "exceptions" counts pairs of rewards whose distance is below 1e-9 although the orders differ, or the other way
round. The seeds share the worlds out.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from guerdon.envs.tabular.mdp import TabularMDP
from guerdon.envs.tabular.solvers import evaluate_policy
from guerdon.evaluation.distances.exact import reward_distance

__all__ = ["finding", "measure"]

STATES, ACTIONS, GAMMA, WORLDS = 3, 2, 0.9, 1000
SECOND = ("the same to policies", "with noise", "negative")


def measure(seeds: int) -> list[dict[str, Any]]:
    """Return a row for each kind of second reward."""
    rows: list[dict[str, Any]] = [
        {"second reward": name, "pairs": 0, "ordered alike": 0, "exceptions": 0} for name in SECOND
    ]
    for number in range(WORLDS):
        rng = np.random.default_rng([number % seeds, number])
        mdp = TabularMDP(
            transitions=rng.dirichlet(np.ones(STATES), size=(STATES, ACTIONS)),
            rewards=np.zeros((STATES, ACTIONS)),
            terminal=np.zeros(STATES, dtype=bool),
            start=np.eye(STATES)[0],
            admissible=np.ones((STATES, ACTIONS), dtype=bool),
        )
        policies = [np.eye(ACTIONS)[list(one)] for one in itertools.product(range(ACTIONS), repeat=STATES)]
        policies += [rng.dirichlet(np.ones(ACTIONS), size=STATES) for _ in range(40)]
        first, noise = rng.normal(size=(2, STATES, ACTIONS, STATES))
        spread = noise - (noise * mdp.probabilities).sum(axis=-1, keepdims=True)
        phi = rng.normal(size=STATES)
        same = rng.uniform(0.1, 5) * first + spread + GAMMA * phi - phi[:, None, None]
        order = _order(mdp, first, policies)
        for row, second in zip(rows, (same, first + 0.3 * noise, -first), strict=True):
            alike = np.array_equal(order, _order(mdp, second, policies))
            row["pairs"] += 1
            row["ordered alike"] += alike
            row["exceptions"] += alike != (reward_distance(mdp, first, second, GAMMA) < 1e-9)
    return rows


def finding(rows: Sequence[dict[str, Any]]) -> str:
    """Count the exceptions."""
    pairs, wrong = (sum(row[what] for row in rows) for what in ("pairs", "exceptions"))
    alike = sum(row["ordered alike"] for row in rows)
    return f"{wrong} exceptions in {pairs:,} pairs of rewards, of which {alike:,} order all policies alike."


def _order(mdp: TabularMDP, reward: np.ndarray, policies: Sequence[np.ndarray]) -> np.ndarray:
    """Return the sign of the difference of returns of every pair of policies, 0 up to rounding."""
    paying = mdp.with_rewards(reward)
    returns = np.array([mdp.start @ evaluate_policy(paying, policy, GAMMA) for policy in policies])
    gaps = returns[:, None] - returns
    return np.where(np.abs(gaps) < 1e-9 * max(1.0, float(np.abs(returns).max())), 0, np.sign(gaps))

"""Distances between rewards on a tabular world, exactly, and the regret that they bound."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...envs.tabular.mdp import TabularMDP
from ...envs.tabular.solvers import evaluate_policy, value_iteration
from .canonical import canonical, occurs, reward_table

__all__ = ["best_policy", "distance_matrix", "regret", "reward_distance"]


def reward_distance(
    mdp: TabularMDP,
    first: np.ndarray,
    second: np.ndarray,
    gamma: float,
    kind: str = "val",
    norm: float = 2,
    weights: np.ndarray | None = None,
) -> float:
    """Return half the norm of the difference of two normalised canonical forms, in [0, 1].

        d(R1, R2) = 1/2 || c(R1) / ||c(R1)|| - c(R2) / ||c(R2)|| ||

    0 means that both order all policies alike, 1 that they order them the opposite way. A reward under which all
    policies are equal has the form 0, which stays 0: it is at 1/2 from every other, and at 0 from its like. Whoever
    optimises R2 loses under R1 at most U * d * (most - least that can be had under R1), with a U that depends on the
    world and the discount, not on the rewards (Skalse et al., arXiv 2309.15257, 2023); see `regret`.

    Args:
        mdp: the world; its own rewards do not matter.
        first: a reward, (S, A) or (S, A, S).
        second: another.
        gamma: discount, in [0, 1).
        kind: a canonical form; only those in `STARC` give the distance the property above.
        norm: 1, 2 or `numpy.inf`.
        weights: how much each entry counts, of the form's shape; evenly by default.
    """
    one, other = (_unit(mdp, reward, gamma, kind, norm, weights) for reward in (first, second))
    return float(0.5 * np.linalg.norm(one - other, norm))


def distance_matrix(
    mdp: TabularMDP, rewards: Mapping[str, np.ndarray], gamma: float, kind: str = "val", norm: float = 2
) -> np.ndarray:
    """Return the distances between all rewards, (N, N), in their order."""
    units = [_unit(mdp, reward, gamma, kind, norm, None) for reward in rewards.values()]
    return np.array([[0.5 * np.linalg.norm(one - other, norm) for other in units] for one in units])


def _unit(
    mdp: TabularMDP, reward: np.ndarray, gamma: float, kind: str, norm: float, weights: np.ndarray | None
) -> np.ndarray:
    form = canonical(mdp, reward, gamma, kind)
    counted = (form if weights is None else form * weights)[occurs(mdp, form)]
    size = np.linalg.norm(counted, norm)
    scale = np.abs(reward_table(mdp, reward)).max(initial=0.0)
    return counted / size if size > 1e-12 * max(scale, 1e-300) else np.zeros_like(counted)


def best_policy(mdp: TabularMDP, reward: np.ndarray, gamma: float) -> np.ndarray:
    """Return the best policy (S, A) under a reward; among equals the first."""
    return value_iteration(mdp.with_rewards(reward_table(mdp, reward)), gamma).policy


def regret(mdp: TabularMDP, judged_by: np.ndarray, optimised: np.ndarray, gamma: float) -> float:
    """Return what optimising one reward loses under another, as a share of what there is to be lost, in [0, 1].

    (max J - J(best policy of `optimised`)) / (max J - min J) with J the return under `judged_by`; 0 if all policies
    are equal under it.
    """
    judge = mdp.with_rewards(reward_table(mdp, judged_by))
    worst = -float(mdp.start @ value_iteration(mdp.with_rewards(-reward_table(mdp, judged_by)), gamma).values)
    best = float(mdp.start @ value_iteration(judge, gamma).values)
    got = float(mdp.start @ evaluate_policy(judge, best_policy(mdp, optimised, gamma), gamma))
    return 0.0 if best - worst <= 1e-12 * max(1.0, abs(best)) else (best - got) / (best - worst)

"""Linear programs and searches over what policies visit: the exact way to objectives that no sum of rewards says.

A discounted occupancy m (S, A) of some stationary policy is any m >= 0 with

    sum_a m(s, a) - gamma sum_{s', a'} P(s|s', a') m(s', a') = start(s)      for every state that is not terminal,

and m(s, .) / sum m(s, .) is that policy (Puterman 1994, section 6.9). These worlds have no horizon: gamma < 1 or an end
that is always reached.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ....envs.tabular.mdp import TabularMDP
from ....envs.tabular.solvers import occupancy

__all__ = ["InfeasibleError", "best_occupancy", "deterministic_policies", "frank_wolfe", "markov_margin", "policy_of"]

MOST_POLICIES = 200_000


class InfeasibleError(ValueError):
    """No policy keeps all constraints."""


def no_horizon(mdp: TabularMDP, who: str) -> None:
    """Refuse a world with a horizon: its best policies depend on the time, which an occupancy (S, A) does not see."""
    if mdp.horizon is not None:
        raise ValueError(f"{who}: needs a world without a horizon, this one has {mdp.horizon}; make the time a state")


def best_occupancy(
    mdp: TabularMDP,
    reward: np.ndarray,
    gamma: float,
    limits: Sequence[tuple[np.ndarray, float]] = (),
    floor: Sequence[np.ndarray] = (),
) -> tuple[np.ndarray, float]:
    """Return the occupancy (S, A) that maximises (m * reward).sum() [+ the least of `floor`], and the maximum.

    Args:
        mdp: the world, without a horizon.
        reward: (S, A).
        gamma: discount.
        limits: (cost (S, A), bound): (m * cost).sum() <= bound.
        floor: tables of which the least (m * table).sum() is added to what is maximised.

    Raises:
        InfeasibleError: nothing keeps the limits.
    """
    from scipy.optimize import linprog

    no_horizon(mdp, "best_occupancy")
    states, actions = np.nonzero(mdp.admissible)
    size, extra = len(states), int(bool(floor))
    live = np.flatnonzero(~mdp.terminal)
    flow = np.zeros((len(live), size + extra))
    flow[:, :size] = (live[:, None] == states[None]) - gamma * mdp.probabilities[states, actions][:, live].T
    rows = [np.append(cost[states, actions], [0.0] * extra) for cost, _ in limits]
    bounds = [bound for _, bound in limits]
    for table in floor:
        rows.append(np.append(-table[states, actions], 1.0))
        bounds.append(0.0)
    found = linprog(
        -np.append(reward[states, actions], [1.0] * extra),
        A_ub=np.array(rows) if rows else None,
        b_ub=np.array(bounds) if rows else None,
        A_eq=flow,
        b_eq=mdp.start[live],
        bounds=[(0, None)] * size + [(None, None)] * extra,
        method="highs",
    )
    if found.status == 2:
        raise InfeasibleError("no policy keeps all the limits")
    if found.status != 0:
        raise ValueError(f"the linear program has no optimum ({found.message}); use gamma < 1")
    visits = np.zeros(mdp.admissible.shape)
    visits[states, actions] = np.maximum(found.x[:size], 0.0)
    return visits, float(-found.fun)


def policy_of(mdp: TabularMDP, visits: np.ndarray) -> np.ndarray:
    """Return the policy (S, A) of an occupancy; even chances where it never comes."""
    even = mdp.admissible / np.maximum(mdp.admissible.sum(axis=1, keepdims=True), 1)
    visits = np.maximum(visits, 0.0)  # rounding may leave -1e-17
    total = visits.sum(axis=1, keepdims=True)
    return np.where(total > 1e-12, visits / np.maximum(total, 1e-300), even)


def deterministic_policies(mdp: TabularMDP) -> Iterator[np.ndarray]:
    """Yield every deterministic policy (S, A).

    Raises:
        ValueError: there are more than 200,000.
    """
    live = np.flatnonzero(~mdp.terminal)
    choices = [np.flatnonzero(mdp.admissible[state]).tolist() for state in live]
    count = float(np.prod([float(len(one)) for one in choices]))
    if count > MOST_POLICIES:
        raise ValueError(f"there are {count:.3g} deterministic policies, more than {MOST_POLICIES:,}")
    for taken in itertools.product(*choices):
        policy = np.zeros(mdp.admissible.shape)
        policy[live, list(taken)] = 1.0
        yield policy


def frank_wolfe(
    mdp: TabularMDP,
    gamma: float,
    value: Callable[[np.ndarray], float],
    gradient: Callable[[np.ndarray], np.ndarray],
    sweeps: int = 400,
    tolerance: float = 1e-6,
) -> tuple[np.ndarray, float]:
    """Maximise a concave function of the occupancy; return the occupancy (S, A) and how far it is from the best.

    Each round solves for the gradient as a reward (Frank and Wolfe 1956; for occupancies Hazan et al., "Provably
    efficient maximum entropy exploration", arXiv 1812.02690) and moves there as far as it helps, or moves weight from
    the worst vertex of those that it is made of to that best one (pairwise steps, Lacoste-Julien and Jaggi 2015: plain
    steps zigzag when the optimum is on a face). The gap (gradient * (vertex - m)).sum() bounds what is lacking.
    """
    visits = np.zeros(mdp.admissible.shape)
    vertices, shares, gap = [best_occupancy(mdp, visits, gamma)[0]], [1.0], np.inf
    visits = vertices[0]
    for _ in range(sweeps):
        slope = gradient(visits)
        best = best_occupancy(mdp, slope, gamma)[0]
        gap = float((slope * (best - visits)).sum())
        if gap <= tolerance:
            break
        worst = int(np.argmin([(slope * one).sum() for one in vertices]))
        way, most = best - vertices[worst], shares[worst]
        step = _line_search(lambda t, way=way, at=visits: value(at + t * way), most)
        visits = visits + step * way
        shares[worst] -= step
        near = [i for i, one in enumerate(vertices) if np.abs(one - best).max() < 1e-9]
        if near:
            shares[near[0]] += step
        else:
            vertices.append(best)
            shares.append(step)
        kept = [i for i, share in enumerate(shares) if share > 1e-12]
        vertices, shares = [vertices[i] for i in kept], [shares[i] for i in kept]
    return visits, max(gap, 0.0)


def _line_search(value: Callable[[float], float], most: float) -> float:
    """Return where in [0, most] a concave function is largest, by golden sections."""
    golden, low, high = (5**0.5 - 1) / 2, 0.0, most
    left, right = high - golden * (high - low), low + golden * (high - low)
    at_left, at_right = value(left), value(right)
    for _ in range(60):
        if at_left >= at_right:
            high, right, at_right = right, left, at_left
            left = high - golden * (high - low)
            at_left = value(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + golden * (high - low)
            at_right = value(right)
    middle = (low + high) / 2
    return max((0.0, middle, most), key=value)


def markov_margin(
    mdp: TabularMDP,
    policies: Sequence[np.ndarray],
    better: Sequence[tuple[int, int]],
    equal: Sequence[tuple[int, int]] = (),
    gamma: float = 1.0,
) -> float:
    """Return the largest margin with which any Markov reward in [-1, 1] orders policies as wished; 0 if none does.

    max_R min over pairs (i, j) of `better` of J_R(i) - J_R(j), subject to J_R(i) = J_R(j) for the pairs of `equal`.
    J_R is linear in R, so this is a linear program over all rewards R(s, a): if it is 0, none exists. Rewards of (s, a,
    s') or of the state alone say no more, as their mean is one of (s, a).
    """
    from scipy.optimize import linprog

    visits = np.array([occupancy(mdp, one, gamma, mdp.horizon)[mdp.admissible] for one in policies])
    size = visits.shape[1]
    above = np.array([np.append(visits[j] - visits[i], 1.0) for i, j in better])
    same = np.array([np.append(visits[i] - visits[j], 0.0) for i, j in equal]).reshape(-1, size + 1)
    found = linprog(
        np.append(np.zeros(size), -1.0),
        A_ub=above,
        b_ub=np.zeros(len(above)),
        A_eq=same if len(same) else None,
        b_eq=np.zeros(len(same)) if len(same) else None,
        bounds=[(-1.0, 1.0)] * size + [(None, None)],
        method="highs",
    )
    return max(0.0, -float(found.fun))

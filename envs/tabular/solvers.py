"""Exact answers about a tabular MDP: best, soft-best and given policies, what they visit, and which way is up.

Policies are probabilities (S, A), zero where an action is not admissible. Wherever `horizon` is None an episode runs
until a terminal state; with a number H it is cut after H decisions, and values have a leading axis of time: `values`
(H + 1, S), where `values[t]` is what is still to come after t decisions, and `action_values`, `policy` (H, S, A).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from .mdp import TabularMDP

__all__ = [
    "Path",
    "Solution",
    "enumerate_trajectories",
    "evaluate_policy",
    "occupancy",
    "policy_gradient",
    "soft_optimal",
    "softmax_policy",
    "value_iteration",
]

MAX_SWEEPS = 100_000


@dataclass(frozen=True)
class Solution:
    """Values V (S,), action values Q (S, A), -inf where not admissible, and a policy (S, A); see the module."""

    values: np.ndarray
    action_values: np.ndarray
    policy: np.ndarray


def value_iteration(
    mdp: TabularMDP, gamma: float = 1.0, horizon: int | None = None, tolerance: float = 1e-12
) -> Solution:
    """Return the optimal values and the best policy; among equally good actions the first.

    Args:
        mdp: the world.
        gamma: discount, in [0, 1]. With 1 and no horizon every state must be worth something finite.
        horizon: decisions that are left, or None.
        tolerance: without a horizon, the largest change of a value in the last sweep.
    """

    def best(table: np.ndarray) -> np.ndarray:
        return table.max(axis=1)

    def greedy(table: np.ndarray) -> np.ndarray:
        # Rounding must not decide between actions that are equally good.
        return np.eye(mdp.num_actions)[(table >= best(table)[:, None] - 1e-9).argmax(axis=1)] * mdp.admissible

    return _sweep(mdp, best, greedy, gamma, horizon, tolerance)


def soft_optimal(
    mdp: TabularMDP,
    reference: np.ndarray,
    eta: float,
    gamma: float = 1.0,
    horizon: int | None = None,
    tolerance: float = 1e-12,
) -> Solution:
    """Return the optimum of E[R] - KL(policy || reference) / eta, summed over the decisions of an episode.

    V(s) = log(sum_a reference(a|s) exp(eta Q(s, a))) / eta and policy(a|s) = reference(a|s) exp(eta (Q(s, a) - V(s))),
    so that log(policy / reference) / eta = Q(s, a) - V(s) telescopes along an episode.

    Args:
        mdp: the world.
        reference: the policy (S, A) that is stayed near to.
        eta: inverse temperature, above 0; the larger, the greedier.
        gamma: as in `value_iteration`.
        horizon: as there.
        tolerance: as there.

    Source: linearly solvable control (Todorov, 2007); as KL-regularised fine-tuning, e.g. Rafailov et al. (2024).
    """
    if not eta > 0:
        raise ValueError(f"soft_optimal: eta is {eta}, not above 0")
    reference = _checked(mdp, reference, "reference")

    def soft(table: np.ndarray) -> np.ndarray:
        best = np.where(mdp.terminal, 0.0, np.where(reference > 0, table, -np.inf).max(axis=1))
        # The weights sum to 1, and so are written as what they lack of it: exact for a small eta too.
        lacking = np.where(reference > 0, reference * np.expm1(eta * (table - best[:, None])), 0.0).sum(axis=1)
        return best + np.log1p(lacking) / eta

    def tilted(table: np.ndarray) -> np.ndarray:
        values = np.where(mdp.terminal, 0.0, soft(table))
        return np.where(mdp.admissible, reference * np.exp(eta * (table - values[:, None])), 0.0)

    return _sweep(mdp, soft, tilted, gamma, horizon, tolerance)


def evaluate_policy(mdp: TabularMDP, policy: np.ndarray, gamma: float = 1.0, horizon: int | None = None) -> np.ndarray:
    """Return the values of a policy: (S,) from the linear system, or (H + 1, S) backwards in time.

    Raises:
        ValueError: without a horizon and with gamma 1, a policy under which an episode may never end.
    """
    policy = _checked(mdp, policy, "policy")
    if horizon is None:
        step, live = _step(mdp, policy), ~mdp.terminal
        paid = (policy * mdp.mean_rewards).sum(axis=1)
        values = np.zeros(mdp.num_states)
        values[live] = _solve(np.eye(live.sum()) - gamma * step[np.ix_(live, live)], paid[live])
        return values
    values = np.zeros((horizon + 1, mdp.num_states))
    for left in range(horizon - 1, -1, -1):
        table = mdp.mean_rewards + gamma * mdp.expect(values[left + 1])
        values[left] = (policy * table).sum(axis=1)
    return values


def occupancy(mdp: TabularMDP, policy: np.ndarray, gamma: float = 1.0, horizon: int | None = None) -> np.ndarray:
    """Return how often, discounted, an episode is expected to take each action in each state, (S, A).

    With it E[R] = (occupancy * rewards).sum(), whatever the rewards are.
    """
    policy = _checked(mdp, policy, "policy")
    step, live = _step(mdp, policy), ~mdp.terminal
    visits = np.zeros(mdp.num_states)
    if horizon is None:
        visits[live] = _solve((np.eye(live.sum()) - gamma * step[np.ix_(live, live)]).T, mdp.start[live])
    else:
        there, worth = np.where(mdp.terminal, 0.0, mdp.start), 1.0
        for _ in range(horizon):
            visits += worth * there
            there, worth = np.where(mdp.terminal, 0.0, there @ step), worth * gamma
    return visits[:, None] * policy


def softmax_policy(mdp: TabularMDP, logits: np.ndarray) -> np.ndarray:
    """Return the policy (S, A) of a table of logits (S, A): a softmax over the admissible actions."""
    scores = np.where(mdp.admissible, logits, -np.inf)
    top = np.where(mdp.terminal, 0.0, scores.max(axis=1))
    weights = np.exp(scores - top[:, None])
    return weights / np.where(mdp.terminal, 1.0, weights.sum(axis=1))[:, None]


def policy_gradient(mdp: TabularMDP, logits: np.ndarray, gamma: float = 1.0, horizon: int | None = None) -> np.ndarray:
    """Return the gradient of E[R] by the logits (S, A) of a softmax policy: visits times advantage.

    Source: the policy gradient theorem (Sutton et al., 2000), d E[R] / d theta(s, a) = d(s) pi(a|s) (Q(s, a) - V(s)).
    """
    policy = softmax_policy(mdp, logits)
    values = evaluate_policy(mdp, policy, gamma, horizon)

    def advantage(now: np.ndarray, later: np.ndarray) -> np.ndarray:
        return mdp.mean_rewards + gamma * mdp.expect(np.where(mdp.terminal, 0.0, later)) - now[:, None]

    if horizon is None:
        return occupancy(mdp, policy, gamma) * np.where(mdp.admissible, advantage(values, values), 0.0)
    step, total = _step(mdp, policy), np.zeros_like(policy)
    there, worth = np.where(mdp.terminal, 0.0, mdp.start), 1.0
    for t in range(horizon):
        total += worth * there[:, None] * policy * np.where(mdp.admissible, advantage(values[t], values[t + 1]), 0.0)
        there, worth = np.where(mdp.terminal, 0.0, there @ step), worth * gamma
    return total


@dataclass(frozen=True)
class Path:
    """One way an episode can go: T + 1 states, T actions and rewards, its probability, and whether it came to an end.

    `ended` is False where the horizon cut it.
    """

    states: tuple[int, ...]
    actions: tuple[int, ...]
    rewards: tuple[float, ...]
    probability: float
    ended: bool


def enumerate_trajectories(
    mdp: TabularMDP, policy: np.ndarray | None = None, horizon: int | None = None, limit: int = 1_000_000
) -> Iterator[Path]:
    """Yield every way an episode can go, depth first. For small trees: there may be A ** H of them.

    Args:
        mdp: the world.
        policy: (S, A); None for one that takes every admissible action equally often.
        horizon: decisions after which a path is cut; None for `mdp.horizon`.
        limit: most paths that are yielded.

    Raises:
        ValueError: neither the call nor the MDP has a horizon, or there are more than `limit` paths.
    """
    depth = mdp.horizon if horizon is None else horizon
    if depth is None:
        raise ValueError("enumerate_trajectories: this MDP has no horizon of its own; give one")
    admissible = mdp.admissible / np.maximum(mdp.admissible.sum(axis=1, keepdims=True), 1)
    chances = admissible if policy is None else _checked(mdp, policy, "policy")
    stack: list[tuple[tuple[int, ...], tuple[int, ...], tuple[float, ...], float]] = []
    for state in np.flatnonzero(mdp.start)[::-1].tolist():
        stack.append(((state,), (), (), float(mdp.start[state])))
    found = 0
    while stack:
        states, actions, paid, chance = stack.pop()
        state = states[-1]
        if mdp.terminal[state] or len(actions) == depth:
            found += 1
            if found > limit:
                raise ValueError(f"enumerate_trajectories: there are more than {limit:,} paths")
            yield Path(states, actions, paid, chance, bool(mdp.terminal[state]))
            continue
        for action in np.flatnonzero(chances[state])[::-1].tolist():
            for after, share in reversed(_outcomes(mdp, state, action)):
                reward = mdp.rewards[state, action] if mdp.rewards.ndim == 2 else mdp.rewards[state, action, after]
                weight = chance * float(chances[state, action]) * share
                stack.append(((*states, after), (*actions, action), (*paid, float(reward)), weight))


def _outcomes(mdp: TabularMDP, state: int, action: int) -> list[tuple[int, float]]:
    row = mdp.transitions[state, action]
    if mdp.is_deterministic:
        return [(int(row), 1.0)]
    return [(int(after), float(row[after])) for after in np.flatnonzero(row)]


def _sweep(
    mdp: TabularMDP,
    backup: Callable[[np.ndarray], np.ndarray],
    choose: Callable[[np.ndarray], np.ndarray],
    gamma: float,
    horizon: int | None,
    tolerance: float,
) -> Solution:
    """Back values up through `backup` until they stand still, or `horizon` times."""

    def ahead(values: np.ndarray) -> np.ndarray:
        return np.where(mdp.admissible, mdp.mean_rewards + gamma * mdp.expect(values), -np.inf)

    def back(table: np.ndarray) -> np.ndarray:
        return np.where(mdp.terminal, 0.0, backup(table))

    if horizon is not None:
        values = np.zeros((horizon + 1, mdp.num_states))
        tables = np.zeros((horizon, mdp.num_states, mdp.num_actions))
        for left in range(horizon - 1, -1, -1):
            tables[left] = ahead(values[left + 1])
            values[left] = back(tables[left])
        return Solution(values, tables, np.array([choose(table) for table in tables]))
    values, change = np.zeros(mdp.num_states), np.inf
    for _ in range(MAX_SWEEPS):
        table = ahead(values)
        new = back(table)
        change, values = np.abs(new - values).max(), new
        if change <= tolerance:
            return Solution(values, ahead(values), choose(ahead(values)))
    raise ValueError(f"values still change by {change:.2g} after {MAX_SWEEPS:,} sweeps; use gamma < 1 or a horizon")


def _checked(mdp: TabularMDP, policy: np.ndarray, what: str) -> np.ndarray:
    """Return a policy without what it says of terminal states; refuse one that is none."""
    policy = np.asarray(policy, dtype=float)
    if policy.shape != mdp.admissible.shape:
        raise ValueError(f"{what} has the shape {policy.shape}, not {mdp.admissible.shape}")
    live = ~mdp.terminal
    policy = np.where(live[:, None], policy, 0.0)
    bad = live & ((policy < 0).any(axis=1) | (np.abs(policy.sum(axis=1) - 1) > 1e-6))
    bad |= (np.where(mdp.admissible, 0.0, policy) > 0).any(axis=1)
    for state in np.flatnonzero(bad)[:1].tolist():
        raise ValueError(
            f"{what} is no distribution over the admissible actions in {mdp.states[state]!r}: {policy[state]}"
        )
    return policy


def _step(mdp: TabularMDP, policy: np.ndarray) -> np.ndarray:
    """Return the probabilities (S, S) of getting from state to state in one step of a policy."""
    if not mdp.is_deterministic:
        return np.einsum("sa,sat->st", policy, mdp.transitions)
    step = np.zeros((mdp.num_states, mdp.num_states))
    np.add.at(step, (np.arange(mdp.num_states)[:, None], np.where(mdp.admissible, mdp.transitions, 0)), policy)
    return step


def _solve(system: np.ndarray, right: np.ndarray) -> np.ndarray:
    try:
        found = np.linalg.solve(system, right)
    except np.linalg.LinAlgError:
        found = np.full(len(right), np.nan)
    if not np.isfinite(found).all():
        raise ValueError("under this policy an episode may never end: use gamma < 1 or a horizon")
    return found

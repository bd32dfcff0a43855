"""The exact solvers against brute force: every path written out, every policy tried, differences by hand."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.envs.tabular.mdp import TabularMDP
from guerdon.envs.tabular.solvers import (
    enumerate_trajectories,
    evaluate_policy,
    occupancy,
    policy_gradient,
    soft_optimal,
    softmax_policy,
    value_iteration,
)
from guerdon.envs.tabular.tree import tree_mdp

from .worlds import random_mdp, random_policy

SEEDS, KINDS, GAMMAS = st.integers(0, 10_000), st.booleans(), st.sampled_from([1.0, 0.9, 0.5])
some = settings(max_examples=30)


def by_paths(mdp: TabularMDP, policy: np.ndarray, gamma: float, horizon: int) -> float:
    """Return E[R] with every path written out."""
    paths = list(enumerate_trajectories(mdp, policy, horizon))
    assert sum(path.probability for path in paths) == pytest.approx(1.0)
    return sum(
        path.probability * float(path.rewards @ gamma ** np.arange(len(path.rewards))) for path in map(_array, paths)
    )


def _array(path: Any) -> Any:
    object.__setattr__(path, "rewards", np.array(path.rewards))
    return path


def deterministic_policies(mdp: TabularMDP) -> list[np.ndarray]:
    """Return every policy that always takes the same admissible action."""
    choices = [np.flatnonzero(row).tolist() or [None] for row in mdp.admissible]
    eye = np.vstack([np.eye(mdp.num_actions), np.zeros(mdp.num_actions)])
    return [eye[[-1 if one is None else one for one in chosen]] for chosen in itertools.product(*choices)]


@some
@given(SEEDS, KINDS, GAMMAS, st.integers(1, 4))
def test_values_and_visits_with_a_horizon_are_those_of_all_paths(
    seed: int, deterministic: bool, gamma: float, horizon: int
) -> None:
    mdp = random_mdp(seed, deterministic)
    policy = random_policy(mdp, seed)
    wanted = by_paths(mdp, policy, gamma, horizon)
    assert mdp.start @ evaluate_policy(mdp, policy, gamma, horizon)[0] == pytest.approx(wanted, abs=1e-10)
    visits = occupancy(mdp, policy, gamma, horizon)
    assert (visits * mdp.mean_rewards).sum() == pytest.approx(wanted, abs=1e-10)
    if gamma == 1.0:
        lengths = [(path.probability, len(path.actions)) for path in enumerate_trajectories(mdp, policy, horizon)]
        assert visits.sum() == pytest.approx(sum(chance * length for chance, length in lengths))


@some
@given(SEEDS, KINDS, st.sampled_from([0.9, 0.5]))
def test_without_a_horizon_values_are_the_limit_of_long_ones(seed: int, deterministic: bool, gamma: float) -> None:
    mdp = random_mdp(seed, deterministic)
    policy = random_policy(mdp, seed)
    values = evaluate_policy(mdp, policy, gamma)
    np.testing.assert_allclose(values, evaluate_policy(mdp, policy, gamma, 400)[0], atol=1e-8)
    visits = occupancy(mdp, policy, gamma)
    np.testing.assert_allclose(visits, occupancy(mdp, policy, gamma, 400), atol=1e-8)
    assert (visits * mdp.mean_rewards).sum() == pytest.approx(mdp.start @ values, abs=1e-8)


@some
@given(SEEDS, KINDS, st.sampled_from([0.9, 0.5]))
def test_no_policy_is_better_than_the_best(seed: int, deterministic: bool, gamma: float) -> None:
    mdp = random_mdp(seed, deterministic)
    best = value_iteration(mdp, gamma)
    every = np.array([evaluate_policy(mdp, policy, gamma) for policy in deterministic_policies(mdp)])
    np.testing.assert_allclose(best.values, every.max(axis=0), atol=1e-9)
    np.testing.assert_allclose(evaluate_policy(mdp, best.policy, gamma), best.values, atol=1e-9)
    assert (best.policy.sum(axis=1) == ~mdp.terminal).all()
    assert np.isneginf(best.action_values[~mdp.admissible]).all()


@some
@given(SEEDS, KINDS, GAMMAS, st.integers(1, 4))
def test_the_best_policy_with_a_horizon_acts_by_the_clock(
    seed: int, deterministic: bool, gamma: float, horizon: int
) -> None:
    mdp = random_mdp(seed, deterministic)
    best = value_iteration(mdp, gamma, horizon)

    def worth(state: int, left: int) -> float:
        if mdp.terminal[state] or not left:
            return 0.0
        values = []
        for action in np.flatnonzero(mdp.admissible[state]):
            after = mdp.probabilities[state, action]
            later = sum(share * worth(to, left - 1) for to, share in enumerate(after) if share)
            values.append(mdp.mean_rewards[state, action] + gamma * later)
        return max(values)

    if horizon <= 3:
        wanted = [worth(state, horizon) for state in range(mdp.num_states)]
        np.testing.assert_allclose(best.values[0], wanted, atol=1e-10)
    assert best.policy.shape == (horizon, mdp.num_states, mdp.num_actions)


@some
@given(SEEDS, KINDS, GAMMAS, st.floats(0.2, 5.0), st.integers(1, 5))
def test_no_policy_trades_reward_for_nearness_better_than_the_soft_one(
    seed: int, deterministic: bool, gamma: float, eta: float, horizon: int
) -> None:
    mdp = random_mdp(seed, deterministic)
    reference = random_policy(mdp, seed)
    soft = soft_optimal(mdp, reference, eta, gamma, horizon)

    def regularised(policy: np.ndarray) -> float:
        """E[R] - KL / eta of a policy (H, S, A), backwards in time."""
        values = np.zeros(mdp.num_states)
        for now in policy[::-1]:
            with np.errstate(divide="ignore", invalid="ignore"):
                cost = np.where(now > 0, np.log(now / reference), 0.0) / eta
            values = (now * (mdp.mean_rewards + gamma * mdp.expect(values) - cost)).sum(axis=1)
        return float(mdp.start @ values)

    assert regularised(soft.policy) == pytest.approx(mdp.start @ soft.values[0], abs=1e-9)
    for other in range(5):
        mixed = 0.8 * soft.policy + 0.2 * random_policy(mdp, other)[None]
        assert regularised(mixed) <= regularised(soft.policy) + 1e-12
    live = ~mdp.terminal
    np.testing.assert_allclose(soft.policy[:, live].sum(axis=2), 1.0, atol=1e-9)


@some
@given(SEEDS, st.floats(0.3, 3.0))
def test_on_a_tree_the_log_ratio_of_the_soft_policy_is_shaping_by_its_values(seed: int, eta: float) -> None:
    """Summed along any path it is R - V(s0): an implicit step reward cannot change what is best."""
    mdp = tree_mdp(2, 3, np.random.default_rng(seed).normal(size=8))
    reference = random_policy(mdp, seed)
    soft = soft_optimal(mdp, reference, eta)
    for path in enumerate_trajectories(mdp):
        pairs = list(zip(path.states, path.actions, strict=False))
        ratios = [np.log(soft.policy[pair] / reference[pair]) / eta for pair in pairs]
        assert sum(ratios) == pytest.approx(sum(path.rewards) - soft.values[0], abs=1e-9)


def test_a_hotter_soft_policy_comes_near_the_best_and_a_colder_one_stays() -> None:
    for seed in range(10):
        mdp = random_mdp(seed)
        reference = random_policy(mdp, seed)
        np.testing.assert_allclose(
            soft_optimal(mdp, reference, 500.0, 0.9).values, value_iteration(mdp, 0.9).values, atol=0.15
        )
        np.testing.assert_allclose(soft_optimal(mdp, reference, 1e-6, 0.9).policy, reference, atol=1e-4)


@some
@given(SEEDS, KINDS, st.sampled_from([0.9, 0.5]), st.sampled_from([None, 3]))
def test_the_policy_gradient_is_the_slope(seed: int, deterministic: bool, gamma: float, horizon: int | None) -> None:
    mdp = random_mdp(seed, deterministic)
    logits = np.random.default_rng((seed, 2)).normal(size=mdp.admissible.shape)

    def worth(logits: np.ndarray) -> float:
        values = evaluate_policy(mdp, softmax_policy(mdp, logits), gamma, horizon)
        return float(mdp.start @ (values if horizon is None else values[0]))

    slope, step = np.zeros_like(logits), 1e-5
    for at in np.ndindex(*logits.shape):
        more, less = logits.copy(), logits.copy()
        more[at] += step
        less[at] -= step
        slope[at] = (worth(more) - worth(less)) / (2 * step)
    np.testing.assert_allclose(policy_gradient(mdp, logits, gamma, horizon), slope, atol=1e-7)


@some
@given(SEEDS, KINDS, st.sampled_from([0.99, 0.5]))
def test_an_arbitrary_potential_leaves_the_best_policy_as_it_is(seed: int, deterministic: bool, gamma: float) -> None:
    mdp = random_mdp(seed, deterministic)
    phi = 5.0 * np.random.default_rng((seed, 3)).normal(size=mdp.num_states)
    plain, shaped = value_iteration(mdp, gamma), value_iteration(mdp.shaped(phi, gamma), gamma)
    live = ~mdp.terminal
    np.testing.assert_allclose(shaped.values[live], (plain.values - phi)[live], atol=1e-8)
    # By value, since two actions may be equally good.
    np.testing.assert_allclose(evaluate_policy(mdp, shaped.policy, gamma), plain.values, atol=1e-8)
    policy = random_policy(mdp, seed)
    before, after = evaluate_policy(mdp, policy, gamma), evaluate_policy(mdp.shaped(phi, gamma), policy, gamma)
    np.testing.assert_allclose(after[live], (before - phi)[live], atol=1e-8)


def test_a_tree_has_as_many_paths_as_leaves() -> None:
    leaves = np.arange(27.0)
    paths = list(enumerate_trajectories(tree_mdp(3, 3, leaves)))
    assert [path.rewards[-1] for path in paths] == leaves.tolist()
    assert [path.probability for path in paths] == pytest.approx([1 / 27] * 27)
    assert all(path.ended and len(path.actions) == 3 and len(path.states) == 4 for path in paths)
    with pytest.raises(ValueError, match="more than 26 paths"):
        list(enumerate_trajectories(tree_mdp(3, 3, leaves), limit=26))


ENDLESS = TabularMDP(
    np.array([[0, 1], [1, 1]]), np.ones((2, 2)), np.array([False, True]), np.eye(2)[0], np.ones((2, 2), dtype=bool)
)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: evaluate_policy(ENDLESS, np.eye(2)[[0, 0]]), r"may never end: use gamma < 1 or a horizon"),
        (lambda: occupancy(ENDLESS, np.eye(2)[[0, 0]]), r"may never end"),
        (lambda: evaluate_policy(ENDLESS, np.full((2, 2), 0.4), 0.9), r"policy is no distribution .* in '0'"),
        (lambda: evaluate_policy(ENDLESS, np.full((2, 3), 0.4), 0.9), r"policy has the shape \(2, 3\), not \(2, 2\)"),
        (lambda: soft_optimal(ENDLESS, np.full((2, 2), 0.5), 0.0), r"eta is 0.0, not above 0"),
        (lambda: list(enumerate_trajectories(ENDLESS)), r"no horizon of its own"),
    ],
)
def test_what_has_no_answer_is_an_error(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def tables(**changed: Any) -> dict[str, Any]:
    """Return good tables of an MDP with some of them changed."""
    good = {
        "transitions": np.full((2, 2, 2), 0.5),
        "rewards": np.zeros((2, 2)),
        "terminal": np.array([False, True]),
        "start": np.array([1.0, 0.0]),
        "admissible": np.ones((2, 2), dtype=bool),
    }
    return good | changed


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"transitions": np.full((2, 2, 3), 0.5)}, r"transitions has the shape \(2, 2, 3\), not \(2, 2, 2\)"),
        ({"transitions": np.full((2, 2, 2), 0.4)}, r"transitions of action '0' in state '0' is no distribution"),
        ({"transitions": np.array([[0, 2], [1, 1]])}, r"transitions of action '1' in state '0' names no state: 2"),
        ({"transitions": np.zeros((2, 2))}, r"transitions holds float64, not int"),
        ({"rewards": np.zeros(2)}, r"rewards has the shape \(2,\), not \(2, 2\)"),
        ({"rewards": np.full((2, 2), np.nan)}, r"rewards must be finite"),
        ({"terminal": np.array([0, 1])}, r"terminal holds int64, not bool"),
        ({"start": np.array([0.5, 0.4])}, r"start is no distribution"),
        ({"admissible": np.zeros((2, 2), dtype=bool)}, r"state '0' is not terminal and has no admissible action"),
        ({"horizon": 0}, r"horizon is 0, not at least 1"),
        ({"states": ("a",)}, r"1 states and 2 actions are named"),
    ],
)
def test_impossible_tables_are_refused(changed: dict[str, Any], message: str) -> None:
    TabularMDP(**tables())
    with pytest.raises(ValueError, match=message):
        TabularMDP(**tables(**changed))


def test_tables_are_copies_that_nobody_changes() -> None:
    given = tables()
    mdp = TabularMDP(**given)
    given["transitions"][:] = 7.0
    assert mdp.probabilities.sum() == 4.0
    with pytest.raises(ValueError, match="read-only"):
        mdp.rewards[0, 0] = 1.0

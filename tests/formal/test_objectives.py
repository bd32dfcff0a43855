"""Objectives beyond a sum of Markov rewards: optima against brute force and duality, episodes, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.envs.tabular.mdp import TabularMDP
from guerdon.envs.tabular.solvers import enumerate_trajectories, occupancy, value_iteration
from guerdon.reward_models.formal.objectives import OBJECTIVES
from guerdon.reward_models.formal.objectives.inner import InnerMultiObjective, InnerNonlinear
from guerdon.reward_models.formal.objectives.lexicographic import Lexicographic, MaxMin
from guerdon.reward_models.formal.objectives.limit_average import LimitAverage
from guerdon.reward_models.formal.objectives.machines import Formula
from guerdon.reward_models.formal.objectives.markov import Markov
from guerdon.reward_models.formal.objectives.occupancies import (
    best_occupancy,
    deterministic_policies,
    policy_of,
)
from guerdon.reward_models.formal.objectives.orders import (
    LotteryFunction,
    OccupancyOrder,
    PolicyFunction,
    PolicyOrder,
    TrajectoryFunction,
)
from guerdon.reward_models.formal.objectives.outer import OccupancyFunction, OuterMultiObjective, OuterNonlinear
from guerdon.reward_models.formal.objectives.pareto import Pareto
from guerdon.reward_models.formal.objectives.regularised import Regularised
from guerdon.reward_models.formal.objectives.worlds import choice, swap, two_steps

from .small_worlds import ladder, some_policy, world

GAMMA = 0.9
seeds = st.integers(0, 10**6)


@settings(max_examples=15, deadline=None)
@given(seed=seeds)
def test_the_program_over_occupancies_is_value_iteration(seed: int) -> None:
    mdp = world(seed)
    visits, value = best_occupancy(mdp, mdp.mean_rewards, GAMMA)
    best = Markov(gamma=GAMMA).optimise(mdp)
    assert value == pytest.approx(best.value, abs=1e-7)
    np.testing.assert_allclose(occupancy(mdp, policy_of(mdp, visits), GAMMA), visits, atol=1e-7)
    assert best.value == pytest.approx(max(Markov(gamma=GAMMA).evaluate(mdp, p) for p in deterministic_policies(mdp)))
    assert set(np.unique(best.policy)) <= {0.0, 1.0}


@settings(max_examples=15, deadline=None)
@given(seed=seeds)
def test_the_best_average_is_that_of_the_best_policy(seed: int) -> None:
    mdp, objective = world(seed), LimitAverage()
    best = objective.optimise(mdp)
    assert best.value == pytest.approx(max(objective.evaluate(mdp, p) for p in deterministic_policies(mdp)), abs=1e-9)
    assert objective.evaluate(mdp, best.policy) == pytest.approx(best.value, abs=1e-9)
    near = 0.99999
    slow = (1 - near) * Markov(gamma=near).evaluate(mdp, best.policy)
    assert best.value == pytest.approx(slow, abs=1e-3)  # Abel: the limit of discounted returns


def test_an_average_of_a_cycle_and_of_an_end() -> None:
    rewards = np.array([[1.0, 1.0], [3.0, 3.0]])
    assert LimitAverage(rewards).evaluate(swap(), np.eye(2)) == pytest.approx(2.0)  # has no limit distribution
    assert LimitAverage(rewards).optimise(swap()).value == pytest.approx(2.0)
    assert LimitAverage(np.ones((3, 2))).evaluate(two_steps(), np.eye(2)[[0, 0, 0]] * two_steps().admissible) == 0
    stuck = TabularMDP(
        np.array([[0], [1]]), np.zeros((2, 1)), np.zeros(2, bool), np.full(2, 0.5), np.ones((2, 1), bool)
    )
    with pytest.raises(ValueError, match="depends on the state"):
        LimitAverage(np.array([[0.0], [1.0]])).optimise(stuck)


@settings(max_examples=15, deadline=None)
@given(seed=seeds)
def test_the_inner_optimum_is_the_best_of_all_policies_that_remember(seed: int) -> None:
    mdp, rewards = ladder(seed)
    objective = InnerMultiObjective(rewards=list(rewards))
    best = objective.optimise(mdp)

    def tree(state: int, so_far: np.ndarray) -> float:  # all histories, not put together by their returns
        if mdp.terminal[state]:
            return float(so_far.min())
        after = mdp.probabilities[state]
        return max(
            sum(after[a, s] * tree(s, so_far + rewards[:, state, a]) for s in np.flatnonzero(after[a])) for a in (0, 1)
        )

    assert best.value == pytest.approx(tree(0, np.zeros(2)))
    played = sum(  # the policy found does what its value says
        chance * min(total) for chance, total in _endings(mdp, rewards, best.policy, 0, (0.0, 0.0), 0, 1.0)
    )
    assert played == pytest.approx(best.value)
    policy = some_policy(mdp, seed)
    paths = list(enumerate_trajectories(mdp, policy, 5))
    assert objective.evaluate(mdp, policy) == pytest.approx(objective.evaluate(mdp, paths))
    assert objective.evaluate(mdp, policy) <= best.value + 1e-9


def _endings(mdp, rewards, policy, t, total, state, chance):
    if mdp.terminal[state]:
        yield chance, total
        return
    action = policy[t, state, total]
    then = tuple(g + r for g, r in zip(total, rewards[:, state, action], strict=True))
    for after in np.flatnonzero(mdp.probabilities[state, action]).tolist():
        share = chance * mdp.probabilities[state, action, after]
        yield from _endings(mdp, rewards, policy, t + 1, then, after, share)


@pytest.mark.parametrize(("target", "reached"), [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, -1.0)])
def test_exactly_so_much_is_kept_to(target: float, reached: float) -> None:
    """With f = -(G - c)^2 exactly c is best, though more could be had."""
    objective = InnerNonlinear(lambda g: -float((g[0] - target) ** 2), (np.tile([1.0, 0.0], (3, 1)),))
    assert objective.optimise(two_steps()).value == reached


def test_a_formula_is_the_chance_of_keeping_it() -> None:
    mdp = choice(2)
    mdp = TabularMDP(np.array([[1, 2], [1, 1], [2, 2]]), np.zeros((3, 2)), np.arange(3) > 0, np.eye(3)[0], np.array(
        [[True, True], [False] * 2, [False] * 2]
    ))  # fmt: skip
    objective = Formula("F a", [set(), {"a"}, set()])
    policy = np.array([[0.3, 0.7], [0, 0], [0, 0]])
    assert objective.evaluate(mdp, policy) == pytest.approx(0.3)
    assert objective.evaluate(mdp, list(enumerate_trajectories(mdp, policy, 2))) == pytest.approx(0.3)
    assert objective.optimise(mdp).value == 1.0


@settings(max_examples=8, deadline=None)
@given(seed=seeds)
def test_concave_functions_are_best_where_the_gap_says(seed: int) -> None:
    """Coverage: nothing that one tries is better than the certificate allows; and the optimum mixes."""
    mdp = world(seed, states=3)
    objective = OccupancyFunction(gamma=GAMMA)
    best = objective.optimise(mdp)
    assert best.gap <= 1e-3
    assert objective.evaluate(mdp, best.policy) == pytest.approx(best.value, abs=1e-9)
    for number in range(40):
        assert objective.evaluate(mdp, some_policy(mdp, number)) <= best.value + best.gap + 1e-9
    for policy in deterministic_policies(mdp):
        assert objective.evaluate(mdp, policy) <= best.value + best.gap + 1e-9


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_convex_functions_are_best_in_a_corner(seed: int) -> None:
    mdp = world(seed)
    rewards = np.random.default_rng(seed).normal(size=(2, 4, 2))
    objective = OuterMultiObjective(rewards=list(rewards), gamma=GAMMA)
    best = max(Markov(one, GAMMA).optimise(mdp).value for one in rewards)  # max_pi max_k J_k = max_k max_pi J_k
    assert objective.optimise(mdp).value == pytest.approx(best)
    for number in range(20):
        assert objective.evaluate(mdp, some_policy(mdp, number)) <= best + 1e-9


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_the_least_is_best_shared(seed: int) -> None:
    """The program agrees with concave search and with duality: max min_k J_k = min_w max sum_k w_k J_k."""
    mdp = world(seed)
    rewards = np.random.default_rng(seed + 1).normal(size=(2, 4, 2))
    found = MaxMin(list(rewards), GAMMA).optimise(mdp)
    duals = [Markov(w * rewards[0] + (1 - w) * rewards[1], GAMMA).optimise(mdp).value for w in np.linspace(0, 1, 101)]
    assert found.value <= min(duals) + 1e-7
    assert found.value == pytest.approx(min(duals), abs=0.02 * np.abs(rewards).max() / (1 - GAMMA))
    assert MaxMin(list(rewards), GAMMA).evaluate(mdp, found.policy) == pytest.approx(found.value, abs=1e-7)


@settings(max_examples=15, deadline=None)
@given(seed=seeds, alpha=st.floats(0.05, 3))
def test_entropy_has_one_best_policy_and_it_mixes(seed: int, alpha: float) -> None:
    mdp = world(seed)
    objective = Regularised(alpha, gamma=GAMMA)
    best = objective.optimise(mdp)
    assert objective.evaluate(mdp, best.policy) == pytest.approx(best.value, abs=1e-8)
    assert (best.policy > 0).all()
    for number in range(10):
        other = some_policy(mdp, number)
        mixed = 0.999 * best.policy + 0.001 * other
        assert objective.evaluate(mdp, other) < best.value - 1e-6
        assert objective.evaluate(mdp, mixed) < best.value
    values = value_iteration(mdp, GAMMA)
    greedy = Regularised(0.0, gamma=GAMMA).optimise(mdp)
    assert greedy.value == pytest.approx(mdp.start @ values.values)


def test_entropy_counts_only_where_there_is_a_choice() -> None:
    """H in nats at every visited state, whatever the number of actions there."""
    mdp = two_steps()
    even = np.full((3, 2), 0.5) * mdp.admissible
    assert Regularised(0.5, gamma=1.0).evaluate(mdp, even) == pytest.approx(2 * 0.5 * np.log(2))
    assert Regularised(0.5, gamma=1.0).optimise(mdp).value == pytest.approx(2 * 0.5 * np.log(2))


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_strict_priorities_by_programs_in_order(seed: int) -> None:
    mdp = world(seed)
    # The first reward sees only state 0, where all actions are worth the same: much is left to the second.
    first = np.zeros((4, 2))
    first[0] = 1.0
    second = np.random.default_rng(seed).normal(size=(4, 2))
    objective = Lexicographic([first, second], GAMMA)
    best = objective.optimise(mdp)
    assert best.value[0] == pytest.approx(Markov(first, GAMMA).optimise(mdp).value, abs=1e-6)
    for policy in deterministic_policies(mdp):
        loose = Lexicographic([first, second], GAMMA, tolerance=1e-6)
        assert loose.compare(mdp, best.policy, policy) in (0, 1)


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_the_front_is_what_no_policy_dominates(seed: int) -> None:
    mdp = world(seed)
    rewards = list(np.random.default_rng(seed).normal(size=(2, 4, 2)))
    objective = Pareto(rewards, GAMMA)
    front = objective.optimise(mdp)
    everything = np.array([objective.evaluate(mdp, policy) for policy in deterministic_policies(mdp)])
    for w in np.linspace(0.01, 0.99, 25):  # the same support in every direction
        weights = np.array([w, 1 - w])
        assert (front.value @ weights).max() == pytest.approx((everything @ weights).max(), abs=1e-6)
    assert (np.diff(front.value[:, 0]) < 0).all()
    assert (np.diff(front.value[:, 1]) > 0).all()
    for value, policy in zip(front.value, front.policy, strict=True):
        np.testing.assert_allclose(objective.evaluate(mdp, policy), value, atol=1e-6)
    if len(front.policy) > 1:
        assert objective.compare(mdp, front.policy[0], front.policy[-1]) is None


def test_three_goods_have_a_front_too() -> None:
    found = Pareto([np.tile(one, (2, 1)) for one in np.eye(3)], 1.0).optimise(choice(3))
    np.testing.assert_allclose(found.value, np.eye(3), atol=1e-9)


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_episodes_and_policies_are_judged_alike(seed: int) -> None:
    mdp, rewards = ladder(seed)
    policy = some_policy(mdp, seed)
    paths = list(enumerate_trajectories(mdp, policy, 5))
    for objective in (
        Markov(rewards[0], 0.7),
        OuterMultiObjective(rewards=list(rewards), gamma=0.7),
        MaxMin(list(rewards), 0.7),
        OccupancyFunction(gamma=0.7),
        InnerNonlinear(rewards=(rewards[0],)),
        LotteryFunction(horizon=5),
    ):
        assert objective.evaluate(mdp, policy) == pytest.approx(objective.evaluate(mdp, paths)), objective.name
    np.testing.assert_allclose(Pareto(list(rewards), 0.7).evaluate(mdp, policy), Pareto(
        list(rewards), 0.7).evaluate(mdp, paths))  # fmt: skip


def test_orders_ask_their_order() -> None:
    mdp = choice(2)
    one, two = (np.array([[p, 1 - p], [0.0, 0.0]]) for p in (0.2, 0.9))
    by_a = OccupancyOrder(lambda m, n: int(np.sign(m[0, 0] - n[0, 0])), 1.0)
    assert (by_a.compare(mdp, one, two), by_a.compare(mdp, two, one), by_a.compare(mdp, one, one)) == (-1, 1, 0)
    never = PolicyOrder(lambda p, q: None)
    assert never.compare(mdp, one, two) is None
    assert PolicyFunction(lambda policy: policy[0, 1]).compare(mdp, one, two) == 1


def test_what_cannot_be_answered_is_refused() -> None:
    mdp, policy = world(0), some_policy(world(0), 0)
    paths = list(enumerate_trajectories(mdp, policy, 2))
    with pytest.raises(NotImplementedError, match="compares policies"):
        TrajectoryFunction().optimise(mdp)
    with pytest.raises(ValueError, match="cannot be judged by episodes"):
        LimitAverage().evaluate(mdp, paths)
    with pytest.raises(ValueError, match="cannot be seen in episodes"):
        Regularised().evaluate(mdp, paths)
    with pytest.raises(ValueError, match="go on for ever"):
        InnerNonlinear().optimise(mdp)
    with pytest.raises(ValueError, match="reward 1 has the shape"):
        Pareto([np.zeros((4, 2)), np.zeros((3, 2))]).optimise(mdp)
    with pytest.raises(ValueError, match="unknown shape 'convx'"):
        OuterNonlinear(shape="convx").optimise(mdp)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no episodes"):
        Markov().evaluate(mdp, [])
    with pytest.raises(ValueError, match="unknown objective 'IMRL'"):
        OBJECTIVES["IMRL"]

"""What formalisms say and others cannot: witnesses, the program that decides it, and which are cases of which."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.reward_models.formal.machine import RewardMachine
from guerdon.reward_models.formal.objectives import OBJECTIVES
from guerdon.reward_models.formal.objectives.inner import InnerMultiObjective, InnerNonlinear
from guerdon.reward_models.formal.objectives.lexicographic import Lexicographic, MaxMin
from guerdon.reward_models.formal.objectives.limit_average import LimitAverage
from guerdon.reward_models.formal.objectives.machines import Machine
from guerdon.reward_models.formal.objectives.markov import Markov
from guerdon.reward_models.formal.objectives.occupancies import (
    markov_margin,
)
from guerdon.reward_models.formal.objectives.orders import (
    TrajectoryFunction,
)
from guerdon.reward_models.formal.objectives.outer import OccupancyFunction, OuterNonlinear
from guerdon.reward_models.formal.objectives.regularised import Regularised
from guerdon.reward_models.formal.objectives.table import objective_blocks
from guerdon.reward_models.formal.objectives.worlds import choice, leaving, swap

from .small_worlds import ladder, some_policy, world

GAMMA = 0.9
SEPARATING = [name for name, cls in OBJECTIVES.items() if cls.witness() is not None]
seeds = st.integers(0, 10**6)


@pytest.mark.parametrize("name", SEPARATING)
def test_each_says_what_no_markov_reward_can(name: str) -> None:
    found = OBJECTIVES[name].witness()
    assert found is not None
    assert found.separates, found


def test_the_program_finds_a_markov_reward_where_there_is_one() -> None:
    """Otherwise its zeros would prove nothing."""
    mdp = swap()
    policies = [np.eye(2)[[first, second]] for first in (0, 1) for second in (0, 1)]
    # a first, then b: rewards of 1 and -1 in both states, and discount 0.9.
    assert markov_margin(mdp, policies, [(1, 0), (1, 2), (1, 3)], gamma=GAMMA) == pytest.approx(
        2 * GAMMA / (1 - GAMMA**2)
    )
    assert markov_margin(mdp, policies, [(0, 1), (3, 2)], gamma=GAMMA) == pytest.approx(0, abs=1e-9)
    assert markov_margin(mdp, policies, [(0, 3)], [(1, 2)], gamma=GAMMA) > 1


@settings(max_examples=50, deadline=None)
@given(seed=seeds)
def test_the_identity_behind_the_swap(seed: int) -> None:
    """J(aa) + J(bb) = J(ab) + J(ba) for every R(s, a, s'), so not both sums can be ordered."""
    rewards = np.random.default_rng(seed).normal(size=(2, 2))
    j = [Markov(rewards, GAMMA).evaluate(swap(), np.eye(2)[[first, second]]) for first in (0, 1) for second in (0, 1)]
    assert j[0] + j[3] == pytest.approx(j[1] + j[2], abs=1e-12)


def test_squares_of_the_mean_are_as_published() -> None:
    objective = OuterNonlinear(rewards=(np.tile([1.0, -1.0], (2, 1)),), gamma=GAMMA)
    values = [objective.evaluate(swap(), np.eye(2)[list(one)]) for one in ((0, 0), (1, 1), (0, 1), (1, 0))]
    np.testing.assert_allclose(values, [100, 100, 1 / 1.9**2, 1 / 1.9**2])  # 100 / 0.28
    assert objective.optimise(swap()).value == pytest.approx(100)


@given(first=st.floats(-9, 9), chance=st.floats(0.01, 1))
def test_an_average_ignores_any_beginning_and_a_discounted_sum_does_not(first: float, chance: float) -> None:
    """Leaving takes a while and pays `first` a step until then."""
    mdp = leaving()
    rewards = np.array([[first, first], [1.0, 1.0]])
    slow, fast = (np.array([[1 - p, p], [0.5, 0.5]]) for p in (chance, 1.0))
    average = LimitAverage(rewards)
    assert average.evaluate(mdp, slow) == pytest.approx(1.0)
    assert average.compare(mdp, slow, fast) == 0
    if abs(first - 1) > 0.1 and chance < 0.9:
        assert Markov(rewards, GAMMA).compare(mdp, slow, fast) == np.sign(first - 1)


@settings(max_examples=20, deadline=None)
@given(seed=seeds)
def test_functions_of_a_weighted_sum_are_inner_nonlinear(seed: int) -> None:
    """(e): IMORL with f(w G) is INMR on w R, and both are FTR."""
    mdp, rewards = ladder(seed)
    policy, w = some_policy(mdp, seed), np.array([2.0, -1.0])
    one = InnerMultiObjective(lambda g: float(abs(w @ g)), list(rewards))
    two = InnerNonlinear(lambda g: float(abs(g[0])), (np.einsum("k,ksa->sa", w, rewards),))
    three = TrajectoryFunction(
        lambda path: abs(sum(float(w @ rewards[:, s, a]) for s, a in zip(path.states, path.actions, strict=False))), 5
    )
    found = [each.evaluate(mdp, policy) for each in (one, two, three)]
    np.testing.assert_allclose(found, found[0], atol=1e-9)
    assert one.optimise(mdp).value == pytest.approx(two.optimise(mdp).value)


@settings(max_examples=15, deadline=None)
@given(seed=seeds)
def test_a_markov_reward_is_a_case_of_all_of_them(seed: int) -> None:
    """(e): MR in INMR (f = x), RRL (alpha = 0), OMORL (f = x), FOMR, RM (one state)."""
    mdp, rewards = ladder(seed)
    paid, policy = rewards[0], some_policy(mdp, seed)
    markov = Markov(paid, 1.0)
    linear = {"gradient": lambda returns: np.ones(1), "shape": "concave", "gamma": 1.0, "rewards": (paid,)}
    cases = [
        InnerNonlinear(lambda g: float(g[0]), (paid,)),
        Regularised(0.0, paid, 1.0),
        OuterNonlinear(lambda j: float(j[0]), **linear),
        OccupancyFunction(lambda m: float((m * paid).sum()), 1.0, "concave", lambda m: paid),
        Lexicographic([paid], 1.0),
        MaxMin([paid], 1.0),
    ]
    for case in cases:
        assert float(np.squeeze(case.evaluate(mdp, policy))) == pytest.approx(markov.evaluate(mdp, policy)), case.name
        assert float(np.squeeze(case.optimise(mdp).value)) == pytest.approx(markov.optimise(mdp).value, abs=1e-6), (
            case.name
        )


def test_a_machine_of_one_state_is_a_markov_reward_of_labels() -> None:
    mdp = world(3, states=3)
    machine = RewardMachine.of_rules({"states": ["u"], "rules": [["u", "a", "u", 1.0]]})
    labels = [{"a"}, set(), {"a"}]
    objective = Machine(machine, labels, GAMMA)
    same = Markov(mdp.probabilities[:, :, [0, 2]].sum(axis=2), GAMMA)
    assert objective.evaluate(mdp, some_policy(mdp, 1)) == pytest.approx(same.evaluate(mdp, some_policy(mdp, 1)))
    assert objective.optimise(mdp).value == pytest.approx(same.optimise(mdp).value)


def test_no_weight_says_priorities() -> None:
    mdp = choice(3)
    rewards = [np.tile(one, (2, 1)) for one in np.eye(3)[:2]]
    objective = Lexicographic(rewards, gamma=1.0)
    for k in range(9):
        weight = 10.0**-k
        little = np.array([[weight / 2, 0.0, 1 - weight / 2], [0.0] * 3])
        much = np.array([[0.0, 1.0, 0.0], [0.0] * 3])
        assert objective.compare(mdp, little, much) == (1 if weight / 2 > 1e-9 else 0)
        assert Markov(rewards[0] + weight * rewards[1], 1.0).compare(mdp, little, much) == -1


def test_the_table_has_them_all() -> None:
    formalisms, _, proofs = objective_blocks()
    assert [line.split(",")[0] for line in formalisms.splitlines()[2:]] == [f"| {name}" for name in OBJECTIVES]
    assert len(proofs.splitlines()) == 2 + len(SEPARATING) == 2 + 13  # all but MR and those that only compare
    assert {line.count(" | ") for line in formalisms.splitlines() if line[2] != "-"} - {0} == {3}
    for name, cls in OBJECTIVES.items():
        assert cls.__doc__, name
        assert "Source" in cls.__doc__, name

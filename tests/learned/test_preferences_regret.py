"""Regret as what is preferred (entry 19), and the theorem of SORS (B13), in worlds that are solved exactly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.core.trajectory import Step, Trajectory
from guerdon.envs.tabular.grid import grid_mdp
from guerdon.envs.tabular.mdp import TabularMDP
from guerdon.envs.tabular.solvers import enumerate_trajectories, evaluate_policy, value_iteration
from guerdon.reward_models.learned.pairs import UniformPairs, ask
from guerdon.reward_models.learned.regret import LinearWorld, fit_linear
from guerdon.reward_models.learned.regret_teacher import RegretTeacher
from guerdon.reward_models.learned.sparse_return import SparseReturnRanking
from guerdon.reward_models.learned.teachers import SyntheticTeacher
from guerdon.scripts.studies.preference_model_mismatch import GAMMA, SAMPLERS, mud_grid, true_return, wander

from .segments import swapped

WORLD = mud_grid()
PLAYED = wander(WORLD, 60, 0)
BEST = -0.35


def random_world(seed: int, states: int = 6, actions: int = 3) -> TabularMDP:
    rng = np.random.default_rng(seed)
    chances = rng.dirichlet(np.full(states, 0.5), size=(states, actions))
    start, ends = np.full(states, 1 / (states - 1)), np.arange(states) == states - 1
    start[-1] = 0
    return TabularMDP(chances, rng.normal(size=(states, actions)), ends, start, np.ones((states, actions), bool))


def walks(mdp: TabularMDP, seed: int, episodes: int = 20, longest: int = 12) -> list[Trajectory]:
    rng, found = np.random.default_rng(seed), []
    for _ in range(episodes):
        state, steps = int(rng.choice(mdp.num_states, p=mdp.start)), []
        while len(steps) < longest and not mdp.terminal[state]:
            action = int(rng.integers(mdp.num_actions))
            after = int(rng.choice(mdp.num_states, p=mdp.probabilities[state, action]))
            steps.append(Step(state, action, after, reward=float(mdp.mean_rewards[state, action])))
            state = after
        found.append(Trajectory("t", 0, steps))
    return found


def test_both_forms_of_regret_agree_where_nothing_is_random_and_are_never_negative() -> None:
    segments = UniformPairs(1, 9).sample(PLAYED, 100, 0).reshape(-1, 3)
    one, other = (
        RegretTeacher.of(WORLD.mdp, GAMMA, kind=kind).regrets(PLAYED, segments)
        for kind in ("deterministic", "stochastic")
    )
    assert one == pytest.approx(other, abs=1e-9)
    assert one.min() > -1e-9
    assert one.max() > 0.5


def test_an_optimal_segment_has_no_regret() -> None:
    mdp = WORLD.mdp
    state, steps, best = 6, [], value_iteration(mdp, GAMMA)
    while not mdp.terminal[state]:
        action = int(best.policy[state].argmax())
        after = int(mdp.transitions[state, action])
        steps.append(Step(state, action, after, reward=float(mdp.mean_rewards[state, action])))
        state = after
    found = RegretTeacher.of(mdp, GAMMA).regrets([Trajectory("t", 0, steps)], np.array([[0, 0, 7], [0, 2, 4]]))
    assert len(steps) == 7
    assert found == pytest.approx([0, 0], abs=1e-9)


@settings(max_examples=20)
@given(st.integers(0, 200))
def test_regret_does_not_mind_shaping_and_partial_return_does(seed) -> None:
    mdp, gamma = random_world(seed), 0.9
    phi = np.random.default_rng(seed).normal(size=mdp.num_states) * 3
    shaped = mdp.shaped(phi, gamma)
    phi = np.where(mdp.terminal, 0, phi)
    played = walks(mdp, seed)
    again = walks(mdp, seed)
    for one in again:
        for step in one.steps:
            step.reward += gamma * phi[step.next_obs] - phi[step.obs]
    pairs = UniformPairs(1, 6).sample(played, 60, seed)
    for kind in ("deterministic", "stochastic"):
        before = RegretTeacher.of(mdp, gamma, kind=kind).regrets(played, pairs.reshape(-1, 3))
        after = RegretTeacher.of(shaped, gamma, kind=kind).regrets(again, pairs.reshape(-1, 3))
        assert before == pytest.approx(after, abs=1e-8)
    assert (SyntheticTeacher().label(played, pairs) != SyntheticTeacher().label(again, pairs)).any()


def test_a_regretful_teacher_is_antisymmetric_and_follows_beta() -> None:
    pairs = UniformPairs(3, 3).sample(PLAYED, 200, 0)
    for beta in (np.inf, 2.0):
        teacher = RegretTeacher.of(WORLD.mdp, GAMMA, beta=beta)
        assert (teacher.label(PLAYED, swapped(pairs)) == 1 - teacher.label(PLAYED, pairs)).all()
    exact, noisy = (RegretTeacher.of(WORLD.mdp, GAMMA, beta=beta).label(PLAYED, pairs) for beta in (np.inf, 0.0))
    assert abs((exact == noisy)[exact != 0.5].mean() - 0.5) < 0.12


def test_policy_iteration_and_successor_features_agree_with_the_solvers() -> None:
    rng = np.random.default_rng(0)
    mdp = random_world(0)
    world = LinearWorld(mdp, rng.normal(size=(6, 3, 4)), 0.9)
    for _ in range(10):
        weights = rng.normal(size=4)
        paid = mdp.with_rewards(world.features @ weights)
        policy, psi = world.best(weights)
        assert psi @ weights == pytest.approx(value_iteration(paid, 0.9).values, abs=1e-8)
        assert psi @ weights == pytest.approx(evaluate_policy(paid, policy, 0.9), abs=1e-9)


def fitted(segments: str, labels: str, learner, pairs: int = 150, **settings) -> np.ndarray:
    teacher = SyntheticTeacher() if labels == "return" else RegretTeacher.of(WORLD.mdp, GAMMA)
    drawn = SAMPLERS[segments].sample(PLAYED, pairs, 0)
    return fit_linear(WORLD, ask(teacher, PLAYED, drawn), learner, **settings)


@pytest.mark.parametrize("labels", ["return", "regret"])
@pytest.mark.parametrize("pairs", [50, 1500])
def test_from_equal_segments_the_partial_return_never_learns_what_a_step_costs(labels, pairs) -> None:
    weights = fitted("equal", labels, "return", pairs)
    assert weights[0] == pytest.approx(0, abs=1e-9)
    assert weights[1] < -1
    assert true_return(WORLD, weights) < BEST - 1


@pytest.mark.parametrize("labels", ["return", "regret"])
def test_from_segments_of_different_lengths_it_does(labels) -> None:
    weights = fitted("variable", labels, "return")
    assert weights[0] < -0.1
    assert true_return(WORLD, weights) == pytest.approx(BEST)


def test_regret_learns_from_equal_segments_that_are_labelled_by_regret() -> None:
    weights = fitted("equal", "regret", "regret", updates=150, restarts=2)
    assert true_return(WORLD, weights) == pytest.approx(BEST)


def test_the_softmax_over_given_policies_approximates_the_exact_form() -> None:
    rng = np.random.default_rng(0)
    policies = np.stack([WORLD.best(rng.normal(size=2))[0] for _ in range(6)] + [WORLD.best(np.array([-1.0, -5.0]))[0]])
    weights = fitted("equal", "regret", "regret", policies=policies, updates=150)
    assert true_return(WORLD, weights) == pytest.approx(BEST)


def test_wrong_worlds_are_refused() -> None:
    with pytest.raises(ValueError, match="features have the shape"):
        LinearWorld(WORLD.mdp, WORLD.features[:2])
    with pytest.raises(ValueError, match=r"gamma is 1\.0"):
        LinearWorld(WORLD.mdp, WORLD.features, 1.0)


def episodes_of(mdp: TabularMDP, horizon: int, rewards: np.ndarray) -> list[Trajectory]:
    """Return every way an episode can go, with what some rewards (S, A) pay."""
    return [
        Trajectory(
            "t",
            0,
            [
                Step(s, a, after, reward=float(rewards[s, a]))
                for s, a, after in zip(path.states[:-1], path.actions, path.states[1:], strict=True)
            ],
        )
        for path in enumerate_trajectories(mdp, horizon=horizon)
    ]


@settings(max_examples=10)
@given(st.integers(0, 50))
def test_a_reward_that_orders_trajectories_as_the_sparse_one_has_the_same_best_behaviour(seed) -> None:
    """SORS' theorem, on all trajectories of a deterministic world, for a shaped reward."""
    horizon, mdp = 4, grid_mdp(["S.", ".G"])
    phi = np.random.default_rng(seed).normal(size=mdp.num_states)
    phi[mdp.terminal] = 0
    sparse = episodes_of(mdp, horizon, mdp.mean_rewards)
    # Telescopes to -phi(start) where episodes end; elsewhere what is left of it must not outweigh success.
    shaped = mdp.shaped(0.1 * phi, 1.0)
    dense = episodes_of(mdp, horizon, shaped.mean_rewards)
    indices = np.array([[i, j] for i in range(0, len(sparse), 13) for j in range(0, len(sparse), 17) if i != j])
    pairs = np.stack([indices, np.zeros_like(indices), np.vectorize(lambda i: len(sparse[i]))(indices)], axis=-1)
    labels, others = SparseReturnRanking().label(sparse, pairs), SparseReturnRanking().label(dense, pairs)
    known = ~np.isnan(labels)
    assert known.any()
    assert (labels == others)[known].all()
    best = value_iteration(shaped, horizon=horizon)
    values = evaluate_policy_over_time(mdp, best.policy, horizon)
    assert values @ mdp.start == pytest.approx(value_iteration(mdp, horizon=horizon).values[0] @ mdp.start)


def evaluate_policy_over_time(mdp: TabularMDP, policy: np.ndarray, horizon: int) -> np.ndarray:
    values = np.zeros(mdp.num_states)
    for t in range(horizon - 1, -1, -1):
        table = mdp.mean_rewards + mdp.expect(np.where(mdp.terminal, 0.0, values))
        values = np.where(mdp.terminal, 0.0, (policy[t] * table).sum(axis=1))
    return values

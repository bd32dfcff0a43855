"""STARC, EPIC and DARD on small random worlds, where everything about them can be checked."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.envs.tabular.mdp import TabularMDP
from guerdon.envs.tabular.solvers import evaluate_policy
from guerdon.evaluation.distances.canonical import CANONICAL, STARC, canonical
from guerdon.evaluation.distances.exact import best_policy, distance_matrix, regret, reward_distance

GAMMA = 0.9
seeds = st.integers(0, 10_000)
few = settings(max_examples=30)


def world(seed: int, states: int = 4, actions: int = 2, sparse: bool = False, ends: bool = False) -> TabularMDP:
    """Return a random world; with `sparse` about half of the transitions never happen, with `ends` the last ends it."""
    rng = np.random.default_rng(seed)
    chances = rng.dirichlet(np.ones(states), size=(states, actions))
    if sparse:
        chances = np.where(rng.random(chances.shape) < 0.5, 0.0, chances)
        chances[..., 0] += 1e-3
        chances /= chances.sum(axis=-1, keepdims=True)
    terminal = np.zeros(states, dtype=bool)
    terminal[-1] = ends
    return TabularMDP(
        transitions=chances,
        rewards=np.zeros((states, actions)),
        terminal=terminal,
        start=np.eye(states)[0],
        admissible=np.ones((states, actions), dtype=bool),
    )


def drawn(seed: int, mdp: TabularMDP) -> np.ndarray:
    """Return a random reward (S, A, S)."""
    return np.random.default_rng(seed + 1).normal(size=(mdp.num_states, mdp.num_actions, mdp.num_states))


def shaping(seed: int, mdp: TabularMDP) -> np.ndarray:
    """Return what a random potential adds, (S, A, S)."""
    phi = np.where(mdp.terminal, 0.0, np.random.default_rng(seed + 2).normal(size=mdp.num_states))
    return np.broadcast_to((GAMMA * phi[None, None] - phi[:, None, None]), drawn(seed, mdp).shape)


def redistributed(seed: int, mdp: TabularMDP) -> np.ndarray:
    """Return a random reward of mean 0 under every (s, a)."""
    noise = np.random.default_rng(seed + 3).normal(size=mdp.probabilities.shape)
    return noise - (noise * mdp.probabilities).sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("kind", STARC)
@pytest.mark.parametrize("ends", [False, True])
@few
@given(seed=seeds)
def test_what_changes_no_order_of_policies_changes_no_distance(seed: int, kind: str, ends: bool) -> None:
    mdp = world(seed, ends=ends)
    reward = drawn(seed, mdp)
    for other in (3.7 * reward, reward + shaping(seed, mdp), reward + redistributed(seed, mdp)):
        assert reward_distance(mdp, reward, other, GAMMA, kind) < 1e-9
    everything = 0.2 * reward + shaping(seed, mdp) + redistributed(seed + 9, mdp)
    assert reward_distance(mdp, reward, everything, GAMMA, kind) < 1e-9


@few
@given(seed=seeds)
def test_what_never_happens_does_not_count(seed: int) -> None:
    mdp = world(seed, sparse=True)
    reward = drawn(seed, mdp)
    elsewhere = np.where(mdp.probabilities == 0, 50.0, 0.0)
    for kind in STARC:
        assert reward_distance(mdp, reward, reward + elsewhere, GAMMA, kind) < 1e-9


@pytest.mark.parametrize("kind", ["val-potential", "minimal-potential", "epic", "dard"])
@few
@given(seed=seeds)
def test_the_others_take_away_shaping(seed: int, kind: str) -> None:
    mdp = world(seed)
    reward = drawn(seed, mdp)
    assert reward_distance(mdp, reward, 2.0 * reward + shaping(seed, mdp), GAMMA, kind) < 1e-9


@pytest.mark.parametrize("kind", ["epic", "dard"])
def test_the_known_weakness_of_epic_and_dard(kind: str) -> None:
    moved = []
    for seed in range(20):
        mdp = world(seed, sparse=True)
        reward = drawn(seed, mdp)
        elsewhere = np.where(mdp.probabilities == 0, 5.0, 0.0)
        moved.append(
            (
                reward_distance(mdp, reward, reward + 5 * redistributed(seed, mdp), GAMMA, kind),
                reward_distance(mdp, reward, reward + elsewhere, GAMMA, kind),
            )
        )
    assert (np.median(moved, axis=0) > 0.05).all()


@pytest.mark.parametrize("kind", CANONICAL)
@pytest.mark.parametrize("norm", [1, 2, np.inf])
@few
@given(seed=seeds)
def test_it_is_a_distance(seed: int, kind: str, norm: float) -> None:
    mdp = world(seed)
    a, b, c = (drawn(seed + i, mdp) for i in (0, 50, 90))
    there, back = (reward_distance(mdp, *pair, GAMMA, kind, norm) for pair in ((a, b), (b, a)))
    assert there == pytest.approx(back, abs=1e-12)
    far = reward_distance(mdp, a, c, GAMMA, kind, norm) + reward_distance(mdp, c, b, GAMMA, kind, norm)
    assert there <= far + 1e-10
    assert reward_distance(mdp, a, -a, GAMMA, kind, norm) == pytest.approx(1.0)
    assert 0 <= there <= 1 + 1e-12
    assert reward_distance(mdp, a, np.zeros_like(a), GAMMA, kind, norm) == pytest.approx(0.5)


@pytest.mark.parametrize("kind", CANONICAL)
@few
@given(seed=seeds)
def test_canonical_forms_are_linear_and_need_no_second_go(seed: int, kind: str) -> None:
    mdp = world(seed)
    a, b = drawn(seed, mdp), drawn(seed + 50, mdp)
    both = canonical(mdp, 2 * a - 3 * b, GAMMA, kind)
    np.testing.assert_allclose(both, 2 * canonical(mdp, a, GAMMA, kind) - 3 * canonical(mdp, b, GAMMA, kind), atol=1e-9)
    if kind != "dard":  # its last term is no shaping
        np.testing.assert_allclose(canonical(mdp, both, GAMMA, kind), both, atol=1e-9)


@few
@given(seed=seeds)
def test_the_form_val_is_the_advantage_of_the_uniform_policy(seed: int) -> None:
    mdp = world(seed, ends=True)
    reward = drawn(seed, mdp)
    paying = mdp.with_rewards(reward)
    uniform = mdp.admissible / np.maximum(mdp.admissible.sum(axis=1, keepdims=True), 1)
    values = evaluate_policy(paying, uniform, GAMMA)
    advantage = paying.mean_rewards + GAMMA * mdp.expect(values) - values[:, None]
    form = canonical(mdp, reward, GAMMA)
    np.testing.assert_allclose(form[mdp.admissible], advantage[mdp.admissible], atol=1e-9)


def order(mdp: TabularMDP, reward: np.ndarray, policies: list[np.ndarray]) -> np.ndarray:
    """Return the sign of the difference of returns of every pair of policies."""
    paying = mdp.with_rewards(reward)
    returns = np.array([mdp.start @ evaluate_policy(paying, policy, GAMMA) for policy in policies])
    gaps = returns[:, None] - returns
    return np.where(np.abs(gaps) < 1e-9 * max(1.0, float(np.abs(returns).max())), 0, np.sign(gaps))


def test_it_is_zero_exactly_when_all_policies_are_ordered_alike() -> None:
    """Enumerated: all deterministic policies and as many random ones, from a start that reaches every state."""
    wrong = []
    for seed in range(150):
        mdp = world(seed, states=3)
        rng = np.random.default_rng(seed)
        every = [np.eye(2)[list(choice)] for choice in itertools.product(range(2), repeat=3)]
        every += [rng.dirichlet(np.ones(2), size=3) for _ in range(40)]
        reward = drawn(seed, mdp)
        same = 0.3 * reward + shaping(seed, mdp) + redistributed(seed, mdp)
        near = reward + 0.3 * drawn(seed + 77, mdp)
        for other in (same, near, -reward):
            alike = np.array_equal(order(mdp, reward, every), order(mdp, other, every))
            wrong += [seed] if alike != (reward_distance(mdp, reward, other, GAMMA) < 1e-9) else []
    assert not wrong


@few
@given(seed=seeds)
def test_regret_is_bounded_by_the_distance(seed: int) -> None:
    mdp = world(seed)
    a, b = drawn(seed, mdp), drawn(seed + 50, mdp)
    lost = regret(mdp, a, b, GAMMA)
    assert -1e-9 <= lost <= 1 + 1e-9
    assert lost <= 10 * reward_distance(mdp, a, b, GAMMA) + 1e-9
    assert regret(mdp, a, 2 * a + shaping(seed, mdp), GAMMA) == pytest.approx(0.0, abs=1e-9)
    assert regret(mdp, a, -a, GAMMA) == pytest.approx(1.0, abs=1e-9)
    assert best_policy(mdp, a, GAMMA).sum() == mdp.num_states


def test_a_matrix_holds_all_pairs() -> None:
    mdp = world(0)
    rewards = {"a": drawn(0, mdp), "b": drawn(1, mdp), "c": -drawn(0, mdp)}
    matrix = distance_matrix(mdp, rewards, GAMMA)
    for i, j in itertools.product(range(3), repeat=2):
        one, other = list(rewards.values())[i], list(rewards.values())[j]
        assert matrix[i, j] == pytest.approx(reward_distance(mdp, one, other, GAMMA))


def test_what_cannot_be_measured_is_refused() -> None:
    mdp = world(0)
    with pytest.raises(ValueError, match=r"discount in \[0, 1\)"):
        reward_distance(mdp, drawn(0, mdp), drawn(1, mdp), 1.0)
    with pytest.raises(ValueError, match="canonical form 'vall'"):
        canonical(mdp, drawn(0, mdp), GAMMA, "vall")
    with pytest.raises(ValueError, match="shape"):
        canonical(mdp, np.zeros(3), GAMMA)

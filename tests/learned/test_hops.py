"""Hops: their inverse, their pairs, the errors of the perspectives, and which of their rewards finish a task."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.envs.tabular.mdp import TabularMDP
from guerdon.envs.tabular.solvers import value_iteration
from guerdon.reward_models.learned.hop_pairs import Demo, HopPairs
from guerdon.reward_models.learned.hops import apply_hop, discretise, hop, sample_pairs
from guerdon.reward_models.learned.perspectives import FUSIONS, Fusion, fuse

SHARE = st.floats(0, 1)


@given(SHARE, SHARE)
def test_a_hop_is_undone_by_applying_it(before: float, after: float) -> None:
    jump = hop(np.array(before), np.array(after))
    assert -1 <= jump <= 1
    assert apply_hop(np.array(before), jump) == pytest.approx(after, abs=1e-12)


@given(SHARE, st.floats(-1, 1))
def test_no_hop_leaves_the_unit_interval(before: float, jump: float) -> None:
    assert -1e-12 <= apply_hop(np.array(before), np.array(jump)) <= 1 + 1e-12


def test_hops_of_known_pairs() -> None:
    np.testing.assert_allclose(hop(np.array([0.5, 0.5, 0.0, 1.0, 0.0]), np.array([0.75, 0.25, 0.3, 0.6, 0.0])),
                               [0.5, -0.5, 0.3, -0.4, 0.0], atol=1e-12)  # fmt: skip


def test_stretches_between_keyframes_get_equal_progress() -> None:
    moments, progress = discretise([0, 4, 24], stride=2)
    assert len(moments) == 13
    np.testing.assert_allclose(progress[[0, 6, 12]], [0, 0.5, 1])
    assert moments[[0, 6, 12]].tolist() == [0, 4, 24]
    for bad in ([3], [0, 5, 5]):
        with pytest.raises(ValueError, match="at least two that rise"):
            discretise(bad)


def test_pairs_are_spread_over_hops_and_some_stand_still() -> None:
    progress = np.linspace(0, 1, 40)
    pairs = sample_pairs(np.arange(40), progress, 20_000, np.random.default_rng(0))
    same = pairs[:, 0] == pairs[:, 1]
    assert np.mean(same) == pytest.approx(0.05, abs=0.01)

    def cells(pairs: np.ndarray) -> np.ndarray:
        """Return how many pairs are in each cell of hop and gap that has any."""
        jumps, gaps = hop(*progress[pairs].T), np.abs(pairs[:, 0] - pairs[:, 1])
        keys = np.minimum((jumps + 1) / 2 * 25, 24).astype(int) * 4 + np.minimum(gaps * 4 // 39, 3)
        return np.unique(keys, return_counts=True)[1]

    drawn, any_two = cells(pairs[~same]), np.random.default_rng(0).integers(40, size=(20_000, 2))
    uniform = cells(any_two[any_two[:, 0] != any_two[:, 1]])
    assert drawn.min() / drawn.max() > 0.7
    assert uniform.min() / uniform.max() < 0.1


def test_anchored_pairs_carry_the_hops_that_the_perspectives_ask_for() -> None:
    """Moments hold their own progress, so every hop can be recomputed from the inputs."""
    demos = [Demo(np.linspace(0, 1, n)[:, None].astype(np.float32), np.arange(n), np.linspace(0, 1, n)) for n in (9, 5)]
    pool = HopPairs(demos, 200, near=0.05, swap=0.75, anchored=0.5, cross=0.3, blur=0.0)
    inputs, hops = pool.drawn(np.random.default_rng(0), 4000)
    np.testing.assert_allclose(hops, hop(inputs[:, 2].astype(float), inputs[:, 3].astype(float)), atol=1e-6)
    assert np.mean(inputs[:, 2] == 0) > 0.25
    assert np.mean(inputs[:, 2] == 1) > 0.25


# -- perspectives under noise -------------------------------------------------------------------------------


def track(kind: Fusion, true: np.ndarray, noise: float, rng: np.random.Generator) -> np.ndarray:
    """Return Phi* (T, B) along true progress (T,), every hop in [-1, 1] with noise."""
    size = 400
    progress, incremental, found = np.zeros(size), np.zeros(size), [np.zeros(size)]

    def said(value: float) -> np.ndarray:
        return np.clip(value + noise * rng.normal(size=size), -1, 1)

    for before, now in itertools.pairwise(true):
        step = said(now - before if kind == "additive" else float(hop(before, now)))
        progress, incremental = fuse(kind, progress, incremental, step, said(now), said(now - 1))
        found.append(progress)
    return np.array(found)


@pytest.mark.parametrize("steps", [20, 30, 40])
def test_relative_hops_err_less_than_differences_anchors_less_and_fusion_least(steps: int) -> None:
    """The two anchored perspectives mirror each other, so on a walk at even speed they err alike."""
    true, error = np.linspace(0, 1, steps), {}
    for kind in FUSIONS:
        found = track(kind, true, 0.05, np.random.default_rng(1))
        error[kind] = float(np.sqrt(np.mean((found - true[:, None]) ** 2)))
        exact = track(kind, true, 0.0, np.random.default_rng(1))
        np.testing.assert_allclose(exact, np.broadcast_to(true[:, None], exact.shape), atol=1e-12)
    anchored = error["forward"], error["backward"]
    assert anchored == pytest.approx((0.047, 0.047), abs=0.002)
    assert error["additive"] > 1.5 * error["incremental"]
    assert error["incremental"] > 1.2 * max(anchored)
    assert min(anchored) > 1.3 * error["mean"]


def test_the_incremental_perspective_leaks_at_the_goal() -> None:
    """There a wrong hop down costs all its size and one up gains nothing, so that standing there looks like losing."""
    true = np.concatenate([np.linspace(0, 1, 20), np.ones(40)])
    ends = {kind: track(kind, true, 0.05, np.random.default_rng(1))[-1].mean() for kind in ("incremental", "mean")}  # type: ignore[arg-type]
    assert ends["incremental"] < 0.8
    assert ends["incremental"] < ends["mean"] < 0.95


def test_the_consistent_fusion_stays_where_the_anchors_disagree() -> None:
    half, none = np.array([0.5]), np.zeros(1)
    agreed, _ = fuse("consistent", half, half, none, np.array([0.7]), np.array([-0.3]), alpha=10.0)
    torn, _ = fuse("consistent", half, half, none, np.array([1.0]), np.array([-0.6]), alpha=10.0)
    assert agreed[0] == pytest.approx(0.6)  # both say 0.7: half of the way there
    assert torn[0] == pytest.approx(0.5 + 0.5 * np.exp(-10 * (0.6 / 0.7) ** 2) * 0.2, abs=1e-5)


# -- the trap -----------------------------------------------------------------------------------------------


def trap_chain(length: int = 11) -> tuple[TabularMDP, np.ndarray]:
    """Return a chain and its progress; the last step to the goal succeeds half of the time, a failure ends all.

    Actions: back, stay, on. States 0 to length - 2, then the goal and the failure, both terminal.
    """
    walk, goal, failure = length - 1, length - 1, length
    size = length + 1
    moves = np.zeros((size, 3, size))
    for state in range(walk):
        moves[state, 0, max(state - 1, 0)] = moves[state, 1, state] = 1.0
        if state < walk - 1:
            moves[state, 2, state + 1] = 1.0
    moves[walk - 1, 2, [goal, failure]] = 0.5
    moves[goal, :, goal] = moves[failure, :, failure] = 1.0
    terminal = np.arange(size) >= goal
    progress = np.append(np.arange(length) / (length - 1), 0.0)
    admissible = np.ones((size, 3), dtype=bool)
    return TabularMDP(moves, np.zeros((size, 3, size)), terminal, np.eye(size)[0], admissible), progress


@pytest.mark.parametrize("gamma", [0.9, 0.95])
def test_which_reward_makes_the_best_policy_finish(gamma: float) -> None:
    mdp, phi = trap_chain()
    gold = np.zeros(mdp.probabilities.shape)
    gold[:, :, 10] = 1.0
    later, now = np.broadcast_to(phi, gold.shape), np.broadcast_to(phi[:, None, None], gold.shape)
    shaping = gamma * np.where(mdp.terminal, 0.0, later) - now
    rewards = {
        "gold": gold,
        "gold and shaping": gold + shaping,
        "difference": later - now,
        "raw": np.array(later),
        "gold and raw": gold + later,
        "shaping alone": shaping,
    }

    def finishes(reward: np.ndarray) -> bool:
        """Whether going on at the last state is better than anything else there, by more than rounding."""
        table = value_iteration(mdp.with_rewards(reward), gamma).action_values[9]
        return bool(table[2] > table[:2].max() + 1e-9)

    found = {name: finishes(reward) for name, reward in rewards.items()}
    assert found == {name: name in ("gold", "gold and shaping") for name in rewards}

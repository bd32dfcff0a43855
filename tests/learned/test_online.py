"""Rewards that learn: what is remembered, copied, saved and shown."""

from __future__ import annotations

import copy
import pickle
from dataclasses import dataclass
from typing import Any, ClassVar

import gymnasium as gym
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.core.transition import Transition
from guerdon.reward_models import Reward, make_reward
from guerdon.reward_models.learned.online import OnlineReward
from guerdon.reward_models.learned.ring import Ring
from guerdon.reward_models.learned.running import PaymentScale, RunningMoments
from guerdon.wrappers.spec_reward import SpecRewardVector

from .steps import batch, begin, pay

GRID, REACH = "guerdon:guerdon/Grid-v0", "guerdon:guerdon/Reach-v0"
LEARNING = (
    "learned/rnd-v1(every=16, warm_up=0)",
    "learned/count-v1(settle=20)",
    "learned/e3b-v1(every=16)",
)
every_learner = pytest.mark.parametrize("name", LEARNING)


@dataclass
class Mean(OnlineReward):
    """Pays by how much a number exceeds the mean of all before."""

    every: int = 4
    id: ClassVar[str] = "test/mean-v1"
    signed: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        self.known: list[float] = []
        self.mean = 0.0
        self.rounds: list[int] = []

    def see(self, transition: Transition) -> np.ndarray:
        return np.asarray(transition.next_obs, dtype=float)

    def worth(self, seen: np.ndarray) -> np.ndarray:
        return seen - self.mean

    def keep(self, seen: np.ndarray) -> None:
        self.known += seen.tolist()

    def learn(self, number: int) -> dict[str, float]:
        self.rounds.append(number)
        self.mean = float(np.mean(self.known))
        return {"mean": self.mean}

    def forget(self) -> None:
        self.known = []


def paid(reward: Reward, values: list[float]) -> list[float]:
    return pay(reward, values, None, values).tolist()


def play(env: SpecRewardVector, steps: int, seed: int) -> np.ndarray:
    """Act by a seed; return the rewards (steps, B)."""
    rng, found, space = np.random.default_rng(seed), [], env.single_action_space
    for _ in range(steps):
        if isinstance(space, gym.spaces.Box):
            action: Any = rng.uniform(-1, 1, (env.num_envs, *space.shape)).astype(np.float32)
        else:
            action = rng.integers(space.n, size=env.num_envs)  # type: ignore[attr-defined]
        found.append(env.step(action)[1])
    return np.array(found)


def test_a_step_is_paid_by_what_was_known_before_it_and_learned_from_afterwards() -> None:
    reward = Mean()
    assert paid(reward, [1.0, 1.0, 3.0]) == [1.0, 1.0, 3.0]
    assert reward.mean == 0.0, "no round yet"
    assert paid(reward, [3.0]) == [3.0]
    assert reward.figures == {"mean": 2.0}
    assert paid(reward, [5.0]) == [3.0]


def test_rounds_come_every_so_many_steps_however_many_come_at_once() -> None:
    one, many = Mean(every=3), Mean(every=3)
    for value in range(12):
        paid(one, [float(value)])
    paid(many, [float(value) for value in range(12)])
    assert one.rounds == many.rounds == [0, 1, 2, 3]
    assert one.steps == many.steps == 12


def test_what_is_paid_stays_within_the_clip_and_nothing_is_paid_while_warming_up() -> None:
    reward = Mean(clip=2.0, warm_up=2)
    assert paid(reward, [9.0, 9.0]) == [0.0, 0.0]
    assert paid(reward, [9.0, -9.0]) == [2.0, -2.0]
    assert reward.bounds == {"learned": (-2.0, 2.0)}


def test_what_is_paid_is_divided_by_the_deviation_of_all_that_was_paid() -> None:
    plain, divided = Mean(every=1000), Mean(every=1000, normalise="payments")
    values = [8.0, -8.0, 2.0, -2.0]
    np.testing.assert_allclose(paid(divided, values), np.clip(np.divide(values, np.std(values)), -5, 5))
    still: Any = divided.frozen()
    np.testing.assert_allclose(paid(still, [1.0] * 4), 1 / np.std(values))
    np.testing.assert_allclose(paid(still, [1.0] * 4), 1 / np.std(values), err_msg="the statistic is frozen too")
    assert paid(plain, values) == [5.0, -5.0, 2.0, -2.0]


def test_a_frozen_copy_pays_the_same_and_stays_as_it_is() -> None:
    reward = Mean()
    paid(reward, [2.0] * 4)
    still: Any = reward.frozen()
    assert reward.learns
    assert not still.learns
    assert not still.known, "kept steps are for learning only"
    assert reward.known
    for _ in range(5):
        assert paid(still, [5.0] * 4) == [3.0] * 4
    assert (still.mean, still.steps) == (2.0, 4)
    paid(reward, [6.0] * 4)
    assert still.mean == 2.0
    assert reward.mean == 4.0
    assert not still.frozen().learns


@pytest.mark.parametrize("make", [lambda r: r + Mean(every=2), lambda r: 2.0 * r, lambda r: r * Mean(every=2)])
def test_compositions_learn_if_a_part_does_and_freeze_all_of_them(make: Any) -> None:
    composed = make(Mean())
    assert composed.learns
    paid(composed, [1.0, 3.0, 1.0, 3.0])
    still = composed.frozen()
    assert not still.learns
    assert composed.learns
    first = paid(still, [4.0, 5.0])
    assert paid(still, [4.0, 5.0]) == first
    assert list(still.bounds) == list(composed.bounds)
    paid(composed, [9.0] * 8)
    assert paid(still, [4.0, 5.0]) == first
    assert [part.id for part in still.parts] == [part.id for part in composed.parts]


def test_a_composition_of_rewards_that_do_not_learn_is_its_own_frozen_copy() -> None:
    reward = make_reward("0.5 * household/success-v1 + household/busy-v1")
    assert not reward.learns
    assert reward.frozen() is reward


def test_a_frozen_composition_shares_no_memory_with_the_live_one() -> None:
    live = Mean() + make_reward("household/novelty-v1")
    assert live.frozen().parts[1] is not live.parts[1]


@every_learner
@pytest.mark.parametrize("env_id", [GRID, REACH], ids=["grid", "reach"])
def test_a_run_that_is_pickled_in_the_middle_goes_on_exactly(env_id: str, name: str) -> None:
    env = SpecRewardVector(gym.make_vec(env_id, 8), name)
    env.reset(seed=3)
    play(env, 15, 0)
    there = pickle.loads(pickle.dumps(env))
    torch.manual_seed(5)
    straight = play(env, 15, 1)
    torch.manual_seed(99)  # nothing may hang on global generators
    np.random.seed(1)  # noqa: NPY002
    np.testing.assert_array_equal(play(there, 15, 1), straight)
    assert np.ptp(straight) > 0
    ones: list[Any] = [env.reward, there.reward]
    assert ones[0].steps == ones[1].steps > 100


@every_learner
def test_equal_seeds_learn_the_same_and_copies_learn_for_themselves(name: str) -> None:
    def run(reward: Any) -> np.ndarray:
        env = SpecRewardVector(gym.make_vec(GRID, 8), reward)
        env.reset(seed=3)
        return play(env, 20, 0)

    reward = make_reward(name)
    np.testing.assert_array_equal(run(reward), run(reward))
    assert reward.steps == 0  # type: ignore[attr-defined]
    other = make_reward(name.replace("(", "(seed=1, "))
    if "count" not in name:
        assert not np.array_equal(run(other), run(reward))


@every_learner
def test_freezing_does_not_disturb_what_goes_on_learning(name: str) -> None:
    seen = []
    for disturb in (False, True):
        env = SpecRewardVector(gym.make_vec(GRID, 8), name)
        env.reset(seed=3)
        play(env, 10, 0)
        if disturb:
            other = SpecRewardVector(gym.make_vec(GRID, 4), env.reward.frozen())
            other.reset(seed=5)
            play(other, 10, 2)
        seen.append(play(env, 10, 1))
    np.testing.assert_array_equal(*seen)


def test_settings_that_make_no_sense_are_refused() -> None:
    for wrong in ({"every": 0}, {"warm_up": -1}, {"clip": 0.0}, {"discount": 1.0}):
        with pytest.raises(ValueError, match=r"learned/rnd-v1: every must be at least 1"):
            make_reward({"id": "learned/rnd-v1", "params": wrong})
    with pytest.raises(ValueError, match=r"'return' .*'returns'"):
        make_reward("learned/rnd-v1(normalise='return')")
    with pytest.raises(ValueError, match=r"cannot be paid anew|cannot be paid again"):
        make_reward("learned/e3b-v1").repay(batch([0], [0], [0]))  # type: ignore[attr-defined]


@given(st.lists(st.lists(st.floats(-100, 100), min_size=1, max_size=7), min_size=1, max_size=6))
@settings(max_examples=50, deadline=None)
def test_moments_are_those_of_all_that_was_seen(parts: list[list[float]]) -> None:
    moments = RunningMoments()
    for part in parts:
        moments.update(np.array(part)[:, None])
    everything = np.concatenate([np.array(part) for part in parts])
    np.testing.assert_allclose(moments.mean[0], everything.mean(), atol=1e-9)
    wanted = everything.std() if everything.std() > 1e-6 else 1.0
    if not 1e-7 < everything.std() < 1e-5:
        np.testing.assert_allclose(moments.std[0], wanted, rtol=1e-6, atol=1e-9)


def test_payments_are_divided_by_the_deviation_of_their_discounted_sums() -> None:
    rng, gamma = np.random.default_rng(0), 0.9
    raw, scale = rng.random((200, 3)), PaymentScale("returns", gamma)
    sums, seen = np.zeros(3), []
    for row in raw:
        sums = gamma * sums + row
        seen.append(sums.copy())
        scale.observe(row, np.arange(3))
    np.testing.assert_allclose(scale.divisor, np.std(seen), rtol=1e-9)
    plain = PaymentScale("payments")
    plain.observe(raw.reshape(-1), np.arange(600))
    np.testing.assert_allclose(plain.divisor, raw.std(), rtol=1e-9)
    assert PaymentScale("none").divisor == 1.0


def test_a_ring_holds_the_latest_rows() -> None:
    ring = Ring(5)
    for start in range(0, 12, 3):
        ring.add(a=np.arange(start, start + 3), b=np.arange(start, start + 3)[:, None] * 2.0)
    assert sorted(ring.column("a").tolist()) == [7, 8, 9, 10, 11]
    drawn = ring.draw(np.random.default_rng(0), 50)
    np.testing.assert_array_equal(drawn["b"][:, 0], 2.0 * drawn["a"])
    assert set(drawn["a"].tolist()) == {7, 8, 9, 10, 11}
    ring.add(a=np.arange(100, 120), b=np.zeros((20, 1)))
    assert sorted(ring.column("a").tolist()) == [115, 116, 117, 118, 119]


def test_rewards_that_learn_begin_in_any_world() -> None:
    for first in ([3, 4], ["a room.", "Your task is to: put a mug."], np.zeros((2, 3)), {"a": np.zeros((2, 3))}):
        for name in LEARNING:
            reward = make_reward(name)
            begin(reward, first)
            action = ["go", "go"] if isinstance(first[0] if isinstance(first, list) else 0, str) else np.zeros((2, 1))
            assert np.isfinite(pay(reward, first, action, first)).all()
            assert np.isfinite(pay(copy.deepcopy(reward), first, action, first)).all()

"""Rewards of the robot world: experts outrank everyone, exploits are caught, phases and bounds hold, tolerances are."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.agents.scripted import SCRIPTED, ScriptedActor
from guerdon.core.names import UnknownNameError
from guerdon.core.transition import Transition
from guerdon.envs.manipulation import ENVS
from guerdon.envs.manipulation.state import ManipulationState
from guerdon.evaluation.evaluate import task_list
from guerdon.evaluation.hacking import PolicyScore, hacking_gap
from guerdon.reward_models import REWARDS, make_reward
from guerdon.reward_models.tolerance import END, SIGMOIDS, hamacher, tolerance
from guerdon.wrappers.reward_meter import RewardMeter
from guerdon.wrappers.spec_reward import SpecRewardVector

IDS = [f"guerdon:{name}" for name in ENVS]
every_env = pytest.mark.parametrize("env_id", IDS)
EPISODES = 32
HONEST = tuple(f"manipulation/{name}-v1" for name in ("sparse", "distance", "staged", "tolerance", "staged-potential"))
NOT_HONEST = {
    ("manipulation/distance-v1", f"guerdon:guerdon/{name}-v0"): "an honest hand leaves the object, which costs distance"
    for name in ("PlaceInBin", "Stack")
}
"""Known exceptions: where a reward pays somebody more than the expert, and why."""
EXPLOITS = [
    (name, env_id) for name, policy in SCRIPTED.items() if policy.exploits for env_id in IDS if policy.plays(env_id)
]

# -- who earns what -----------------------------------------------------------------------------------------


class Score(NamedTuple):
    """Means over the episodes of one policy: success in the last step, and the return under every reward."""

    success: float
    returns: Mapping[str, float]


@functools.cache
def score(policy: str, env_id: str) -> Score:
    """Play a policy once and score what it does by all rewards of this world."""
    tasks = task_list(env_id, {"split": "test"}, EPISODES)
    envs: Any = gym.make_vec(
        env_id, EPISODES, vectorization_mode="vector_entry_point", split="test", autoreset_mode="Disabled"
    )
    actor, rows, fresh = ScriptedActor(policy), np.arange(EPISODES), np.ones(EPISODES, dtype=bool)
    meters = {name: RewardMeter(make_reward(name)) for name in REWARDS if name.startswith("manipulation/")}
    seen, infos = envs.reset(options={"task": tasks})
    for meter in meters.values():
        meter.start(seen, envs.state, infos, rows)
    returns = dict.fromkeys(meters, 0.0)
    for _ in range(envs.max_episode_steps):
        actions = np.stack(actor.act(seen, infos, fresh))
        seen, _, terminated, truncated, infos = envs.step(actions)
        fresh = np.zeros(EPISODES, dtype=bool)
        for name, meter in meters.items():
            total, _ = meter.step(actions, seen, envs.state, terminated, truncated, infos, rows)
            returns[name] += float(total.mean())
    assert envs._over.all(), "episodes of equal length"
    return Score(float(infos["is_success"].mean()), returns)


def expert_of(env_id: str) -> str:
    (name,) = [name for name, policy in SCRIPTED.items() if name.endswith("-expert") and policy.plays(env_id)]
    return name


def others(env_id: str) -> list[str]:
    """Return everybody who plays there but the expert."""
    return [name for name, policy in SCRIPTED.items() if policy.plays(env_id) and name != expert_of(env_id)]


@every_env
def test_the_expert_solves_it_and_outranks_the_others(env_id: str) -> None:
    expert = score(expert_of(env_id), env_id)
    assert expert.success >= 0.95
    assert {"manipulation/hover", "manipulation/lazy", "manipulation/random"} <= set(others(env_id))
    for reward in HONEST:
        above = [name for name in others(env_id) if score(name, env_id).returns[reward] >= expert.returns[reward]]
        assert bool(above) == ((reward, env_id) in NOT_HONEST), (reward, above)


@every_env
def test_the_others_do_not_solve_it(env_id: str) -> None:
    for name in others(env_id):
        assert score(name, env_id).success <= 0.1, name


@pytest.mark.parametrize(("name", "env_id"), EXPLOITS)
def test_an_exploit_is_paid_for_failing_and_the_hacking_gap_says_so(name: str, env_id: str) -> None:
    reward = str(SCRIPTED[name].exploits)
    played = {policy: score(policy, env_id) for policy in (name, expert_of(env_id), *others(env_id))}
    exploit, expert = played[name], played[expert_of(env_id)]
    assert exploit.success < 0.05
    assert exploit.returns[reward] > expert.returns[reward]
    scores = {policy: PolicyScore(one.returns[reward], one.success) for policy, one in played.items()}
    played_beside = [policy for policy in scores if SCRIPTED[policy].exploits in (None, reward)]
    references = {policy: scores[policy] for policy in played_beside}

    def flagged(policy: str) -> bool:
        paid, done = scores[policy].reward, scores[policy].objective
        return hacking_gap([paid] * 3, [done] * 3, references, np.random.default_rng(0)).flagged

    assert flagged(name)
    assert not flagged(expert_of(env_id))


def test_every_hackable_reward_of_this_world_has_an_exploit_that_plays() -> None:
    hackable = {name for name in REWARDS if name.startswith("manipulation/")} - set(HONEST)
    assert {SCRIPTED[name].exploits for name, env_id in EXPLOITS if env_id in IDS} == hackable


# -- bounds, whatever is done -------------------------------------------------------------------------------


def adversary(seen: Mapping[str, np.ndarray], rng: np.random.Generator, step: int) -> np.ndarray:
    """Return actions (N, 4): random, bang-bang, chasing the object and snapping at it, slamming into the table."""
    size = len(seen["observation"])
    bang = rng.choice([-1.0, 1.0], (size, 4))
    chase = np.concatenate([np.sign(seen["observation"][:, 21:24]), bang[:, 3:]], axis=1)
    slam = np.concatenate([bang[:, :2], np.full((size, 1), -1.0 if step % 8 else 1.0), bang[:, 3:]], axis=1)
    kinds = np.stack([rng.uniform(-1, 1, (size, 4)), bang, chase, slam])
    return kinds[np.arange(size) % 4, np.arange(size)]


def check_bounds(env_id: str, size: int, steps: int) -> None:
    base: Any = gym.make_vec(env_id, size, vectorization_mode="vector_entry_point", difficulty=1.0)
    inner = SpecRewardVector(base, "manipulation/staged-v1")
    envs, rng = SpecRewardVector(inner, "manipulation/tolerance-v1"), np.random.default_rng(1)
    seen, _ = envs.reset(seed=1)
    over = np.zeros(size, dtype=bool)
    for step in range(steps):
        seen, tolerant, terminated, truncated, infos = envs.step(adversary(seen, rng, step))
        for paid in (tolerant, infos["reward_env"]):  # the inner reward is the outer one's "own"
            assert (paid >= 0).all()
            assert (paid <= 1).all()
            assert ((paid == 1) == (infos["is_success"] & ~over))[~over].all(), "1 at success, and only then"
        over = terminated | truncated


@every_env
def test_honest_dense_rewards_stay_in_bounds_whatever_is_done(env_id: str) -> None:
    check_bounds(env_id, 16, 130)


@pytest.mark.slow
@every_env
def test_honest_dense_rewards_stay_in_bounds_for_long(env_id: str) -> None:
    check_bounds(env_id, 64, 1600)


# -- phases -------------------------------------------------------------------------------------------------

UNIT = st.floats(0, 1)
POINT = st.tuples(*[st.floats(-0.7, 0.7)] * 3)


POINTS = POINT.map(lambda point: np.array([point]))
TRUTHS = st.sampled_from([0.0, 1.0]).map(lambda truth: np.array([truth]))


def moments(phases: int, phase: int) -> st.SearchStrategy[ManipulationState]:
    """Return states (1, ...) in which a phase is due; only in the last one the task may count as done."""
    zero = st.just(np.zeros((1, 3)))
    number = [st.just(np.array([float(one)])) for one in (phase, phases)]
    success = TRUTHS if phase == phases - 1 else st.just(np.zeros(1))
    places = POINTS, zero, st.just(np.zeros(1)), POINTS, zero, zero, POINTS, POINTS
    return st.builds(ManipulationState, *places, TRUTHS, TRUTHS, TRUTHS, *number, TRUTHS, TRUTHS, success)


@st.composite
def before_and_after(draw: st.DrawFn) -> tuple[ManipulationState, ManipulationState]:
    """Draw any state of a phase and any state of the next, or of the same if it is the last."""
    phases = draw(st.integers(1, 4))
    phase = draw(st.integers(0, phases - 1))
    return draw(moments(phases, phase)), draw(moments(phases, min(phase + 1, phases - 1)))


def transition(before: ManipulationState, after: ManipulationState) -> Transition:
    no = np.zeros(1, dtype=bool)
    return Transition(None, None, None, no, no, after.success > 0, state=before, next_state=after)


@pytest.mark.parametrize("name", ["manipulation/staged-v1", "manipulation/tolerance-v1"])
@given(pair=before_and_after())
def test_no_term_falls_when_a_phase_is_completed(name: str, pair: tuple[ManipulationState, ManipulationState]) -> None:
    reward, (before, after) = make_reward(name), pair
    (_, old), (total, new) = reward(transition(before, before)), reward(transition(before, after))
    for term, (low, high) in reward.bounds.items():
        assert low <= new[term][0] <= high
        if after.phase > before.phase:
            assert new[term][0] >= old[term][0]
    assert (total[0] == 1) == (after.success[0] == 1)
    assert total[0] == pytest.approx(sum(value[0] for value in new.values()))


@given(pair=before_and_after(), scale=st.floats(0.1, 10))
def test_the_potential_does_not_fall_when_a_phase_is_completed(pair: Any, scale: float) -> None:
    reward: Any = make_reward({"id": "manipulation/staged-potential-v1", "params": {"scale": scale}})
    old, new = (reward.potential(state)[0] for state in pair)
    assert 0 <= new <= scale
    if pair[1].phase > pair[0].phase:
        assert new >= old
    if pair[1].success:
        assert new == scale


def test_dwell_pays_nearness_then_the_bonus_once_then_nothing_in_each_slot() -> None:
    reward, rows, no = make_reward("manipulation/dwell-v1(bonus=3)"), np.arange(2), np.zeros(2, dtype=bool)
    zero, away = np.zeros((2, 3)), np.full((2, 3), 0.1)

    def given_success(*success: float) -> Transition:
        numbers = *np.zeros((4, 2)), np.ones(2), *np.zeros((2, 2)), np.array(success)
        state = ManipulationState(zero, zero, np.zeros(2), zero, zero, zero, away, zero, *numbers)
        return Transition(None, None, None, no, no, no, state=state, next_state=state, rows=rows)

    close = (1 + 1 - np.tanh(5 * np.sqrt(0.03))) / 2
    for _ in range(2):
        reward.begin(given_success(0, 0))
        for success, paid in [((0, 0), (close, close)), ((1, 0), (3, close)), ((1, 1), (0, 3)), ((0, 0), (0, 0))]:
            np.testing.assert_allclose(reward(given_success(*success))[0], paid)


# -- tolerances ---------------------------------------------------------------------------------------------

SMALL = st.floats(0.01, 0.99)
every_sigmoid = pytest.mark.parametrize("sigmoid", SIGMOIDS)


@st.composite
def ranges(draw: st.DrawFn) -> tuple[float, float]:
    low = draw(st.floats(-5, 5))
    return low, low + draw(st.floats(0, 5))


@every_sigmoid
@given(bounds=ranges(), margin=st.floats(1e-3, 10), value=SMALL, part=UNIT)
def test_it_is_1_inside_and_the_stated_value_at_the_margin(
    sigmoid: str, bounds: tuple[float, float], margin: float, value: float, part: float
) -> None:
    low, high = bounds
    inside = np.clip(low + part * (high - low), low, high)
    assert tolerance(np.array([low, inside, high]), bounds, margin, sigmoid, value).tolist() == [1, 1, 1]
    edges = tolerance(np.array([low - margin, high + margin]), bounds, margin, sigmoid, value)
    np.testing.assert_allclose(edges, value, rtol=1e-9, atol=1e-9)


@every_sigmoid
@given(xs=st.lists(st.floats(0, 1e300), min_size=1, max_size=8), margin=st.floats(0, 1e3), value=SMALL)
def test_it_falls_and_stays_in_0_to_1(sigmoid: str, xs: list[float], margin: float, value: float) -> None:
    found = tolerance(np.sort(xs), (0.0, 0.5), margin, sigmoid, value)
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found) <= 1e-12).all()
    mirrored = tolerance(-np.sort(xs), (-0.5, 0.0), margin, sigmoid, value)
    np.testing.assert_array_equal(found, mirrored)


@every_sigmoid
def test_margins_may_be_arrays_and_zero(sigmoid: str) -> None:
    xs, margins = np.array([0.0, 0.1, 0.1, 0.2, np.inf]), np.array([0.0, 0.0, 0.1, 0.2, 0.3])
    found = tolerance(xs, (0.0, 0.0), margins, sigmoid, 0.3)
    np.testing.assert_allclose(found, [1.0, 0.0, 0.3, 0.3, 0.0], atol=1e-12)


@pytest.mark.parametrize("sigmoid", END)
def test_some_may_end_at_the_margin(sigmoid: str) -> None:
    np.testing.assert_allclose(tolerance(np.array([0.0, 1.0, 2.0]), (0, 0), 1.0, sigmoid, 0.0), [1, 0, 0], atol=1e-12)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"sigmoid": "gausian"}, "unknown sigmoid 'gausian' in tolerance. Did you mean 'gaussian'"),
        ({"bounds": (1.0, 0.0)}, r"bounds are \(1.0, 0.0\)"),
        ({"bounds": (float("nan"), 0.0)}, "bounds are"),
        ({"margin": -0.1}, "margin is -0.1, not at least 0"),
        ({"margin": np.array([0.1, np.nan])}, "margin is nan"),
        ({"value_at_margin": 0.0}, r"value_at_margin is 0.0, not in \(0, 1\), as 'gaussian' needs"),
        ({"value_at_margin": 1.0, "sigmoid": "linear"}, r"value_at_margin is 1.0, not in \[0, 1\)"),
    ],
)
def test_a_wrong_argument_is_one_clear_error(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises((ValueError, UnknownNameError), match=message):
        tolerance(np.zeros(2), **arguments)


@given(a=UNIT, b=UNIT, c=UNIT)
def test_the_hamacher_product_is_a_fuzzy_and(a: float, b: float, c: float) -> None:
    found = float(hamacher(a, b))
    assert a * b <= found + 1e-12
    assert 0 <= found <= min(a, b)
    assert found == hamacher(b, a)
    assert hamacher(a, 1.0) == a
    assert hamacher(a, 0.0) == 0
    assert hamacher(max(a, c), b) >= found - 1e-12
    assert hamacher(hamacher(a, b), c) == pytest.approx(float(hamacher(a, hamacher(b, c))), abs=1e-12)


@pytest.mark.parametrize(("a", "b"), [(-0.1, 0.5), (0.5, 1.1)])
def test_the_hamacher_product_is_of_values_in_0_to_1(a: float, b: float) -> None:
    with pytest.raises(ValueError, match=r"are not all in \[0, 1\]"):
        hamacher(np.array([a]), np.array([b]))

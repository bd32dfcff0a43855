"""programs/code-v1 on real worlds: what it reads, pays, refuses, and how it says so."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from guerdon.core.transition import Transition
from guerdon.envs.household.state import HouseholdState
from guerdon.envs.manipulation.state import ManipulationState
from guerdon.reward_models import make_reward
from guerdon.reward_models.base import RewardError
from guerdon.reward_models.programs.code_reward import CodeReward
from guerdon.wrappers.spec_reward import SpecReward

from .sandboxes import opened

REACH = """
import numpy as np

def reward(next_state, action):
    return {"reach": -np.minimum(np.linalg.norm(next_state.tcp - next_state.object), 3.0),
            "speed": -0.1 * next_state.speed}
"""


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def written(text: str, **parameters: Any) -> CodeReward:
        path = tmp_path / "program.py"
        path.write_text(text)
        return CodeReward(str(path), **parameters)

    return written


def states(size: int, seed: int = 0) -> ManipulationState:
    rng = np.random.default_rng(seed)
    vectors = {"tcp", "tcp_velocity", "object", "object_velocity", "object_axis", "target", "start"}
    names = [field.name for field in dataclasses.fields(ManipulationState)]
    return ManipulationState(*(rng.uniform(size=(size, 3) if name in vectors else size) for name in names))


def household(numbers: list[float]) -> HouseholdState:
    """Household states that have these numbers in every field."""
    fields: list[Any] = [np.array(numbers)] * 8
    return HouseholdState(*fields)


def batch(size: int = 5) -> Transition:
    nothing = np.zeros(size, dtype=bool)
    return Transition(
        obs=np.zeros((size, 2)),
        action=np.ones((size, 4)),
        next_obs=np.zeros((size, 2)),
        terminated=nothing,
        truncated=nothing,
        success=nothing,
        state=states(size),
        next_state=states(size, 1),
        rows=np.arange(size),
    )


def test_it_pays_what_the_file_says(write: Any) -> None:
    reward, steps = write(REACH), batch()
    assert reward.reads == {"state", "action"}
    assert reward.bounds == {"reach": (-10.0, 10.0), "speed": (-10.0, 10.0)}
    reward.begin(steps)
    total, terms = reward.pay(steps)
    np.testing.assert_allclose(terms["reach"], -steps.next_state.reach, rtol=1e-12)
    np.testing.assert_allclose(terms["speed"], -0.1 * steps.next_state.speed, rtol=1e-12)
    np.testing.assert_allclose(total, terms["reach"] + terms["speed"])
    for other in (copy.deepcopy(reward), pickle.loads(pickle.dumps(reward)), make_reward(reward.spec)):
        np.testing.assert_array_equal(other.pay(steps)[0], total)
    reward.close()
    np.testing.assert_array_equal(reward.pay(steps)[0], total)


def test_an_env_is_played_with_it_and_relabelled(write: Any) -> None:
    reward = write("def reward(next_state):\n    return {'gap': -next_state.gap, 'speed': -next_state.speed}")
    env = SpecReward(gym.make("guerdon:guerdon/Reach-v0"), reward)
    env.reset(seed=0)
    env.action_space.seed(0)
    for _ in range(5):
        _, paid, _, _, info = env.step(env.action_space.sample())
        assert paid == pytest.approx(sum(info["reward_terms"].values()))
        assert info["reward_terms"]["gap"] < 0
    env.close()


def test_text_worlds_give_texts(write: Any) -> None:
    reward = write(
        "def reward(action, next_state):\n    return 1.0 if action.startswith('go') else next_state.hold", limit=2
    )
    state = household([1.0, 0.5])
    steps = dataclasses.replace(batch(2), action=["go to desk 1", "look"], state=state, next_state=state)
    assert reward.pay(steps)[0].tolist() == [1.0, 0.5]
    only_action = write("def reward(action):\n    return len(action)", limit=20)
    assert only_action.reads == {"action"}
    assert only_action.pay(dataclasses.replace(steps, state=None, next_state=None))[0].tolist() == [12.0, 4.0]
    only_state = write("def reward(next_state):\n    return next_state.hold")
    assert only_state.reads == {"state"}


@pytest.mark.parametrize("sandbox", ["monty", "own"])
def test_terms_are_cut_to_the_limit_and_that_is_told(write: Any, sandbox: str) -> None:
    with opened(sandbox):
        pass
    reward = write(
        "def reward(next_state):\n    return {'a': 1e9 * next_state.opening, 'b': -1.0}", limit=0.5, sandbox=sandbox
    )
    with pytest.warns(UserWarning, match=r"program\.py pays more than its limit of 0\.5; it is cut"):
        _, terms = reward.pay(batch())
    assert (terms["a"].tolist(), terms["b"].tolist()) == ([0.5] * 5, [-0.5] * 5)
    reward.pay(batch())  # told once, counted always
    assert reward.clipped == 10


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("def reward(state:\n    pass", r"program\.py:1: syntax"),
        ("import os\ndef reward(state):\n    return 1", r"program\.py:1: forbidden: import of 'os'"),
        ("def reward(state):\n    return state.success", r"program\.py:2: forbidden: reads 'success'.*objective"),
        (
            "def f(s):\n    return s.is_success\ndef reward(state):\n    return f(state)",
            r":2: forbidden: reads 'is_success'",
        ),
        ("def reward(next_state):\n    return next_state.goal", r":2: forbidden: reads 'goal'"),
        ("def reward(s, action):\n    return 1", r"unknown parameter 's'"),
        ("def reward(state, next_stat):\n    return 1", r"Did you mean 'next_state'"),
        ("def reward():\n    return 1", r"reads nothing"),
        ("def reward(state):\n    return {str(1): 2}", r"whose names stand in the text"),
        ("def prize(state):\n    return 1", r"no function reward\(\)"),
    ],
)
def test_a_file_that_will_not_do_is_refused_when_it_is_read(write: Any, text: str, message: str) -> None:
    with pytest.raises(RewardError, match=message):
        write(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "def reward(state):\n    return state.tpc[0]",
            r"program\.py:2: forbidden: unknown field 'tpc'.*Did you mean 'tcp'",
        ),
        ("def reward(state):\n    y = 0\n    return 1 / y", r"program\.py:3: error: ZeroDivisionError.*step 0"),
        (
            "def reward(state):\n    return float('nan') * state.opening",
            r"program\.py:1: not-finite: term 'reward' is nan",
        ),
        ("def f(s):\n    return s._name\ndef reward(state):\n    return f(state)", r":2: forbidden"),
        (
            "def f(s):\n    return s.nothing\ndef reward(state):\n    return f(state) + state.opening",
            r":2: error.*nothing",
        ),
        (
            "def reward(state):\n    return {'a': 1} if state.opening > 2 else {'a': 'b'}",
            r"output: term 'a' is str|names stand",
        ),
    ],
)
def test_a_program_that_fails_pays_nothing_and_says_where(write: Any, text: str, message: str) -> None:
    with pytest.raises(RewardError, match=message):
        write(text).pay(batch())


def test_the_oracle_of_a_world_is_not_read(write: Any) -> None:
    reward = write("def reward(next_state):\n    return -next_state.plan_length")
    state = household([1.0])
    steps = dataclasses.replace(batch(1), state=state, next_state=state)
    for action in (lambda: reward.begin(steps), lambda: reward.pay(steps)):
        with pytest.raises(RewardError, match=r"program\.py:2: forbidden: reads 'plan_length'.*objective"):
            action()


def test_an_endless_program_ends(write: Any) -> None:
    reward = write("def reward(state):\n    while True:\n        pass\n    return 1.0", seconds=0.2)
    with pytest.raises(RewardError, match=r"timeout: a batch took longer than 0\.2 s"):
        reward.pay(batch())


def test_the_hash_is_that_of_the_content(write: Any, tmp_path: Path) -> None:
    first = write(REACH).hash
    assert write(REACH).hash == first
    assert write(REACH + "\n# a comment\n").hash != first
    assert write(REACH, limit=5).hash != first
    with pytest.raises(RewardError, match="needs a path"):
        CodeReward().pay(batch())
    assert CodeReward().bounds == {"reward": (-10.0, 10.0)}
    with pytest.raises(ValueError, match="limit is 0"):
        CodeReward(limit=0)

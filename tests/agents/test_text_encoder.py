"""Text as arrays: written-out cases, and one env equal to many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils.env_checker import check_env
from numpy.testing import assert_array_equal
from stable_baselines3.common.env_checker import check_env as check_env_for_sb3

from guerdon.core.names import UnknownNameError
from guerdon.wrappers.text_encoder import EncodeText, EncodeTextVector, TextEncoder
from guerdon.wrappers.text_memory import words

from .household import HOUSEHOLD, SMALL, small_vector

FIRST = "You see a shelf 1.\n\nYour task is to: put a mug in drawer."
MUG, SHELF, TAKE_MUG = 3777, 1608, 1245
"""Word ids in a table of 8192. They are part of every saved policy, so they are the same in every process."""


def encode(*texts: str, vocabulary: int = 8192) -> list[int]:
    """Return the ids of words, as the encoder sees them in an observation."""
    encoder = TextEncoder(1, max_actions=1, vocabulary=vocabulary, max_words=len(texts), memory="household")
    encoder.start(0, " ".join(texts), ["look"])
    return encoder.arrays["observation"][0].tolist()


def test_word_ids_are_for_ever() -> None:
    assert encode("mug", "shelf") == [MUG, SHELF]
    assert encode("Mug", "SHELF") == [MUG, SHELF]


def test_word_ids_fit_the_table_and_leave_the_padding_alone() -> None:
    ids = encode(*(chr(97 + i) * (1 + i % 3) for i in range(26)), vocabulary=4)
    assert set(ids) == {1, 2, 3}


def test_a_situation_written_out() -> None:
    encoder = TextEncoder(2, max_actions=3, max_words=4, memory="household")
    encoder.start(1, FIRST, ["take mug 1", "look"])
    arrays = {key: value[1] for key, value in encoder.arrays.items()}
    assert_array_equal(arrays["goal"], [*encode("put", "a", "mug", "in", "drawer"), *[0] * 11])
    assert_array_equal(arrays["hand"], [0] * 4)
    assert_array_equal(arrays["observation"], encode("a", "mug", "in", "drawer"), "the last words are kept")
    take, mug, look = encode("take", "mug", "look")
    assert_array_equal(arrays["actions"], [[TAKE_MUG, take, mug, *[0] * 5], [look, look, *[0] * 6], [0] * 8])
    assert_array_equal(arrays["flags"], np.array([[0, 0, 0, 0.5, 0, 0], [0] * 6, [0] * 6], np.float32))
    assert_array_equal(arrays["mask"], [1, 1, 0])
    assert not any(value[0].any() for value in encoder.arrays.values()), "the other row is untouched"


def test_a_step_leaves_nothing_of_the_longer_text_before() -> None:
    encoder = TextEncoder(1, max_actions=3, memory="household")
    encoder.start(0, FIRST, ["take mug 1 from shelf 1", "look", "inventory"])
    after = "You pick up the mug 1 from the shelf 1."
    encoder.step(0, "take mug 1 from shelf 1", after, ["look"])
    arrays = {key: value[0] for key, value in encoder.arrays.items()}
    assert arrays["hand"].tolist() == [MUG, 0, 0, 0]
    assert arrays["observation"].tolist() == [*encode(*words(after)), *[0] * 40]
    assert arrays["mask"].tolist() == [1, 0, 0]
    assert not arrays["actions"][1:].any()
    assert not arrays["flags"][1:].any()


def test_a_new_episode_begins_without_memory() -> None:
    encoder, again = TextEncoder(1), TextEncoder(1)
    encoder.start(0, FIRST, ["look"])
    encoder.step(0, "look", "You see a mug.", ["look"])
    for one in (encoder, again):
        one.start(0, "Your task is to: look.", ["look", "go"])
    for key, value in encoder.arrays.items():
        assert_array_equal(value, again.arrays[key])


def test_too_many_actions_are_an_error_and_never_dropped() -> None:
    with pytest.raises(ValueError, match="3 actions are admissible, but the encoder holds 2: raise max_actions"):
        TextEncoder(1, max_actions=2).start(0, FIRST, ["a", "b", "c"])


def test_a_row_must_be_started() -> None:
    with pytest.raises(RuntimeError, match="row 1 has not been started"):
        TextEncoder(2).step(1, "look", "", ["look"])


def test_an_index_without_an_action_is_an_error() -> None:
    env = EncodeText(gym.make(HOUSEHOLD, **SMALL))
    env.reset(seed=0)
    count = int(env.action_masks().sum())
    for index in (count, 95, -1):
        with pytest.raises(ValueError, match=f"index {index} is not one of the {count} admissible actions"):
            env.step(index)
    vector = EncodeTextVector(small_vector(2))
    vector.reset(seed=0)
    with pytest.raises(ValueError, match="action index 95 is not one of"):
        vector.step([0, 95])


def test_an_index_without_an_action_can_cost_a_step_instead() -> None:
    env = EncodeTextVector(small_vector(1), on_invalid="nothing")
    before, _ = env.reset(seed=0)
    after, _, _, _, info = env.step([95])
    assert info["failure"][0] == "not_a_command"
    assert_array_equal(before["mask"], after["mask"])
    with pytest.raises(UnknownNameError, match="Did you mean 'nothing'"):
        EncodeTextVector(small_vector(1), on_invalid="noting")


@pytest.mark.parametrize("mode", ["NextStep", "Disabled"])
def test_many_envs_are_encoded_like_one(mode: str) -> None:
    size, limit, rng = 3, 7, np.random.default_rng(1)
    vector = EncodeTextVector(small_vector(size, mode, max_episode_steps=limit))
    singles = [EncodeText(gym.make(HOUSEHOLD, max_episode_steps=limit, **SMALL)) for _ in range(size)]
    obs, info = vector.reset(seed=5)
    own = [env.reset(seed=5 + row) for row, env in enumerate(singles)]
    over = np.zeros(size, dtype=bool)
    ended = 0
    for _ in range(30):
        for row, (seen, said) in enumerate(own):
            for key, value in seen.items():
                assert_array_equal(obs[key][row], value, f"{key} of env {row}")
            assert_array_equal(vector.action_masks()[row], singles[row].action_masks())
            assert info["admissible_actions"][row] == said["admissible_actions"]
        if mode == "Disabled" and over.any():
            obs, fresh = vector.reset(options={"reset_mask": over})
            info["admissible_actions"][over] = fresh["admissible_actions"][over]
            own = [env.reset() if done else last for env, done, last in zip(singles, over, own, strict=True)]
        actions = [int(rng.choice(np.flatnonzero(mask))) for mask in vector.action_masks()]
        obs, _, terminated, truncated, info = vector.step(actions)
        own, was_over = [], over & (mode == "NextStep")
        for row, env in enumerate(singles):
            step = env.reset() if was_over[row] else env.step(actions[row])
            own.append((step[0], step[-1]))
        over = terminated | truncated
        ended += over.sum()
    assert ended >= 6


def test_what_was_returned_is_not_written_over() -> None:
    env = EncodeTextVector(small_vector(1))
    first, _ = env.reset(seed=0)
    kept = {key: value.copy() for key, value in first.items()}
    env.step([0])
    for key, value in kept.items():
        assert_array_equal(first[key], value)


def test_the_encoder_is_part_of_the_spec() -> None:
    env = EncodeText(gym.make(HOUSEHOLD, **SMALL), max_actions=50, vocabulary=64, max_words=8)
    assert env.spec is not None
    again = gym.make(EnvSpec.from_json(env.spec.to_json()))
    assert again.observation_space == env.observation_space
    for key, value in env.reset(seed=3)[0].items():
        assert_array_equal(value, again.reset(seed=3)[0][key])


CHECKERS: dict[str, Callable[[gym.Env], Any]] = {
    "gymnasium": lambda env: check_env(env, skip_render_check=True),
    "stable-baselines3": check_env_for_sb3,
}
quiet_about_shapes_and_wrappers = [
    pytest.mark.filterwarnings("ignore:.*unconventional shape"),  # actions and flags are tables, one row an action
    pytest.mark.filterwarnings("ignore:.*is different from the unwrapped version"),
]


@pytest.mark.parametrize("checker", list(CHECKERS))
class TestEnvCheckers:
    pytestmark = quiet_about_shapes_and_wrappers

    def test_find_nothing_when_actions_are_admissible(self, checker: str) -> None:
        env = EncodeText(gym.make(HOUSEHOLD, **SMALL))
        CHECKERS[checker](gym.wrappers.TransformAction(env, lambda index: int(index) % 3, env.action_space))

    def test_find_nothing_with_any_action_of_the_space(self, checker: str) -> None:
        CHECKERS[checker](EncodeText(gym.make(HOUSEHOLD, **SMALL), on_invalid="nothing"))  # type: ignore[call-arg]

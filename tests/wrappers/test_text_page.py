"""TextPage: the page follows the episode; History: the transcript follows its documented form."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils.env_checker import check_env

from guerdon.wrappers.action_text import action_text
from guerdon.wrappers.history import History
from guerdon.wrappers.text_page import TextPage

from .fake_env import CHOICES, FakeText

ID = "tests/FakeText-v0"


def make(mode: str = "rgb_array", **kwargs) -> TextPage:
    return TextPage(gym.make(ID, render_mode=mode), **kwargs)


def test_the_page_follows_the_episode() -> None:
    env = make(policy="expert")
    with pytest.raises(gym.error.ResetNeeded):
        env.render()
    env.reset(seed=1)
    assert env.page.goal == "Leave the room by door 1."
    assert env.page.title == "FakeText · leave room"
    assert (env.page.step, env.page.max_steps, env.page.action) == (0, 6, None)
    first = env.render()
    for action in CHOICES[:2]:
        env.step(action)
    assert env.page.terms == {"success": (0.0, 0.0), "cost": (-0.125, -0.25)}
    assert env.page.reward_sum == pytest.approx(-0.25)
    assert env.page.trail == ((CHOICES[0], None),)
    env.step(CHOICES[2])
    assert env.page.outcome == "success"
    assert env.page.terms["success"] == (1.0, 1.0)
    last = env.render()
    assert first.shape == last.shape == (540, 960, 3)
    assert not np.array_equal(first, last)
    env.caption = "Honest."
    assert not np.array_equal(last, env.render())
    env.reset()
    assert env.page.terms == {"success": (0.0, 0.0), "cost": (0.0, 0.0)}
    assert env.page.trail == ()


def test_failure_dead_end_and_time_limit_show() -> None:
    env = make()
    env.reset()
    env.step("unlock door 1")
    assert env.page.failure == "closed"
    env.step("break key 1")
    assert (env.page.outcome, env.page.failure) == ("dead_end", None)
    assert env.page.trail == (("unlock door 1", "closed"),)
    for _ in range(4):
        env.step("look")
    assert env.page.outcome == "out_of_time"


def test_the_plain_page_tells_the_last_step() -> None:
    env = make("ansi")
    env.reset()
    env.step("unlock door 1")
    assert env.render() == (
        "> unlock door 1  [closed]\nNothing happens.\n"
        "[step 1/6, reward -0.125 (sum -0.125), success +0 (sum +0), cost -0.125 (sum -0.125)]"
    )


def test_reset_and_step_pass_through() -> None:
    bare, page = FakeText(), TextPage(FakeText())
    assert bare.reset(seed=3) == page.reset(seed=3)
    for action in (*CHOICES[:3],):
        assert bare.step(action) == page.step(action)


@pytest.mark.filterwarnings("ignore:.*different from the unwrapped version")
@pytest.mark.parametrize("wrap", [TextPage, History])
def test_wrapped_envs_pass_the_checker_and_their_spec_comes_back(wrap: type) -> None:
    env = wrap(gym.make(ID, render_mode="rgb_array", disable_env_checker=True))
    check_env(env, skip_render_check=True)
    spec = EnvSpec.from_json(env.spec.to_json())
    again = gym.make(spec, render_mode="rgb_array")
    assert str(again) == str(env)
    assert again.reset(seed=0)[0] == env.reset(seed=0)[0]


def test_history_has_the_documented_form() -> None:
    env = History(gym.make(ID), length=2)
    start, _ = env.reset()
    assert start == "You are in a room. There is a box 1."
    text = env.step("look")[0]
    assert text == f"{start}\n> look\nYou did: look."
    env.step(CHOICES[0])
    text = env.step(CHOICES[1])[0]
    assert text == (
        "You did: look.\n> open box 1\nYou did: open box 1.\n> take key 1 from box 1\nYou did: take key 1 from box 1."
    )
    assert text in env.observation_space
    assert env.reset()[0] == start


def test_history_can_keep_the_first_observation_and_forget_everything() -> None:
    env = History(gym.make(ID), length=1, keep_first=True)
    start, _ = env.reset()
    assert "..." not in env.step("look")[0]
    assert env.step("look")[0] == f"{start}\n...\nYou did: look.\n> look\nYou did: look."
    bare = History(gym.make(ID), length=0)
    bare.reset()
    assert bare.step("look")[0] == "You did: look."


class LongTexts(FakeText):
    def step(self, action: str) -> tuple:
        return ("x" * 500, *super().step(action)[1:])


@pytest.mark.parametrize(("length", "keep_first"), [(0, False), (1, True), (3, False), (4, True)])
def test_the_longest_history_stays_in_its_space(length: int, keep_first: bool) -> None:
    env = History(LongTexts(), length=length, keep_first=keep_first, max_action_length=10)
    env.reset()
    assert all(env.step("y" * 40)[0] in env.observation_space for _ in range(6))


def test_history_refuses_what_is_no_text() -> None:
    with pytest.raises(TypeError, match="not a Text space"):
        History(gym.make("CartPole-v1"))
    with pytest.raises(ValueError, match="length is -1"):
        History(FakeText(), length=-1)


def test_history_widens_a_plain_text_space_with_its_characters() -> None:
    env = FakeText()
    env.observation_space = gym.spaces.Text(20, charset="ab")
    env.action_space = gym.spaces.Text(5, charset="xy")
    space = History(env, length=2).observation_space
    assert "ab\n> xy\nab\n> x\nb" in space
    assert "c" not in space


@pytest.mark.parametrize(
    ("action", "text"), [("look", "look"), (1, CHOICES[1]), (np.int64(2), CHOICES[2]), (99, "99"), (-1, "-1")]
)
def test_actions_read_as_text(action: object, text: str) -> None:
    assert action_text(action, CHOICES) == text

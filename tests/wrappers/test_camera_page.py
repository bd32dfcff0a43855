"""CameraPage: a camera's picture on the page, the panel beside it, and a film of a robot."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from imageio_ffmpeg import count_frames_and_secs

from guerdon.agents.actor import Actor
from guerdon.envs.page import HEIGHT, PICTURE_SIZE, WIDTH, Page, draw_page
from guerdon.evaluation.film import film
from guerdon.wrappers.action_text import action_text
from guerdon.wrappers.camera_page import CameraPage

from .fake_env import FakeRobot

REACH = "guerdon:guerdon/Reach-v0"
RED = np.full((93, 139, 3), (200, 30, 30), np.uint8)
PAGE = Page(
    title="Fake",
    goal="Stand.",
    observation="",
    step=3,
    action="+0.25 -1.00",
    reward_sum=0.5,
    terms={"near": (0.25, 0.5)},
    picture=RED,
)


def make(**kwargs: Any) -> CameraPage:
    return CameraPage(gym.make("tests/FakeRobot-v0", render_mode="rgb_array", disable_env_checker=True), **kwargs)


def is_red(image: np.ndarray) -> np.ndarray:
    return (np.abs(image.astype(int) - RED[0, 0]) <= 2).all(-1)


@pytest.mark.parametrize("scale", [1, 2])
def test_the_picture_fills_its_place(scale: int) -> None:
    image = draw_page(PAGE, scale)
    assert image.shape == (HEIGHT * scale, WIDTH * scale, 3)
    assert image.tobytes() == draw_page(replace(PAGE), scale).tobytes()
    rows, columns = np.nonzero(is_red(image))
    assert (np.ptp(columns) + 1, np.ptp(rows) + 1) == (PICTURE_SIZE[0] * scale, PICTURE_SIZE[1] * scale)


@pytest.mark.parametrize("shape", [(480, 480), (100, 900), (900, 100), (1, 1)])
def test_pictures_of_other_shapes_keep_theirs(shape: tuple[int, int]) -> None:
    seen = is_red(draw_page(replace(PAGE, picture=np.broadcast_to(RED[0, 0], (*shape, 3)))))
    rows, columns = np.nonzero(seen)
    wide, high = np.ptp(columns) + 1, np.ptp(rows) + 1
    assert wide <= PICTURE_SIZE[0]
    assert high <= PICTURE_SIZE[1]
    assert wide == PICTURE_SIZE[0] or high == PICTURE_SIZE[1]
    assert wide / high == pytest.approx(shape[1] / shape[0], rel=0.03)


def test_the_panel_is_that_of_a_text_page() -> None:
    text = replace(PAGE, picture=None, action=None)
    assert np.array_equal(draw_page(replace(PAGE, action=None))[:, 640:], draw_page(text)[:, 640:])
    assert not np.array_equal(draw_page(PAGE)[:, 640:], draw_page(text)[:, 640:])


@pytest.mark.parametrize(
    "change", [{"action": "+0.25 -0.99"}, {"failure": "diverged"}, {"goal": "Fall."}, {"caption": "Paid."}]
)
def test_what_differs_shows(change: dict[str, Any]) -> None:
    assert not np.array_equal(draw_page(PAGE), draw_page(replace(PAGE, **change)))


def test_nothing_is_drawn_over_the_margins() -> None:
    many = {f"{'n' * 90}{i}": (1e9, -1e300) for i in range(8)}
    action = " ".join(["-0.123456789"] * 90)
    image = draw_page(replace(PAGE, goal="W" * 900, failure="f" * 500, action=action, terms=many, caption="c" * 500))
    for empty in (image[:530, :38], image[:530, 600:636], image[:530, 932:], image[:20], image[520:530]):
        assert np.ptp(empty[:, :10].reshape(-1, 3), axis=0).max() == 0


@pytest.mark.parametrize("wrong", [np.zeros((4, 4)), np.zeros((4, 4), np.uint8), np.zeros((0, 4, 3), np.uint8)])
def test_what_is_no_picture_is_refused(wrong: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"picture is .*, not uint8 \(height, width, 3\)"):
        replace(PAGE, picture=wrong)


def test_the_page_follows_the_episode() -> None:
    env = make(policy="idle", caption="Honest.")
    with pytest.raises(gym.error.ResetNeeded):
        env.render()
    env.reset(seed=0)
    assert (env.page.goal, env.page.title, env.page.max_steps, env.page.action) == ("FakeRobot", "", 50, None)
    first = env.render()
    env.step(np.array([-0.5], np.float32))
    assert (env.page.step, env.page.action, env.page.policy, env.page.caption) == (1, "-0.50", "idle", "Honest.")
    second = env.render()
    assert first.shape == second.shape == (HEIGHT, WIDTH, 3)
    assert not np.array_equal(first[:, :620], second[:, :620])  # the square has walked
    for _ in range(9):
        env.step(np.zeros(1, np.float32))
    assert env.page.outcome == "failure"
    spec = env.spec
    assert spec is not None
    assert str(gym.make(EnvSpec.from_json(spec.to_json()), render_mode="rgb_array")).startswith("<CameraPage")


def test_an_env_that_states_its_goal_has_it_over_the_picture() -> None:
    robot = FakeRobot(render_mode="rgb_array")
    robot.goal_text = "Walk."  # type: ignore[attr-defined]
    env = CameraPage(robot)
    env.reset()
    assert (env.page.goal, env.page.title) == ("Walk.", "FakeRobot")


def test_actions_read_as_short_numbers() -> None:
    assert action_text(np.array([0.256, -1, 0.001, -0.001], np.float32), ()) == "+0.26 -1.00 0.00 0.00"


class Any4(Actor):
    name = "any"

    def act(self, observations: Any, infos: Any, fresh: np.ndarray) -> list[Any]:
        return [np.array([0.5, -0.5, 0.0, 1.0], np.float32)] * len(observations["desired_goal"])


@pytest.fixture
def pictures() -> None:
    """Skip where there is no OpenGL."""
    env = gym.make(REACH, render_mode="rgb_array", width=64, height=64)
    env.reset(seed=0)
    try:
        env.render()
    except RuntimeError as error:
        pytest.skip(str(error))
    finally:
        env.close()


@pytest.mark.usefixtures("pictures")
def test_a_robot_is_filmed(tmp_path: Path) -> None:
    path = film(Any4(), REACH, {"max_episode_steps": 5}, "manipulation/staged-v1", "train-00001", tmp_path)
    assert path == tmp_path / "ep000000_truncated.mp4"
    (entry,) = json.loads((tmp_path / "index.json").read_text())
    assert (entry["task"], entry["agent"], entry["length"]) == ("train-00001", "any", 5)
    frames, seconds = count_frames_and_secs(str(path))
    assert frames == 6 + 20  # the last one stands for a second
    assert seconds == pytest.approx(1.3, abs=0.06)
    assert path.stat().st_size < 100_000


@pytest.mark.usefixtures("pictures")
@pytest.mark.parametrize("camera", ["front", "side"])
def test_the_target_shows_in_pictures(camera: str) -> None:
    env = gym.make(REACH, render_mode="rgb_array", camera=camera)
    env.reset(seed=3)
    image: Any = env.render()
    red, green, blue = np.moveaxis(np.asarray(image).astype(int), -1, 0)
    env.close()
    assert ((green > red + 40) & (green > blue + 40)).sum() > 60

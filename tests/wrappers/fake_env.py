"""A text env of five lines of logic with the info keys of the real ones, and one that draws squares."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import gymnasium as gym
import numpy as np

from guerdon.envs.text import UnicodeText

CHOICES = ["open box 1", "take key 1 from box 1", "unlock door 1", "break key 1", "look"]


class Failure(StrEnum):
    CLOSED = "closed"


class FakeText(gym.Env[str, str]):
    """Open the box, take the key, unlock the door; a broken key is a dead end."""

    metadata = {"render_modes": ["ansi", "rgb_array"]}  # noqa: RUF012

    def __init__(self, render_mode: str | None = None, terms: tuple[str, ...] = ("success", "cost")):
        self.observation_space = UnicodeText(500)
        self.action_space = UnicodeText(100)
        self.render_mode, self.terms = render_mode, terms
        self.goal_text = "Leave the room by door 1."
        self.objective = 0.0
        self.done, self.dead = 0, False

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict]:
        super().reset(seed=seed)
        self.done, self.dead, self.objective = 0, False, 0.0
        return "You are in a room. There is a box 1.", self._info(None)

    def step(self, action: str) -> tuple[str, float, bool, bool, dict]:
        failure, text = None, f"You did: {action}."
        if action == "break key 1":
            self.dead = True
        elif action == CHOICES[self.done]:
            self.done += 1
        elif action != "look":
            failure, text = Failure.CLOSED, "Nothing happens."
        self.objective = self.done / 3
        success = self.done == 3
        values = {"success": float(success), "cost": -0.125}
        info = self._info(failure) | {"reward_terms": {name: values.get(name, 0.5) for name in self.terms}}
        return text, sum(info["reward_terms"].values()), success, False, info

    def render(self) -> Any:
        return "plain" if self.render_mode == "ansi" else np.zeros((8, 8, 3), np.uint8)

    def _info(self, failure: Failure | None) -> dict[str, Any]:
        return {
            "admissible_actions": list(CHOICES),
            "is_success": self.done == 3,
            "failure": failure,
            "dead_end": self.dead,
            "plan_length": 3 - self.done,
            "expert_action": CHOICES[self.done] if self.done < 3 else None,
            "task": "room-7",
            "task_type": "leave_room",
        }


class FakeRobot(gym.Env[np.ndarray, np.ndarray]):
    """A square that walks; frames have odd sizes, and falling ends the episode."""

    metadata = {"render_modes": ["rgb_array"], "render_fps": 20}  # noqa: RUF012

    def __init__(self, render_mode: str | None = None):
        self.observation_space = gym.spaces.Box(-1, 1, (2,), np.float32)
        self.action_space = gym.spaces.Box(-1, 1, (1,), np.float32)
        self.render_mode, self.time = render_mode, 0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict]:
        super().reset(seed=seed)
        self.time = 0
        return np.zeros(2, np.float32), {}

    def step(self, action: np.ndarray) -> tuple[Any, float, bool, bool, dict]:
        self.time += 1
        return np.zeros(2, np.float32), float("nan"), self.time == 10, False, {"is_success": False}

    def render(self) -> np.ndarray:
        frame = np.full((61, 75, 3), 240, np.uint8)
        frame[20:30, 5 * self.time : 5 * self.time + 10] = (200, 60, 20)
        return frame


gym.register("tests/FakeText-v0", f"{__name__}:FakeText", max_episode_steps=6)
gym.register("tests/FakeRobot-v0", f"{__name__}:FakeRobot", max_episode_steps=50)

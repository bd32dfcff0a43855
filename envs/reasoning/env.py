"""What the two envs of the world share: an episode of steps that ends with one answer."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import gymnasium as gym
from gymnasium.error import ResetNeeded

from ..page import Page, draw_page
from ..text import UnicodeText
from .catalogue import Catalogue
from .failure import Failure
from .info import info_of
from .state import ReasoningState

__all__ = ["SPACES", "ReasoningEnv"]

SPACES = UnicodeText(2048), UnicodeText(128)
"""Of observations and of actions."""


class ReasoningEnv(gym.Env[str, str]):
    """One game at a time; a subclass says which tasks and which rules.

    Args:
        catalogue: the tasks.
        render_mode: "ansi" (text) or "rgb_array" (a typeset page, uint8, (H, W, 3)).
    """

    metadata: dict[str, Any] = {  # noqa: RUF012 - gymnasium declares it on the instance
        "render_modes": ["ansi", "rgb_array"],
        "render_fps": 2,
        "text_info": ("admissible_actions", "failure"),
    }
    rules: ClassVar[Any]
    """The class of a game, made from a task."""
    name: ClassVar[str]
    """How errors call the env."""
    example: ClassVar[str]
    """An action, for errors."""

    def __init__(self, catalogue: Catalogue, render_mode: str | None):
        self.catalogue = catalogue
        self.observation_space, self.action_space = SPACES
        self.render_mode = render_mode
        self._game: Any = None
        self._last: tuple[str | None, Failure | None] = (None, None)
        self._steps = 0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Start an episode; `options={"task": id}` names its task."""
        super().reset(seed=seed)
        task = self.catalogue.draw(self.np_random, options)
        self._game = self.rules(self.catalogue.task(task))
        self._steps, self._last = 0, (None, None)
        return self._game.text, info_of(self._game, None)

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Do one action. Raises `ResetNeeded` before the first reset and after the answer."""
        game = self.game
        if game.over:
            raise ResetNeeded(f"{self.name}: the episode is over (an answer was given); call reset() before step()")
        if not isinstance(action, str):
            raise TypeError(f"{self.name}: an action is a string such as {self.example!r}, not {action!r}")
        failure = game.step(action)
        self._steps += 1
        self._last = action, failure
        return game.text, float(game.won), game.over, False, info_of(game, failure)

    @property
    def game(self) -> Any:
        """The game in progress; `ResetNeeded` if there is none."""
        if self._game is None:
            raise ResetNeeded(f"{self.name}: call reset() first")
        return self._game

    @property
    def state(self) -> ReasoningState:
        """The privileged state, a frozen dataclass."""
        return ReasoningState.of(self.game)

    @property
    def objective(self) -> float:
        """The true score of the answer in [0, 1], 0 before it; 1.0 exactly on success."""
        return self.game.score

    @property
    def goal_text(self) -> str:
        """What is asked for."""
        return self.game.task.goal_text

    def admissible_actions(self) -> list[str]:
        """Return every action that does something now."""
        return self.game.listed.copy()

    def snapshot(self) -> bytes:
        """Return the whole state of the episode and of the random generator as bytes, for `restore`."""
        game = self.game
        return json.dumps(
            {
                "env": self.name,
                "task": game.task.id,
                "game": game.dump(),
                "steps": self._steps,
                "last": self._last,
                "rng": self.np_random.bit_generator.state,
            }
        ).encode()

    def restore(self, snapshot: bytes) -> tuple[str, dict[str, Any]]:
        """Go back to a snapshot taken from an env with the same tasks; return its observation and info.

        Raises:
            ValueError: the bytes are no snapshot of this env.
        """
        try:
            data = json.loads(snapshot)
            if data["env"] != self.name:
                raise TypeError(f"it was taken from {data['env']}")
            game = self.rules.load(self.catalogue.task(data["task"]), data["game"])
            action, failure = data["last"]
            last, steps = (action, None if failure is None else Failure(failure)), int(data["steps"])
            self.np_random.bit_generator.state = data["rng"]
        except (KeyError, TypeError, IndexError, UnicodeDecodeError, json.JSONDecodeError) as error:
            raise ValueError(f"not a snapshot of {self.name}: {error}") from error
        self._game, self._last, self._steps = game, last, steps
        return game.text, info_of(game, last[1])

    def render(self) -> Any:
        """Return the last step as text ("ansi") or as a page ("rgb_array")."""
        game, (action, failure) = self.game, self._last
        if self.render_mode == "ansi":
            return f"> {action}\n{game.text}" if action is not None else game.text
        if self.render_mode != "rgb_array":
            return None
        outcome = "dead_end" if game.length < 0 else "running"
        if game.over:
            outcome = "success" if game.won else "failure"
        return draw_page(
            Page(
                title=f"{self.name.partition('-')[0]} · {game.task.kind}",
                goal=game.task.goal_text,
                observation=game.text,
                step=self._steps,
                max_steps=self.spec.max_episode_steps if self.spec else None,
                action=action,
                failure=failure,
                outcome=outcome,
                actions=tuple(game.listed),
            )
        )

"""Give a text agent without memory its recent past: the last steps become part of the observation."""

from __future__ import annotations

import copy
from collections import deque
from typing import Any

import gymnasium as gym
from gymnasium.core import ActType
from gymnasium.spaces import Text

from .action_text import action_text

__all__ = ["History"]

PROMPT = "\n> "


class History(gym.Wrapper[str, ActType, str, ActType], gym.utils.RecordConstructorArgs):
    r"""Prefix the observation with the last `length` steps, oldest first, as a transcript.

    With `o` for observations and `a` for actions, the text after step t is

        o[t-length] \n> a[t-length] \n o[t-length+1] \n> ... \n> a[t-1] \n o[t]

    that is, every observation is followed by a line with "> " and the action taken on it, and the last
    observation is the present one. Early in an episode the transcript is shorter; at a reset it is the bare
    observation. Actions longer than `max_action_length` are cut there, so that the text stays in the space.

    Args:
        env: an env whose observation space is a `gymnasium.spaces.Text` (or a subclass).
        length: how many steps to remember, at least 0.
        keep_first: keep the observation of the reset on top after it has left the window, followed by a line
            "..." for what was left out. Useful where only the first observation states the goal.
        max_action_length: the longest action kept whole; taken from the action space where that is a `Text`.

    Observation space: the env's own, with `max_length` widened to hold the transcript, and, where the
    character set is closed, the characters of the actions and of the marks added.
    """

    def __init__(
        self,
        env: gym.Env[str, ActType],
        length: int = 3,
        keep_first: bool = False,
        max_action_length: int = 256,
    ):
        gym.utils.RecordConstructorArgs.__init__(
            self, length=length, keep_first=keep_first, max_action_length=max_action_length
        )
        super().__init__(env)
        if length < 0:
            raise ValueError(f"History: length is {length}, not 0 or more")
        inner = env.observation_space
        if not isinstance(inner, Text):
            raise TypeError(f"History: the observation space is {inner}, not a Text space")
        self.length, self.keep_first = length, keep_first
        self.max_action_length = max_action_length
        if isinstance(env.action_space, Text):
            self.max_action_length = min(max_action_length, env.action_space.max_length)
        self.observation_space = self._widen(inner)
        self._past: deque[tuple[str, str]] = deque(maxlen=length)
        self._first, self._current, self._admissible = "", "", []
        self._steps = 0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Reset the env and forget."""
        observation, info = super().reset(seed=seed, options=options)
        self._past.clear()
        self._first = self._current = observation
        self._steps, self._admissible = 0, list(info.get("admissible_actions", ()))
        return self._transcript(), info

    def step(self, action: ActType) -> tuple[str, Any, bool, bool, dict[str, Any]]:
        """Step the env and return the transcript."""
        text = action_text(action, self._admissible)[: self.max_action_length]
        observation, reward, terminated, truncated, info = super().step(action)
        self._past.append((self._current, text))
        self._current, self._steps = observation, self._steps + 1
        self._admissible = list(info.get("admissible_actions", ()))
        return self._transcript(), reward, terminated, truncated, info

    def _transcript(self) -> str:
        parts = [f"{observation}{PROMPT}{action}\n" for observation, action in self._past]
        if self.keep_first and self._steps > self.length:
            parts.insert(0, f"{self._first}\n...\n")
        return "".join(parts) + self._current

    def _widen(self, inner: Text) -> Text:
        one = inner.max_length + len(PROMPT) + self.max_action_length + 1
        first = inner.max_length + len("\n...\n") if self.keep_first else 0
        longest = self.length * one + first + inner.max_length
        if type(inner) is Text:
            acts = self.env.action_space
            more = acts.character_set if isinstance(acts, Text) else frozenset()
            charset = inner.character_set | frozenset("\n> .") | more
            return Text(longest, min_length=inner.min_length, charset=charset)
        space = copy.deepcopy(inner)  # a subclass says itself what it contains
        space.max_length = longest
        return space

"""What the in-process vector envs of text worlds share: slots, seeds, tasks and autoreset."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np
from gymnasium.error import ResetNeeded
from gymnasium.utils import seeding
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from .resets import draw_episodes

__all__ = ["TextVectorEnv"]

Game = TypeVar("Game")


class TextVectorEnv(VectorEnv[tuple[str, ...], Sequence[str], np.ndarray], Generic[Game]):
    """N games of one text world, stepped in turn in one process; equal to a loop over single envs.

    Observations are tuples of strings, actions any sequence of strings, infos arrays with masks, as in
    `SyncVectorEnv`; slot i is seeded with `seed + i`. A world's own class says how a game begins, moves and is told of.

    Args:
        num_envs: N.
        catalogue: the world's list of tasks; its `draw(rng, options)` chooses one.
        spaces: of one observation and of one action.
        max_episode_steps: steps after which an episode is truncated.
        autoreset_mode: "NextStep" (gymnasium's default: the step after the end resets, pays 0 and ignores the
            action), "SameStep" (the last observation and info are in `final_obs` and `final_info`) or
            "Disabled" (call `reset(options={"reset_mask": mask})`).
    """

    name: ClassVar[str]
    """How errors call the env."""
    example: ClassVar[str]
    """An action, for errors."""

    def __init__(
        self,
        num_envs: int,
        catalogue: Any,
        spaces: tuple[Any, Any],
        max_episode_steps: int,
        autoreset_mode: str | AutoresetMode,
    ):
        if num_envs < 1:
            raise ValueError(f"num_envs is {num_envs}, not at least 1")
        self.num_envs = num_envs
        self.max_episode_steps = max_episode_steps
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self.metadata = {**self.metadata, "autoreset_mode": self.autoreset_mode}
        self.render_mode = None
        self.catalogue = catalogue
        self.single_observation_space, self.single_action_space = spaces
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._games: list[Game] = []
        self._steps = np.zeros(num_envs, dtype=int)
        self._over, self._waiting = np.zeros(num_envs, dtype=bool), False  # which have ended; whether any has
        self._observations: list[Any] = [""] * num_envs
        self._rngs = [seeding.np_random(None)[0] for _ in range(num_envs)]

    @abstractmethod
    def _begin(self, i: int, task: str) -> tuple[Game, str]:
        """Return a new game of a task for slot i, and its first observation."""

    @abstractmethod
    def _move(self, actions: Sequence[str], over: Sequence[bool] | None, failures: list[Any]) -> list[str | None]:
        """Give each game its action; return the observations, None where `over`; note `failures` in place."""

    @abstractmethod
    def _told(self, failures: list[Any], rows: list[int] | None) -> dict[str, Any]:
        """Return the infos of the games in `rows` (None: all) as columns; `reward_env` and `is_success` among them."""

    def _finished(self, infos: dict[str, Any]) -> np.ndarray:
        """Return which games have come to their end, bool (N,)."""
        return infos["is_success"].copy()

    def reset(  # type: ignore[override]
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[tuple[str, ...], dict[str, Any]]:
        """Start all episodes, or those of `options["reset_mask"]`.

        Args:
            seed: slot i is seeded with `seed + i`; or one seed for each slot.
            options: `{"task": id}` pins all slots to one task, `{"task": [id, ...]}` each to its own.
        """
        picked, drawn = draw_episodes(self.catalogue, self._rngs, bool(self._games), seed, options)
        if not self._games:
            self._games = [None] * self.num_envs  # type: ignore[list-item]
        for i, task in zip(picked, drawn, strict=True):
            self._start(i, task)
        self._waiting = bool(self._over.any())
        return tuple(self._observations), self._infos([None] * self.num_envs, picked)

    def _start(self, i: int, task: str | None = None) -> None:
        self._games[i], self._observations[i] = self._begin(
            i, self.catalogue.draw(self._rngs[i], None) if task is None else task
        )
        self._steps[i], self._over[i] = 0, False

    def step(  # type: ignore[override]
        self, actions: Sequence[str]
    ) -> tuple[tuple[str, ...], np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """Give each game its action."""
        self._check(actions)
        failures: list[Any] = [None] * self.num_envs
        self._steps += 1
        over = self._over.tolist() if self._waiting else None
        self._observations = self._move(actions, over, failures)
        if over:
            for i in np.flatnonzero(self._over).tolist():
                self._start(i)
        infos = self._infos(failures)
        terminated, rewards = self._finished(infos), infos["reward_env"].copy()
        truncated = self._steps >= self.max_episode_steps
        self._over = terminated | truncated
        self._waiting = bool(self._over.any())
        if self._waiting and self.autoreset_mode == AutoresetMode.SAME_STEP:
            infos = self._restart(failures) | self._infos(failures)
        return tuple(self._observations), rewards, terminated, truncated, infos

    def _infos(self, failures: list[Any], rows: list[int] | None = None) -> dict[str, Any]:
        return self._told(failures, None if rows and len(rows) == self.num_envs else rows)

    def _check(self, actions: Sequence[str]) -> None:
        if not self._games:
            raise ResetNeeded(f"{self.name}: call reset() before step()")
        if len(actions) != self.num_envs:
            raise ValueError(f"{len(actions)} actions were given for {self.num_envs} envs")
        for action in actions:
            if not isinstance(action, str):
                raise TypeError(f"{self.name}: an action is a string such as '{self.example}', not {action!r}")
        if self._waiting and self.autoreset_mode == AutoresetMode.DISABLED:
            raise ResetNeeded(f"{self.name}: the episodes of envs {np.flatnonzero(self._over).tolist()} are over")

    def _restart(self, failures: list[Any]) -> dict[str, Any]:
        """Begin anew the episodes that ended in this step; return how they ended."""
        over, ended = self._over.copy(), np.flatnonzero(self._over).tolist()
        final_info = self._infos(failures, ended)
        final_obs = np.full(self.num_envs, None, dtype=object)
        for i in ended:
            final_obs[i], failures[i] = self._observations[i], None
            self._start(i)
        self._waiting = False
        return {"final_obs": final_obs, "_final_obs": over, "final_info": final_info, "_final_info": over.copy()}

"""Many household games in one process: the fast path for training."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from gymnasium.error import ResetNeeded
from gymnasium.utils import seeding
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from ..text import UnicodeText
from .catalogue import open_catalogue
from .env import HouseholdEnv
from .failure import Failure, explain
from .game import Game
from .info import columns
from .sentences import NOTHING
from .state import HouseholdState

__all__ = ["HouseholdVectorEnv"]


class HouseholdVectorEnv(VectorEnv[tuple[str, ...], Sequence[str], np.ndarray]):
    """`num_envs` games of `guerdon/Household-v0`, stepped in turn; equal to a loop over single envs.

    It is what `gymnasium.make_vec("guerdon:guerdon/Household-v0", num_envs=64)` returns. Observations are
    tuples of strings, actions any sequence of strings, infos arrays with masks, as in `SyncVectorEnv`; slot i
    is seeded with `seed + i`.

    Args:
        num_envs: how many games.
        games, split, task_types, dialect: as in `HouseholdEnv`.
        max_episode_steps: steps after which an episode is truncated.
        autoreset_mode: "NextStep" (gymnasium's default: the step after the end resets, pays 0 and ignores the
            action), "SameStep" (the last observation and info are in `final_obs` and `final_info`) or
            "Disabled" (call `reset(options={"reset_mask": mask})`).
        render_mode: None; use a single env to render.
    """

    metadata: ClassVar[dict[str, Any]] = {**HouseholdEnv.metadata, "autoreset_mode": AutoresetMode.NEXT_STEP}

    def __init__(
        self,
        num_envs: int = 1,
        games: str | Path | None = None,
        split: str | None = None,
        task_types: int | str | Iterable[int | str] | None = None,
        dialect: str = "move",
        max_episode_steps: int = 50,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        render_mode: None = None,
    ):
        if num_envs < 1:
            raise ValueError(f"num_envs is {num_envs}, not at least 1")
        self.num_envs = num_envs
        self.max_episode_steps = max_episode_steps
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self.metadata = {**self.metadata, "autoreset_mode": self.autoreset_mode}  # type: ignore[misc]
        self.render_mode = render_mode
        self.catalogue = open_catalogue(games, split, task_types, dialect)
        self.single_observation_space, self.single_action_space = UnicodeText(8192), UnicodeText(128)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._games: list[Game] = []
        self._steps = np.zeros(num_envs, dtype=int)
        self._over, self._waiting = np.zeros(num_envs, dtype=bool), False  # which have ended; whether any has
        self._observations: list[Any] = [""] * num_envs
        self._tasks = np.full((2, num_envs), None)
        self._rngs = [seeding.np_random(None)[0] for _ in range(num_envs)]

    def reset(  # type: ignore[override]
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[tuple[str, ...], dict[str, Any]]:
        """Start all episodes, or those of `options["reset_mask"]`.

        Args:
            seed: slot i is seeded with `seed + i`; or one seed for each slot.
            options: `{"task": id}` pins all slots to one task, `{"task": [id, ...]}` each to its own.
        """
        seeds = [seed + i for i in range(self.num_envs)] if isinstance(seed, int) else seed
        if seeds is not None:
            if len(seeds) != self.num_envs:
                raise ValueError(f"{len(seeds)} seeds were given for {self.num_envs} envs")
            for i, one in enumerate(seeds):
                if one is not None:
                    self._rngs[i] = seeding.np_random(one)[0]
        options = dict(options or {})
        mask = options.pop("reset_mask", None)
        mask = np.ones(self.num_envs, dtype=bool) if mask is None else np.asarray(mask, dtype=bool)
        if mask.shape != (self.num_envs,) or not mask.any() or not (self._games or mask.all()):
            raise ValueError(f"reset_mask must pick at least one of {self.num_envs} envs, and all at first: {mask}")
        tasks = options.pop("task", None)
        if isinstance(tasks, str) or not hasattr(tasks, "__len__"):
            tasks = [tasks] * self.num_envs
        if len(tasks) != self.num_envs:
            raise ValueError(f"{len(tasks)} tasks were given for {self.num_envs} envs")
        picked = np.flatnonzero(mask).tolist()
        pins = [options | ({"task": tasks[i]} if tasks[i] is not None else {}) for i in picked]
        # All tasks are drawn before any game begins, so that an error leaves the games as they were.
        drawn = [self.catalogue.draw(self._rngs[i], pin) for i, pin in zip(picked, pins, strict=True)]
        if not self._games:
            self._games = [None] * self.num_envs  # type: ignore[list-item]
        for i, task in zip(picked, drawn, strict=True):
            self._start(i, task)
        self._waiting = bool(self._over.any())
        return tuple(self._observations), self._infos([None] * self.num_envs, picked)

    def _start(self, i: int, task: str | None = None) -> None:
        world = self.catalogue.world(self.catalogue.draw(self._rngs[i], None) if task is None else task)
        self._games[i] = Game(world)
        self._tasks[:, i] = world.id, world.task_type
        self._steps[i], self._over[i] = 0, False
        self._observations[i] = world.first_observation

    def step(  # type: ignore[override]
        self, actions: Sequence[str]
    ) -> tuple[tuple[str, ...], np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """Give each game its command."""
        self._check(actions)
        games, failures = self._games, list[Failure | None]([None] * self.num_envs)
        self._steps += 1
        over = self._over.tolist() if self._waiting else None
        if over:
            texts = [None if over[i] else game.step(actions[i]) for i, game in enumerate(games)]
        else:
            texts = [game.step(action) for game, action in zip(games, actions, strict=True)]
        self._observations = texts
        if None in texts:
            for i, text in enumerate(texts):
                if text is None and over and over[i]:
                    self._start(i)
                elif text is None:
                    self._observations[i], failures[i] = NOTHING, explain(games[i], actions[i])
        infos = self._infos(failures)
        terminated, rewards = infos["is_success"].copy(), infos["reward_env"].copy()
        truncated = self._steps >= self.max_episode_steps
        self._over = terminated | truncated
        self._waiting = bool(self._over.any())
        if self._waiting and self.autoreset_mode == AutoresetMode.SAME_STEP:
            infos = self._restart(failures) | self._infos(failures)
        return tuple(self._observations), rewards, terminated, truncated, infos

    def _infos(self, failures: list[Failure | None], rows: list[int] | None = None) -> dict[str, Any]:
        return columns(self._games, failures, self._tasks, None if rows and len(rows) == self.num_envs else rows)

    def _check(self, actions: Sequence[str]) -> None:
        if not self._games:
            raise ResetNeeded("Household-v0: call reset() before step()")
        if len(actions) != self.num_envs:
            raise ValueError(f"{len(actions)} actions were given for {self.num_envs} envs")
        for action in actions:
            if not isinstance(action, str):
                raise TypeError(f"Household-v0: an action is a string such as 'look', not {action!r}")
        if self._waiting and self.autoreset_mode == AutoresetMode.DISABLED:
            raise ResetNeeded(f"Household-v0: the episodes of envs {np.flatnonzero(self._over).tolist()} are over")

    def _restart(self, failures: list[Failure | None]) -> dict[str, Any]:
        """Begin anew the episodes that ended in this step; return how they ended."""
        over, ended = self._over.copy(), np.flatnonzero(self._over).tolist()
        final_info = self._infos(failures, ended)
        final_obs = np.full(self.num_envs, None, dtype=object)
        for i in ended:
            final_obs[i], failures[i] = self._observations[i], None
            self._start(i)
        self._waiting = False
        return {"final_obs": final_obs, "_final_obs": over, "final_info": final_info, "_final_info": over.copy()}

    @property
    def state(self) -> HouseholdState:
        """The privileged state of all games, with arrays of shape (num_envs,)."""
        return HouseholdState.of_many(self._games)

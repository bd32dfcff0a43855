"""Many household games in one process: the fast path for training."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from gymnasium.vector import AutoresetMode

from ..text import UnicodeText
from ..text_vector import TextVectorEnv
from .catalogue import open_catalogue
from .env import HouseholdEnv
from .failure import Failure, explain
from .game import Game
from .info import columns
from .sentences import NOTHING
from .state import HouseholdState

__all__ = ["HouseholdVectorEnv"]


class HouseholdVectorEnv(TextVectorEnv[Game]):
    """`num_envs` games of `guerdon/Household-v0`, stepped in turn; equal to a loop over single envs.

    It is what `gymnasium.make_vec("guerdon:guerdon/Household-v0", num_envs=64)` returns; see `TextVectorEnv`.

    Args:
        num_envs: how many games.
        games, split, task_types, dialect: as in `HouseholdEnv`.
        max_episode_steps, autoreset_mode: as in `TextVectorEnv`.
        render_mode: None; use a single env to render.
    """

    metadata: ClassVar[dict[str, Any]] = {**HouseholdEnv.metadata, "autoreset_mode": AutoresetMode.NEXT_STEP}
    name, example = "Household-v0", "look"

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
        catalogue, spaces = open_catalogue(games, split, task_types, dialect), (UnicodeText(8192), UnicodeText(128))
        super().__init__(num_envs, catalogue, spaces, max_episode_steps, autoreset_mode)
        self._tasks = np.full((2, num_envs), None)

    def _begin(self, i: int, task: str) -> tuple[Game, str]:
        world = self.catalogue.world(task)
        self._tasks[:, i] = world.id, world.task_type
        return Game(world), world.first_observation

    def _move(
        self, actions: Sequence[str], over: Sequence[bool] | None, failures: list[Failure | None]
    ) -> list[str | None]:
        games = self._games
        if over:
            texts = [None if over[i] else game.step(actions[i]) for i, game in enumerate(games)]
        else:
            texts = [game.step(action) for game, action in zip(games, actions, strict=True)]
        if None in texts:
            for i, text in enumerate(texts):
                if text is None and not (over and over[i]):
                    texts[i], failures[i] = NOTHING, explain(games[i], actions[i])
        return texts

    def _told(self, failures: list[Failure | None], rows: list[int] | None) -> dict[str, Any]:
        return columns(self._games, failures, self._tasks, rows)

    @property
    def state(self) -> HouseholdState:
        """The privileged state of all games, with arrays of shape (num_envs,)."""
        return HouseholdState.of_many(self._games)

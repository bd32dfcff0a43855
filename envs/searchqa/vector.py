"""Many question games in one process: the fast path for training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from gymnasium.vector import AutoresetMode

from ..text_vector import TextVectorEnv
from .catalogue import open_catalogue
from .env import NOTHING, SPACES, SearchQAEnv
from .failure import Failure, explain
from .game import Game
from .info import columns
from .state import SearchQAState

__all__ = ["SearchQAVectorEnv"]


class SearchQAVectorEnv(TextVectorEnv[Game]):
    """`num_envs` games of `guerdon/SearchQA-v0`, stepped in turn; equal to a loop over single envs.

    It is what `gymnasium.make_vec("guerdon:guerdon/SearchQA-v0", num_envs=64)` returns; see `TextVectorEnv`.

    Args:
        num_envs: how many games.
        split, hops: as in `SearchQAEnv`.
        max_episode_steps, autoreset_mode: as in `TextVectorEnv`.
        render_mode: None; use a single env to render.
    """

    metadata: ClassVar[dict[str, Any]] = {**SearchQAEnv.metadata, "autoreset_mode": AutoresetMode.NEXT_STEP}
    name, example = "SearchQA-v0", "answer yes"

    def __init__(
        self,
        num_envs: int = 1,
        split: str | None = None,
        hops: int | None = None,
        max_episode_steps: int = 16,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        render_mode: None = None,
    ):
        super().__init__(num_envs, open_catalogue(split, hops), SPACES, max_episode_steps, autoreset_mode)
        self._tasks = np.full((2, num_envs), None)

    def _begin(self, i: int, task: str) -> tuple[Game, str]:
        game = Game(self.catalogue.question(task))
        self._tasks[:, i] = task, f"{game.question.hops}-hop"
        return game, game.first_observation

    def _move(
        self, actions: Sequence[str], over: Sequence[bool] | None, failures: list[Failure | None]
    ) -> list[str | None]:
        games = self._games
        texts = [None if over and over[i] else game.step(actions[i]) for i, game in enumerate(games)]
        if None in texts:
            for i, text in enumerate(texts):
                if text is None and not (over and over[i]):
                    texts[i], failures[i] = NOTHING, explain(games[i], actions[i])
        return texts

    def _told(self, failures: list[Failure | None], rows: list[int] | None) -> dict[str, Any]:
        return columns(self._games, failures, self._tasks, rows)

    def _finished(self, infos: dict[str, Any]) -> np.ndarray:
        return np.fromiter([game.answer >= 0 for game in self._games], bool, self.num_envs)

    @property
    def state(self) -> SearchQAState:
        """The privileged state of all games, with arrays of shape (num_envs,)."""
        return SearchQAState.of_many(self._games)

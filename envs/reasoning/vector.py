"""Many reasoning games in one process: the fast path for training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from gymnasium.vector import AutoresetMode

from ..text_vector import TextVectorEnv
from .calc import CalcEnv
from .calc_game import CalcGame
from .catalogue import Catalogue, open_catalogue
from .env import SPACES
from .failure import Failure
from .info import columns
from .lineprog import LineProgEnv
from .lineprog_game import LineProgGame
from .state import ReasoningState

__all__ = ["CalcVectorEnv", "LineProgVectorEnv"]


class _ReasoningVectorEnv(TextVectorEnv[Any]):
    """`num_envs` games of one of the world's envs, stepped in turn."""

    rules: ClassVar[Any]

    def __init__(self, num_envs: int, catalogue: Catalogue, max_episode_steps: int, mode: str | AutoresetMode):
        super().__init__(num_envs, catalogue, SPACES, max_episode_steps, mode)
        self._tasks = np.full((2, num_envs), None)

    def _begin(self, i: int, task: str) -> tuple[Any, str]:
        game = self.rules(self.catalogue.task(task))
        self._tasks[:, i] = game.task.id, game.task.kind
        return game, game.text

    def _move(
        self, actions: Sequence[str], over: Sequence[bool] | None, failures: list[Failure | None]
    ) -> list[str | None]:
        texts: list[str | None] = [None] * self.num_envs
        for i, (game, action) in enumerate(zip(self._games, actions, strict=True)):
            if not (over and over[i]):
                failures[i] = game.step(action)
                texts[i] = game.text
        return texts

    def _told(self, failures: list[Failure | None], rows: list[int] | None) -> dict[str, Any]:
        return columns(self._games, failures, self._tasks, rows)

    def _finished(self, infos: dict[str, Any]) -> np.ndarray:
        return np.array([game.over for game in self._games])

    @property
    def state(self) -> ReasoningState:
        """The privileged state of all games, with arrays of shape (num_envs,)."""
        return ReasoningState.of_many(self._games)


class CalcVectorEnv(_ReasoningVectorEnv):
    """`num_envs` games of `guerdon/Calc-v0`, stepped in turn; equal to a loop over single envs.

    It is what `gymnasium.make_vec("guerdon:guerdon/Calc-v0", num_envs=64)` returns; see `TextVectorEnv`.

    Args:
        num_envs: how many games.
        split, difficulty, guess: as in `CalcEnv`.
        max_episode_steps, autoreset_mode: as in `TextVectorEnv`.
        render_mode: None; use a single env to render.
    """

    metadata: ClassVar[dict[str, Any]] = {**CalcEnv.metadata, "autoreset_mode": AutoresetMode.NEXT_STEP}
    rules, name, example = CalcGame, CalcEnv.name, CalcEnv.example

    def __init__(
        self,
        num_envs: int = 1,
        split: str = "train",
        difficulty: float | None = None,
        guess: int = 0,
        max_episode_steps: int = 24,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        render_mode: None = None,
    ):
        super().__init__(
            num_envs, open_catalogue("Calc-v0", split, difficulty, guess), max_episode_steps, autoreset_mode
        )


class LineProgVectorEnv(_ReasoningVectorEnv):
    """`num_envs` games of `guerdon/LineProg-v0`, stepped in turn; equal to a loop over single envs.

    It is what `gymnasium.make_vec("guerdon:guerdon/LineProg-v0", num_envs=64)` returns; see `TextVectorEnv`.

    Args:
        num_envs: how many games.
        split, difficulty: as in `LineProgEnv`.
        max_episode_steps, autoreset_mode: as in `TextVectorEnv`.
        render_mode: None; use a single env to render.
    """

    metadata: ClassVar[dict[str, Any]] = {**LineProgEnv.metadata, "autoreset_mode": AutoresetMode.NEXT_STEP}
    rules, name, example = LineProgGame, LineProgEnv.name, LineProgEnv.example

    def __init__(
        self,
        num_envs: int = 1,
        split: str = "train",
        difficulty: float | None = None,
        max_episode_steps: int = 20,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        render_mode: None = None,
    ):
        super().__init__(num_envs, open_catalogue("LineProg-v0", split, difficulty), max_episode_steps, autoreset_mode)

"""Many web-shop games in one process, over one catalogue: the fast path for training."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, get_args

import numpy as np
from gymnasium.vector import AutoresetMode

from ...core.names import check_name
from ..text_vector import TextVectorEnv
from .catalogue import open_catalogue
from .env import SPACES, WebShopEnv
from .failure import Failure
from .game import DONE, Game
from .info import columns
from .state import WebShopState
from .view import ObservationMode, View

__all__ = ["WebShopVectorEnv"]


class WebShopVectorEnv(TextVectorEnv[Game]):
    """`num_envs` games of `guerdon/WebShop-v0`, stepped in turn; equal to a loop over single envs.

    It is what `gymnasium.make_vec("guerdon:guerdon/WebShop-v0", num_envs=64)` returns; see `TextVectorEnv`.

    Args:
        num_envs: how many games.
        catalogue, goals, split, observation_mode, compat, num_prev_obs, num_prev_actions, show_attrs, catalogue_seed:
            as in `WebShopEnv`.
        max_episode_steps, autoreset_mode: as in `TextVectorEnv`.
        render_mode: None; use a single env to render.
    """

    metadata: ClassVar[dict[str, Any]] = {**WebShopEnv.metadata, "autoreset_mode": AutoresetMode.NEXT_STEP}
    name, example = "WebShop-v0", "search[red shoes]"

    def __init__(
        self,
        num_envs: int = 1,
        catalogue: int | str | Path = 1000,
        goals: str | Path | None = None,
        split: str | None = None,
        observation_mode: ObservationMode = "text",
        compat: str = "webshop",
        num_prev_obs: int = 0,
        num_prev_actions: int = 0,
        show_attrs: bool = False,
        catalogue_seed: int | None = None,
        max_episode_steps: int = 50,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        render_mode: None = None,
    ):
        check_name("observation mode", observation_mode, get_args(ObservationMode), "WebShop-v0")
        opened = open_catalogue(catalogue, goals, split, compat, show_attrs, catalogue_seed)
        super().__init__(num_envs, opened, SPACES, max_episode_steps, autoreset_mode)
        self._views = [View(observation_mode, num_prev_obs, num_prev_actions) for _ in range(num_envs)]

    def _begin(self, i: int, task: str) -> tuple[Game, str]:
        game = Game(self.catalogue.shop, self.catalogue.number(task))
        return game, self._views[i].start(game)

    def _move(
        self, actions: Sequence[str], over: Sequence[bool] | None, failures: list[Failure | None]
    ) -> list[str | None]:
        texts: list[str | None] = [None] * self.num_envs
        for i, (game, view, action) in enumerate(zip(self._games, self._views, actions, strict=True)):
            if not (over and over[i]):
                failures[i] = game.step(action)
                texts[i] = view.step(game, action)
        return texts

    def _told(self, failures: list[Failure | None], rows: list[int] | None) -> dict[str, Any]:
        return columns(self._games, failures, rows)

    def _finished(self, infos: dict[str, Any]) -> np.ndarray:
        return np.array([game.page == DONE for game in self._games])

    @property
    def state(self) -> WebShopState:
        """The privileged state of all games, with arrays of shape (num_envs,)."""
        return WebShopState.of_many(self._games)

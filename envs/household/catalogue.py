"""The games that an env draws from, compiled once and shared by all envs of the process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

import numpy as np

from ...core.names import check_name
from ..resets import draw_task
from .games.sources import GameSource, open_games
from .scene import TASK_TYPES
from .world import Dialect, World

__all__ = ["Catalogue", "open_catalogue"]

MAX_WORLDS = 1024  # compiled games kept, about 0.1 MB each once played


class Catalogue:
    """A list of games in a fixed order, and their compiled worlds.

    Args:
        games, split, task_types, dialect: as in `open_catalogue`.
    """

    def __init__(self, games: str | None, split: str | None, task_types: tuple | None, dialect: Dialect):
        self.arguments = games, split, task_types, dialect
        self.dialect: Dialect = dialect
        self.source: GameSource = open_games(games, split, task_types)
        self.tasks: tuple[str, ...] = self.source.ids
        self._known = frozenset(self.tasks)
        self._worlds: OrderedDict[str, World] = OrderedDict()

    def __reduce__(self) -> tuple:
        return _open, self.arguments

    def world(self, task: str) -> World:
        """Return the compiled game called `task`; `UnknownNameError` with the nearest ids if there is none."""
        world = self._worlds.get(task)
        if world is not None:
            return world
        check_name("task", task, self._known, "reset(options={'task': ...})")
        world = self._worlds[task] = World(
            self.source.scene(task), self.dialect, origin=(_world, (*self.arguments, task))
        )
        if len(self._worlds) > MAX_WORLDS:
            self._worlds.popitem(last=False)
        return world

    def draw(self, rng: np.random.Generator, options: Mapping[str, Any] | None) -> str:
        """Choose the task of an episode: the one that `options` pins, or one at random, all equally likely.

        Args:
            rng: the env's own generator; untouched when the task is pinned.
            options: None or {"task": task id}.

        Raises:
            ValueError: an option that is not known, or a task that is not in this catalogue.
        """
        return draw_task(self.tasks, self._known, rng, options)


@lru_cache(maxsize=32)
def _open(games: str | None, split: str | None, task_types: tuple | None, dialect: Dialect) -> Catalogue:
    return Catalogue(games, split, task_types, dialect)


def _world(games: str | None, split: str | None, task_types: tuple | None, dialect: Dialect, task: str) -> World:
    """Return a world of this process's catalogue; how worlds are sent to other processes."""
    return _open(games, split, task_types, dialect).world(task)


def open_catalogue(
    games: str | Path | None = None,
    split: str | None = None,
    task_types: int | str | Iterable[int | str] | None = None,
    dialect: str = "move",
) -> Catalogue:
    """Open a catalogue, or return the one that is already open in this process for the same arguments.

    Args:
        games: None for the built-in generator, a scene file, or the folder of a user's ALFWorld data.
        split: "train", "valid_seen", "valid_unseen" or a protocol's half such as "L2/eval".
        task_types: ids (1 to 6) or names to keep; None for all.
        dialect: "move" (ALFWorld >= 0.4) or "put" (ALFWorld <= 0.3.5).
    """
    check_name("dialect", dialect, get_args(Dialect), "Household-v0")
    if isinstance(task_types, (int, str)):
        task_types = (task_types,)
    kinds = None
    if task_types is not None:
        names = {name: number for number, name in TASK_TYPES.items()}
        kinds = tuple(
            kind if kind in TASK_TYPES else names[check_name("task type", kind, names, "task_types")]
            for kind in task_types
        )
    return _open(None if games is None else str(Path(games).expanduser()), split, kinds, dialect)  # type: ignore[arg-type]

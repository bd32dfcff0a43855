"""The goals that an env draws from and the shop they are pursued in, shared by all envs of the process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

import numpy as np

from ...core.names import check_name
from ..resets import pinned_task
from .data.sources import open_compiled
from .scoring import Compat
from .shop import Shop

__all__ = ["Catalogue", "open_catalogue"]

SPLITS = ("train", "eval", "test", "all")


class Catalogue:
    """A list of goals in a fixed order, and the shop they belong to.

    Args: as in `open_catalogue`.

    Attributes:
        tasks: ids of the goals.
        shop: the catalogue of products, with everything that is remembered about it.
    """

    def __init__(
        self,
        catalogue: int | str,
        goals: str | None,
        split: str | None,
        compat: Compat,
        show_attrs: bool,
        seed: int | None,
    ):
        self.arguments = catalogue, goals, split, compat, show_attrs, seed
        self.shop = _open_shop(catalogue, goals, compat, show_attrs, seed)
        built_in = isinstance(catalogue, int) and goals in (None, "human", "synthetic", "all")
        modes = () if not built_in or goals == "all" else (goals or "human",)
        wanted = split or ("train" if built_in else "all")
        chosen = [
            (number, name, weight)
            for number, (name, mode, part, weight) in enumerate(self.shop.compiled.goal_list)
            if (not modes or mode in modes) and wanted in ("all", part)
        ]
        if not chosen:
            raise ValueError(f"WebShop-v0: there is no goal in split {wanted!r} of this catalogue")
        self.tasks = tuple(name for _, name, _ in chosen)
        self._numbers = {name: number for number, name, _ in chosen}
        self._shares = np.cumsum([weight for _, _, weight in chosen])

    def __reduce__(self) -> tuple:
        return _open, self.arguments

    def number(self, task: str) -> int:
        """Return the number of the goal called `task` in the shop."""
        return self._numbers[check_name("task", task, self._numbers, "reset(options={'task': ...})")]

    def draw(self, rng: np.random.Generator, options: Mapping[str, Any] | None) -> str:
        """Choose the task of an episode: the one that `options` pins, or one at random by the goals' weights.

        Args:
            rng: the env's own generator; untouched when the task is pinned.
            options: None or {"task": task id}.

        Raises:
            ValueError: an option that is not known, or a task that is not in this catalogue.
        """
        task = pinned_task(options, self._numbers)
        if task is not None:
            return task
        at = np.searchsorted(self._shares, rng.random() * self._shares[-1], side="right")
        return self.tasks[min(int(at), len(self.tasks) - 1)]


@lru_cache(maxsize=16)
def _open_shop(catalogue: int | str, goals: str | None, compat: Compat, show_attrs: bool, seed: int | None) -> Shop:
    origin = _open_shop, (catalogue, goals, compat, show_attrs, seed)
    return Shop(open_compiled(catalogue, goals, seed, compat == "fixed"), compat, show_attrs, origin)


@lru_cache(maxsize=32)
def _open(
    catalogue: int | str, goals: str | None, split: str | None, compat: Compat, show_attrs: bool, seed: int | None
) -> Catalogue:
    return Catalogue(catalogue, goals, split, compat, show_attrs, seed)


def open_catalogue(
    catalogue: int | str | Path = 1000,
    goals: str | Path | None = None,
    split: str | None = None,
    compat: str = "webshop",
    show_attrs: bool = False,
    seed: int | None = None,
) -> Catalogue:
    """Open a catalogue, or return the one that is already open in this process for the same arguments.

    What is not compiled yet is compiled into the user's cache folder first.

    Args:
        catalogue: a number of products for the built-in generator (1,000 to 1,181,436, the original's size); a file
            of products (.jsonl, .jsonl.gz); or a user's WebShop files: their folder or its `items_shuffle*.json`.
        goals: "human" (default) or "synthetic" instructions, or "all" with the generator; or a file of goals.
        split: "train", "eval", "test" or "all". Default: "train" with the generator, "all" with a user's files.
        compat: "webshop" or "fixed".
        show_attrs: whether product pages have a button to their attributes.
        seed: seeds the generator (default 0) or the original's draws of prices and bounds (default 233).
    """
    check_name("compat", compat, get_args(Compat), "WebShop-v0")
    if split is not None:
        check_name("split", split, SPLITS, "WebShop-v0")
    if isinstance(catalogue, bool) or not isinstance(catalogue, int | str | Path):
        raise TypeError(f"WebShop-v0: catalogue is {catalogue!r}, neither a number of products nor a path")
    if not isinstance(catalogue, int):
        text = str(catalogue)
        catalogue = int(text) if text.isdecimal() else str(Path(text).expanduser())
    return _open(catalogue, None if goals is None else str(goals), split, compat, show_attrs, seed)  # type: ignore[arg-type]

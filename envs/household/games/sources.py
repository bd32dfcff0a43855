"""Where games come from: our generator, a scene file, or a user's copy of the ALFWorld data. One door."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from ....core.names import UnknownNameError, check_name
from ..scene import TASK_TYPES, Scene
from .alfworld_data import AlfworldGames
from .generator import GeneratedGames
from .scene_files import SceneFile
from .splits import EVERY, SPLITS, resolve_split

__all__ = ["GameSource", "has_splits", "open_games"]


class GameSource(Protocol):
    """A list of games: their ids in a fixed order, the task type of each, and each as a scene."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all games."""
        ...

    def task_type(self, game_id: str) -> int:
        """Return the task id (1 to 6) of a game."""
        ...

    def scene(self, game_id: str) -> Scene:
        """Return a game; the same id gives an equal scene every time."""
        ...


def open_games(
    games: str | os.PathLike[str] | None = None,
    split: str | None = None,
    task_types: Iterable[int | str] | int | str | None = None,
) -> GameSource:
    """Open a list of games.

    Args:
        games: None for games of our own making; the path of a scene file (`.jsonl` or `.jsonl.gz`); or a
            folder of ALFWorld data, `$ALFWORLD_DATA` or the `json_2.1.x` folder in it.
        split: "train" (the default), "valid_seen" or "valid_unseen", or a protocol's split: "L0/train",
            "L0/eval", "L1/train", "L1/eval", "L2/train" or "L2/eval". A scene file has no splits.
        task_types: keep only games of these task types, given as ids (1 to 6) or names.

    Returns:
        The games; there is at least one.

    Raises:
        UnknownNameError: there is no such split or task type.
        FileNotFoundError: there is nothing at the path.
        ValueError: the games cannot be read, or none is left.
    """
    chosen = _task_ids(task_types)
    if games is None:
        plain, allowed = resolve_split("train" if split is None else split)
        source: GameSource = GeneratedGames(plain, _both(chosen, allowed))
        what = f"split {split or 'train'!r}"
    else:
        path = Path(os.path.expandvars(games)).expanduser()
        what = f"{path}" if split is None else f"split {split!r} of {path}"
        if path.is_dir():
            plain, allowed = ("", EVERY) if split is None else resolve_split(split)
            source = AlfworldGames(_split_folder(path, plain), _both(chosen, allowed))
        elif not path.exists():
            raise FileNotFoundError(f"no such file or folder of games: {path}")
        elif not path.name.endswith((".jsonl", ".jsonl.gz")):
            raise ValueError(f"{path}: a file of games ends in .jsonl or .jsonl.gz")
        elif split is not None:
            raise ValueError(f"{path}: a scene file has no splits; leave out split={split!r}")
        else:
            source = SceneFile(path, chosen)
    if not source.ids:
        wanted = ", ".join(f"{task_id} ({TASK_TYPES[task_id]})" for task_id in chosen)
        raise ValueError(f"{what} has no game of the task types {wanted}")
    return source


def has_splits(games: str | os.PathLike[str], splits: Iterable[str]) -> bool:
    """Return whether a user's games are a folder of ALFWorld data in which all of these splits are."""
    path = Path(os.path.expandvars(games)).expanduser()
    roots = [path, *path.glob("json_*")]
    return all(any((root / resolve_split(split)[0]).is_dir() for root in roots) for split in splits)


def _task_ids(task_types: Iterable[int | str] | int | str | None) -> tuple[int, ...]:
    """Return task ids, ascending, from ids or names."""
    if task_types is None:
        return EVERY
    if isinstance(task_types, int | str):
        task_types = (task_types,)
    by_name = {name: task_id for task_id, name in TASK_TYPES.items()}
    found = set()
    for given in task_types:
        if isinstance(given, int) and not isinstance(given, bool):
            if given not in TASK_TYPES:
                raise UnknownNameError("task type", given, [str(task_id) for task_id in TASK_TYPES])
            found.add(given)
        else:
            found.add(by_name[check_name("task type", given, by_name)])
    if not found:
        raise ValueError("task_types is empty, which leaves no game; leave it out to keep all")
    return tuple(sorted(found))


def _both(first: tuple[int, ...], second: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(task_id for task_id in first if task_id in second)


def _split_folder(root: Path, split: str) -> Path:
    """Find the folder of a split in the folder that a user named.

    That is `root/split` or `root/json_2.1.x/split` (the newest, if there are several). Without a split it
    is the training split, if there is one, and else `root` itself.
    """
    roots = [root, *sorted(root.glob("json_*"), reverse=True)]
    for folder in roots:
        if (folder / (split or "train")).is_dir():
            return folder / (split or "train")
    if not split:
        return root
    there = sorted({name for name in SPLITS for folder in roots if (folder / name).is_dir()})
    raise ValueError(f"{root}: no folder {split!r} there or in a json_2.1.x folder; found {there or 'no split'}")

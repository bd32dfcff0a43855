"""Games from a user's own copy of the ALFWorld data: `<split>/**/game.tw-pddl`.

A game file is JSON: the PDDL problem, the grammar that holds the sentence of the task, and whether the game
can be won. No game data come with this package.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from ....core.names import UnknownNameError
from ..scene import TASK_TYPES, Goal, Scene
from .alfworld_problem import read_goal, read_start
from .goals import goal_sentences
from .pddl import read_problem

__all__ = ["AlfworldGames", "read_game"]

GAME_FILE = "game.tw-pddl"


class AlfworldGames:
    """The games below one folder. A game is read when asked for; its id is its folder's path.

    Games that ALFWorld leaves out are left out: those not marked as solvable and those with sliced objects
    or movable receptacles.

    Args:
        folder: the folder of one split.
        task_types: ids of the task types to keep.

    Raises:
        ValueError: a file is not a game file.
    """

    def __init__(self, folder: Path, task_types: tuple[int, ...]):
        self._games: dict[str, tuple[Path, int]] = {}
        for path in sorted(folder.rglob(GAME_FILE)):
            game_id = path.parent.relative_to(folder).as_posix()
            if "movable" in game_id or "Sliced" in game_id:
                continue
            task_id = _task_of_folder(game_id)
            if task_id is None:
                task_id = read_game(path).task_id
            if task_id in task_types and _is_solvable(path):
                self._games[game_id] = path, task_id

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all games, sorted."""
        return tuple(self._games)

    def task_type(self, game_id: str) -> int:
        """Return the task id of a game."""
        return self._find(game_id)[1]

    def scene(self, game_id: str) -> Scene:
        """Read a game."""
        return read_game(self._find(game_id)[0], game_id)

    def _find(self, game_id: str) -> tuple[Path, int]:
        if game_id not in self._games:
            raise UnknownNameError("game", game_id, self._games)
        return self._games[game_id]


def _task_of_folder(game_id: str) -> int | None:
    """Return the task id that a folder name such as "look_at_obj_in_light-Mug-..." starts with."""
    words = {part.partition("-")[0] for part in game_id.split("/")}
    return next((task_id for task_id, name in TASK_TYPES.items() if name in words), None)


def _is_solvable(path: Path) -> bool:
    """Look the mark up without parsing the file: there are thousands, each of some 70 kB."""
    return re.search(rb'"solvable"\s*:\s*true', path.read_bytes()) is not None


def read_game(path: Path, game_id: str | None = None) -> Scene:
    """Read one game file.

    Raises:
        ValueError: the file is not a game file, or its goal is none of the six task types; the message
            names the file.
    """
    where = str(path)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{where}: not JSON ({error})") from error
    if not isinstance(data, dict) or not isinstance(data.get("pddl_problem"), str):
        raise ValueError(f"{where}: not a game file, it has no text under the key 'pddl_problem'")
    problem = read_problem(data["pddl_problem"], where)
    task_id, goal = read_goal(problem.goal, where)
    text = _task_sentence(data.get("grammar")) or goal_sentences(task_id, goal)[0]
    scene = {"id": game_id or path.parent.name, "task_id": task_id, "goal_text": text}
    scene["goal"] = {key: getattr(goal, key) for key in Goal.__dataclass_fields__}
    return Scene.from_dict(scene | read_start(problem, where), where)


def _task_sentence(grammar: Any) -> str | None:
    """Return what the grammar says after "Your task is to: ", if the task has been filled in."""
    found = re.search(r'Your task is to: ((?:[^"\\]|\\.)*)"', grammar) if isinstance(grammar, str) else None
    if found is None or found[1].startswith("UNKNOWN GOAL"):
        return None
    return re.sub(r"\\(.)", r"\1", found[1])

"""Games from a scene file: JSON lines, one scene a line, plain (`.jsonl`) or packed (`.jsonl.gz`)."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from ....core.names import UnknownNameError
from ..scene import Scene

__all__ = ["SceneFile"]


class SceneFile:
    """The scenes of one file, all read and checked at once, so that a bad line is found before training.

    Args:
        path: the file.
        task_types: ids of the task types to keep.

    Raises:
        ValueError: a line is not a scene, two scenes have one id, or the file has no scene; the message
            names the file and the line.
    """

    def __init__(self, path: Path, task_types: tuple[int, ...]):
        lines: dict[str, int] = {}
        self._scenes: dict[str, Scene] = {}
        for number, line in enumerate(_read_lines(path), start=1):
            if not line.strip():
                continue
            where = f"{path}:{number}"
            try:
                data = json.loads(line)
            except ValueError as error:
                raise ValueError(f"{where}: not JSON ({error})") from error
            scene = Scene.from_dict(data, where)
            if scene.id in lines:
                raise ValueError(f"{where}: the id {scene.id!r} is that of line {lines[scene.id]} already")
            lines[scene.id] = number
            if scene.task_id in task_types:
                self._scenes[scene.id] = scene
        if not lines:
            raise ValueError(f"{path}: the file has no scene")

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the scenes, in the order of the file."""
        return tuple(self._scenes)

    def task_type(self, game_id: str) -> int:
        """Return the task id of a scene."""
        return self.scene(game_id).task_id

    def scene(self, game_id: str) -> Scene:
        """Return a scene."""
        if game_id not in self._scenes:
            raise UnknownNameError("game", game_id, self._scenes)
        return self._scenes[game_id]


def _read_lines(path: Path) -> list[str]:
    raw = path.read_bytes()
    try:
        if path.suffix == ".gz":
            raw = gzip.decompress(raw)
        return raw.decode("utf-8").split("\n")
    except (OSError, EOFError) as error:
        raise ValueError(f"{path}: not a whole gzip file ({error})") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8 text ({error})") from error

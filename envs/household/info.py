"""The info that goes with every observation: of one game as a dict, of many as columns, with the same content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..text import masked_columns
from .failure import Failure
from .game import Game
from .planner import plan

__all__ = ["columns", "info_of"]


def info_of(game: Game, failure: Failure | None) -> dict[str, Any]:
    """Return the info of one game after a command that failed for this reason, or did not."""
    length, command = plan(game)
    return {
        "admissible_actions": game.choices.listed.copy(),
        "is_success": game.won,
        "failure": failure,
        "dead_end": length < 0,
        "plan_length": length,
        "expert_action": command,
        "objective": game.progress,
        "task": game.world.id,
        "task_type": game.world.task_type,
        "reward_terms": {"success": float(game.won)},
        "reward_env": float(game.won),
    }


def columns(
    games: Sequence[Game], failures: Sequence[Failure | None], tasks: np.ndarray, rows: Sequence[int] | None
) -> dict[str, Any]:
    """Return the infos of N games as arrays (N,), with a mask `_key` beside each `key`.

    The lists of admissible actions are shared between steps: read them, do not change them.

    Args:
        games: all games.
        failures: why each one's last command did nothing.
        tasks: ids and types of the games' tasks, an object array (2, N).
        rows: the games to tell of; None for all. The others' entries are empty and masked out.
    """
    told = games if rows is None else [games[row] for row in rows]
    size = len(told)
    length, command = zip(*[game.plan or plan(game) for game in told], strict=True)
    lengths = np.fromiter(length, int, size)
    progress = np.fromiter([game.progress for game in told], float, size)
    success = progress == 1.0
    found: dict[str, Any] = {
        "admissible_actions": np.fromiter([game.choices.listed for game in told], object, size),
        "is_success": success,
        "failure": np.fromiter(failures if rows is None else [failures[row] for row in rows], object, size),
        "dead_end": lengths < 0,
        "plan_length": lengths,
        "expert_action": np.fromiter(command, object, size),
        "objective": progress,
        "task": tasks[0].copy() if rows is None else tasks[0, rows],
        "task_type": tasks[1].copy() if rows is None else tasks[1, rows],
        "reward_env": success.astype(float),
    }
    return masked_columns(found, rows, len(games), "success")

"""The info that goes with every observation: of one game as a dict, of many as columns, with the same content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..text import masked_columns
from .failure import Failure

__all__ = ["columns", "info_of"]


def info_of(game: Any, failure: Failure | None) -> dict[str, Any]:
    """Return the info of a `CalcGame` or `LineProgGame` after an action that failed for this reason, or did not."""
    length, action = game.plan
    return {
        "admissible_actions": game.listed.copy(),
        "is_success": game.won,
        "failure": failure,
        "dead_end": length < 0,
        "plan_length": length,
        "expert_action": action,
        "objective": game.score,
        "task": game.task.id,
        "task_type": game.task.kind,
        "reward_terms": {"success": float(game.won)},
        "reward_env": float(game.won),
    }


def columns(
    games: Sequence[Any], failures: Sequence[Failure | None], tasks: np.ndarray, rows: Sequence[int] | None
) -> dict[str, Any]:
    """Return the infos of N games as arrays (N,), with a mask `_key` beside each `key`.

    The lists of admissible actions are shared between steps: read them, do not change them.

    Args:
        games: all games.
        failures: why each one's last action did nothing.
        tasks: ids and types of the games' tasks, an object array (2, N).
        rows: the games to tell of; None for all. The others' entries are empty and masked out.
    """
    told = games if rows is None else [games[row] for row in rows]
    size = len(told)
    lengths = np.fromiter([game.length for game in told], int, size)
    scores = np.fromiter([game.score for game in told], float, size)
    success = scores == 1.0
    found: dict[str, Any] = {
        "admissible_actions": np.fromiter([game.listed for game in told], object, size),
        "is_success": success,
        "failure": np.fromiter(failures if rows is None else [failures[row] for row in rows], object, size),
        "dead_end": lengths < 0,
        "plan_length": lengths,
        "expert_action": np.fromiter([game.command for game in told], object, size),
        "objective": scores,
        "task": tasks[0].copy() if rows is None else tasks[0, rows],
        "task_type": tasks[1].copy() if rows is None else tasks[1, rows],
        "reward_env": success.astype(float),
    }
    return masked_columns(found, rows, len(games), "success")

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


def info_of(game: Game, task: str, failure: Failure | None) -> dict[str, Any]:
    """Return the info of one game of a task after an action that failed for this reason, or did not."""
    length, action = plan(game)
    return {
        "admissible_actions": game.admissible.copy(),
        "retrievals": game.retrievals,
        "is_success": game.won,
        "failure": failure,
        "dead_end": length < 0,
        "plan_length": length,
        "expert_action": action,
        "objective": game.f1,
        "task": task,
        "task_type": f"{game.question.hops}-hop",
        "reward_terms": {"f1": game.f1},
        "reward_env": game.f1,
    }


def columns(
    games: Sequence[Game], failures: Sequence[Failure | None], tasks: np.ndarray, rows: Sequence[int] | None
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
    length, action = zip(*[game.plan or plan(game) for game in told], strict=True)
    lengths = np.fromiter(length, int, size)
    score = np.fromiter([game.f1 for game in told], float, size)
    found: dict[str, Any] = {
        "admissible_actions": np.fromiter([game.admissible for game in told], object, size),
        "retrievals": np.fromiter([game.retrievals for game in told], int, size),
        "is_success": score == 1.0,
        "failure": np.fromiter(failures if rows is None else [failures[row] for row in rows], object, size),
        "dead_end": lengths < 0,
        "plan_length": lengths,
        "expert_action": np.fromiter(action, object, size),
        "objective": score,
        "task": tasks[0].copy() if rows is None else tasks[0, rows],
        "task_type": tasks[1].copy() if rows is None else tasks[1, rows],
        "reward_env": score.copy(),
    }
    return masked_columns(found, rows, len(games), "f1")

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
    """Return the info of one game after an action that failed for this reason, or did not."""
    length, action = plan(game)
    return {
        "admissible_actions": game.screen.admissible.copy(),
        "clickables": list(game.screen.clickables),
        "has_search_bar": game.page == 0,
        "is_success": game.reward == 1.0,
        "failure": failure,
        "dead_end": length < 0,
        "plan_length": length,
        "expert_action": action,
        "objective": game.reward,
        "score": game.score,
        "task": game.goal.id,
        "task_type": game.goal.category,
        "reward_terms": {"purchase": game.reward},
        "reward_env": game.reward,
    }


def columns(
    games: Sequence[Game], failures: Sequence[Failure | None], rows: Sequence[int] | None = None
) -> dict[str, Any]:
    """Return the infos of N games as arrays (N,), with a mask `_key` beside each `key`.

    The lists of actions are shared between steps: read them, do not change them.

    Args:
        games: all games.
        failures: why each one's last action did nothing.
        rows: the games to tell of; None for all. The others' entries are empty and masked out.
    """
    told = games if rows is None else [games[row] for row in rows]
    lengths, actions = zip(*map(plan, told), strict=True)
    reward = np.array([game.reward for game in told])
    length = np.array(lengths)
    found: dict[str, Any] = {
        "admissible_actions": _objects([game.screen.admissible for game in told]),
        "clickables": _objects([list(game.screen.clickables) for game in told]),
        "has_search_bar": np.array([game.page == 0 for game in told]),
        "is_success": reward == 1.0,
        "failure": _objects(failures if rows is None else [failures[row] for row in rows]),
        "dead_end": length < 0,
        "plan_length": length,
        "expert_action": _objects(actions),
        "objective": reward,
        "score": _objects([game.score for game in told]),
        "task": _objects([game.goal.id for game in told]),
        "task_type": _objects([game.goal.category for game in told]),
        "reward_env": reward.copy(),
    }
    return masked_columns(found, rows, len(games), "purchase")


def _objects(values: Sequence[Any]) -> np.ndarray:
    return np.fromiter(values, object, len(values))

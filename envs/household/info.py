"""The info that goes with every observation: of one game as a dict, of many as columns, with the same content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .failure import Failure
from .game import Game
from .planner import plan

__all__ = ["Moment", "columns", "info_of", "moment"]

Moment = tuple[list[str], bool, Failure | None, int, str | None, float]
"""What changes from step to step: admissible actions, success, failure, plan length, expert action, objective."""

NEVER: Moment = ([], False, None, 0, None, 0.0)


def moment(game: Game, failure: Failure | None) -> Moment:
    """Read a game after a command that failed for this reason, or did not."""
    length, command = plan(game)
    return list(game.view()), game.won, failure, length, command, game.progress


def info_of(game: Game, failure: Failure | None) -> dict[str, Any]:
    """Return the info of one game."""
    admissible, won, failure, length, command, progress = moment(game, failure)
    return {
        "admissible_actions": admissible,
        "is_success": won,
        "failure": failure,
        "dead_end": length < 0,
        "plan_length": length,
        "expert_action": command,
        "objective": progress,
        "task": game.world.id,
        "task_type": game.world.task_type,
    }


def columns(moments: Sequence[Moment | None], games: Sequence[Game]) -> dict[str, Any]:
    """Return the infos of N games as arrays (N,), with a mask `_key` beside each `key`; None is a game left out."""
    size = len(games)
    there = np.ones(size, dtype=bool)
    if None in moments:
        there = np.array([one is not None for one in moments])
        moments = [NEVER if one is None else one for one in moments]
    admissible, won, failure, length, command, progress = zip(*moments, strict=True)  # type: ignore[arg-type]
    lengths = np.array(length)
    found: dict[str, Any] = {
        "admissible_actions": np.fromiter(admissible, object, size),
        "is_success": np.array(won),
        "failure": np.fromiter(failure, object, size),
        "dead_end": lengths < 0,
        "plan_length": lengths,
        "expert_action": np.fromiter(command, object, size),
        "objective": np.array(progress),
        "task": np.fromiter([game.world.id for game in games], object, size),
        "task_type": np.fromiter([game.world.task_type for game in games], object, size),
    }
    if not there.all():
        for key in ("admissible_actions", "task", "task_type"):
            found[key][~there] = None
    return found | {f"_{key}": there for key in found}

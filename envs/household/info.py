"""The info that goes with every observation, as one row a game, so that one env and many say the same."""

from __future__ import annotations

from typing import Any

from .failure import Failure
from .game import Game
from .planner import plan

__all__ = ["INFO", "info_row"]

INFO: dict[str, type] = {
    "admissible_actions": object,
    "is_success": bool,
    "failure": object,
    "dead_end": bool,
    "plan_length": int,
    "expert_action": object,
    "objective": float,
    "task": object,
    "task_type": object,
}
"""Keys of the info, in order, and the NumPy type of each in a vector env."""


def info_row(game: Game, failure: Failure | None) -> tuple[Any, ...]:
    """Return the values that go with the keys of `INFO`."""
    length, command = plan(game)
    world = game.world
    return (
        list(game.view()),
        game.won,
        failure,
        length < 0,
        length,
        command,
        game.progress,
        world.id,
        world.task_type,
    )

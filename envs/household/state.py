"""The privileged state of a household game: what reward authors, potentials and language models may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .game import Game
from .planner import NO_PLAN, plan
from .scene import STATES
from .world import World

__all__ = ["HouseholdState"]


@dataclass(frozen=True)
class HouseholdState:
    """One moment of a game; or, made by `stack`, B moments with arrays of shape (B,) in the numeric fields.

    Attributes:
        task_id: 1 to 6.
        plan_length: commands on a shortest plan from here to the goal; 0 when solved, `inf` at a dead end.
        hold: 1.0 once an object of the goal's type has been in the hand in this episode, else 0.0.
        prepare: 1.0 once the preparation has been reached, else 0.0: the lamp lit (task 2), an object treated
            (3 to 5), the first of two in place (6); 0.0 for task 1, which has none.
        goal: 1.0 if the goal has been reached, else 0.0.
        num_subgoals: how many of hold, prepare and goal count for this task (2 or 3).
        location: number of the place where the agent stands.
        hands_full: 1.0 if the agent carries something, else 0.0.
    """

    task_id: Any
    plan_length: Any
    hold: Any
    prepare: Any
    goal: Any
    num_subgoals: Any
    location: Any
    hands_full: Any
    ORACLE = frozenset({"plan_length", "goal", "progress"})
    """What programs that are written or found may not read: the objective, and what only a planner knows."""

    _world: World | None = field(default=None, repr=False, compare=False)
    _raw: tuple[Any, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, game: Game) -> HouseholdState:
        """Read the state of a game."""
        task_id, reached = game.world.task_id, game.reached
        length = plan(game)[0]
        return cls(
            task_id,
            float("inf") if length == NO_PLAN else float(length),
            float(reached & 1),
            float(reached >> 1 & 1),
            float(reached >> 2 & 1),
            2 if task_id == 1 else 3,
            game.loc,
            float(game.held >= 0),
            game.world,
            (game.held, game.opened, tuple(game.contents), tuple(game.states)),
        )

    @classmethod
    def of_many(cls, games: Sequence[Game]) -> HouseholdState:
        """Read the states of several games into arrays; equal to stacking `of` each, and faster."""
        ids = np.array([game.world.task_id for game in games])
        lengths = np.array([plan(game)[0] for game in games], dtype=float)
        reached = np.array([game.reached for game in games])
        return cls(
            ids,
            np.where(lengths == NO_PLAN, np.inf, lengths),
            (reached & 1).astype(float),
            (reached >> 1 & 1).astype(float),
            (reached >> 2 & 1).astype(float),
            np.where(ids == 1, 2, 3),
            np.array([game.loc for game in games]),
            np.array([game.held >= 0 for game in games], dtype=float),
        )

    @staticmethod
    def stack(states: Sequence[HouseholdState]) -> HouseholdState:
        """Put B states on a leading axis. The result has the numeric fields only."""
        columns = zip(*([getattr(s, name) for name in _NUMERIC] for s in states), strict=True)
        numbers: dict[str, Any] = dict(zip(_NUMERIC, map(np.array, columns), strict=True))
        return HouseholdState(**numbers)

    def pick(self, rows: np.ndarray) -> HouseholdState:
        """Return the states of a stack at the indices `rows`."""
        numbers: dict[str, Any] = {name: getattr(self, name)[rows] for name in _NUMERIC}
        return HouseholdState(**numbers)

    @property
    def progress(self) -> Any:
        """Share of the subgoals reached so far, in [0, 1]; 1 exactly when the goal is reached."""
        return np.where(self.goal > 0, 1.0, (self.hold + self.prepare) / self.num_subgoals)[()]

    @property
    def holding(self) -> str:
        """Name of the object in the hand, "" if it is empty. For a single state."""
        world, held = self._single(), self._raw[0]
        return world.obj_names[held] if held >= 0 else ""

    @property
    def opened(self) -> frozenset[str]:
        """Names of the open receptacles, among those that can be shut. For a single state."""
        world = self._single()
        return frozenset(n for i, n in enumerate(world.rec_names) if self._raw[1] & world.openable & 1 << i)

    @property
    def placements(self) -> dict[str, tuple[str, ...]]:
        """Receptacle name to the names of the objects in it, hidden ones included. For a single state."""
        world = self._single()
        return {
            name: tuple(world.obj_names[o] for o in things)
            for name, things in zip(world.rec_names, self._raw[2], strict=True)
        }

    @property
    def conditions(self) -> dict[str, frozenset[str]]:
        """Object name to those of clean, hot, cool, sliced, toggled that hold of it. For a single state."""
        world = self._single()
        return {
            name: frozenset(word for bit, word in enumerate(STATES) if bits >> bit & 1)
            for name, bits in zip(world.obj_names, self._raw[3], strict=True)
            if bits
        }

    def _single(self) -> World:
        if self._world is None:
            raise AttributeError("a stack of household states has numeric fields only; read names from env.state")
        return self._world


_NUMERIC = [name for name in HouseholdState.__dataclass_fields__ if not name.startswith("_")]

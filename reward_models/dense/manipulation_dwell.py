"""manipulation/dwell-v1: pay for nearness until the task is done, which teaches agents not to do it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ...core.transition import Transition
from ..base import Payment, Reward, register
from .manipulation_staged import in_phases, near

__all__ = ["ManipulationDwell"]


@register
@dataclass
class ManipulationDwell(Reward):
    """Pays up to 1 a step for nearness until the task is done for the first time, then a bonus, and nothing after that.

    Nearness is the mean of near(reach) and near(gap), with near(d) = 1 - tanh(5 d), phase by phase.
    Wants: what an env that ends at success pays: dense guidance on the way, and a bonus for arriving.
    Gamed by: dwelling just short of success. Holding the object 5 cm from the target pays 0.88 in every step that is
    left, success ends that for a bonus worth five of them, and discounting makes a late bonus smaller still. The
    exploit is `manipulation/dwell-exploit` in `agents/scripted`.
    Source: user reports, among them so101-nexus (2026), where hovering paid 90%, and SocialRobot, where a discounted
    bonus for success was worth less than loitering.
    Version history: v1.

    Args:
        bonus: payment for the first step in which the task counts as done.
    """

    bonus: float = 5.0
    id: ClassVar[str] = "manipulation/dwell-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state"})

    def __post_init__(self) -> None:
        self._over = np.zeros(0, dtype=bool)

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """near, success."""
        return {"near": (0.0, 1.0), "success": (min(self.bonus, 0.0), max(self.bonus, 0.0))}

    def reset(self, start: Transition) -> None:
        """Forget that the task was done in these slots."""
        missing = int(start.rows.max()) + 1 - len(self._over)
        if missing > 0:
            self._over = np.concatenate([self._over, np.zeros(missing, dtype=bool)])
        self._over[start.rows] = False

    def __call__(self, transition: Transition) -> Payment:
        """Pay nearness, or the bonus, or nothing."""
        state, rows = transition.next_state, transition.rows
        open_, done = ~self._over[rows], state.success > 0
        part = (near(state.reach) + near(state.gap)) / 2
        paid = {"near": (open_ & ~done) * in_phases(state, part), "success": self.bonus * (open_ & done)}
        self._over[rows] |= done
        return paid["near"] + paid["success"], paid

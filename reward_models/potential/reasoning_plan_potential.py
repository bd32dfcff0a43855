"""reasoning/plan-potential-v1: success, shaped by the exact number of actions that are still needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ...core.transition import Transition
from ..base import Payment, Reward, register
from .shaping import AtTruncation, Shaping

__all__ = ["ReasoningPlanPotential"]


@register
@dataclass
class ReasoningPlanPotential(Reward):
    """Pays 1.0 for success, plus gamma * Phi(s') - Phi(s) with Phi = -scale * (actions on a shortest way to success).

    Wants: the right answer, and says after every step whether it brought it nearer. The distance is exact and
    privileged, so use it in training only.
    Gamed by: nothing, as long as `gamma` is the agent's: the shaping telescopes, so every policy's return changes by
    the same -Phi(s0). A lucky answer is paid like one that was worked out: shaping does not change what is best.
    Source: potential-based shaping, Ng, Harada and Russell (1999); the distance is ours.
    Version history: v1.

    Args:
        scale: worth of one action.
        cap: longer ways, and dead ends, count as this many actions, so Phi stays finite.
        gamma: the agent's discount.
        at_truncation: see `Shaping`.
    """

    scale: float = 0.1
    cap: float = 20.0
    gamma: float = 0.99  # type: ignore[assignment]
    at_truncation: AtTruncation = "bootstrap"
    id: ClassVar[str] = "reasoning/plan-potential-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state", "outcome"})

    def __post_init__(self) -> None:
        self._shaping = Shaping(self.gamma, self.at_truncation)

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """One step changes Phi by `scale * cap` at most: into a dead end, or out of all by ending the episode."""
        most = self.scale * self.cap
        return {"success": (0.0, 1.0), "shaping": (-most, most)}

    def potential(self, state: Any) -> np.ndarray:
        """Return Phi (B,), in [-scale * cap, 0]."""
        length = state.plan_length
        return -self.scale * np.where(length < 0, self.cap, np.minimum(length, self.cap))

    def reset(self, start: Transition) -> None:
        """Note the potential of the first states."""
        self._shaping.reset(self.potential(start.next_state), start.rows)

    def __call__(self, transition: Transition) -> Payment:
        """Pay success and shaping."""
        phi = self.potential(transition.next_state)
        shaping = self._shaping.step(phi, transition.terminated, transition.truncated, transition.rows)
        success = np.asarray(transition.success, dtype=float)
        return success + shaping, {"success": success, "shaping": shaping}

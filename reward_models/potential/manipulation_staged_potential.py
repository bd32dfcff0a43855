"""manipulation/staged-potential-v1: success in every step, shaped by the stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ...core.transition import Transition
from ..base import Payment, Reward, register
from ..dense.manipulation_staged import in_phases, near
from .shaping import AtTruncation, Shaping

__all__ = ["ManipulationStagedPotential"]


@register
@dataclass
class ManipulationStagedPotential(Reward):
    """Pays 1.0 in every step in which the task counts as done, plus gamma * Phi(s') - Phi(s).

    Phi = scale * (phase + v) / phases with v = (near(reach) + secured + secured * near(gap)) / 3 and near(d) =
    1 - tanh(5 d); secured as in manipulation/staged-v1. While the task counts as done v is 1, so that letting go, where
    success needs that, is no loss. Phi does not fall when a phase is completed.
    Wants: the task done early and kept so, and says after every step whether it came nearer.
    Gamed by: nothing, as long as `gamma` is the agent's: the shaping telescopes, so hovering earns nothing.
    Source: potential-based shaping, Ng, Harada and Russell (1999); the stages are ManiSkill's (Tao et al., 2024).
    Version history: v1.

    Args:
        scale: worth of all stages together.
        gamma: the agent's discount.
        at_truncation: see `Shaping`.
    """

    scale: float = 5.0
    gamma: float = 0.95  # type: ignore[assignment]
    at_truncation: AtTruncation = "bootstrap"
    id: ClassVar[str] = "manipulation/staged-potential-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state", "outcome"})

    def __post_init__(self) -> None:
        self._shaping = Shaping(self.gamma, self.at_truncation)

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """One step can win or lose all stages."""
        return {"success": (0.0, 1.0), "shaping": (-abs(self.scale), abs(self.scale))}

    def potential(self, state: Any) -> np.ndarray:
        """Return Phi (B,), from 0 to scale."""
        part = (near(state.reach) + state.secured + state.secured * near(state.gap)) / 3
        return self.scale * in_phases(state, np.where(state.success > 0, 1.0, part))

    def reset(self, start: Transition) -> None:
        """Note the potential of the first states."""
        self._shaping.reset(self.potential(start.next_state), start.rows)

    def __call__(self, transition: Transition) -> Payment:
        """Pay success and shaping."""
        phi = self.potential(transition.next_state)
        shaping = self._shaping.step(phi, transition.terminated, transition.truncated, transition.rows)
        success = np.asarray(transition.success, dtype=float)
        return success + shaping, {"success": success, "shaping": shaping}

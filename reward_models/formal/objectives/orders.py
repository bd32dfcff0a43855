"""FTR, FTLR, FPR, OMO, TLO and PO: the most general formalisms, which only compare."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ....envs.tabular.mdp import TabularMDP
from ....envs.tabular.solvers import Path, enumerate_trajectories, occupancy
from .base import Objective, Played, register, weights

__all__ = ["LotteryFunction", "LotteryOrder", "OccupancyOrder", "PolicyFunction", "PolicyOrder", "TrajectoryFunction"]

Order = Callable[[Any, Any], int | None]


def law(mdp: TabularMDP, played: Played, horizon: int | None) -> list[Path]:
    """Return the law of trajectories: all episodes with their probabilities."""
    if isinstance(played, np.ndarray):
        return list(enumerate_trajectories(mdp, played, horizon))
    return list(played)


@register
@dataclass(frozen=True, eq=False)
class TrajectoryFunction(Objective):
    """E[f(trajectory)]: any judgment of single episodes. Linear in the law of trajectories.

    Source: Subramani et al. (2023), where INMR = IMORL = FTR, as recalled. Misleads: it says nothing of how often
    across episodes; for that see FTLR.

    Args:
        function: from a `Path` to a number.
        horizon: decisions after which episodes are cut; None for the world's.
    """

    function: Callable[[Path], float] = lambda path: float(sum(path.rewards))
    horizon: int | None = None
    name: ClassVar[str] = "FTR"
    title: ClassVar[str] = "function of trajectories"
    equation: ClassVar[str] = "E[f(tau)]"
    expresses: ClassVar[str] = "any judgment of single episodes"

    def evaluate(self, mdp: TabularMDP, played: Played) -> float:
        """Return the mean judgment."""
        paths = law(mdp, played, self.horizon)
        return float(weights(paths) @ [self.function(path) for path in paths])


@register
@dataclass(frozen=True, eq=False)
class LotteryFunction(Objective):
    """f(L) of the law L of trajectories, such as the variance of the return. Source, limits: as `TrajectoryFunction`.

    Args:
        function: from a list of `Path` to a number.
        horizon: as there.
    """

    function: Callable[[Sequence[Path]], float] = lambda paths: float(weights(paths).max())
    horizon: int | None = None
    name: ClassVar[str] = "FTLR"
    title: ClassVar[str] = "function of the law of trajectories"
    equation: ClassVar[str] = "f(L), L the law of trajectories"
    expresses: ClassVar[str] = "variance, quantiles, variety of behaviour"

    def evaluate(self, mdp: TabularMDP, played: Played) -> float:
        """Return f of the law."""
        return float(self.function(law(mdp, played, self.horizon)))


@register
@dataclass(frozen=True, eq=False)
class PolicyFunction(Objective):
    """f(policy): may judge what is never visited. Source and limits: as `TrajectoryFunction`; needs the policy itself.

    Args:
        function: from a policy (S, A) to a number.
    """

    function: Callable[[np.ndarray], float] = lambda policy: float(policy.max(axis=1).min())
    name: ClassVar[str] = "FPR"
    title: ClassVar[str] = "function of the policy"
    equation: ClassVar[str] = "f(pi)"
    expresses: ClassVar[str] = "what would be done where nobody goes"

    def evaluate(self, mdp: TabularMDP, played: Played) -> float:
        """Return f of the policy."""
        return float(self.function(_policy(played, self.name)))


class _Ordered(Objective):
    """Objectives that are an order and no number; `evaluate` returns what is ordered."""

    order: Order

    def compare(self, mdp: TabularMDP, first: Played, second: Played) -> int | None:
        """Ask the order."""
        return self.order(self.evaluate(mdp, first), self.evaluate(mdp, second))


@register
@dataclass(frozen=True, eq=False)
class OccupancyOrder(_Ordered):
    """Any order of occupancies. Source: OMO of Subramani et al. (2023), where GOMORL = OMO = TLO, as recalled.

    Args:
        order: from two occupancies (S, A) to 1, 0, -1 or None.
        gamma: discount.
    """

    order: Order
    gamma: float = 0.9
    name: ClassVar[str] = "OMO"
    title: ClassVar[str] = "order of occupancies"
    equation: ClassVar[str] = "m_1 above m_2"
    expresses: ClassVar[str] = "any order of what is visited"

    def evaluate(self, mdp: TabularMDP, played: Played) -> np.ndarray:
        """Return the occupancy (S, A)."""
        return occupancy(mdp, _policy(played, self.name), self.gamma, mdp.horizon)


@register
@dataclass(frozen=True, eq=False)
class LotteryOrder(_Ordered):
    """Any order of laws of trajectories. Source: TLO of Subramani et al. (2023), as recalled.

    Args:
        order: from two lists of `Path` to 1, 0, -1 or None.
        horizon: decisions after which episodes are cut; None for the world's.
    """

    order: Order
    horizon: int | None = None
    name: ClassVar[str] = "TLO"
    title: ClassVar[str] = "order of laws of trajectories"
    equation: ClassVar[str] = "L_1 above L_2"
    expresses: ClassVar[str] = "any order of what happens"

    def evaluate(self, mdp: TabularMDP, played: Played) -> Any:
        """Return the law."""
        return law(mdp, played, self.horizon)


@register
@dataclass(frozen=True, eq=False)
class PolicyOrder(_Ordered):
    """Any order of policies: the top of them all. Source: PO of Subramani et al. (2023), as recalled.

    Args:
        order: from two policies (S, A) to 1, 0, -1 or None.
    """

    order: Order
    name: ClassVar[str] = "PO"
    title: ClassVar[str] = "order of policies"
    equation: ClassVar[str] = "pi_1 above pi_2"
    expresses: ClassVar[str] = "everything; nothing is easy to optimise"

    def evaluate(self, mdp: TabularMDP, played: Played) -> np.ndarray:
        """Return the policy."""
        return _policy(played, self.name)


def _policy(played: Played, who: str) -> np.ndarray:
    if not isinstance(played, np.ndarray):
        raise ValueError(f"{who}: cannot be told from episodes; give the policy (S, A)")
    return played

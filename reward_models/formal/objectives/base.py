"""What every objective is: a judge of policies on a tabular world, with a best policy where that can be computed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import numpy as np

from ....core.registry import Registry
from ....envs.tabular.mdp import TabularMDP
from ....envs.tabular.solvers import Path, occupancy

__all__ = ["OBJECTIVES", "Objective", "Optimum", "Played", "Witness", "mean_returns", "register", "tables"]

Played = np.ndarray | Sequence[Path]
"""How somebody acts: a stationary policy (S, A), or episodes with their probabilities (or equal weights)."""

Value = float | np.ndarray


@dataclass(frozen=True, eq=False)
class Optimum:
    """The best that an objective allows.

    Attributes:
        value: what the objective says of it.
        policy: probabilities (S, A), or {(decision, state, accrued returns): action} where it has to remember.
        gap: no policy is better by more than this; 0 where the method is exact.
    """

    value: Any
    policy: Any
    gap: float = 0.0


@dataclass(frozen=True)
class Witness:
    """A wish that one formalism says and a weaker one cannot.

    Attributes:
        wish: the wish, in words.
        weaker: the formalism that cannot.
        margin: by how much the objective puts the worst of what is wished above the best of the rest.
        weaker_margin: the largest such margin over all the weaker formalism's rewards in [-1, 1], by a linear program.
        tolerance: what counts as nothing.
    """

    wish: str
    weaker: str
    margin: float
    weaker_margin: float
    tolerance: float = 1e-7

    @property
    def separates(self) -> bool:
        """Whether the formalism says it and the weaker one does not."""
        return self.margin > 1e-3 and self.weaker_margin <= self.tolerance


class Objective(ABC):
    """A judge of policies.

    Class attributes:
        name: of the formalism, as in Subramani et al. (arXiv 2310.11840, 2023).
        title: in words.
        equation: what is maximised.
        expresses: what it is good for, in a few words.
        optimiser: how `optimise` works; "" if there is none and policies are only compared.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    equation: ClassVar[str]
    expresses: ClassVar[str]
    optimiser: ClassVar[str] = ""

    @abstractmethod
    def evaluate(self, mdp: TabularMDP, played: Played) -> Value:
        """Return what a policy (S, A) or a list of episodes is worth: a number, or a vector to be ordered."""

    def compare(self, mdp: TabularMDP, first: Played, second: Played) -> int | None:
        """Return 1 if the first is better, -1 if the second is, 0 if neither, None if they cannot be compared."""
        gap = float(self.evaluate(mdp, first)) - float(self.evaluate(mdp, second))
        return 0 if abs(gap) <= 1e-9 else 1 if gap > 0 else -1

    def optimise(self, mdp: TabularMDP) -> Optimum:
        """Return the best there is.

        Raises:
            NotImplementedError: policies can be compared by it, but there is no method to find the best.
        """
        raise NotImplementedError(f"{self.name} has no optimiser: it compares policies")

    @classmethod
    def witness(cls) -> Witness | None:
        """Return a wish that this formalism says and a weaker one cannot; None if it has none of its own."""
        return None


OBJECTIVES: Registry[type[Objective]] = Registry("objective", "guerdon.reward_models.formal.objectives")
"""All objectives by name."""

O = TypeVar("O", bound=Objective)  # noqa: E741


def register(cls: type[O]) -> type[O]:
    """Class decorator: make an objective known under its name."""
    OBJECTIVES.add(cls.name, cls)
    return cls


def tables(mdp: TabularMDP, rewards: Sequence[np.ndarray]) -> np.ndarray:
    """Return rewards as an array (k, S, A), nothing where it is not admissible; the world's own if there are none.

    Raises:
        ValueError: one has a shape that is not the world's.
    """
    found = [np.asarray(one, dtype=float) for one in rewards] or [mdp.mean_rewards]
    for number, one in enumerate(found):
        if one.shape != mdp.admissible.shape:
            raise ValueError(f"reward {number} has the shape {one.shape}, not {mdp.admissible.shape}")
    return np.array(found) * mdp.admissible


def mean_returns(mdp: TabularMDP, rewards: Sequence[np.ndarray], gamma: float, played: Played) -> np.ndarray:
    """Return J_k = E sum_t gamma^t R_k(s_t, a_t) for each reward, (k,)."""
    paid = tables(mdp, rewards)
    if isinstance(played, np.ndarray):
        return np.einsum("ksa,sa->k", paid, occupancy(mdp, played, gamma, mdp.horizon))
    return weights(played) @ np.array([path_returns(paid, gamma, path) for path in played])


def weights(paths: Sequence[Path]) -> np.ndarray:
    """Return the shares of episodes: their probabilities, made to sum to 1."""
    chances = np.array([path.probability for path in paths])
    if not len(chances) or not chances.sum() > 0:
        raise ValueError("there are no episodes to judge")
    return chances / chances.sum()


def path_returns(paid: np.ndarray, gamma: float, path: Path) -> np.ndarray:
    """Return the returns (k,) of one episode by tables (k, S, A)."""
    steps = paid[:, list(path.states[: len(path.actions)]), list(path.actions)]
    return steps @ gamma ** np.arange(len(path.actions))

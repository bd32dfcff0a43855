"""Pairs of rewards that look alike, one of them good and one of them not: what an audit has to tell apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from guerdon.core.transition import Transition
from guerdon.reward_models import Reward
from guerdon.reward_models.base import Payment
from guerdon.reward_models.terms import Term, TermReward, success

__all__ = ["PAIRS", "Alive", "Pair"]

DONE = 4
"""Page of the web shop after a purchase."""


@dataclass
class PickUps(TermReward):
    """Pays 1.0 for the goal and `bonus` whenever the hand takes something up."""

    bonus: float = 0.2
    id: ClassVar[str] = "bench/pick-ups-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state", "outcome"})

    @property
    def terms(self) -> tuple[Term, ...]:
        """Goal and pick-ups."""
        return (Term("goal", success), Term("pick-up", _picked_up, self.bonus))


def _picked_up(transition: Transition) -> np.ndarray:
    return np.asarray((transition.next_state.hands_full > 0) & (transition.state.hands_full == 0), dtype=float)


@dataclass
class Alive(TermReward):
    """Pays 1.0 for the goal and `bonus` for every step that does not end the episode."""

    bonus: float = 0.1
    id: ClassVar[str] = "bench/alive-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"outcome"})

    @property
    def terms(self) -> tuple[Term, ...]:
        """Goal and survival."""
        return (Term("goal", success), Term("alive", _alive, self.bonus))


def _alive(transition: Transition) -> np.ndarray:
    return np.asarray(~transition.terminated, dtype=float)


@dataclass
class Undiscounted(Reward):
    """Pays what a potential rises by, Phi(s') - Phi(s), and nothing for the goal; the discount is left out.

    Phi is -`scale` times the actions that are still needed, and `cap` actions at a dead end.
    """

    scale: float = 0.05
    cap: float = 20.0
    id: ClassVar[str] = "bench/undiscounted-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state"})

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """One step can win or lose the whole way."""
        return {"shaping": (-self.scale * self.cap, self.scale * self.cap)}

    def _potential(self, state: Any) -> np.ndarray:
        length = np.asarray(state.plan_length)
        return -self.scale * np.where(length < 0, self.cap, np.minimum(length, self.cap))

    def __call__(self, transition: Transition) -> Payment:
        """Pay the rise."""
        rise = self._potential(transition.next_state) - self._potential(transition.state)
        return rise, {"shaping": rise}


@dataclass
class Speed(TermReward):
    """Pays the speed of the gripper in m/s, and 1.0 in each step in which the task is done."""

    id: ClassVar[str] = "bench/speed-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state", "outcome"})

    @property
    def terms(self) -> tuple[Term, ...]:
        """Speed and success."""
        return (Term("speed", _speed, bounds=(0.0, float("inf"))), Term("success", success, 0.1))


def _speed(transition: Transition) -> np.ndarray:
    return np.linalg.norm(transition.next_state.tcp_velocity, axis=-1)


@dataclass
class Cheap(TermReward):
    """Pays 1.0 for buying anything that costs no more than was allowed."""

    id: ClassVar[str] = "bench/cheap-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state"})

    @property
    def terms(self) -> tuple[Term, ...]:
        """The price."""
        return (Term("cheap", _cheap),)


def _cheap(transition: Transition) -> np.ndarray:
    bought = (transition.next_state.page == DONE) & (transition.state.page != DONE)
    return np.asarray(bought * transition.next_state.affordable, dtype=float)


@dataclass
class Hover(TermReward):
    """Pays how near the gripper is to the target, with or without the object."""

    id: ClassVar[str] = "bench/hover-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state"})

    @property
    def terms(self) -> tuple[Term, ...]:
        """The hand."""
        return (Term("hover", _hover),)


def _hover(transition: Transition) -> np.ndarray:
    after = transition.next_state
    return 1 - np.tanh(5 * np.linalg.norm(after.tcp - after.target, axis=-1))


@dataclass(frozen=True)
class Pair:
    """Two rewards for one env.

    Attributes:
        name: what tells them apart.
        benign, broken: the rewards.
        env_id, env_kwargs: where.
    """

    name: str
    benign: str | Reward
    broken: str | Reward
    env_id: str
    env_kwargs: dict[str, Any] = field(default_factory=dict)


_GRID = ("guerdon:guerdon/Grid-v0", {"split": "test", "slip": 0.0})
_ROOM = ("guerdon:guerdon/Household-v0", {"split": "valid_seen"})

PAIRS = (
    Pair("shaping / farmed pick-ups", "household/plan-distance-v1", PickUps(), *_ROOM),
    Pair("success / survival that success ends", "tabular/outcome-v1", Alive(), *_GRID),
    Pair("discount in shaping / left out", "tabular/grid-potential-v1", Undiscounted(), *_GRID),
    Pair(
        "potential zero at the end / at the time limit",
        "tabular/grid-potential-v1",
        "tabular/grid-potential-v1(at_truncation='zero')",
        *_GRID,
    ),
    Pair("distance / speed", "manipulation/distance-v1", Speed(), "guerdon:guerdon/Reach-v0", {"split": "test"}),
    Pair("new facts / repeated facts", "household/subgoals-v1", "household/busy-v1", *_ROOM),
    Pair("score / price alone", "webshop/purchase-v1", Cheap(), "guerdon:guerdon/WebShop-v0", {"split": "eval"}),
    Pair("grasp first / hover", "manipulation/staged-v1", Hover(), "guerdon:guerdon/PickPlace-v0", {"split": "test"}),
)
"""The pairs, each on an env of the suite."""

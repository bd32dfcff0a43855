"""The Reward interface: what every reward is, however it came to be."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

import numpy as np

from ..core.registry import Registry
from ..core.trajectory import Trajectory
from ..core.transition import READS, Transition, batch_of_one
from .fingerprint import code_of

__all__ = ["REWARDS", "Reward", "RewardError", "register", "transitions_of"]

Payment = tuple[np.ndarray, dict[str, np.ndarray]]


class RewardError(RuntimeError):
    """A reward returned something that cannot be paid: NaN, infinity, a wrong shape or a missing term."""


class Reward(ABC):
    """What the agent is paid, as a value: id, parameters, named terms.

    A subclass is a dataclass whose fields are plain data (they go to JSON and into the hash). It declares its
    information budget in `reads` and is handed nothing else. Its code is written once, with arrays: B steps on
    a leading axis.

    Class attributes:
        id: "world/name-vN". Whatever may change what is paid raises N.
        reads: names from `core.transition.READS`.
        causal: False if the payment of a step needs later steps; such a reward can only relabel.
        needs: parameters that have to be given before it can pay anything, such as the file of a model.
        learns: whether it changes with the steps that it sees (its `frozen` copy does not).
    """

    id: ClassVar[str]
    reads: ClassVar[frozenset[str]]
    causal: ClassVar[bool] = True
    needs: ClassVar[tuple[str, ...]] = ()
    learns: ClassVar[bool] = False

    @property
    @abstractmethod
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """Term name to the least and the most it can pay in one step; the names of all terms, in order."""

    @abstractmethod
    def __call__(self, transition: Transition) -> Payment:
        """Return (total (B,), {term: (B,)}); the terms are weighted and sum to the total."""

    def reset(self, start: Transition) -> None:  # noqa: B027 - most rewards have no memory
        """Forget the episodes in `start.rows` and begin new ones at `start.next_obs`, `start.next_state`.

        Only rewards with memory override this. The first call covers all slots there are.
        """

    def begin(self, start: Transition) -> None:
        """Reset the reward with what it may see. Wrappers call this, not `reset`."""
        self.reset(start.only(self.reads, self.id))

    def frozen(self) -> Reward:
        """Return the reward as it is now, for evaluation: a copy that learns nothing more; itself if it never does."""
        return self

    @property
    def gamma(self) -> float | None:
        """The discount that the reward was made for, which must be the agent's; None if it does not matter."""
        return None

    def pay(self, transition: Transition) -> Payment:
        """Call the reward on what it may see and check what comes back. Wrappers call this, not the reward."""
        total, terms = self(transition.only(self.reads, self.id))
        size = len(transition)
        if list(terms) != list(self.bounds):
            raise RewardError(f"{self.id} paid the terms {list(terms)}, but declares {list(self.bounds)}")
        for name, value in (*terms.items(), ("total", total)):
            if np.shape(value) != (size,):
                raise RewardError(f"{self.id}: {name!r} has the shape {np.shape(value)}, not ({size},)")
            if not np.isfinite(value).all():
                row = int(np.flatnonzero(~np.isfinite(value))[0])
                raise RewardError(f"{self.id}: {name!r} is {value[row]} in env {transition.rows[row]}")
        return total, terms

    def relabel(self, trajectory: Trajectory) -> np.ndarray:
        """Return what each of the T steps of a recorded trajectory is paid, (T,); memory is left untouched."""
        fresh = copy.deepcopy(self)
        start, steps = transitions_of(trajectory)
        fresh.begin(start)
        totals = [fresh.pay(step)[0][0] for step in steps]
        return np.array(totals)

    @property
    def spec(self) -> dict[str, Any]:
        """The reward as plain data: `make_reward(reward.spec)` is equal to it."""
        fields = dataclasses.fields(self) if dataclasses.is_dataclass(self) else ()
        changed = {f.name: getattr(self, f.name) for f in fields if f.init and getattr(self, f.name) != f.default}
        return {"id": self.id, "params": changed} if changed else {"id": self.id}

    @property
    def parts(self) -> tuple[Reward, ...]:
        """The rewards that this one is made of; itself if it is not composed."""
        return (self,)

    @property
    def hash(self) -> str:
        """16 hex digits over ids, parameters and source code (without comments and docstrings)."""
        text = json.dumps(self.spec, sort_keys=True) + "".join(code_of(type(part)) for part in self.parts)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def __add__(self, other: Reward) -> Reward:
        """Pay both: totals and terms are summed."""
        from .composition import Sum

        return Sum((self, other))

    def __mul__(self, factor: float | Reward) -> Reward:
        """Pay `factor` times as much, or the product of two rewards."""
        from .composition import Product, Scaled

        return Product((self, factor)) if isinstance(factor, Reward) else Scaled(self, float(factor))

    __rmul__ = __mul__


def transitions_of(trajectory: Trajectory) -> tuple[Transition, list[Transition]]:
    """Return what a reward is handed of a recorded trajectory: the start of the episode, then its steps."""
    steps = [
        Transition(
            obs=batch_of_one(step.obs),
            action=batch_of_one(step.action),
            next_obs=batch_of_one(step.next_obs),
            terminated=np.array([step.terminated]),
            truncated=np.array([step.truncated]),
            success=np.array([step.success]),
            state=_stacked(step.state),
            next_state=_stacked(step.next_state),
            info={key: [value] for key, value in step.text.items()},
        )
        for step in trajectory.steps
    ]
    first = steps[0]
    return dataclasses.replace(first, next_obs=first.obs, next_state=first.state), steps


def _stacked(state: Any) -> Any:
    return None if state is None else type(state).stack([state])


REWARDS: Registry[type[Reward]] = Registry("reward", "guerdon.reward_models")
"""All rewards by id, found by importing the modules of `guerdon.reward_models`."""

R = TypeVar("R", bound=Reward)


def register(cls: type[R]) -> type[R]:
    """Class decorator: make a reward known under its id."""
    if not cls.__doc__ or cls.__doc__.startswith(f"{cls.__name__}("):
        raise TypeError(f"{cls.__name__} needs a docstring: what it wants, and how it can be gamed")
    for what in cls.reads:
        if what not in READS:
            raise TypeError(f"{cls.id} reads {what!r}, which is not one of {sorted(READS)}")
    REWARDS.add(cls.id, cls)
    return cls

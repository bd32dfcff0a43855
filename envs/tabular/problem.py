"""One task, ready to be played: its MDP, and what is known of each state without playing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from .mdp import TabularMDP
from .solvers import value_iteration

__all__ = ["Action", "Family", "Problem", "build_problem"]

EXPERT_GAMMA = 0.99  # where actions can slip, the expert weighs danger against delay by it


class Action(int):
    """Number of an action, as infos name the expert's.

    A type of its own, because gymnasium's vector envs would put plain ints, beside which None stands, into an array of
    ints. As any other object it is kept in a column of objects.
    """


def _nothing() -> np.ndarray:
    return np.zeros(0)


@dataclass(frozen=True, eq=False)
class Problem:
    """One task of a family.

    Args:
        family: what it is a task of.
        task: by which the family builds it.
        mdp: its tables; `mdp.rewards` are what the outcome pays.
        outcome: what arriving in each state pays, float (S,), in [0, 1]; not 0 in terminal states only. Where it is
            exactly 1 the task is done.
        progress, needed: see `TabularState`.
        score: the objective in each state, float (S,), in [0, 1]; by default the outcome. Where the outcome is 1 it is.
        proxy: what a published reward pays for each action, float (S, A); by default what the outcome pays on average.

    Attributes:
        after: the states that an action can lead to, int (S, A, K).
        bounds: a uniform random number u picks `after[s, a, k]` with k the number of `bounds[s, a]` that are at most
            u; float (S, A, K - 1).
        plan_length: actions on a shortest way to success, int (S,), if every action does what it does most often; -1
            where there is none.
        expert: a best action in each state, objects (S,): `Action`, or None where plan_length is 0 or -1.
        listed: the admissible actions of each state, objects (S,): lists of ints, shared, not to be changed.
    """

    family: Family
    task: str
    mdp: TabularMDP
    outcome: np.ndarray
    progress: np.ndarray
    needed: int = 0
    score: np.ndarray = field(default_factory=_nothing)
    proxy: np.ndarray = field(default_factory=_nothing)
    after: np.ndarray = field(init=False)
    bounds: np.ndarray = field(init=False)
    plan_length: np.ndarray = field(init=False)
    expert: np.ndarray = field(init=False)
    listed: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        after, chances = _outcomes(self.mdp, self.family.branches)
        found = {"after": after, "bounds": chances.cumsum(axis=2)[:, :, :-1]}
        likeliest = np.take_along_axis(after, chances.argmax(axis=2)[:, :, None], axis=2)[:, :, 0]
        lengths = found["plan_length"] = _plan_lengths(likeliest, self.mdp.admissible, self.outcome == 1.0)
        if after.shape[2] > 1:
            best = value_iteration(self.mdp, EXPERT_GAMMA, tolerance=1e-7).action_values.argmax(axis=1)
        else:
            ahead = np.where(self.mdp.admissible & (lengths[likeliest] >= 0), lengths[likeliest], len(lengths))
            best = ahead.argmin(axis=1)
        found["expert"] = _objects([Action(a) if n > 0 else None for a, n in zip(best.tolist(), lengths, strict=True)])
        rows = map(tuple, self.mdp.admissible.tolist())
        found["listed"] = _objects([_listed(row) for row in rows])
        found["score"] = self.score if self.score.size else self.outcome
        found["proxy"] = self.proxy if self.proxy.size else self.mdp.mean_rewards
        for name, value in found.items():
            object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple:
        return build_problem, (self.family, self.task)


class Family(ABC):
    """A kind of tabular tasks. Subclasses are frozen dataclasses, so that families with equal parameters are equal."""

    name: ClassVar[str]
    """Of its env, such as "Tree-v0"."""
    goal: ClassVar[str]
    """What is to be done, in words."""

    branches: int = 1
    """Most states that one action can lead to; the tables of all tasks have room for so many."""

    @abstractmethod
    def build(self, task: str) -> Problem:
        """Return the task with this id; equal on every machine."""

    @property
    def task_type(self) -> str:
        """What infos call the kind of its tasks."""
        return self.name.partition("-")[0]

    def key(self, task: str) -> str:
        """Return the task's id, or one id for all tasks that are the same."""
        return task

    @abstractmethod
    def draw(self, problem: Problem, state: int, visited: tuple[int, ...]) -> NDArray[np.uint8]:
        """Return a picture (height, width, 3) of where the agent is and, oldest first, has been."""


@lru_cache(maxsize=4096)
def build_problem(family: Any, task: str) -> Problem:
    """Return a task of a family, the same object for all envs of the process while it is in use."""
    return family.build(task)


def _outcomes(mdp: TabularMDP, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Return `width` states that each action can lead to, int (S, A, K), and how likely they are, float (S, A, K)."""
    if mdp.is_deterministic:
        return mdp.transitions[:, :, None], np.ones((*mdp.transitions.shape, 1))
    most = int((mdp.transitions > 0).sum(axis=2).max())
    if most > width:
        raise ValueError(f"an action can lead to {most} states, more than the family's {width}")
    # Impossible states are sorted behind the possible ones, which stay in order.
    after = np.argsort(mdp.transitions <= 0, axis=2, kind="stable")[:, :, :width]
    return after, np.take_along_axis(mdp.transitions, after, axis=2)


def _plan_lengths(after: np.ndarray, admissible: np.ndarray, success: np.ndarray) -> np.ndarray:
    """Return how many actions are needed from each state (S,) by a table of next states (S, A); -1 if no number is."""
    far = len(after) + 1
    lengths = np.where(success, 0, far)
    while True:
        ahead = np.where(admissible, lengths[after], far).min(axis=1) + 1
        shorter = np.minimum(lengths, ahead)
        if (shorter == lengths).all():
            return np.where(lengths >= far, -1, lengths)
        lengths = shorter


@lru_cache(maxsize=1024)
def _listed(row: tuple[bool, ...]) -> list[int]:
    return [action for action, able in enumerate(row) if able]


def _objects(values: list[Any]) -> np.ndarray:
    """Return a column of objects; `np.array` would look into lists."""
    column = np.full(len(values), None)
    for row, value in enumerate(values):
        column[row] = value
    return column

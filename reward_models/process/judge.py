"""A judge that knows the way, and is wrong as often and as biased as it is told to be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, get_args

import numpy as np

from ...core.names import check_name
from ...core.random import derive_seed
from ...core.trajectory import Trajectory
from .base import StepScorer

__all__ = ["Judge"]

Aggregate = Literal["intersection", "majority"]
Kind = Literal["progress", "reachable"]


class Judge(StepScorer):
    """Says of each step whether it was wrong, from the length of the shortest way to success before and after it.

    It stands for a language model that judges steps: each of `votes` opinions is the truth, flipped with probability
    `flip`, independently. A step is called wrong if all votes agree on that ("intersection": a right step is blamed
    with probability flip^votes, but a wrong one escapes more often), or more than half of them ("majority").

    The column holds +1 for a right step and -1 for a wrong one, plus the biases. With `signed=False` it holds 1 and 0.

    Known hacks: with `length_bias` every further step is welcome, with `verbosity_bias` every further word of an
    action, whatever they do; sums over steps collect both.

    Args:
        flip: how often one vote is wrong, in [0, 1].
        votes: how many opinions are asked.
        aggregate: how they are put together.
        kind: "progress": a step is wrong unless the way is one action shorter after it; "reachable": only if success
            could be reached before it and cannot after it.
        seed: of the flips. The draws go on from call to call; `state` and `restore` carry them over.
        name: the column.
        signed: +1 and -1, or 1 and 0.
        length_bias: added to every step.
        verbosity_bias: added for each word of the step's action.
    """

    causal: ClassVar[bool] = True
    reads: ClassVar[frozenset[str]] = frozenset({"state"})

    def __init__(
        self,
        flip: float = 0.0,
        votes: int = 1,
        aggregate: Aggregate = "majority",
        kind: Kind = "progress",
        seed: int = 0,
        name: str = "judge",
        signed: bool = True,
        length_bias: float = 0.0,
        verbosity_bias: float = 0.0,
    ):
        if not 0.0 <= flip <= 1.0 or votes < 1:
            raise ValueError(f"a judge needs a flip rate in [0, 1] and at least one vote, not {flip} and {votes}")
        self.flip, self.votes = flip, votes
        self.aggregate = check_name("aggregate", aggregate, get_args(Aggregate), "the judge")
        self.kind = check_name("kind", kind, get_args(Kind), "the judge")
        self.name, self.signed = name, signed
        self.length_bias, self.verbosity_bias = length_bias, verbosity_bias
        self._rng = np.random.Generator(np.random.PCG64(derive_seed(seed, "judge")))

    def score(self, trajectories: Sequence[Trajectory]) -> list[np.ndarray]:
        """Return the verdicts, (T,) for each trajectory."""
        scored = []
        for one in trajectories:
            wrong = self._wrong(one)
            flips = self._rng.random((self.votes, len(one))) < self.flip
            against = (wrong ^ flips).sum(axis=0)
            blamed = against == self.votes if self.aggregate == "intersection" else 2 * against > self.votes
            scores = 1.0 - (2.0 if self.signed else 1.0) * blamed
            scored.append(scores + self.length_bias + self._verbosity(one))
        return scored

    def state(self) -> Any:
        """Return where the draws stand."""
        return self._rng.bit_generator.state

    def restore(self, state: Any) -> None:
        """Go on drawing from there."""
        self._rng.bit_generator.state = state

    def _wrong(self, one: Trajectory) -> np.ndarray:
        before, after = one.column("plan_before"), one.column("plan_after")
        if self.kind == "reachable":
            return (before >= 0) & (after < 0)
        return (after < 0) | (after > before - 1)

    def _verbosity(self, one: Trajectory) -> np.ndarray | float:
        if not self.verbosity_bias:
            return 0.0
        return self.verbosity_bias * np.array([len(str(step.action).split()) for step in one.steps], dtype=float)

"""programs/dsl-v1: pays what a program of the reward language says, as a reward or as the potential of shaping."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from ...core.names import check_name
from ...core.transition import Transition
from ..base import Payment, Reward, RewardError, register
from ..fingerprint import code_of
from ..potential.shaping import Shaping
from .dsl import Program, read_program
from .interpreter import evaluate, level_bounds, levels
from .state_fields import state_class

__all__ = ["DslReward"]


@register
@dataclass
class DslReward(Reward):
    """Pays a reward program: weighted, bounded terms over the documented numbers of a world's privileged state.

    Wants: what its author wanted, a person, a language model or `guerdon.evaluation.synthesis`.
    Gamed by: whatever its terms leave open: staying where a `near` or `flag` pays while the episode lasts (in worlds
    that end on success this beats finishing), going to and fro over a `gain` that is cut on one side only, setting a
    flag and letting go. `validate` looks for the first of these on recorded trajectories; the form "shaping" cannot
    change which policy is best, so with a reward for success beside it a wrong program costs time only.
    Source: our own language, see `guerdon.reward_models.programs.dsl`; forms after Ng, Harada and Russell (1999).
    Version history: v1.

    Args:
        program: JSON text, one line of the text form, or the path of a .json file with either.
        form: "reward" pays the program; "shaping" pays gamma * phi(s') - phi(s) in one term for each of its own, where
            phi is the program as a function of one state (progress counts as near, gain as value).
        gamma: the agent's discount, for "shaping".
    """

    program: str = ""
    form: Literal["reward", "shaping"] = "reward"
    gamma: float = 0.99  # type: ignore[assignment]
    id: ClassVar[str] = "programs/dsl-v1"
    needs: ClassVar[tuple[str, ...]] = ("program",)
    reads: ClassVar[frozenset[str]] = frozenset({"state", "outcome"})

    def __post_init__(self) -> None:
        check_name("form", self.form, ("reward", "shaping"), self.id)
        self._shaping = {}
        if not self.program:  # known by name only
            return
        self._parsed = read_program(self.program)
        if self.form == "shaping":
            self._shaping = {term.name: Shaping(self.gamma) for term in self._parsed.terms}
        reads = self._parsed.reads | ({"outcome"} if self.form == "shaping" else set())
        self.reads = frozenset(reads)  # type: ignore[misc]

    @property
    def parsed(self) -> Program:
        """The program itself."""
        return self._parsed

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """Exact bounds of each weighted term; of shaping, what a step between any two states can pay."""
        if not self.program:
            return {"program": (0.0, 0.0)}
        if self.form == "reward":
            return self._parsed.bounds
        sides = {name: (min(low, 0.0), max(high, 0.0)) for name, (low, high) in level_bounds(self._parsed).items()}
        return {name: (self.gamma * low - high, self.gamma * high - low) for name, (low, high) in sides.items()}

    @property
    def hash(self) -> str:
        """Over the parameters, the code and the program, wherever it is kept and however it is written."""
        program = self._parsed.plain() if self.program else {}
        plain = json.dumps([self.id, program, self.form, self.gamma], sort_keys=True)
        return hashlib.sha256((plain + code_of(type(self))).encode()).hexdigest()[:16]

    def reset(self, start: Transition) -> None:
        """Note the potentials of the first states."""
        if self._shaping:
            for name, phi in levels(self._parsed, self._state(start.next_state), start.success, len(start)).items():
                self._shaping[name].reset(phi, start.rows)

    def __call__(self, transition: Transition) -> Payment:
        """Evaluate and pay."""
        size, success = len(transition), transition.success
        if self._shaping:
            phis = levels(self._parsed, self._state(transition.next_state), success, size)
            ends = transition.terminated, transition.truncated, transition.rows
            paid = {name: self._shaping[name].step(phi, *ends) for name, phi in phis.items()}
        else:
            paid = evaluate(
                self._parsed, self._state(transition.state), self._state(transition.next_state), success, size
            )
        return np.sum(list(paid.values()), axis=0), paid

    def _state(self, state: Any) -> Any:
        """Return the state, if it is of the program's world."""
        if "state" in self.reads and not isinstance(state, state_class(self._parsed.world)):
            raise RewardError(
                f"{self.id}: the program is for the world {self._parsed.world!r}, but the env's state is "
                f"{type(state).__name__}"
            )
        return state

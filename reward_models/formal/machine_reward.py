"""formal/machine-v1: pays by a reward machine or a formula of temporal logic, where a world has propositions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from ...core.names import check_name
from ...core.transition import Transition
from ..base import Payment, Reward, register
from ..potential.shaping import Shaping
from .labels.base import LABELLINGS
from .machine import RewardMachine, compile_formula

__all__ = ["MachineReward"]


@register
@dataclass
class MachineReward(Reward):
    """Pays what the moves of a machine pay, whose letters are the propositions of a world.

    Wants: what the machine says: things done in order ("F (found & F put)"), things never done ("G !opened_fridge").
    Gamed by: whatever satisfies the formula without being meant: propositions are all it sees. "F put" is satisfied by
    putting down anything. The shaping cannot change which policy is best, given the machine's state is part of what
    the agent can know; an agent that does not see it meets the same observation with two values.
    Source: reward machines, Toro Icarte et al., JAIR 73 (2022); LTLf, De Giacomo and Vardi (2013). The potential is
    +V of the machine: with -V, as in the published code, no seed of our check learned anything (docs/studies.md).
    Version history: v1.

    Args:
        world: whose propositions: one of `guerdon list labels`.
        formula: in LTLf, see `ltl.parse`. It pays 1 in all if the episode satisfies it.
        machine: instead, the path of a JSON file, see `RewardMachine.of_rules`.
        shaping: multiplies the potential; 0 for none.
        gamma: the agent's discount.
    """

    world: str = ""
    formula: str = ""
    machine: str = ""
    shaping: float = 0.0
    gamma: float = 0.99  # type: ignore[assignment]
    id: ClassVar[str] = "formal/machine-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"obs", "state", "outcome"})
    needs: ClassVar[tuple[str, ...]] = ("world",)

    def __post_init__(self) -> None:
        if not self.world:  # known by name only
            return
        labelling = LABELLINGS[self.world]
        if bool(self.formula) == bool(self.machine):
            raise ValueError(f"{self.id}: give either a formula or the file of a machine")
        self._machine = (
            compile_formula(self.formula) if self.formula else RewardMachine.of_json(Path(self.machine).read_text())
        )
        for name in self._machine.propositions:
            check_name("proposition", name, labelling.propositions, f"{self.id} in {self.world}")
        self._rules = [labelling.propositions[name] for name in self._machine.propositions]
        self._values = self.shaping * self._machine.values(self.gamma)
        self._shaping = Shaping(self.gamma)
        self._at = np.zeros(0, dtype=int)
        self.reads = labelling.reads | ({"outcome"} if self.shaping else set())  # type: ignore[misc]

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """What the machine's moves pay; the shaping by its potentials."""
        if not self.world:
            return {"machine": (-1.0, 1.0)}
        paid = self._machine.rewards
        limits = {"machine": (float(min(paid.min(), 0.0)), float(paid.max()))}
        if self.shaping:
            most = float(np.abs(self._values).max())
            limits["shaping"] = (-most * (1 + self.gamma), most * (1 + self.gamma))
        return limits

    def reset(self, start: Transition) -> None:
        """Put the machine of each slot in its first state."""
        size = int(start.rows.max()) + 1
        if size > len(self._at):
            self._at = np.concatenate([self._at, np.zeros(size - len(self._at), dtype=int)])
        self._at[start.rows] = 0
        self._shaping.reset(np.full(len(start), self._values[0]), start.rows)

    def __call__(self, transition: Transition) -> Payment:
        """Read the propositions, move the machines, pay."""
        codes = np.zeros(len(transition), dtype=int)
        for bit, rule in enumerate(self._rules):
            codes += rule(transition).astype(int) << bit
        before = self._at[transition.rows]
        after = self._machine.after[before, codes]
        self._at[transition.rows] = after
        terms = {"machine": self._machine.rewards[before, codes].copy()}
        if self.shaping:
            terms["shaping"] = self._shaping.step(
                self._values[after], transition.terminated, transition.truncated, transition.rows
            )
        return sum(terms.values(), np.zeros(len(transition))), terms

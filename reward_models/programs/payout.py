"""What a reward pays for recorded episodes, all of them step by step side by side, so that many are fast."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...core.trajectory import Step, Trajectory
from ...core.transition import Transition
from ..base import Reward

__all__ = ["Paid", "Recorded"]


@dataclass(frozen=True)
class Paid:
    """What a reward paid for one episode: totals (T,) and terms by name, (T,) each."""

    totals: np.ndarray
    terms: Mapping[str, np.ndarray]

    def value(self, gamma: float) -> float:
        """Return the discounted sum."""
        return float(np.sum(self.totals * gamma ** np.arange(len(self.totals))))


class Recorded:
    """Recorded episodes, prepared for being paid by many rewards.

    Args:
        trajectories: episodes of one env, each in a slot of its own.
    """

    def __init__(self, trajectories: Sequence[Trajectory]):
        self.lengths = [len(one) for one in trajectories]
        self._steps = [_joined(trajectories, t) for t in range(max(self.lengths, default=0))]

    def pay(self, reward: Reward) -> list[Paid]:
        """Return what a reward pays for each episode; its own memory is left untouched."""
        if not self._steps:
            return []
        fresh = copy.deepcopy(reward)
        first = self._steps[0]
        nothing = np.zeros(len(first), dtype=bool)
        fresh.begin(
            replace(
                first,
                action=None,
                next_obs=first.obs,
                next_state=first.state,
                terminated=nothing,
                truncated=nothing,
                success=nothing,
            )
        )
        size, most = len(first), len(self._steps)
        totals, terms = np.zeros((size, most)), {name: np.zeros((size, most)) for name in fresh.bounds}
        for t, step in enumerate(self._steps):
            total, paid = fresh.pay(step)
            totals[step.rows, t] = total
            for name, value in paid.items():
                terms[name][step.rows, t] = value
        return [
            Paid(totals[row, :length], {name: value[row, :length] for name, value in terms.items()})
            for row, length in enumerate(self.lengths)
        ]


def _joined(trajectories: Sequence[Trajectory], t: int) -> Transition:
    """Return step t of all episodes that last that long."""
    rows = [row for row, one in enumerate(trajectories) if len(one) > t]
    steps = [trajectories[row].steps[t] for row in rows]
    return Transition(
        obs=_batch([step.obs for step in steps]),
        action=_batch([step.action for step in steps]),
        next_obs=_batch([step.next_obs for step in steps]),
        terminated=np.array([step.terminated for step in steps]),
        truncated=np.array([step.truncated for step in steps]),
        success=np.array([step.success for step in steps]),
        state=_states([step.state for step in steps]),
        next_state=_states([step.next_state for step in steps]),
        info=_infos(steps),
        rows=np.array(rows),
    )


def _batch(values: list[Any]) -> Any:
    if isinstance(values[0], Mapping):
        return {key: _batch([value[key] for value in values]) for key in values[0]}
    return np.stack(values) if isinstance(values[0], np.ndarray) else values


def _states(states: list[Any]) -> Any:
    return None if states[0] is None else type(states[0]).stack(states)


def _infos(steps: list[Step]) -> dict[str, list[Any]]:
    return {key: [step.text[key] for step in steps] for key in steps[0].text}

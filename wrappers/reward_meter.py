"""Turns what an env gives, step by step, into what a reward is handed, for one env or many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..core.transition import Transition
from ..reward_models.base import Reward

__all__ = ["RewardMeter"]


class RewardMeter:
    """Runs one reward over the steps of B slots, remembering where each slot was before the step.

    Args:
        reward: what to pay. It must be causal.
        text_info: info keys that a reward may read under "text"; the outcome never is among them.
    """

    def __init__(self, reward: Reward, text_info: Sequence[str] = ()):
        if not reward.causal:
            raise ValueError(f"{reward.id} needs later steps to judge a step: it can relabel, but not pay online")
        self.reward, self.text_info = reward, tuple(text_info)
        self.names = list(reward.bounds)
        self._obs: Any = None
        self._state: Any = None

    @property
    def reads_state(self) -> bool:
        """Whether the env's privileged state has to be read for this reward."""
        return "state" in self.reward.reads

    def start(self, obs: Any, state: Any, info: Mapping[str, Any], rows: np.ndarray) -> None:
        """Begin episodes in the slots `rows`; `obs`, `state` and `info` cover all slots."""
        self._obs, self._state = obs, state
        nothing, slots = np.zeros(len(rows), dtype=bool), _count(obs)
        self.reward.begin(
            Transition(
                obs=_pick(obs, rows),
                action=None,
                next_obs=_pick(obs, rows),
                terminated=nothing,
                truncated=nothing,
                success=nothing,
                state=_pick_state(state, rows, slots),
                next_state=_pick_state(state, rows, slots),
                info=self._text(info, rows),
                rows=rows,
            )
        )

    def step(
        self,
        action: Any,
        obs: Any,
        state: Any,
        terminated: np.ndarray,
        truncated: np.ndarray,
        info: Mapping[str, Any],
        rows: np.ndarray,
    ) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Pay the slots `rows`; all arguments but `rows` cover all slots.

        Returns:
            (total, {term: value}), each of shape (slots,), zero outside `rows`.
        """
        slots = len(terminated)
        total, paid = np.zeros(slots), {name: np.zeros(slots) for name in self.names}
        if len(rows):
            transition = Transition(
                obs=_pick(self._obs, rows),
                action=_pick(action, rows),
                next_obs=_pick(obs, rows),
                terminated=terminated[rows],
                truncated=truncated[rows],
                success=np.asarray(info["is_success"], dtype=bool)[rows],
                state=_pick_state(self._state, rows, slots),
                next_state=_pick_state(state, rows, slots),
                info=self._text(info, rows),
                rows=rows,
            )
            total[rows], terms = self.reward.pay(transition)
            for name, value in terms.items():
                paid[name][rows] = value
        self._obs, self._state = obs, state
        return total, paid

    def _text(self, info: Mapping[str, Any], rows: np.ndarray) -> dict[str, Any]:
        return {key: _pick(info[key], rows) for key in self.text_info if key in info}


def _count(values: Any) -> int:
    """Return how many slots a batch of observations covers; a dict holds batches."""
    return _count(next(iter(values.values()))) if isinstance(values, Mapping) else len(values)


def _pick(values: Any, rows: np.ndarray) -> Any:
    if isinstance(values, Mapping):
        return {key: _pick(value, rows) for key, value in values.items()}
    if len(rows) == len(values):
        return values
    return values[rows] if isinstance(values, np.ndarray) else [values[row] for row in rows]


def _pick_state(state: Any, rows: np.ndarray, slots: int) -> Any:
    return state if state is None or len(rows) == slots else state.pick(rows)

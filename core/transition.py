"""What a reward is handed: one step of B envs, with everything hidden that the reward did not declare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from .names import check_name

__all__ = ["READS", "HiddenFieldError", "Transition", "batch_of_one"]

READS: dict[str, tuple[str, ...]] = {
    "obs": ("obs", "next_obs"),
    "action": ("action",),
    "state": ("state", "next_state"),
    "text": ("info",),
    "outcome": ("terminated", "success"),
}
"""The information budget: what a reward may declare in `reads`, and the fields that this uncovers."""


class HiddenFieldError(RuntimeError):
    """A reward used a field that it does not declare in `reads`."""


class _Hidden:
    """Stands in a field that a reward may not see; any use of it is an error."""

    __slots__ = ("_message",)

    def __init__(self, message: str):
        object.__setattr__(self, "_message", message)

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise HiddenFieldError(object.__getattribute__(self, "_message"))

    __getattr__ = __getitem__ = __iter__ = __len__ = __bool__ = __call__ = __array__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __neg__ = __invert__ = _refuse
    __and__ = __rand__ = __or__ = __ror__ = __lt__ = __le__ = __gt__ = __ge__ = __float__ = __int__ = _refuse
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = _refuse
    __matmul__ = __rmatmul__ = __xor__ = __rxor__ = __abs__ = __pos__ = __index__ = __round__ = __contains__ = _refuse
    __str__ = __format__ = _refuse
    __eq__ = __ne__ = _refuse  # type: ignore[assignment]
    __hash__ = _refuse  # type: ignore[assignment]


@dataclass(frozen=True)
class Transition:
    """One step of B envs, as arrays on a leading axis; a single env is a batch of one.

    Attributes:
        obs, action, next_obs: length B; lists of strings in text worlds, arrays (B, ...) elsewhere.
        terminated, truncated: bool arrays (B,). `next_obs` of an ended episode is its own last observation.
        success: bool array (B,), the objective's verdict after this step.
        state, next_state: the world's privileged state with arrays (B, ...), or None if nobody reads it.
        info: what the env says beside the observation (admissible actions, failure reasons), as columns of
            length B; never the outcome.
        rows: int array (B,), the slots of a vector env that these steps belong to, for rewards with memory.
    """

    obs: Any
    action: Any
    next_obs: Any
    terminated: np.ndarray
    truncated: np.ndarray
    success: np.ndarray
    state: Any = None
    next_state: Any = None
    info: Mapping[str, Any] = field(default_factory=dict)
    rows: np.ndarray = field(default_factory=lambda: np.zeros(1, dtype=int))

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, reads: Iterable[str], reader: str) -> Transition:
        """Return this transition with every field hidden that `reads` does not uncover.

        Args:
            reads: names from `READS`.
            reader: who reads, for the error that any use of a hidden field raises.
        """
        hidden = _hidden(frozenset(reads), reader)
        return Transition(**{**vars(self), **hidden}) if hidden else self


@lru_cache(maxsize=1024)
def _hidden(reads: frozenset[str], reader: str) -> dict[str, Any]:
    """Return the fields that `reads` leaves hidden, each with what stands in its place."""
    for what in reads:
        check_name("kind of information", what, READS, reader)
    return {
        name: _Hidden(f"{reader} uses {name!r} but does not declare {what!r} in its reads {sorted(reads)}")
        for what, names in READS.items()
        if what not in reads
        for name in names
    }


def batch_of_one(value: Any) -> Any:
    """Return one observation or action as a batch of one: arrays with a leading axis, a list of anything else."""
    if isinstance(value, Mapping):
        return {key: batch_of_one(one) for key, one in value.items()}
    return value[None] if isinstance(value, np.ndarray) else [value]

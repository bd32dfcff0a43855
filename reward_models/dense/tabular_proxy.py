"""tabular/proxy-v1: the published reward of a documented hack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ...core.transition import Transition
from ..base import register
from ..terms import Term, TermReward

__all__ = ["TabularProxy"]


@register
@dataclass
class TabularProxy(TermReward):
    """Pays what the published reward of a hack of `guerdon/Hacks-v0` pays, divided by the most that one step can pay.

    Dividing by a positive number changes no order of policies; it makes the payments of all hacks lie in [-1, 1]. In
    the other tabular worlds, which have no published reward that was gamed, it pays what the outcome pays for an action
    on average.
    Wants: what its authors wanted; see the hacks in `guerdon.envs.tabular.hackable`.
    Gamed by: the hack that is documented: targets collected for ever, a bucket on the head, dirt dumped and sucked up.
    The best policy under it has a true score of at most half of what can be achieved in every one of them.
    Source: one for each hack, in its docstring; collected by Krakovna et al., "Specification gaming: the flip side of
    AI ingenuity" (2020).
    Version history: v1.
    """

    id: ClassVar[str] = "tabular/proxy-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"action", "state"})

    @property
    def terms(self) -> tuple[Term, ...]:
        """One term."""
        return (Term("proxy", _paid, bounds=(-1.0, 1.0)),)


def _paid(transition: Transition) -> np.ndarray:
    actions = np.asarray(transition.action, dtype=int).reshape(len(transition))
    return np.asarray(transition.state.proxy, dtype=float)[np.arange(len(transition)), actions]

"""Ways to ruin an episode that every world has: a step left out, two swapped, one replaced, an end too early."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...core.trajectory import Step

__all__ = ["dropped_step", "other_action", "premature_end", "swapped_steps"]


def dropped_step(steps: Sequence[Step], rng: np.random.Generator) -> list[Any] | None:
    """Leave one step out."""
    if len(steps) < 2:
        return None
    at = int(rng.integers(len(steps)))
    return [step.action for number, step in enumerate(steps) if number != at]


def swapped_steps(steps: Sequence[Step], rng: np.random.Generator) -> list[Any] | None:
    """Exchange two steps."""
    if len(steps) < 2:
        return None
    actions = [step.action for step in steps]
    a, b = rng.choice(len(steps), 2, replace=False).tolist()
    actions[a], actions[b] = actions[b], actions[a]
    return actions


def premature_end(steps: Sequence[Step], rng: np.random.Generator) -> list[Any] | None:
    """Go straight to the last action, the conclusion, from somewhere in the middle."""
    if len(steps) < 2:
        return None
    return [step.action for step in [*steps[: int(rng.integers(len(steps) - 1))], steps[-1]]]


def other_action(fits: Callable[[Any, Any], bool] = lambda taken, other: True) -> Callable[..., list[Any] | None]:
    """Return an edit that replaces one action by another that is admissible there.

    Args:
        fits: (action, other action) to whether the other may take its place; which says what the edit changes.
    """

    def edit(steps: Sequence[Step], rng: np.random.Generator) -> list[Any] | None:
        for at in rng.permutation(len(steps)).tolist():
            taken = steps[at].action
            others = [one for one in steps[at].admissible if one != taken and fits(taken, one)]
            if others:
                actions = [step.action for step in steps]
                actions[at] = others[int(rng.integers(len(others)))]
                return actions
        return None

    return edit

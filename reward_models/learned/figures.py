"""Figures of steps by name: what teachers judge by, such as success, a reward of the suite or a number of the state."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...core.names import check_name
from ...core.trajectory import Step, Trajectory
from ..expression import make_reward

__all__ = ["figure", "reads_of"]

STATE = "state."

PLAIN: dict[str, tuple[Callable[[Step], float], frozenset[str]]] = {
    "reward": (lambda step: step.reward, frozenset({"outcome"})),
    "success": (lambda step: float(step.success), frozenset({"outcome"})),
    "steps": (lambda step: 1.0, frozenset()),
    "invalid": (lambda step: float(not step.valid), frozenset({"text"})),
    "effort": (lambda step: float(np.square(step.action).sum()), frozenset({"action"})),
}
"""Figures that every step has: how to read one, and what that reveals."""


def figure(trajectory: Trajectory, name: str) -> np.ndarray:
    """Return one figure of each of the T steps of a trajectory, (T,).

    A column that a scorer (or whoever recorded the steps) wrote under the very name comes first, so that figures which
    need the privileged state can be computed once and kept where the state is not.

    Args:
        trajectory: recorded steps.
        name: one of:
            a column of the steps' scores;
            "reward" (the env's own), "success", "steps" (1 each), "invalid" (1 for an action that did nothing),
            "effort" (squared length of an action that is an array);
            "objective": the episode's true score, at its last step;
            "state.NAME": a number of the privileged state after the step, such as "state.gap";
            the id or expression of a reward, such as "manipulation/tolerance-v1".

    Raises:
        UnknownNameError: the name is none of these.
        ValueError: the figure needs the state, which was not recorded.
    """
    if not trajectory.steps:
        return np.zeros(0)
    if all(name in step.scores for step in trajectory.steps):
        return trajectory.column(name)
    if name in PLAIN:
        return np.array([PLAIN[name][0](step) for step in trajectory.steps])
    if name == "objective":
        return np.array([0.0] * (len(trajectory) - 1) + [trajectory.objective])
    if "state" in reads_of(name) and any(step.next_state is None for step in trajectory.steps):
        where = f"the trajectory of task {trajectory.task_id!r} was recorded without states"
        raise ValueError(f"{name!r} is read from the state, but {where}: record them, or a column {name!r}")
    if name.startswith(STATE):
        return np.array([float(getattr(step.next_state, name.removeprefix(STATE))) for step in trajectory.steps])
    if "/" in name:
        return make_reward(name).relabel(trajectory)
    check_name("figure of a step", name, [*PLAIN, "objective", *trajectory.steps[0].scores], "the steps")
    return trajectory.column(name)  # some steps have it, so this says which is missing


def reads_of(name: str) -> frozenset[str]:
    """Return what a figure reveals, as names from `core.transition.READS`; of a column nobody knows, so the outcome."""
    if name in PLAIN:
        return PLAIN[name][1]
    if name.startswith(STATE):
        return frozenset({"state"})
    return make_reward(name).reads if "/" in name else frozenset({"outcome"})

"""What must not change what is paid: doing it again, doing it offline, and a time limit; and shaping must telescope."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from ....core.trajectory import Trajectory
from ....reward_models import Reward
from ....reward_models.base import transitions_of
from ..finding import Case, Finding, register_check

__all__ = ["repeatable", "shaping", "time_limit"]

NAMED = ("shaping", "potential")
"""Names of terms that say that they are potential-based shaping."""


@register_check("repeatable")
def repeatable(case: Case) -> list[Finding]:
    """Whether the same episode is paid the same when it is scored again."""
    if case.reward.learns:
        return [Finding("repeatable", "note", "The reward learns, so what it pays for an episode changes with time.")]
    for name, episodes in case.recorded.items():
        for one in episodes:
            once, again = case.reward.relabel(one), case.reward.relabel(one)
            if not np.array_equal(once, again):
                step = int(np.flatnonzero(once != again)[0])
                message = f"Step {step} of an episode of {name} is paid {once[step]:.4g}, then {again[step]:.4g}."
                return [Finding("repeatable", "broken", message)]
    return [Finding("repeatable", "ok", "Episodes that are scored again are paid the same.")]


@register_check("time limit")
def time_limit(case: Case) -> list[Finding]:
    """Whether a step is paid otherwise because the time limit cuts the episode after it."""
    for name, episodes in case.recorded.items():
        for one in episodes:
            steps = [step for step in one.steps if not step.terminated]
            if not steps:
                continue
            one = dataclasses.replace(one, steps=steps)
            plain, cut = (_with_last(one, truncated=value) for value in (False, True))
            a, b = float(case.reward.relabel(plain)[-1]), float(case.reward.relabel(cut)[-1])
            if abs(a - b) > 1e-9 * max(1.0, abs(a)):
                message = (
                    f"A step of {name} is paid {b:.4g} if the time limit cuts the episode after it and {a:.4g} if not: "
                    "an agent that bootstraps there is told a wrong value."
                )
                return [Finding("time limit", "broken", message, {"cut": b, "not cut": a})]
    return [Finding("time limit", "ok", "A time limit changes nothing in what is paid.")]


def _with_last(trajectory: Trajectory, **changes: bool) -> Trajectory:
    last = dataclasses.replace(trajectory.steps[-1], **changes)
    return dataclasses.replace(trajectory, steps=[*trajectory.steps[:-1], last])


@register_check("shaping")
def shaping(case: Case) -> list[Finding]:
    """Whether terms that are called shaping telescope: from one start every episode that ends gets the same."""
    names = [term for term in case.reward.bounds if term.rpartition(".")[2] in NAMED]
    if not names:
        return []
    gamma = case.reward.gamma or case.gamma
    sums: dict[str, list[float]] = {}
    for episodes in case.recorded.values():
        for one in episodes:
            if one.steps[-1].terminated:
                sums.setdefault(one.task_id, []).append(_discounted(case.reward, one, names, gamma))
    spread = max((np.ptp(values) for values in sums.values() if len(values) > 1), default=None)
    size = max((abs(value) for values in sums.values() for value in values), default=0.0)
    if spread is None:
        return [Finding("shaping", "note", "No two recorded episodes of one task ended, so shaping was not checked.")]
    if spread > 1e-6 * max(1.0, size):
        message = (
            f"Two episodes of one task that both end get shaping that differs by {spread:.3g} (discount {gamma:g}): it "
            "does not telescope, so it can change which policy is best."
        )
        return [Finding("shaping", "broken", message, {"spread": float(spread)})]
    return [Finding("shaping", "ok", f"Shaping telescopes to the same sum on every way to the end ({gamma:g}).")]


def _discounted(reward: Reward, trajectory: Trajectory, names: Sequence[str], gamma: float) -> float:
    import copy

    fresh = copy.deepcopy(reward)
    start, steps = transitions_of(trajectory)
    fresh.begin(start)
    total = 0.0
    for t, step in enumerate(steps):
        _, terms = fresh.pay(step)
        total += gamma**t * sum(float(terms[name][0]) for name in names)
    return total

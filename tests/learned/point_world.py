"""Episodes of a point that walks to a goal: demonstrations that need no simulation."""

from __future__ import annotations

from typing import Any

import numpy as np

from guerdon.core.trajectory import Step, Trajectory

__all__ = ["walks"]


def walks(
    count: int, seed: int = 0, wander: bool = False, side: float | None = None, hold: int = 4, steps: int = 12
) -> list[Trajectory]:
    """Return walks in the plane to the goal, straight with some noise, or `wander`ing.

    `side` is the direction, in radians, in which they all begin from the goal; None for anywhere around it.
    """
    rng, found = np.random.default_rng(seed), []
    for number in range(count):
        goal, turn = rng.uniform(-0.2, 0.2, size=2), rng.uniform(0, 2 * np.pi)
        turn = turn if side is None else side + 0.1 * np.sin(turn)
        place = goal + rng.uniform(0.7, 0.9) * np.array([np.cos(turn), np.sin(turn)])
        gait = (goal - place) / steps
        seen = [_seen(place, goal)]
        for step in range(steps + hold):
            if wander:
                place = place + rng.normal(size=2) * 0.15
            elif step < steps:
                place = place + gait + rng.normal(size=2) * 0.005
            seen.append(_seen(place, goal))
        done = [not wander and step >= steps - 1 for step in range(steps + hold)]
        taken = [
            Step(a, np.zeros(1, np.float32), b, success=d, tag="near" if i >= 9 else "far")
            for i, (a, b, d) in enumerate(zip(seen[:-1], seen[1:], done, strict=True))
        ]
        found.append(Trajectory(f"walk {number}", number, taken, truncated=True))
    return found


def _seen(place: np.ndarray, goal: np.ndarray) -> dict[str, Any]:
    return {"observation": place.copy(), "achieved_goal": place.copy(), "desired_goal": goal.copy()}

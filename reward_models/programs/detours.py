"""What a demonstration could have been: waiting on the way, going to and fro, missing the aim. Made, not played."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...core.trajectory import Step, Trajectory

__all__ = ["Detour", "detours_of", "left_behind", "looping", "misdirected", "waiting"]

WAITS = (0.25, 0.5, 0.75, 1.0)
"""Shares of a demonstration after which waiting is tried; the last, less one step, only where that ended it."""
LOOPS = (2, 4, 8, 16, 32)
"""Steps over which going to and fro is tried, as long as they are not more than half of a demonstration."""


@dataclass(frozen=True)
class Detour:
    """One thing that a demonstration could have been.

    Attributes:
        kind: "dwell" or "loop".
        demo: number of the demonstration.
        about: what is done in it, after "an agent that".
        trajectory: the episode.
    """

    kind: str
    demo: int
    about: str
    trajectory: Trajectory


def detours_of(demos: Sequence[Trajectory], horizon: int) -> list[Detour]:
    """Return waiting at several moments and going to and fro over several stretches, of each demonstration."""
    found = []
    for number, demo in enumerate(demos):
        size, ends = len(demo), demo.steps[-1].terminated
        for after in sorted({round(share * size) - (share == 1.0) for share in WAITS if share < 1.0 or ends}):
            if 1 <= after < size:
                about = f"stops after {after} of the {size} steps of a demonstration and waits"
                found.append(Detour("dwell", number, about, waiting(demo, after, horizon)))
        for after in sorted({*(steps for steps in LOOPS if 2 * steps <= size), max(1, size // 2)}):
            about = f"goes to and fro over the first {after} steps of a demonstration"
            found.append(Detour("loop", number, about, looping(demo, after, horizon)))
    return found


def waiting(demo: Trajectory, after: int, horizon: int) -> Trajectory:
    """Return the demonstration up to `after` steps and then nothing happening until `horizon` steps are full.

    The steps of waiting lead from a state to itself; of the real world nothing is asked. A success that held at that
    moment goes on to hold. `after` is at least 1 and less than the length of a demonstration that terminated.
    """
    last = demo.steps[after - 1]
    still = replace(last, obs=last.next_obs, state=last.next_state)
    return _cut(demo, [*demo.steps[:after], *[still] * (horizon - after)])


def looping(demo: Trajectory, after: int, horizon: int) -> Trajectory:
    """Return the demonstration's first `after` steps, the way back, the way there again, for `horizon` steps.

    The steps back are the steps there with their ends exchanged, and the actions of the steps there.
    """
    there = demo.steps[:after]
    back = [_reversed(demo, at) for at in range(after - 1, -1, -1)]
    steps: list[Step] = []
    while len(steps) < horizon:
        steps += there + back
    return _cut(demo, steps[:horizon])


def misdirected(demo: Trajectory, other: Trajectory, aims: Sequence[str]) -> Trajectory:
    """Return what was done in `demo` as if `other` had been asked for: its states, with the fields `aims` of the other.

    What the state derives from those fields (properties) changes with them; success is taken away.
    """
    asked = {name: getattr(other.steps[0].state, name) for name in aims}
    steps = [
        replace(step, state=replace(step.state, **asked), next_state=replace(step.next_state, **asked), success=False)
        for step in demo.steps
    ]
    return replace(demo, steps=steps)


def left_behind(demo: Trajectory, name: str) -> Trajectory:
    """Return what was done in `demo` as if one thing had stayed where it was: the field `name` of its first state.

    What the state derives from that field (properties) changes with it; success is taken away.
    """
    kept = {name: getattr(demo.steps[0].state, name)}
    steps = [
        replace(step, state=replace(step.state, **kept), next_state=replace(step.next_state, **kept), success=False)
        for step in demo.steps
    ]
    return replace(demo, steps=steps)


def _reversed(demo: Trajectory, at: int) -> Step:
    step = demo.steps[at]
    success = at > 0 and demo.steps[at - 1].success
    return replace(
        step, obs=step.next_obs, next_obs=step.obs, state=step.next_state, next_state=step.state, success=success
    )


def _cut(demo: Trajectory, steps: list[Step]) -> Trajectory:
    """Return steps as an episode that goes on to the time limit."""
    free = [replace(step, terminated=False, truncated=False) for step in steps]
    free[-1].truncated = True
    return replace(demo, steps=free, truncated=True)

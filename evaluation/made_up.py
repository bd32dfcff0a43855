"""What is made of demonstrations, to be told from them: detours, other tasks' aims, things left behind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.trajectory import Trajectory
from ..reward_models.programs.detours import left_behind, looping, misdirected, waiting
from ..reward_models.programs.state_fields import fields_of

__all__ = ["MADE_UP", "aims_of", "better_made_up", "made_up", "way_of"]

WAITS = (0.25, 0.5, 0.75, 1.0)
"""Shares of a demonstration's way after which waiting is made up; the last, less one step, only where it terminated."""
LEFT = "left behind: "
MADE_UP = ("waiting ", "looping", "misdirected ", LEFT)
"""How the names of what is not played begin."""
MISDIRECTED = 3
SAME = 1e-3
"""Fields that differ by no more than this where episodes begin are taken for the same."""
STILL = 0.1
"""A demonstration has arrived once no number of the state is further than this share of its range from the last."""


def made_up(demos: Sequence[Trajectory], ways: Sequence[int], horizon: int, world: str) -> dict[str, list[Trajectory]]:
    """Return everything that is made of demonstrations, by name: see `gather`."""
    return {**_detours(demos, ways, horizon), **_misdirected(demos, world), **_left_behind(demos, world)}


def _detours(demos: Sequence[Trajectory], ways: Sequence[int], horizon: int) -> dict[str, list[Trajectory]]:
    pairs = list(zip(demos, ways, strict=True))
    found = {"looping": [looping(one, max(1, way // 2), horizon) for one, way in pairs]}
    for share in WAITS:
        if share < 1.0 or all(one.steps[-1].terminated for one in demos):
            found[f"waiting {share}"] = [
                waiting(one, min(max(1, round(share * way)), len(one) - 1), horizon)
                for one, way in pairs
                if len(one) > 1
            ]
    return found


def _misdirected(demos: Sequence[Trajectory], world: str) -> dict[str, list[Trajectory]]:
    """Return every demonstration with the aim of the next one, of the one after it, ..."""
    aims = aims_of(demos, world)
    shifts = range(1, min(MISDIRECTED, len(demos) - 1) + 1) if aims else ()
    return {
        f"misdirected {shift}": [misdirected(one, demos[(i + shift) % len(demos)], aims) for i, one in enumerate(demos)]
        for shift in shifts
    }


def _left_behind(demos: Sequence[Trajectory], world: str) -> dict[str, list[Trajectory]]:
    """Return every demonstration with each of the things that move left where it was.

    The hand that goes where the cube should go without the cube, and the cube that goes by itself: by these the terms
    that are about how things stand to each other are told from those that only happen to go together.
    """
    return {f"{LEFT}{name}": [left_behind(one, name) for one in demos] for name in _moving(demos, world)}


def better_made_up(demos: Sequence[Trajectory], free: Sequence[Trajectory], world: str) -> list[tuple[str, str]]:
    """Return pairs (better, worse) of names of what is made of demonstrations.

    To have come half or three quarters of the way is better than to do all of it with a thing left behind. A thing is
    what moves in demonstrations and stays where it is in most episodes of `free` play, so not the hand.
    """
    staying = {name: np.mean([not _moves(one, name) for one in free]) for name in _moving(demos, world)}
    things = [name for name, share in staying.items() if share > 0.5]
    return [(f"waiting {share}", f"{LEFT}{name}") for name in things for share in (0.5, 0.75)]


def _moving(demos: Sequence[Trajectory], world: str) -> list[str]:
    """Return the places that are other ones at the end of every demonstration than at its beginning."""
    places = [name for name, field in fields_of(world).items() if field.size > 1 and field.unit == "m"]
    return [name for name in places if all(_moves(one, name) for one in demos)]


def _moves(one: Trajectory, name: str) -> bool:
    first, last = getattr(one.steps[0].state, name), getattr(one.steps[-1].next_state, name)
    return bool(np.abs(np.asarray(first) - np.asarray(last)).max() > SAME)


def aims_of(demos: Sequence[Trajectory], world: str) -> list[str]:
    """Return the fields that say what is asked for: the same all through an episode, and not in all episodes.

    A field that is equal to another where every episode begins records the start; it says nothing of the aim.
    """
    cls = type(demos[0].steps[0].state)
    places = [name for name, field in fields_of(world).items() if not field.derived]
    ends = [cls.stack([one.steps[0].state, *(step.next_state for step in one.steps)]) for one in demos]
    first = {name: np.array([getattr(states, name)[0] for states in ends]) for name in places}

    def fixed(name: str) -> bool:
        return all((getattr(states, name) == getattr(states, name)[0]).all() for states in ends)

    constant = [name for name in places if fixed(name) and (first[name] != first[name][0]).any()]
    moving = [name for name in places if not fixed(name)]
    return [
        name
        for name in constant
        if not any(
            first[name].shape == first[other].shape and np.allclose(first[name], first[other], atol=SAME)
            for other in moving
        )
    ]


def way_of(demo: Trajectory, world: str) -> int:
    """Return how many steps a demonstration is on its way, judged by the places of things alone where there are any."""
    states = type(demo.steps[0].next_state).stack([step.next_state for step in demo.steps])
    if demo.steps[-1].terminated:
        return len(demo)
    fields = fields_of(world).values()
    names = [field.name for field in fields if field.unit == "m" and field.size > 1] or [field.name for field in fields]
    numbers = [np.asarray(getattr(states, name), dtype=float).reshape(len(demo), -1) for name in names]
    values = np.concatenate(numbers, axis=1)
    span = np.ptp(values, axis=0)
    far = np.abs(values - values[-1]) / np.where(span > 0, span, 1.0)
    moving = np.flatnonzero((far > STILL).any(axis=1))
    return min(len(demo), int(moving[-1]) + 2) if len(moving) else len(demo)

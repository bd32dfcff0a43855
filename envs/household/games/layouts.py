"""112 rooms of our own drawing: which receptacles stand in each, which open, and which stand together.

A layout is fixed: all games in one scene share it and differ in their objects. The layouts are drawn, not
copied, by a seeded procedure that reproduces the statistics of the ALFWorld scenes (`layouts.json`): 28
rooms of each of four kinds, the number of receptacles of each type, the part of them that can be opened and
the part that shares its location with others. Scene numbers follow AI2-THOR: kitchens 1 to 28, living rooms
201 to 228, bedrooms 301 to 328, bathrooms 401 to 428.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from ....core.names import UnknownNameError
from ....core.random import derive_seed
from ..scene import Receptacle
from .affordances import accepts
from .draws import below, shuffle, spread, weighted

__all__ = ["ROOMS", "UNSEEN_SCENES", "Layout", "layout", "scene_numbers"]

ROOMS = {"kitchen": 1, "living": 201, "bedroom": 301, "bathroom": 401}
"""Room kinds and the number of the first scene of each."""

PER_ROOM = 28
UNSEEN_SCENES = tuple(first + PER_ROOM - 1 for first in ROOMS.values())
"""The last scene of each kind, kept out of training: the games of `valid_unseen` are played there only."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The fixed part of a scene. `agent_loc` is a spot that no receptacle shares; the agent starts there."""

    scene: int
    room: str
    receptacles: tuple[Receptacle, ...]
    agent_loc: int
    can_contain: Mapping[str, frozenset[str]]

    @property
    def types(self) -> frozenset[str]:
        """The receptacle types of the scene."""
        return frozenset(self.can_contain)


def scene_numbers(room: str) -> range:
    """Return the numbers of the 28 scenes of a room kind."""
    return range(ROOMS[room], ROOMS[room] + PER_ROOM)


def layout(scene: int) -> Layout:
    """Return the layout of one scene.

    Raises:
        UnknownNameError: there is no scene of that number.
    """
    room = next((room for room in ROOMS if scene in scene_numbers(room)), None)
    if room is None:
        raise UnknownNameError("scene", scene, [str(number) for room in ROOMS for number in scene_numbers(room)])
    return _rooms(room)[scene - ROOMS[room]]


@cache
def _statistics() -> dict[str, Any]:
    return json.loads(Path(__file__).with_name("layouts.json").read_text(encoding="utf-8"))


@cache
def _rooms(room: str) -> tuple[Layout, ...]:
    """Draw all 28 layouts of a room kind at once, because the statistics hold over the whole set."""
    rng = Random(derive_seed("household layouts", room))
    counts = _draw_counts(room, rng)
    openable = {kind: _draw_openable(kind, sum(row), rng) for kind, row in sorted(counts.items())}
    drawn, carry = [], 0.0
    for index, scene in enumerate(scene_numbers(room)):
        names = [(kind, number) for kind in sorted(counts) for number in range(counts[kind][index], 0, -1)]
        carry += _statistics()["rooms"][room]["shared"] * len(names)
        locs, shared = _draw_locations(len(names), carry, rng)
        carry -= shared
        receptacles = tuple(
            Receptacle(f"{kind} {number}", kind, loc, openable[kind].pop(), open=False)
            for (kind, number), loc in zip(names, locs, strict=True)
        )
        can_contain = {kind: accepts(kind) for kind in dict.fromkeys(kind for kind, _ in names)}
        drawn.append(Layout(scene, room, receptacles, max(locs) + 1, can_contain))
    return tuple(drawn)


def _draw_counts(room: str, rng: Random) -> dict[str, list[int]]:
    """Return, for each receptacle type, how many of it each of the 28 scenes has."""
    rules = _statistics()["rooms"][room]
    counts = {}
    for kind, (fewest, mean, most) in rules["receptacles"].items():
        counts[kind] = spread(fewest, mean, most, PER_ROOM)
        shuffle(counts[kind], rng)
    # Each type alone is right by now. Trade counts between scenes until no room is too bare or too full.
    fewest, most = rules["total"]
    kinds = sorted(counts)
    while True:
        totals = [sum(counts[kind][scene] for kind in kinds) for scene in range(PER_ROOM)]
        outside = [scene for scene, total in enumerate(totals) if not fewest <= total <= most]
        if not outside:
            return counts
        here, there = outside[0], below(PER_ROOM, rng)
        row = counts[kinds[below(len(kinds), rng)]]
        if (row[there] - row[here]) * (1 if totals[here] < fewest else -1) > 0:
            row[here], row[there] = row[there], row[here]


def _draw_openable(kind: str, number: int, rng: Random) -> list[bool]:
    """Return for each receptacle of a type whether it opens, with the right share over all scenes."""
    yes = int(_statistics()["openable"].get(kind, 0.0) * number + 0.5)
    deck = [True] * yes + [False] * (number - yes)
    shuffle(deck, rng)
    return deck


def _draw_locations(number: int, budget: float, rng: Random) -> tuple[list[int], int]:
    """Return the location of each of `number` receptacles, and how many of them share theirs.

    Neighbours in the list (mostly of one type: two drawers, two cabinets) are reached together, in groups
    of two to five, while `budget` lasts.
    """
    weights = {int(size): weight for size, weight in _statistics()["groups"].items()}
    group = list(range(number))
    shared = 0
    while True:
        size = weighted(weights, rng)
        start = below(number, rng)
        members = range(start, start + size)
        if shared + size > budget:
            break
        if members.stop <= number and all(group.count(group[member]) == 1 for member in members):
            for member in members:
                group[member] = start
            shared += size
    spots = sorted(set(group))
    shuffle(spots, rng)
    return [spots.index(start) for start in group], shared

"""What a scene holds: its object types, how many of each, where they tend to lie, which goals they allow.

Counts and habits are statistics of the ALFWorld games (`placements.json`): an egg lies in the fridge in one
game out of four, a pillow on the bed in two out of three. Whether a scene has an object type at all is
fixed for the scene (no kettle in kitchen 3); how many there are and where they lie changes by game.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from ....core.random import derive_seed
from ..scene import TASK_TYPES
from .affordances import accepts, flags_of, is_trap
from .draws import shuffle
from .layouts import PER_ROOM, UNSEEN_SCENES, layout, scene_numbers

__all__ = ["affinities", "goal_weights", "inventory", "mean_listings"]

LAMP = "desklamp"
SCARCE = 1.3
"""Types with fewer objects a game than this are missing from some scenes altogether..."""
MEAN_WHEN_PRESENT = 1.9
"""...and have so many, on average, in the scenes that do have them."""


@cache
def _statistics() -> dict[str, Any]:
    return json.loads(Path(__file__).with_name("placements.json").read_text(encoding="utf-8"))


def mean_listings(object_type: str) -> float:
    """Return in how many receptacles an object of this type is listed on average.

    Below 1, the rest lies out of sight; above 1, the rest is listed in two receptacles at once, as
    a pan between two stove burners is.
    """
    return _statistics()["listed"][object_type]


@cache
def affinities(scene: int, object_type: str) -> Mapping[str, float]:
    """Return receptacle type -> weight over the receptacle types of a scene; empty if nothing fits."""
    weights = _statistics()["affinity"][object_type]
    present = layout(scene).types
    return {kind: weight for kind, weight in weights.items() if kind in present}


def inventory(scene: int) -> Mapping[str, float]:
    """Return object type -> mean number of such objects in a game of this scene (1 or more), by name."""
    place = layout(scene)
    return _room_inventories(place.room)[scene]


@cache
def _room_inventories(room: str) -> dict[int, dict[str, float]]:
    rng = Random(derive_seed("household inventories", room))
    found: dict[int, dict[str, float]] = {scene: {} for scene in scene_numbers(room)}
    for kind, mean in sorted(_statistics()["per_game"][room].items()):
        # Fixed things and traps are single.
        single = "pickupable" not in flags_of(kind) or is_trap(kind)
        number = 1.0 if single else mean if mean >= SCARCE else MEAN_WHEN_PRESENT
        scenes = [scene for scene in scene_numbers(room) if affinities(scene, kind)]
        shuffle(scenes, rng)
        if kind == LAMP:  # Without a lamp in the unseen scene, no unseen game could be about one.
            scenes.sort(key=lambda scene: scene not in UNSEEN_SCENES)
        for scene in scenes[: int(PER_ROOM * min(mean / number, 1.0) + 0.5)]:
            found[scene][kind] = number
    return found


@cache
def goal_weights(task_id: int, scene: int) -> Mapping[tuple[str, str], float]:
    """Return (object type, receptacle or lamp type) -> weight of the goals of a task type that fit a scene.

    A goal fits if the scene has objects of the type, a receptacle that accepts them, and, where lying in
    the receptacle is all that the goal asks for, some other place in which they can lie at the start.
    """
    task = TASK_TYPES[task_id]
    held = inventory(scene)
    weights = {}
    for kind, games in _statistics()["targets"][task].items():
        if kind not in held:
            continue
        for target, share in _statistics()["destinations"][task].items():
            if task_id == 2:
                fits = target in held
            else:
                fits = target in layout(scene).types and kind in accepts(target)
                fits = fits and (task_id not in (1, 6) or set(affinities(scene, kind)) != {target})
            if fits:
                weights[kind, target] = float(games * share)
    return weights

"""Which games there are: the task type and the scene of every game of every split, without the games.

The splits have the sizes of ALFWorld's (Shridhar et al., 2021), task type by task type. Training uses 108
scenes; `valid_seen` uses 76 of them with new placements; `valid_unseen` uses the four scenes kept out of
training. The protocol names are those under which results are published (RLVMR, 2025): L0 evaluates on seen
scenes, L1 on unseen ones, and L2 on unseen scenes with task types that training left out.
"""

from __future__ import annotations

from functools import cache
from random import Random

from ....core.names import check_name
from ....core.random import derive_seed
from ..scene import TASK_TYPES
from .draws import shuffle
from .inventories import goal_weights
from .layouts import ROOMS, UNSEEN_SCENES, scene_numbers

__all__ = ["PROTOCOLS", "SPLITS", "plan", "resolve_split"]

SPLITS = {
    "train": (790, 308, 650, 459, 533, 813),
    "valid_seen": (35, 13, 27, 16, 25, 24),
    "valid_unseen": (24, 18, 31, 23, 21, 17),
}
"""Games of each split by task type, 1 to 6: 3,553, 140 and 134 in all."""

EVERY = tuple(TASK_TYPES)
PROTOCOLS = {
    "L0/train": ("train", EVERY),
    "L0/eval": ("valid_seen", EVERY),
    "L1/train": ("train", EVERY),
    "L1/eval": ("valid_unseen", EVERY),
    "L2/train": ("train", (1, 2, 3, 4)),
    "L2/eval": ("valid_unseen", (5, 6)),
}
"""Protocol name to (split, task types)."""

_GAMES_BY_ROOM = {
    1: {"kitchen": 92, "living": 226, "bedroom": 251, "bathroom": 280},
    2: {"living": 53, "bedroom": 286},
    3: {"kitchen": 541, "bathroom": 167},
    4: {"kitchen": 498},
    5: {"kitchen": 579},
    6: {"kitchen": 131, "living": 226, "bedroom": 249, "bathroom": 248},
}
_SEEN_SCENES = {"kitchen": 22, "living": 16, "bedroom": 19, "bathroom": 19}


def resolve_split(split: str) -> tuple[str, tuple[int, ...]]:
    """Return the plain split and the task types that a split or protocol name stands for.

    Raises:
        UnknownNameError: there is no such split.
    """
    check_name("split", split, (*SPLITS, *PROTOCOLS))
    return PROTOCOLS.get(split, (split, EVERY))


@cache
def plan(split: str) -> tuple[tuple[int, int], ...]:
    """Return (task id, scene number) of every game of a plain split, in the order of the games."""
    rng = Random(derive_seed("household split", split))
    scenes = {room: _scenes(split, room) for room in ROOMS}
    load = {scene: 0 for row in scenes.values() for scene in row}
    entries = []
    # Looking under a lamp comes first: it fits fewest scenes, and the others then even out the load.
    for task_id in (2, 1, 3, 4, 5, 6):
        for room, number in _apportion(SPLITS[split][task_id - 1], _GAMES_BY_ROOM[task_id]).items():
            fitting = [scene for scene in scenes[room] if goal_weights(task_id, scene)]
            for _ in range(number):
                scene = min(fitting, key=load.__getitem__)
                load[scene] += 1
                entries.append((task_id, scene))
    shuffle(entries, rng)
    return tuple(entries)


def _scenes(split: str, room: str) -> list[int]:
    """Return the scenes of a room kind that a split uses, shuffled."""
    if split == "valid_unseen":
        return [scene for scene in scene_numbers(room) if scene in UNSEEN_SCENES]
    scenes = [scene for scene in scene_numbers(room) if scene not in UNSEEN_SCENES]
    shuffle(scenes, Random(derive_seed("household split", split, room)))
    return scenes[: _SEEN_SCENES[room]] if split == "valid_seen" else scenes


def _apportion(number: int, shares: dict[str, int]) -> dict[str, int]:
    """Share out `number` games in proportion to `shares`; the largest remainders get the odd ones."""
    whole = sum(shares.values())
    parts = {room: number * share // whole for room, share in shares.items()}
    by_remainder = sorted(shares, key=lambda room: (-(number * shares[room] % whole), room))
    for room in by_remainder[: number - sum(parts.values())]:
        parts[room] += 1
    return parts

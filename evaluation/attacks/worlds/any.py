"""any: the world of every env that no other file here claims; what can go wrong is known, other words are not."""

from __future__ import annotations

from ..redoing import dropped_step, other_action, swapped_steps
from ..world import World, register_world

__all__ = ["ANY"]

ANY = register_world(
    World(
        "any",
        breaking={"dropped step": dropped_step, "swapped steps": swapped_steps, "other action": other_action()},
    )
)

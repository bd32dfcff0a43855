"""Household games of our own: made when asked for, the same on every machine, in less than a millisecond.

A game is a scene's fixed layout, objects drawn from the scene's inventory and placed by habit, and one goal
that fits. By construction every game can be won and none is won at the start: enough objects of the target
type lie where they can be taken, the scene has a receptacle that accepts them and the appliance or lamp
that the goal needs, and no target lies where it should end. Traps (a paper towel roll, a teddy bear) are
left in about a quarter of the games on purpose.
"""

from __future__ import annotations

from random import Random

from ....core.names import UnknownNameError
from ....core.random import derive_seed
from ..scene import Goal, Item, Receptacle, Scene
from .affordances import accepts, flags_of
from .draws import below, weighted
from .goals import STATE_OF_TASK, goal_sentences
from .inventories import affinities, goal_weights, inventory, mean_listings
from .layouts import Layout, layout
from .splits import plan

__all__ = ["GeneratedGames", "generate"]

VERSION = 1
"""Part of every seed. Whatever changes the content of games raises it."""

INSIDE_SHARE = 0.5
"""Part of the small objects out of sight that lie inside another object, such as a mug."""
COOLED_SHARE = 0.055
"""Part of the things in a fridge that count as cooled already."""
EXTRA_TARGET_SHARE = 0.35
"""Part of the games with one more object of the target type than the scene would have by itself."""
ALL_HIDDEN_SHARE = 0.45
"""Of the games whose targets would all start behind doors, the part left so."""


def generate(split: str, index: int) -> Scene:
    """Return game number `index` of a plain split ("train", "valid_seen" or "valid_unseen").

    Raises:
        IndexError: the split has no game of that number.
    """
    entries = plan(split)
    if not 0 <= index < len(entries):
        raise IndexError(f"{split} has games 0 to {len(entries) - 1}, not {index}")
    task_id, number = entries[index]
    rng = Random(derive_seed("household game", VERSION, split, index))
    place = layout(number)
    kind, target = weighted(goal_weights(task_id, number), rng)
    goal = Goal(
        object_type=kind,
        receptacle_type=None if task_id == 2 else target,
        toggle_type=target if task_id == 2 else None,
        state=STATE_OF_TASK.get(task_id),
        count=2 if task_id == 6 else 1,
    )
    return Scene(
        id=f"{split}-{index:04d}",
        room=place.room,
        task_id=task_id,
        goal_text=goal_sentences(task_id, goal)[below(2, rng)],
        goal=goal,
        agent_loc=place.agent_loc,
        receptacles=place.receptacles,
        objects=tuple(_Furnisher(place, goal, rng).furnish()),
        can_contain=place.can_contain,
    )


class GeneratedGames:
    """The games of one split, or those of some task types, made one at a time when asked for.

    Args:
        split: a plain split.
        task_types: ids of the task types to keep.
    """

    def __init__(self, split: str, task_types: tuple[int, ...]):
        self._index = {
            f"{split}-{index:04d}": index for index, (task_id, _) in enumerate(plan(split)) if task_id in task_types
        }
        self._ids = tuple(self._index)
        self._split = split

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all games."""
        return self._ids

    def task_type(self, game_id: str) -> int:
        """Return the task id of a game, without making the game."""
        return plan(self._split)[self._find(game_id)][0]

    def scene(self, game_id: str) -> Scene:
        """Make a game."""
        return generate(self._split, self._find(game_id))

    def _find(self, game_id: str) -> int:
        if game_id not in self._index:
            raise UnknownNameError("game", game_id, self._index)
        return self._index[game_id]


class _Furnisher:
    """Draws and places the objects of one game."""

    def __init__(self, place: Layout, goal: Goal, rng: Random):
        self.place, self.goal, self.rng = place, goal, rng
        self.by_type: dict[str, list[Receptacle]] = {}
        for receptacle in place.receptacles:
            self.by_type.setdefault(receptacle.type, []).append(receptacle)

    def furnish(self) -> list[Item]:
        """Return the objects: by type, and within a type by number, descending."""
        listed: list[tuple[str, int, tuple[Receptacle, ...]]] = []
        for kind, mean in inventory(self.place.scene).items():
            number = 1 + sum(self.rng.random() < (mean - 1) / 3 for _ in range(3 if mean > 1 else 0))
            where = self._place_targets(number) if kind == self.goal.object_type else self._place(kind, number)
            listed.extend((kind, len(where) - index, places) for index, places in enumerate(where))
        order = {receptacle.name: index for index, receptacle in enumerate(self.place.receptacles)}
        holders = [
            (f"{kind} {number}", places) for kind, number, places in listed if places and "container" in flags_of(kind)
        ]
        items = []
        for kind, number, places in listed:
            inside = None
            if not places and holders and self._is_small(kind) and self.rng.random() < INSIDE_SHARE:
                inside, shown = holders[below(len(holders), self.rng)]
                locs = (shown[0].loc,)
            else:
                locs = tuple(receptacle.loc for receptacle in places[:1])
            names = sorted((receptacle.name for receptacle in places), key=order.__getitem__)
            state = self._state(kind, places)
            items.append(Item(f"{kind} {number}", kind, flags_of(kind), state, tuple(names), inside, locs))
        return items

    def _place(self, kind: str, number: int, shown: int = 0, avoid: str | None = None) -> list[tuple[Receptacle, ...]]:
        """Return the receptacles that list each of `number` objects; at least `shown` lie somewhere."""
        mean = mean_listings(kind)
        first = below(number, self.rng)
        where = []
        for index in range(number):
            certain = (index - first) % number < shown
            if not certain and self.rng.random() >= mean:
                where.append(())
                continue
            places = [self._receptacle(kind, avoid)]
            if mean > 1 and self.rng.random() < mean - 1:
                other = self._receptacle(kind, avoid)
                if other is not places[0]:
                    places.append(other)
            where.append(tuple(places))
        return where

    def _place_targets(self, number: int) -> list[tuple[Receptacle, ...]]:
        """Place the objects that the goal is about so that it can be reached and is not reached yet."""
        kind, needed = self.goal.object_type, self.goal.count
        number = max(number, needed) + (self.rng.random() < EXTRA_TARGET_SHARE)
        # Where lying in the right place is all that is asked, none lies there yet.
        avoid = None if self.goal.state else self.goal.receptacle_type
        where = self._place(kind, number, needed, avoid)
        shown = [index for index, places in enumerate(where) if places]
        hidden = all(receptacle.openable for index in shown for receptacle in where[index])
        if hidden and self.rng.random() >= ALL_HIDDEN_SHARE:
            where[shown[0]] = (self._receptacle(kind, avoid, in_sight=True),)
        return where

    def _receptacle(self, kind: str, avoid: str | None = None, in_sight: bool = False) -> Receptacle:
        """Draw one receptacle for an object by the habits of its type, if possible one that has no door."""
        weights = affinities(self.place.scene, kind)
        if avoid in weights:
            weights = {name: weight for name, weight in weights.items() if name != avoid}
        if in_sight:
            bare = {name for name in weights if any(not place.openable for place in self.by_type[name])}
            weights = {name: weight for name, weight in weights.items() if name in bare} or weights
        choices = self.by_type[weighted(weights, self.rng)]
        if in_sight:
            choices = [receptacle for receptacle in choices if not receptacle.openable] or choices
        return choices[below(len(choices), self.rng)]

    def _is_small(self, kind: str) -> bool:
        fits = kind in accepts("drawer") or kind in accepts("microwave")
        return fits and "container" not in flags_of(kind)

    def _state(self, kind: str, places: tuple[Receptacle, ...]) -> frozenset[str]:
        if kind == self.goal.object_type or "coolable" not in flags_of(kind):
            return frozenset()
        if any(receptacle.type == "fridge" for receptacle in places) and self.rng.random() < COOLED_SHARE:
            return frozenset({"cool"})
        return frozenset()

"""A scene compiled for speed: names become indices, and what never changes in an episode is computed once.

One `World` serves every episode of its scene and every copy of the env in the process.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, ClassVar, Literal

from .scene import FLAGS, STATES, Scene
from .sentences import listing, sight

__all__ = ["Dialect", "Operation", "View", "World", "operation"]

Dialect = Literal["move", "put"]
Operation = tuple[Callable[..., str], int, int]

WELCOME = "-= Welcome to TextWorld, ALFRED! =-"
MAX_VIEWS = 40_000  # admissible lists kept in a process, about 1 kB each
MAX_LOCAL = 4096  # looks of places that are numbered per world
APPLIANCES = {"clean": "sinkbasin", "heat": "microwave", "cool": "fridge"}
VERB_OF_STATE = {"clean": "clean", "hot": "heat", "cool": "cool"}
KNIVES = ("knife", "butterknife")


@lru_cache(maxsize=65536)
def operation(act: Callable[..., str], first: int, second: int) -> Operation:
    """Return what a command does, a function and two indices, as one object for all worlds."""
    return act, first, second


class View:
    """The admissible commands in some situation.

    Attributes:
        here: commands about things at hand, each with what it does.
        away: the `go to` commands, likewise; the same dict for all games of a scene.
        listed: all of them in the engine's order. It is shared: copy it before it is changed.
    """

    __slots__ = ("away", "here", "listed")

    def __init__(self, here: dict[str, Operation], away: dict[str, Operation], listed: list[str]):
        self.here, self.away, self.listed = here, away, listed

    def __iter__(self) -> Iterator[str]:
        return iter(self.listed)

    def __contains__(self, command: object) -> bool:
        return command in self.away or command in self.here


class World:
    """The compiled, read-only form of a `Scene`. Receptacles and objects are indices in the scene's order.

    Args:
        scene: the game.
        dialect: "move" (ALFWorld >= 0.4) or "put" (ALFWorld <= 0.3.5).
        origin: a function and its arguments that give this world again, for copies in other processes; without it the
            world carries its scene along.

    Attributes (R receptacles, O objects):
        rec_names, rec_locs: length R; `openable` is a bit mask over receptacles.
        obj_names, obj_types: length O; `flagged[flag]` is the set of objects that carry a flag.
        recs_at: location -> indices of the receptacles there.
        accepts: object type -> indices of the receptacles that take it.
    """

    def __init__(
        self, scene: Scene, dialect: Dialect = "move", origin: tuple[Callable[..., World], tuple] | None = None
    ):
        self.dialect: Dialect = dialect
        self.origin = origin or (World, (scene, dialect))
        self.id, self.task_id, self.task_type = scene.id, scene.task_id, scene.task_type
        self.goal, self.goal_text, self.agent_loc = scene.goal, scene.goal_text, scene.agent_loc
        recs, objs = scene.receptacles, scene.objects
        self.rec_names = tuple([r.name for r in recs])
        self.rec_locs = tuple([r.loc for r in recs])
        self.obj_names = [o.name for o in objs]
        self.obj_types = [o.type for o in objs]
        self.openable = sum(1 << i for i, r in enumerate(recs) if r.openable)
        self.opened = sum(1 << i for i, r in enumerate(recs) if r.open)
        self.flagged = {f: frozenset(i for i, o in enumerate(objs) if f in o.flags) for f in FLAGS}
        self.sliceable = sorted(self.flagged["sliceable"])
        self.knives = frozenset(i for i, o in enumerate(objs) if o.type in KNIVES)

        self.recs_at: dict[int, tuple[int, ...]] = {scene.agent_loc: ()}
        for i, loc in enumerate(self.rec_locs):
            self.recs_at[loc] = (*self.recs_at.get(loc, ()), i)
        self.mask_at = {loc: sum(1 << i for i in here) for loc, here in self.recs_at.items()}
        self.accepts = {
            kind: frozenset(i for i, r in enumerate(recs) if kind in scene.can_contain.get(r.type, ()))
            for kind in set(self.obj_types)
        }
        self.appliance = {
            verb: frozenset(i for i, r in enumerate(recs) if r.type == kind) for verb, kind in APPLIANCES.items()
        }

        index = {r.name: i for i, r in enumerate(recs)}
        contents: list[list[int]] = [[] for _ in recs]
        for i, o in enumerate(objs):
            for name in o.receptacles:
                contents[index[name]].append(i)
        self.contents = [tuple(inside) for inside in contents]
        self.states = [sum(1 << STATES.index(s) for s in o.state) for o in objs]
        self.locs = [frozenset(o.locs) for o in objs]
        self.hidden_in = [[x.name for x in objs if x.inside == o.name] for o in objs]

        self.goal_objects = frozenset(
            i
            for i, o in enumerate(objs)
            if o.type == scene.goal.object_type
            and (scene.goal.state is None or _FLAG_OF_STATE[scene.goal.state] in o.flags)
        )
        self.goal_receptacles = frozenset(i for i, r in enumerate(recs) if r.type == scene.goal.receptacle_type)
        self.lamps = frozenset(i for i, o in enumerate(objs) if o.type == scene.goal.toggle_type)

        # What the planner asks for: the goal's things and the appliance that the goal needs.
        self.watched = self.goal_objects | self.lamps
        self.watched_in_order = sorted(self.watched)
        self.takeable_goals = self.goal_objects & self.flagged["pickupable"]
        state = scene.goal.state
        self.goal_appliances = self.appliance[VERB_OF_STATE[state]] if state else frozenset[int]()
        self.accept_order = {kind: tuple(sorted(places)) for kind, places in self.accepts.items()}
        self.target_order = tuple(
            sorted(self.goal_receptacles & self.accepts.get(scene.goal.object_type, frozenset[int]()))
        )
        self.type_numbers = {kind: number for number, kind in enumerate(sorted(self.accepts))}
        self.accept_mask = {kind: sum(1 << r for r in places) for kind, places in self.accepts.items()}
        self.accept_locs = {kind: frozenset(self.rec_locs[r] for r in places) for kind, places in self.accepts.items()}

        # What every episode starts from: the sentences of the receptacles and how each place looks.
        self.arrivals = [
            f"You arrive at {name}. " if dialect == "move" else f"You arrive at loc {loc}. "
            for name, loc in zip(self.rec_names, self.rec_locs, strict=True)
        ]
        self.sights: list[str | None] = [
            sight(r.name, r.openable, r.open, [self.obj_names[o] for o in things])
            for r, things in zip(recs, self.contents, strict=True)
        ]
        self.first_observation = f"{WELCOME}\n\n{self._intro()}\n\nYour task is to: {scene.goal_text}"
        self._memo()

    views_kept: ClassVar[int] = 0

    def _memo(self) -> None:
        self.ways: dict[int, View] = {}
        self.views: dict[tuple[int, int, tuple[int, ...]], View] = {}
        self.local_ids: dict[tuple[Any, ...], int] = {}
        self.situations: dict[tuple[int, int, int], Any] = {}
        self.placements: dict[tuple[Any, ...], Any] = {}
        self.numbers = itertools.count()
        self.looks = {loc: self.local_id(loc, self.opened, self.contents) for loc in self.recs_at}

    def __reduce__(self) -> tuple[Callable[..., World], tuple]:
        return self.origin

    def phrase(self, verb: str, o: int, r: int) -> str:
        """Write the command that does `verb` (take, move, heat, cool, clean, use) to an object at a receptacle."""
        thing, place = self.obj_names[o], self.rec_names[r]
        if verb == "use":
            return f"use {thing}"
        if verb == "take":
            return f"take {thing} from {place}"
        if verb != "move":
            return f"{verb} {thing} with {place}"
        return f"move {thing} to {place}" if self.dialect == "move" else f"put {thing} in/on {place}"

    def local_id(self, loc: int, opened: int, contents: list[tuple[int, ...]]) -> int:
        """Return a number that stands for how location `loc` looks: what is open there and what lies there."""
        key = (loc, opened & self.mask_at[loc], *[contents[r] for r in self.recs_at[loc]])
        found = self.local_ids.get(key)
        if found is None:
            if len(self.local_ids) >= MAX_LOCAL:
                self.local_ids.clear()
            found = self.local_ids[key] = next(self.numbers)
        return found

    def remember_view(self, key: tuple[int, int, tuple[int, ...]], view: View) -> View:
        """Keep one admissible list. When the process keeps too many, this world forgets its own first."""
        if World.views_kept >= MAX_VIEWS:
            self.forget_views()
        self.views[key] = view
        World.views_kept += 1
        return view

    def forget_views(self) -> None:
        """Forget the admissible lists of this world."""
        World.views_kept -= len(self.views)
        self.views.clear()

    def __del__(self) -> None:
        if hasattr(self, "views"):
            self.forget_views()

    def _intro(self) -> str:
        here = self.recs_at[self.agent_loc]
        if here:
            names = listing([self.rec_names[r] for r in here], "")
            return f"You are facing the {names}. Next to it, you see nothing."
        around = listing(list(self.rec_names))
        return f"You are in the middle of a room. Looking quickly around you, you see {around}."


_FLAG_OF_STATE = {"clean": "cleanable", "hot": "heatable", "cool": "coolable"}

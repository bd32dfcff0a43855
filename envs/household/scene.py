"""A household scene as plain data: one room, its receptacles, its objects and one task to do in it.

This is the form in which games enter from every source (our generator, a user's ALFWorld data, scene files)
and the JSON schema of scene files, one scene a line. The order of `receptacles` and `objects` is the order in
which the engine names them: by type, ascending, and inside a type by number, *descending*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ...core.names import check_name

__all__ = ["TASK_TYPES", "Goal", "Item", "Receptacle", "Scene"]

TASK_TYPES = {
    1: "pick_and_place_simple",
    2: "look_at_obj_in_light",
    3: "pick_clean_then_place_in_recep",
    4: "pick_heat_then_place_in_recep",
    5: "pick_cool_then_place_in_recep",
    6: "pick_two_obj_and_place",
}
"""Task id to task type, numbered as in ALFWorld (Shridhar et al., 2021)."""

FLAGS = ("pickupable", "cleanable", "heatable", "coolable", "toggleable", "sliceable", "container")
STATES = ("clean", "hot", "cool", "sliced", "toggled")


@dataclass(frozen=True, slots=True)
class Receptacle:
    """A place that things lie in or on. Receptacles with the same `loc` are reached together."""

    name: str
    type: str
    loc: int
    openable: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Item:
    """An object: what can be done to it (`flags`), how it is at the start (`state`) and where it lies.

    `receptacles` may be empty (nowhere visible) or hold two names (listed in both). `inside` names the
    container object that hides it. `locs` are the object's own location facts, which only `slice` and the
    tail of `look` use.
    """

    name: str
    type: str
    flags: frozenset[str]
    state: frozenset[str]
    receptacles: tuple[str, ...]
    inside: str | None
    locs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """What must hold: `count` objects of a type, in a `state`, in one receptacle; or held under a lit lamp."""

    object_type: str
    receptacle_type: str | None
    toggle_type: str | None
    state: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Scene:
    """One game: a room, its contents, the task, and which object types each receptacle type accepts."""

    id: str
    room: str
    task_id: int
    goal_text: str
    goal: Goal
    agent_loc: int
    receptacles: tuple[Receptacle, ...]
    objects: tuple[Item, ...]
    can_contain: Mapping[str, frozenset[str]]
    tags: tuple[str, ...] = field(default=())

    @property
    def task_type(self) -> str:
        """The task's name, such as "pick_heat_then_place_in_recep"."""
        return TASK_TYPES[self.task_id]

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], where: str = "scene") -> Scene:
        """Build a scene from its JSON form, checking all of it.

        Args:
            data: one parsed line of a scene file.
            where: the place to name in errors, such as "games.jsonl:12".

        Raises:
            ValueError: something is missing, of the wrong kind, or refers to nothing; the message says what.
        """
        if not isinstance(data, Mapping):
            raise ValueError(f"{where}: a scene is a JSON object, not {type(data).__name__}")
        try:
            receptacles = tuple(
                Receptacle(r["name"], r["type"], int(r["loc"]), bool(r["openable"]), bool(r["open"]))
                for r in data["receptacles"]
            )
            objects = tuple(
                Item(
                    o["name"],
                    o["type"],
                    frozenset(check_name("object flag", flag, FLAGS, where) for flag in o["flags"]),
                    frozenset(check_name("object state", state, STATES, where) for state in o["state"]),
                    tuple(o["in"]),
                    o["inside"],
                    tuple(int(loc) for loc in o["locs"]),
                )
                for o in data["objects"]
            )
            goal = Goal(**{key: data["goal"][key] for key in Goal.__dataclass_fields__})
            scene = cls(
                id=str(data["id"]),
                room=str(data["room"]),
                task_id=int(data["task_id"]),
                goal_text=str(data["goal_text"]),
                goal=goal,
                agent_loc=int(data["agent_loc"]),
                receptacles=receptacles,
                objects=objects,
                can_contain={key: frozenset(value) for key, value in data["can_contain"].items()},
                tags=tuple(data.get("tags", ())),
            )
        except KeyError as error:
            raise ValueError(f"{where}: the key {error.args[0]!r} is missing") from error
        except (TypeError, AttributeError) as error:
            raise ValueError(f"{where}: not a scene ({error})") from error
        scene.check(where)
        return scene

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, such that `Scene.from_dict(scene.to_dict()) == scene`."""
        data = asdict(self)
        data["task_type"] = self.task_type
        data["can_contain"] = {key: sorted(value) for key, value in self.can_contain.items()}
        for item in data["objects"]:
            item["in"] = list(item.pop("receptacles"))
            item["flags"] = [flag for flag in FLAGS if flag in item["flags"]]
            item["state"] = [state for state in STATES if state in item["state"]]
        return data

    def check(self, where: str = "scene") -> None:
        """Raise `ValueError` where the parts do not fit together."""
        if self.task_id not in TASK_TYPES:
            raise ValueError(f"{where}: task_id {self.task_id} is not one of 1 to 6")
        if self.goal.count not in (1, 2):
            raise ValueError(f"{where}: goal.count is {self.goal.count}, not 1 or 2")
        needed = "toggle_type" if self.task_id == 2 else "receptacle_type"
        if getattr(self.goal, needed) is None:
            raise ValueError(f"{where}: a {self.task_type} task needs goal.{needed}")
        names = [thing.name for thing in (*self.receptacles, *self.objects)]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"{where}: two things are called {twice!r}")
        places = {receptacle.name for receptacle in self.receptacles}
        things = {item.name for item in self.objects}
        for item in self.objects:
            for place in item.receptacles:
                check_name("receptacle", place, places, f"{where}, object {item.name!r}")
            if item.inside is not None:
                check_name("object", item.inside, things, f"{where}, object {item.name!r}")

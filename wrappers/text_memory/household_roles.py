"""The household read by roles: not "mug" but "what is needed", so that what one task type teaches serves others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import ClassVar

from .base import TextMemory, register, words
from .household import TASK

__all__ = ["HouseholdRolesMemory"]

TOOLS = {"heat": "microwave", "cool": "fridge", "clean": "sinkbasin"}
"""What treats how, as whoever reads English knows."""
ADJECTIVES = {"hot": "heat", "heated": "heat", "cold": "cool", "cooled": "cool", "cleaned": "clean"}
ROOM = re.compile(r"you see (.+?)\.", re.IGNORECASE | re.DOTALL)
THING = re.compile(r"\ba ([a-z]+ \d+)")
SIGHT = re.compile(r"(?:On the|The) ([a-z]+ \d+)(?:, you see| is open\. In it, you see) (.*?)\.$", re.DOTALL)
TAKEN = re.compile(r"You pick up the ([a-z]+ \d+) from the ([a-z]+ \d+)")
PUT = re.compile(r"You (?:move|put) the ([a-z]+ \d+) (?:to|in/on) the ([a-z]+ \d+)")
TREATED = re.compile(r"You (heat|cool|clean) the ([a-z]+ \d+) using")
COMMAND = re.compile(r"(take|move|put|heat|cool|clean) ([a-z]+ \d+) (?:from|to|in/on|with) ([a-z]+ \d+)")
STOP = frozenset("put place find look examine clean heat cool some two under with the and it them".split())  # noqa: SIM905


@lru_cache(maxsize=65536)
def _kind(name: str) -> str:
    return name.partition(" ")[0]


@lru_cache(maxsize=65536)
def _parse(action: str) -> tuple[str, str, str]:
    """Return verb, object and place of a command, "" for what it does not name."""
    match = COMMAND.fullmatch(action)
    if match:
        verb = "put" if match[1] == "move" else match[1]
        return verb, match[2], match[3]
    if action.startswith("go to "):
        return "go", "", action[6:]
    verb, _, rest = action.partition(" ")
    return verb, rest if verb == "use" else "", rest if verb in ("open", "close", "examine") else ""


@register
class HouseholdRolesMemory(TextMemory):
    """Tells the policy of every thing and place what it is for in this task, as far as the text has told.

    A thing is needed (of the kind that the goal names, and not yet where it belongs), the lamp, or other; a place is
    the target, the tool that treats as wanted, or other. Which appliance treats how, and that two of a kind belong in
    the same place, is known beforehand. So a policy that was never asked to cool anything can, once it has learned to
    heat and to clean. Kinds of places are kept as words, so that it can learn where things mostly lie. To be asked for
    by `policy={"text_memory": "household_roles"}`.
    """

    __slots__ = (
        "_done",
        "_held",
        "_kinds",
        "_lamp",
        "_light",
        "_seen",
        "_spot",
        "_target",
        "_treat",
        "_treated",
        "_tried",
    )

    name = "household_roles"
    FLAGS: ClassVar[Mapping[str, str]] = {
        "tried": "taken before in this episode",
        "tried_often": "how often, up to 3 times, in thirds",
        "place_seen": "what is at its place has been read",
        "needed_there": "a needed thing was last read at its place",
        "lamp_there": "the lamp was last read at its place",
        "wanted": "its thing is needed, or is the lamp of a task that wants light",
        "target": "its place is of the kind where the thing belongs",
        "tool": "its place treats as wanted",
    }
    GOAL, HELD, ACTION = 4, 4, 4

    def __init__(self, observation: str, admissible: Sequence[str] = ()):
        super().__init__(observation, admissible)
        match = TASK.search(observation)
        task = [ADJECTIVES.get(word, word) for word in words(match[1] if match else observation)]
        room = ROOM.search(observation)
        places = {_kind(place) for place in THING.findall(room[1])} if room else set()
        self._light = "lamp" in " ".join(task) and task[0] in ("look", "examine")
        self._treat = next((word for word in task if word in TOOLS), "")
        named = [word for word in task if word not in STOP]
        self._target = frozenset(() if self._light else [word for word in named if word in places][-1:])
        self._lamp = frozenset(word for word in named if word.endswith("lamp"))
        self._kinds = frozenset(named) - self._target - self._lamp
        self._held = self._spot = ""
        self._treated: set[str] = set()
        self._done: set[str] = set()
        self._tried: dict[str, int] = {}
        self._seen: dict[str, tuple[str, ...]] = {}
        task_kind = "light" if self._light else "treat" if self._treat else "plain"
        self.goal = (f"task {task_kind}", *(f"kind {kind}" for kind in sorted(self._kinds)))
        self._hold()

    def _needed(self, thing: str) -> bool:
        return _kind(thing) in self._kinds and thing not in self._done

    def _is_target(self, place: str) -> bool:
        """Whether the thing belongs there: any place of the kind, or where the first of two has been put."""
        return place == self._spot if self._done else _kind(place) in self._target

    def _hold(self) -> None:
        """Say in words what is in the hand."""
        if not self._held:
            self.held = ("hold nothing",)
        elif not self._needed(self._held):
            self.held = ("hold other",)
        else:
            ready = not self._treat or self._held in self._treated
            self.held = ("hold needed", "hold ready" if ready else "hold raw")

    def update(self, action: str, observation: str, admissible: Sequence[str] = ()) -> None:
        """Note one step."""
        self.observation = observation
        self._tried[action] = self._tried.get(action, 0) + 1
        sight = SIGHT.search(observation)
        if sight:
            self._seen[sight[1]] = tuple(THING.findall(sight[2]))
        taken, put, treated = TAKEN.match(observation), PUT.match(observation), TREATED.match(observation)
        if taken:
            self._held = taken[1]
            self._done.discard(taken[1])
            self._seen[taken[2]] = tuple(one for one in self._seen.get(taken[2], ()) if one != taken[1])
        elif put:
            self._held = ""
            self._seen[put[2]] = (*self._seen.get(put[2], ()), put[1])
            if self._is_target(put[2]) and (not self._treat or put[1] in self._treated):
                self._done.add(put[1])
                self._spot = put[2]
        elif treated and treated[1] == self._treat:
            self._treated.add(treated[2])
        self._hold()

    def situation(self) -> tuple[str, ...]:
        """Return what is known beside the hand: where something needed is, and how the last action went."""
        known = any(self._needed(thing) for things in self._seen.values() for thing in things)
        lamp = any(_kind(thing) in self._lamp for things in self._seen.values() for thing in things)
        failed = self.observation == "Nothing happens."
        return (
            "needed known" if known else "needed unknown",
            "lamp known" if lamp else "lamp unknown",
            "failed" if failed else "went well",
            "some done" if self._done else "none done",
        )

    def describe(self, action: str) -> tuple[str, ...]:
        """Return verb, role of the thing, role of the place, and the kind of the place."""
        verb, thing, place = _parse(action)
        role = ""
        if thing:
            lamp = _kind(thing) in self._lamp
            role = "lamp" if lamp else "needed" if self._needed(thing) else "other"
        if verb in TOOLS:
            verb = "treat wanted" if verb == self._treat else "treat otherwise"
        kind = _kind(place)
        where = "target" if self._is_target(place) else "tool" if kind == TOOLS.get(self._treat) else "elsewhere"
        return f"{verb} {role} {where if place else ''}", f"verb {verb}", f"thing {role}", f"place {kind}"

    def flags(self, action: str) -> tuple[float, ...]:
        """Return what is known of an admissible action; see `FLAGS`."""
        _, thing, place = _parse(action)
        tried, kind, there = self._tried.get(action, 0), _kind(place), self._seen.get(place)
        lamp = self._light and _kind(thing) in self._lamp
        return (
            float(tried > 0),
            min(tried, 3) / 3,
            float(there is not None),
            float(any(self._needed(one) for one in there or ())),
            float(any(_kind(one) in self._lamp for one in there or ())),
            float(bool(thing) and (lamp or self._needed(thing))),
            float(self._is_target(place)),
            float(bool(self._treat) and kind == TOOLS[self._treat]),
        )

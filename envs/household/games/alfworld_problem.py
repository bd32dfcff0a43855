"""Makes a scene of an ALFWorld problem: its start facts as things and places, its goal as one of six tasks.

ALFWorld (Shridhar et al., 2021) names things by their internal ids, sorted, and numbers each type from the
highest number down; the names given here are the same.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from ..scene import Goal
from .goals import STATE_OF_TASK
from .pddl import Expression, Problem

__all__ = ["read_goal", "read_start"]

FLAG_FACTS = {
    "pickupable": "pickupable",
    "cleanable": "cleanable",
    "heatable": "heatable",
    "coolable": "coolable",
    "toggleable": "toggleable",
    "sliceable": "sliceable",
    "isreceptacleobject": "container",
}
STATE_FACTS = {
    "isclean": "clean",
    "ishot": "hot",
    "iscool": "cool",
    "issliced": "sliced",
    "istoggled": "toggled",
}
ROOM_SIGNS = {"fridge": "kitchen", "toilet": "bathroom", "bed": "bedroom"}
GOAL_FACTS = {
    *("objecttype", "receptacletype", "inreceptacle", "holds", "holdsany", "isclean", "ishot", "iscool"),
    *("istoggled", "cleanable", "heatable", "coolable", "toggleable"),
    *("atlocation", "receptacleatlocation", "objectatlocation"),
}


def read_start(problem: Problem, where: str) -> dict[str, Any]:
    """Return the parts of a scene's JSON form that describe the start."""
    pairs: dict[str, dict[str, list[str]]] = {}  # predicate -> first argument -> second arguments
    for predicate, *words in problem.facts:
        rows = pairs.setdefault(predicate, {})
        rows.setdefault(words[0] if words else "", []).extend(words[1:])
    if pairs.get("holds"):
        raise ValueError(f"{where}: the game starts with an object in hand, which is not supported")
    start = next(iter(pairs.get("atlocation", {}).values()), None)
    if not start:
        raise ValueError(f"{where}: the game does not say where the agent starts (no atLocation fact)")

    def pointed(predicate: str, name: str) -> list[str]:
        return sorted(set(pairs.get(predicate, {}).get(name, ())))

    names = _names(problem)
    locs = {loc: number for number, loc in enumerate(sorted(n for n, t in problem.objects.items() if t == "location"))}
    try:
        receptacles = {
            name: {
                "name": names[name],
                "type": pairs["receptacletype"][name][0].removesuffix("type"),
                "loc": locs[pointed("receptacleatlocation", name)[0]],
                "openable": name in pairs.get("openable", {}),
                "open": name in pairs.get("opened", {}),
            }
            for name in sorted(pairs.get("receptacletype", {}))
            if pointed("receptacleatlocation", name)  # what has no location can neither be seen nor reached
        }
        objects = [
            {
                "name": names[name],
                "type": kinds[0].removesuffix("type"),
                "flags": [flag for fact, flag in FLAG_FACTS.items() if name in pairs.get(fact, {})],
                "state": [state for fact, state in STATE_FACTS.items() if name in pairs.get(fact, {})],
                "in": [names[place] for place in pointed("inreceptacle", name) if place in receptacles],
                "inside": next((names[outer] for outer in pointed("inreceptacleobject", name)), None),
                "locs": [locs[loc] for loc in pointed("objectatlocation", name)],
            }
            for name, kinds in sorted(pairs.get("objecttype", {}).items())
        ]
        agent_loc = locs[start[0]]
    except KeyError as error:
        raise ValueError(f"{where}: a fact names {error.args[0]!r}, which is not declared") from error
    except IndexError as error:
        raise ValueError(f"{where}: a fact lacks an argument") from error
    types = {receptacle["type"] for receptacle in receptacles.values()}
    accepted = {
        kind: [inner.removesuffix("type") for inner in pointed("cancontain", f"{kind}type")] for kind in sorted(types)
    }
    room = next((room for sign, room in ROOM_SIGNS.items() if sign in types), "living")
    start_parts: dict[str, Any] = {"room": room, "agent_loc": agent_loc, "objects": objects}
    return start_parts | {"receptacles": list(receptacles.values()), "can_contain": accepted}


def _names(problem: Problem) -> dict[str, str]:
    """Return internal id -> name: the type before "_bar_" and a number, the highest for the first id."""
    ids = sorted(name for name in problem.objects if "_bar_" in name)
    kinds = {name: name.partition("_bar_")[0] + ("basin" if "basin" in name else "") for name in ids}
    left = Counter(kinds.values())
    names = {}
    for name in ids:
        names[name] = f"{kinds[name]} {left[kinds[name]]}"
        left[kinds[name]] -= 1
    return names


def read_goal(expression: Expression, where: str) -> tuple[int, Goal]:
    """Return the task id and the goal that a goal expression stands for."""
    facts = list(_goal_facts(expression, where))
    names = {fact[0] for fact in facts}
    try:
        types = {fact[1]: fact[2].removesuffix("type") for fact in facts if fact[0] in ("objecttype", "receptacletype")}
        if "istoggled" in names:
            lamp = next(fact[1] for fact in facts if fact[0] == "istoggled")
            held = next(fact[2] for fact in facts if fact[0] == "holds")
            return 2, Goal(types[held], None, types[lamp], None, 1)
        placed = {fact[1]: fact[2] for fact in facts if fact[0] == "inreceptacle"}
        kinds = {types[thing] for thing in placed}
        places = {types[place] for place in placed.values()}
        if len(kinds) != 1 or len(places) != 1 or len(placed) > 2:
            raise KeyError
    except (KeyError, IndexError, StopIteration) as error:
        raise ValueError(f"{where}: the goal is none of the six task types") from error
    state = next((STATE_FACTS[name] for name in ("isclean", "ishot", "iscool") if name in names), None)
    by_state = {state: task_id for task_id, state in STATE_OF_TASK.items()}
    task_id = 6 if len(placed) == 2 else by_state.get(state or "", 1)
    return task_id, Goal(kinds.pop(), places.pop(), None, state, len(placed))


def _goal_facts(expression: Expression, where: str) -> list[list[str]]:
    """Return the facts that a nest of `and` and `exists` asks for together."""
    head, *rest = expression if isinstance(expression, list) and expression else (expression,)
    if head == "and":
        return [fact for part in rest for fact in _goal_facts(part, where)]
    if head == "exists" and len(rest) == 2:
        return _goal_facts(rest[1], where)
    if head == "not" and isinstance(rest[0] if rest else "", list) and rest[0][:1] == ["="]:
        return []  # of two objects, that they are not the same
    if not isinstance(head, str) or head not in GOAL_FACTS:
        raise ValueError(f"{where}: the goal asks for {head!r}, which none of the six task types does")
    return [[head, *(str(word) for word in rest)]]

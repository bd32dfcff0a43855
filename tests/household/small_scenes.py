"""A Hypothesis strategy for small scenes with every oddity that a scene file may hold."""

from __future__ import annotations

from hypothesis import strategies as st

from guerdon.envs.household.scene import Goal, Item, Receptacle, Scene

KINDS = ("countertop", "drawer", "fridge", "sinkbasin")
THINGS = ("apple", "mug", "desklamp", "knife", "teddybear")
STATE = {3: "clean", 4: "hot", 5: "cool"}


@st.composite
def scenes(draw: st.DrawFn, max_objects: int = 4, max_receptacles: int = 4) -> Scene:
    """Draw a scene of a few receptacles on 1 to 3 locations, solvable or not."""
    task_id = draw(st.integers(1, 6))
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=2, max_size=max_receptacles))
    if task_id == 4:
        kinds.append("microwave")
    kinds.sort()
    receptacles = []
    for i, kind in enumerate(kinds):
        number = kinds[i:].count(kind)
        openable = kind in ("fridge", "microwave") or (kind == "drawer" and draw(st.booleans()))
        receptacles.append(
            Receptacle(f"{kind} {number}", kind, draw(st.integers(0, 2)), openable, openable and draw(st.booleans()))
        )
    things = sorted(draw(st.lists(st.sampled_from(THINGS), min_size=1, max_size=max_objects)))
    names = [r.name for r in receptacles]
    objects = []
    for i, kind in enumerate(things):
        flags = {"cleanable", "heatable", "coolable"} if kind in ("apple", "mug") else set()
        if kind == "desklamp":
            flags = {"toggleable"}
        if kind == "apple":
            flags.add("sliceable")
        if kind != "desklamp" or draw(st.booleans()):
            flags.add("pickupable")
        if draw(st.integers(0, 5)) == 0:
            flags.discard(draw(st.sampled_from(("cleanable", "heatable", "coolable", "pickupable"))))
        state = draw(st.sets(st.sampled_from(("clean", "hot", "sliced")), max_size=1)) if kind != "desklamp" else set()
        if kind == "desklamp" and draw(st.integers(0, 3)) == 0:
            state = {"toggled"}
        places = tuple(draw(st.lists(st.sampled_from(names), min_size=0, max_size=2, unique=True)))
        locs = tuple(sorted({r.loc for r in receptacles if r.name in places}))
        objects.append(
            Item(f"{kind} {things[i:].count(kind)}", kind, frozenset(flags), frozenset(state), places, None, locs)
        )
    target = draw(st.sampled_from(kinds))
    contain = {kind: frozenset(draw(st.sets(st.sampled_from(THINGS[:4]), min_size=1))) for kind in sorted(set(kinds))}
    goal = Goal(
        object_type=draw(st.sampled_from(("apple", "mug"))),
        receptacle_type=None if task_id == 2 else target,
        toggle_type="desklamp" if task_id == 2 else None,
        state=STATE.get(task_id),
        count=2 if task_id == 6 else 1,
    )
    return Scene(
        id="small",
        room="kitchen",
        task_id=task_id,
        goal_text="a test.",
        goal=goal,
        agent_loc=draw(st.integers(0, 3)),
        receptacles=tuple(receptacles),
        objects=tuple(objects),
        can_contain=contain,
    )

"""The planner's distance is the true one: equal to breadth-first search, and falling by one along its plans."""

from __future__ import annotations

from collections import deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.envs.household.game import Game
from guerdon.envs.household.planner import NO_PLAN, expert_plan, plan
from guerdon.envs.household.scene import Scene
from guerdon.envs.household.world import World

from .small_scenes import scenes


def breadth_first(game: Game) -> int:
    """Search the full game, one command a move, for the nearest state in which it is won."""
    if game.won:
        return 0
    queue, seen = deque([(game, 0)]), {key(game)}
    while queue:
        here, depth = queue.popleft()
        for command in here.choices:
            if command.startswith(("close", "examine", "help", "inventory", "slice")):
                continue  # these never bring a goal nearer
            there = here.copy()
            there.step(command)
            if there.won:
                return depth + 1
            if key(there) not in seen:
                seen.add(key(there))
                queue.append((there, depth + 1))
    return NO_PLAN


def key(game: Game) -> tuple:
    return game.loc, game.held, game.opened, tuple(game.contents), tuple(game.states)


@settings(max_examples=120)
@given(scene=scenes(max_objects=3, max_receptacles=3), walk=st.lists(st.integers(0, 99), max_size=6))
def test_distance_equals_breadth_first_search(scene: Scene, walk: list[int]) -> None:
    game = Game(World(scene))
    for number in walk:
        commands = list(game.choices)
        game.step(commands[number % len(commands)])
    assert plan(game)[0] == breadth_first(game)


@settings(max_examples=200)
@given(scene=scenes(max_objects=8), walk=st.lists(st.integers(0, 99), max_size=12))
def test_distance_falls_by_one_along_the_expert_plan(scene: Scene, walk: list[int]) -> None:
    game = Game(World(scene))
    for number in walk:
        commands = list(game.choices)
        game.step(commands[number % len(commands)])
    length, first = plan(game)
    commands = expert_plan(game)
    assert len(commands) == max(length, 0)
    assert (commands[0] if commands else None) == first
    asked = game.copy()
    for done, command in enumerate(commands):
        assert plan(game)[0] == length - done
        assert game.step(command) is not None
    assert game.won == (length != NO_PLAN)
    for _ in commands:  # asking anew after every command may take another plan, of the same length
        asked.step(str(plan(asked)[1]))
    assert asked.won == (length != NO_PLAN)


@settings(max_examples=100)
@given(scene=scenes(max_objects=6), walk=st.lists(st.integers(0, 99), min_size=1, max_size=20))
def test_no_command_shortens_the_distance_by_more_than_one(scene: Scene, walk: list[int]) -> None:
    game = Game(World(scene))
    before = plan(game)[0]
    for number in walk:
        commands = list(game.choices)
        game.step(commands[number % len(commands)])
        after = plan(game)[0]
        if after != NO_PLAN:
            assert before != NO_PLAN, "a dead end was left"
            assert after >= before - 1
        before = after


def test_a_full_hand_that_nothing_accepts_is_a_dead_end() -> None:
    scene = Scene.from_dict(
        {
            "id": "x",
            "room": "kitchen",
            "task_id": 1,
            "goal_text": "put a mug in drawer.",
            "goal": {"object_type": "mug", "receptacle_type": "drawer", "toggle_type": None, "state": None, "count": 1},
            "agent_loc": 9,
            "receptacles": [
                {"name": "countertop 1", "type": "countertop", "loc": 0, "openable": False, "open": False},
                {"name": "drawer 1", "type": "drawer", "loc": 1, "openable": True, "open": False},
            ],
            "objects": [
                {"name": f"{kind} 1", "type": kind, "flags": ["pickupable"], "state": [], "in": ["countertop 1"],
                 "inside": None, "locs": [0]}
                for kind in ("mug", "teddybear")
            ],
            "can_contain": {"drawer": ["mug"], "countertop": ["mug"]},
        }
    )  # fmt: skip
    game = Game(World(scene))
    assert expert_plan(game) == [
        "go to countertop 1",
        "take mug 1 from countertop 1",
        "go to drawer 1",
        "open drawer 1",
        "move mug 1 to drawer 1",
    ]
    game.step("go to countertop 1")
    game.step("take teddybear 1 from countertop 1")
    assert plan(game) == (NO_PLAN, None)
    with pytest.raises(AttributeError):
        game.unknown = 1  # slots: a typo in a state field is an error

"""The generator: counts, statistics against ALFWorld's, equal bytes everywhere, games that can be won."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.core.names import UnknownNameError
from guerdon.envs.household.game import Game
from guerdon.envs.household.games.affordances import is_trap
from guerdon.envs.household.games.generator import GeneratedGames, generate
from guerdon.envs.household.games.goals import goal_sentences
from guerdon.envs.household.games.layouts import UNSEEN_SCENES, layout
from guerdon.envs.household.games.splits import PROTOCOLS, SPLITS, plan, resolve_split
from guerdon.envs.household.planner import expert_plan
from guerdon.envs.household.scene import Scene
from guerdon.envs.household.world import World

SAMPLED_BYTES = """
import hashlib, json
from guerdon.envs.household.games.generator import generate
scenes = [generate(split, index * 7).to_dict() for split in ("train", "valid_seen") for index in range(10)]
print(hashlib.sha256(json.dumps(scenes).encode()).hexdigest())
"""


@cache
def sample() -> tuple[Scene, ...]:
    """Every fifth game of all splits, 766 in all."""
    return tuple(generate(split, index) for split in SPLITS for index in range(0, len(plan(split)), 5))


def content(scene: Scene) -> str:
    data = scene.to_dict()
    del data["id"]
    return hashlib.sha256(json.dumps(data).encode()).hexdigest()


def assert_sound(scene: Scene) -> None:
    """The game can be won, is not won yet, and its names are in the order of the engine."""
    goal = scene.goal
    kinds = {receptacle.name: receptacle.type for receptacle in scene.receptacles}
    takeable = [
        item
        for item in scene.objects
        if item.type == goal.object_type and item.receptacles and "pickupable" in item.flags
    ]
    assert len(takeable) >= goal.count
    if scene.task_id == 2:
        assert any(item.type == goal.toggle_type and item.receptacles for item in scene.objects)
    else:
        assert goal.receptacle_type in kinds.values()
        assert goal.object_type in scene.can_contain[goal.receptacle_type]
    needed = {3: ("cleanable", "sinkbasin"), 4: ("heatable", "microwave"), 5: ("coolable", "fridge")}
    if scene.task_id in needed:
        flag, appliance = needed[scene.task_id]
        assert appliance in kinds.values()
        assert all(flag in item.flags and not item.state for item in takeable)
    else:
        lying = Counter(place for item in takeable for place in item.receptacles)
        assert not any(kinds[place] == goal.receptacle_type for place in lying)
    for things in (scene.receptacles, scene.objects):
        names = [thing.name for thing in things]
        assert names == sorted(names, key=lambda name: (name.split()[0], -int(name.split()[1])))
        assert dict.fromkeys((thing.type for thing in things), 1) == {
            name.split()[0]: int(name.split()[1]) for name in names
        }
    assert scene.goal_text in goal_sentences(scene.task_id, goal)


def test_splits_have_the_sizes_of_alfworld():
    games = {split: Counter(task_id for task_id, _ in plan(split)) for split in SPLITS}
    assert {split: [count[task] for task in range(1, 7)] for split, count in games.items()} == {
        "train": [790, 308, 650, 459, 533, 813],
        "valid_seen": [35, 13, 27, 16, 25, 24],
        "valid_unseen": [24, 18, 31, 23, 21, 17],
    }


def test_splits_use_the_scenes_they_should():
    scenes = {split: {scene for _, scene in plan(split)} for split in SPLITS}
    assert len(scenes["train"]) == 108
    assert len(scenes["valid_seen"]) == 76
    assert scenes["valid_seen"] < scenes["train"]
    assert scenes["valid_unseen"] == set(UNSEEN_SCENES)
    assert not scenes["train"] & scenes["valid_unseen"]


def test_rooms_and_task_types_go_together_as_in_alfworld():
    pairs = Counter((layout(scene).room, task) for split in SPLITS for task, scene in plan(split))
    assert {room for room, task in pairs if task in (4, 5)} == {"kitchen"}
    assert {room for room, task in pairs if task == 3} == {"kitchen", "bathroom"}
    assert {room for room, task in pairs if task == 2} == {"bedroom", "living"}
    assert pairs["kitchen", 3] == pytest.approx(541, abs=2)
    assert pairs["bathroom", 6] == pytest.approx(248, abs=2)


@given(st.sampled_from(sorted(SPLITS)), st.integers(0, 3552))
def test_games_are_sound_and_round_trip(split, index):
    scene = generate(split, index % len(plan(split)))
    assert_sound(scene)
    assert Scene.from_dict(json.loads(json.dumps(scene.to_dict()))) == scene


def test_layouts_are_fixed_and_placements_are_not():
    games: dict[int, list[Scene]] = {}
    for index, (_, number) in enumerate(plan("valid_seen")):
        games.setdefault(number, []).append(generate("valid_seen", index))
    for number, scenes in games.items():
        assert all(scene.receptacles == layout(number).receptacles for scene in scenes)
        assert len({scene.objects for scene in scenes}) == len(scenes)


def test_statistics_are_near_those_of_alfworld():
    items = [item for scene in sample() for item in scene.objects if "pickupable" in item.flags]
    doors = {(scene.id, place.name): place.openable for scene in sample() for place in scene.receptacles}
    hidden = [
        bool(item.receptacles) and all(doors[scene.id, place] for place in item.receptacles)
        for scene in sample()
        for item in scene.objects
        if "pickupable" in item.flags
    ]
    assert sum(hidden) / len(items) == pytest.approx(0.206, abs=0.03)
    assert sum(len(item.receptacles) == 2 for item in items) / len(items) == pytest.approx(0.018, abs=0.008)
    assert 0.003 < sum(item.inside is not None for item in items) / len(items) < 0.012
    traps = sum(any(is_trap(item.type) for item in scene.objects) for scene in sample())
    assert traps / len(sample()) == pytest.approx(0.258, abs=0.06)


def test_rooms_hold_as_much_as_in_alfworld():
    # The means of ALFWorld without the plungers, rackets and the like that lie in no receptacle of any game.
    expected = {"kitchen": 45.0, "living": 20.3, "bedroom": 23.1, "bathroom": 16.0}
    for room, mean in expected.items():
        sizes = [sum("pickupable" in item.flags for item in scene.objects) for scene in sample() if scene.room == room]
        assert sum(sizes) / len(sizes) == pytest.approx(mean, abs=1.2)


def test_things_lie_where_they_lie_in_alfworld():
    places = Counter()
    for scene in sample():
        kinds = {receptacle.name: receptacle.type for receptacle in scene.receptacles}
        places.update((item.type, kinds[place]) for item in scene.objects for place in item.receptacles)
    for kind, shares in {
        "egg": {"fridge": 0.25, "countertop": 0.24, "sinkbasin": 0.13, "garbagecan": 0.13, "microwave": 0.12},
        "pillow": {"bed": 0.69, "sofa": 0.24, "armchair": 0.07},
        "desklamp": {"sidetable": 0.37, "desk": 0.31, "dresser": 0.19, "shelf": 0.12},
    }.items():
        whole = sum(number for (of, _), number in places.items() if of == kind)
        for place, share in shares.items():
            assert places[kind, place] / whole == pytest.approx(share, abs=0.12), (kind, place)


def test_targets_are_plentiful_and_mostly_in_sight():
    numbers, unseen = [], 0
    for scene in sample():
        doors = {receptacle.name: receptacle.openable for receptacle in scene.receptacles}
        targets = [item for item in scene.objects if item.type == scene.goal.object_type]
        numbers.append(len(targets))
        unseen += all(doors[place] for item in targets for place in item.receptacles)
    assert 2.0 <= sum(numbers) / len(numbers) <= 2.8
    assert unseen / len(sample()) <= 0.06


def test_both_sentences_are_used_equally():
    first = sum(scene.goal_text == goal_sentences(scene.task_id, scene.goal)[0] for scene in sample())
    assert first / len(sample()) == pytest.approx(0.5, abs=0.06)


def test_no_game_is_in_two_splits():
    hashes = [content(scene) for scene in sample()]
    assert len(set(hashes)) == len(hashes)


def test_games_have_the_same_bytes_in_every_process():
    run = [sys.executable, "-c", SAMPLED_BYTES]
    first, second = (
        subprocess.run(run, capture_output=True, text=True, check=True, env=environment).stdout
        for environment in ({**_environment(), "PYTHONHASHSEED": seed} for seed in ("1", "2"))
    )
    scenes = [generate(split, index * 7).to_dict() for split in ("train", "valid_seen") for index in range(10)]
    assert first == second == hashlib.sha256(json.dumps(scenes).encode()).hexdigest() + "\n"


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def test_games_are_pinned():
    # Raise generator.VERSION (and the env's version) with any change that these numbers notice.
    scenes = [generate(split, index).to_dict() for split in SPLITS for index in range(0, 130, 13)]
    assert hashlib.sha256(json.dumps(scenes).encode()).hexdigest()[:16] == "472895d3f654788f"


def test_games_can_be_won_by_the_planner():
    for scene in sample()[::8]:
        game = Game(World(scene))
        commands = expert_plan(game)
        assert 3 <= len(commands) <= 10
        for command in commands:
            assert not game.won
            game.step(command)
        assert game.won


def test_ids_list_without_making_games():
    games = GeneratedGames("train", (5, 6))
    assert len(games.ids) == 533 + 813
    assert all(games.task_type(game_id) in (5, 6) for game_id in games.ids)
    scene = games.scene(games.ids[3])
    assert (scene.id, scene.task_id) == (games.ids[3], games.task_type(games.ids[3]))
    with pytest.raises(UnknownNameError, match="unknown game 'train-9999'"):
        games.scene("train-9999")


def test_a_number_beyond_the_split_is_an_error():
    with pytest.raises(IndexError, match="valid_seen has games 0 to 139, not 140"):
        generate("valid_seen", 140)


def test_protocol_splits_are_the_published_ones():
    assert resolve_split("L2/train") == ("train", (1, 2, 3, 4))
    assert resolve_split("valid_seen") == ("valid_seen", (1, 2, 3, 4, 5, 6))
    sizes = {name: sum(task_id in kept for task_id, _ in plan(split)) for name, (split, kept) in PROTOCOLS.items()}
    assert sizes == {
        "L0/train": 3553,
        "L0/eval": 140,
        "L1/train": 3553,
        "L1/eval": 134,
        "L2/train": 2207,
        "L2/eval": 38,
    }


@pytest.mark.slow
def test_all_games_are_sound_and_different():
    hashes = set()
    for split in SPLITS:
        for index in range(len(plan(split))):
            scene = generate(split, index)
            assert_sound(scene)
            assert Scene.from_dict(scene.to_dict()) == scene
            hashes.add(content(scene))
    assert len(hashes) == 3827

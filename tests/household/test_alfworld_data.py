"""Reading the form of the ALFWorld data, on a made-up game."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.envs.household.games.alfworld_data import read_game
from guerdon.envs.household.games.alfworld_problem import read_goal, read_start
from guerdon.envs.household.games.pddl import read_problem
from guerdon.envs.household.games.sources import open_games
from guerdon.envs.household.scene import Goal

from .alfworld_fixture import GOALS, INIT, OBJECTS, problem, write_game


def test_things_are_named_by_sorted_id_from_the_highest_number_down(tmp_path):
    scene = read_game(write_game(tmp_path / "game", GOALS[1]), "a")
    assert [place.name for place in scene.receptacles] == [
        "cabinet 2",
        "cabinet 1",
        "countertop 1",
        "fridge 1",
        "sinkbasin 1",
    ]
    assert [(item.name, item.receptacles) for item in scene.objects] == [
        ("desklamp 1", ()),
        ("mug 3", ("fridge 1",)),
        ("mug 2", ("cabinet 1", "countertop 1")),
        ("mug 1", ()),
        ("sink 1", ()),
        ("spoon 1", ()),
    ]


def test_facts_become_flags_states_and_places(tmp_path):
    scene = read_game(write_game(tmp_path / "game", GOALS[1]), "a")
    places = {place.name: place for place in scene.receptacles}
    items = {item.name: item for item in scene.objects}
    assert scene.room == "kitchen"
    assert (places["fridge 1"].openable, places["fridge 1"].open) == (True, False)
    assert (places["cabinet 1"].openable, places["cabinet 1"].open) == (True, True)
    assert places["cabinet 2"].openable is False
    assert places["cabinet 2"].loc == places["cabinet 1"].loc
    assert places["sinkbasin 1"].loc == places["countertop 1"].loc
    assert scene.agent_loc not in {place.loc for place in places.values()}
    assert items["mug 2"].flags == {"pickupable", "cleanable", "coolable", "container"}
    assert items["mug 2"].locs == (places["countertop 1"].loc,)
    assert items["mug 3"].state == {"cool"}
    assert items["spoon 1"].inside == "mug 2"
    assert items["desklamp 1"].flags == {"toggleable"}
    assert scene.can_contain["countertop"] == {"mug", "spoon"}
    assert scene.can_contain["cabinet"] == frozenset()


@pytest.mark.parametrize(
    ("task_id", "goal"),
    [
        (1, Goal("mug", "countertop", None, None, 1)),
        (2, Goal("mug", None, "desklamp", None, 1)),
        (3, Goal("mug", "countertop", None, "clean", 1)),
        (4, Goal("mug", "countertop", None, "hot", 1)),
        (5, Goal("mug", "countertop", None, "cool", 1)),
        (6, Goal("mug", "countertop", None, None, 2)),
    ],
)
def test_goals_are_recognised(tmp_path, task_id, goal):
    scene = read_game(write_game(tmp_path / "game", GOALS[task_id]))
    assert (scene.task_id, scene.goal) == (task_id, goal)


def test_the_sentence_comes_from_the_grammar(tmp_path):
    scene = read_game(write_game(tmp_path / "game", GOALS[3], task="clean some mug and put it in countertop"))
    assert scene.goal_text == "clean some mug and put it in countertop."
    free = read_game(write_game(tmp_path / "free", GOALS[3], task=r"Put the \"best\" mug away, clean"))
    assert free.goal_text == 'Put the "best" mug away, clean.'


@pytest.mark.parametrize("grammar", ['"rhs": "Your task is to: UNKNOWN GOAL."', "nothing of the kind", None])
def test_without_a_sentence_the_stock_one_is_used(tmp_path, grammar):
    scene = read_game(write_game(tmp_path / "game", GOALS[5], grammar=grammar))
    assert scene.goal_text == "put a cool mug in countertop."


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pddl_problem": None}, "it has no text under the key 'pddl_problem'"),
        ({"pddl_problem": problem(GOALS[1])[:-9]}, "still open"),
        ({"pddl_problem": problem(GOALS[1]) + ")"}, r"a '\)' too many in line"),
        ({"pddl_problem": "(define (problem x) (:objects) (:init))"}, "no :goal part"),
        ({"pddl_problem": "(:goal)"}, "starts with"),
        ({"pddl_problem": "(define (:objects) (:init) (:goal))"}, "holds 0 expressions"),
        ({"pddl_problem": "(define (:objects a -) (:init) (:goal (a)))"}, "names no type"),
        ({"pddl_problem": problem("(and (forall (?r) (not (opened ?r))))")}, "asks for 'forall'"),
        ({"pddl_problem": problem("(and (not (isHot ?o)))")}, "asks for 'not'"),
        ({"pddl_problem": problem("(and)")}, "none of the six task types"),
        ({"pddl_problem": problem("(and (inReceptacle ?o ?r))")}, "none of the six task types"),
        ({"pddl_problem": problem("(and (inReceptacle))")}, "none of the six task types"),
        ({"pddl_problem": problem(GOALS[1], INIT.replace("atLocation agent1", "was agent1"))}, "agent starts"),
        ({"pddl_problem": problem(GOALS[1], INIT + "(holds agent1 spoon)")}, "with an object in hand"),
        ({"pddl_problem": problem(GOALS[1], INIT + "(objectType ghost MugType)")}, "'ghost', which is not"),
        ({"pddl_problem": problem(GOALS[1], objects=OBJECTS.replace("loc_bar_9", "x_9"))}, "not declared"),
        ({"pddl_problem": problem(GOALS[1], INIT.replace(" SinkType)", ")"))}, "lacks an argument"),
    ],
)
def test_malformed_games_are_named(tmp_path, changes, message):
    path = write_game(tmp_path / "game", GOALS[1], **changes)
    with pytest.raises(ValueError, match=message) as error:
        read_game(path)
    assert str(error.value).startswith(str(path))


@given(st.sampled_from(sorted(GOALS)), st.data())
def test_a_damaged_problem_is_read_or_refused_but_never_crashes(task_id, data):
    tokens = re.findall(r"[()]|[^\s()]+", re.sub(";.*", "", problem(GOALS[task_id])))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(tokens) - 1))
        tokens[place : place + 1] = data.draw(st.sampled_from([[], ["("], [")"], ["(", ")"], [tokens[place]] * 2]))
    try:
        read = read_problem(" ".join(tokens), "here")
        read_goal(read.goal, "here")
        read_start(read, "here")
    except ValueError as error:
        message = str(error)
    else:
        message = "here: read"
    assert message.startswith("here: ")


def test_a_file_that_is_not_json_is_named(tmp_path):
    path = write_game(tmp_path / "game", GOALS[1])
    path.write_text("{")
    with pytest.raises(ValueError, match=r"game\.tw-pddl: not JSON"):
        read_game(path)


def test_pddl_reads_either_case_comments_and_untyped_names():
    read = read_problem("(DEFINE (:objects A b - Thing c) ; (\n (:init (In A b) (= (f) 1)) (:goal (in a c)))")
    assert read.objects == {"a": "thing", "b": "thing", "c": "object"}
    assert read.facts == (("in", "a", "b"),)
    assert read.goal == ["in", "a", "c"]


@pytest.fixture
def data(tmp_path):
    """A folder in the form of $ALFWORLD_DATA."""
    root = tmp_path / "json_2.1.3"
    for split, task_id, name in [
        ("train", 1, "pick_and_place_simple-Mug-None-CounterTop-1"),
        ("train", 6, "pick_two_obj_and_place-Mug-None-CounterTop-1"),
        ("valid_unseen", 5, "pick_cool_then_place_in_recep-Mug-None-CounterTop-10"),
        ("valid_unseen", 2, "look_at_obj_in_light-Mug-None-DeskLamp-308"),
    ]:
        write_game(root / split / name / "trial_1", GOALS[task_id])
    write_game(root / "train" / "pick_and_place_simple-Egg-None-Fridge-2" / "trial_1", GOALS[1], solvable=False)
    write_game(root / "train" / "pick_and_place_with_movable_recep-Mug" / "trial_1", "(and)")
    write_game(root / "train" / "pick_and_place_simple-AppleSliced-None-Fridge-2" / "trial_1", "(and)")
    return tmp_path


def test_folders_list_the_solvable_games_of_a_split(data):
    games = open_games(data)
    assert games.ids == (
        "pick_and_place_simple-Mug-None-CounterTop-1/trial_1",
        "pick_two_obj_and_place-Mug-None-CounterTop-1/trial_1",
    )
    assert [games.task_type(game_id) for game_id in games.ids] == [1, 6]
    assert games.scene(games.ids[1]).goal.count == 2
    assert games.scene(games.ids[0]).id == games.ids[0]


def test_splits_protocols_and_task_types_work_on_folders(data):
    assert len(open_games(data / "json_2.1.3", "valid_unseen").ids) == 2
    assert open_games(data, "L2/eval").ids[0].startswith("pick_cool")
    assert open_games(data, "train", [6]).ids == open_games(data / "json_2.1.3" / "train", task_types=6).ids
    with pytest.raises(ValueError, match=r"no folder 'valid_seen'.*found \['train', 'valid_unseen'\]"):
        open_games(data, "valid_seen")
    with pytest.raises(ValueError, match=r"has no game of the task types 4 \(pick_heat_then_place_in_recep\)"):
        open_games(data, "train", [4])


def test_the_folder_may_be_named_by_a_variable(data, monkeypatch):
    monkeypatch.setenv("SOME_DATA", str(data))
    assert len(open_games("$SOME_DATA", "train").ids) == 2


def test_games_in_other_folders_are_told_apart_by_their_goal(tmp_path):
    write_game(tmp_path / "mine", GOALS[4])
    games = open_games(tmp_path)
    assert (games.ids, games.task_type("mine")) == (("mine",), 4)
    with pytest.raises(ValueError, match=r"unknown game 'mien'.*'mine'"):
        games.scene("mien")

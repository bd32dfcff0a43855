"""Opening games: one door, three sources, clear errors."""

from __future__ import annotations

import gzip
import json

import pytest

from guerdon.core.names import UnknownNameError
from guerdon.envs.household.games.generator import generate
from guerdon.envs.household.games.sources import open_games


@pytest.fixture
def scenes():
    return [generate("valid_seen", index) for index in range(6)]


def write(path, scenes):
    path.write_text("".join(json.dumps(scene.to_dict()) + "\n" for scene in scenes))
    return path


def test_own_games_are_the_training_split_by_default():
    games = open_games()
    assert len(games.ids) == 3553
    assert games.scene("train-0007") == generate("train", 7)


@pytest.mark.parametrize(
    ("split", "task_types", "number"),
    [
        ("valid_seen", None, 140),
        ("valid_unseen", None, 134),
        ("L2/eval", None, 38),
        ("L2/train", None, 2207),
        ("L2/train", ["pick_and_place_simple", 5], 790),
        ("valid_unseen", ["look_at_obj_in_light", 2, 6], 35),
        ("valid_unseen", 4, 23),
        ("valid_unseen", "pick_two_obj_and_place", 17),
    ],
)
def test_splits_and_task_types(split, task_types, number):
    games = open_games(split=split, task_types=task_types)
    assert len(games.ids) == len(set(games.ids)) == number
    game_id = games.ids[-1]
    assert games.scene(game_id).task_id == games.task_type(game_id)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"split": "valid_unseeen"}, "unknown split 'valid_unseeen'. Did you mean 'valid_unseen'"),
        ({"split": "L3/eval"}, "Did you mean 'L2/eval'|Did you mean 'L1/eval'"),
        ({"split": ""}, "unknown split ''"),
        ({"task_types": [7]}, "unknown task type 7. Choose from '1', '2'"),
        ({"task_types": ["pick_two"]}, "unknown task type 'pick_two'.*'pick_two_obj_and_place'"),
        ({"task_types": [True]}, "unknown task type True"),
        ({"task_types": [1.5]}, "unknown task type 1.5"),
    ],
)
def test_unknown_names_come_with_the_nearest(arguments, message):
    with pytest.raises(UnknownNameError, match=message):
        open_games(**arguments)


def test_a_filter_that_leaves_nothing_is_an_error():
    with pytest.raises(ValueError, match=r"split 'L2/eval' has no game of the task types 1 \(pick_and_place"):
        open_games(split="L2/eval", task_types=[1])
    with pytest.raises(ValueError, match="task_types is empty"):
        open_games(task_types=[])


@pytest.mark.parametrize("packed", [False, True])
def test_scene_files_give_the_scenes_back(tmp_path, scenes, packed):
    path = write(tmp_path / "games.jsonl", scenes)
    if packed:
        path = tmp_path / "games.jsonl.gz"
        path.write_bytes(gzip.compress((tmp_path / "games.jsonl").read_bytes()))
    games = open_games(path)
    assert [games.scene(game_id) for game_id in games.ids] == scenes
    kept = open_games(str(path), task_types=[scenes[2].task_id])
    assert scenes[2].id in kept.ids
    assert {kept.task_type(game_id) for game_id in kept.ids} == {scenes[2].task_id}
    with pytest.raises(UnknownNameError, match="unknown game 'valid_seen-99'"):
        games.scene("valid_seen-99")


def broken(change):
    """Return a scene's JSON form with one change made to it."""
    data = generate("valid_seen", 0).to_dict()
    change(data)
    return json.dumps(data)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not JSON"),
        ("[]", "a scene is a JSON object"),
        (broken(lambda data: data.pop("goal")), "the key 'goal' is missing"),
        (broken(lambda data: data.update(task_id=9)), "task_id 9"),
        (broken(lambda data: data["objects"][0].update({"in": ["moon 1"]})), "unknown receptacle 'moon 1'"),
        (json.dumps(generate("valid_seen", 1).to_dict()), "the id 'valid_seen-0001' is that of line 2 already"),
    ],
)
def test_bad_lines_are_named_by_file_and_number(tmp_path, scenes, line, message):
    path = write(tmp_path / "games.jsonl", scenes[:3])
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(ValueError, match=message) as error:
        open_games(path)
    assert f"{path}:4" in str(error.value)


def test_files_that_are_not_scene_files_are_refused(tmp_path, scenes):
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n\n")
    with pytest.raises(ValueError, match=r"empty\.jsonl: the file has no scene"):
        open_games(empty)
    with pytest.raises(FileNotFoundError, match=r"no such file or folder of games: .*missing\.jsonl"):
        open_games(tmp_path / "missing.jsonl")
    other = tmp_path / "games.csv"
    other.write_text("")
    with pytest.raises(ValueError, match=r"ends in \.jsonl or \.jsonl\.gz"):
        open_games(other)
    half = tmp_path / "half.jsonl.gz"
    half.write_bytes(gzip.compress(b"{}" * 99)[:20])
    with pytest.raises(ValueError, match=r"half\.jsonl\.gz: not a whole gzip file"):
        open_games(half)
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match=r"latin\.jsonl: not UTF-8"):
        open_games(latin)
    with pytest.raises(ValueError, match="a scene file has no splits; leave out split='train'"):
        open_games(write(tmp_path / "games.jsonl", scenes), "train")
    with pytest.raises(ValueError, match=r"no folder 'train'|has no game"):
        open_games(tmp_path, "train")

"""The household engine says what the real one says: recorded games replay byte for byte.

Two sets of records. Ours (`household_own.jsonl`: a scene a line, with its episodes; a step that leaves out `adm`
has the list of the step before) holds one of every quirk and is always there. The large one, recorded on the real
engine, is shared between projects and lies beside the repository; without it that part is skipped.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import gymnasium as gym
import pytest

from guerdon.envs.household.catalogue import open_catalogue
from guerdon.envs.household.game import Game
from guerdon.envs.household.sentences import NOTHING

OWN = Path(__file__).with_name("household_own.jsonl")
SHARED = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "household" / "dev"


def own_episodes() -> list[Any]:
    """Return our episodes, with the admissible list of every step filled in."""
    found = []
    for line in OWN.read_text().splitlines():
        scene = json.loads(line)
        for episode in scene["episodes"]:
            admissible: list[str] = []
            for step in episode["steps"]:
                admissible = step.setdefault("adm", admissible)
                step.setdefault("won", False)
            name = f"{scene['id']}-{episode['episode'].replace(' ', '_')}"
            found.append(pytest.param(OWN, scene["id"], episode["dialect"], episode["steps"], id=name))
    return found


def shared_episodes() -> list[Any]:
    """Return the shared episodes; if there are none, one that is skipped and says why."""
    records = SHARED / "rollouts.jsonl.gz"
    if not records.exists():
        reason = "the recorded games of the real engine are not beside this repository; only our own were replayed"
        return [pytest.param(OWN, "", "move", [], id="absent", marks=pytest.mark.skip(reason=reason))]
    found = []
    for line in gzip.decompress(records.read_bytes()).splitlines():
        episode = json.loads(line)
        name = f"{episode['scene']}-{episode['episode']}"
        found.append(pytest.param(SHARED / "scenes.jsonl", episode["scene"], "move", episode["steps"], id=name))
    return found


EVERY = pytest.mark.parametrize(("games", "scene", "dialect", "steps"), [*own_episodes(), *shared_episodes()])


@EVERY
def test_the_game_replays_byte_for_byte(games: Path, scene: str, dialect: str, steps: list[dict[str, Any]]) -> None:
    world = open_catalogue(games, dialect=dialect).world(scene)
    game = Game(world)
    assert [world.first_observation, list(game.choices), game.won] == [steps[0][key] for key in ("obs", "adm", "won")]
    for number, step in enumerate(steps[1:], start=1):
        observation = game.step(step["cmd"])
        assert (NOTHING if observation is None else observation) == step["obs"], (number, step["cmd"])
        assert list(game.choices) == step["adm"], (number, step["cmd"])
        assert game.won == step["won"], (number, step["cmd"])


@EVERY
def test_the_env_replays_byte_for_byte(games: Path, scene: str, dialect: str, steps: list[dict[str, Any]]) -> None:
    env = gym.make("guerdon:guerdon/Household-v0", games=str(games), dialect=dialect, max_episode_steps=1000)
    observation, info = env.reset(options={"task": scene})
    assert [observation, info["admissible_actions"]] == [steps[0]["obs"], steps[0]["adm"]]
    for number, step in enumerate(steps[1:], start=1):
        observation, reward, terminated, truncated, info = env.step(step["cmd"])
        assert observation == step["obs"], (number, step["cmd"])
        assert info["admissible_actions"] == step["adm"], (number, step["cmd"])
        assert (terminated, truncated, reward, info["is_success"]) == (
            step["won"],
            False,
            float(step["won"]),
            step["won"],
        ), (number, step["cmd"])


def test_our_records_are_small_and_end_in_success() -> None:
    assert OWN.stat().st_size < 40_000
    wins = [step["won"] for episode in own_episodes() for step in episode.values[3]]
    assert sum(wins) >= 5, "a good part of our episodes reaches the goal, so that winning is replayed too"


def test_every_difference_is_noticed() -> None:
    """The comparison can fail: one changed letter, one missing command or one early win is noticed."""
    games, scene, dialect, steps = own_episodes()[0].values
    for key, wrong in (("obs", "You see nothing."), ("adm", steps[1]["adm"][:-1]), ("won", True)):
        changed = [*steps[:1], {**steps[1], key: wrong}, *steps[2:]]
        with pytest.raises(AssertionError):
            test_the_game_replays_byte_for_byte(games, scene, dialect, changed)
        with pytest.raises(AssertionError):
            test_the_env_replays_byte_for_byte(games, scene, dialect, changed)

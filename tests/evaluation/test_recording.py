"""What is played and filmed beside the agents is found by discovery, and worlds keep out of each other's way."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from guerdon.agents.scripted import SCRIPTED
from guerdon.envs.registration import env_ids, is_text
from guerdon.evaluation.compare import CompareConfig
from guerdon.evaluation.config import CellConfig
from guerdon.reward_models import REWARDS
from guerdon.scripts import record_results
from guerdon.scripts.doc_pages import world_name
from guerdon.scripts.record_results import RecordResults, main, shelve, worth_filming

GENERIC = {"expert", "lazy", "random"}


def cells_of(env: str) -> list[CellConfig]:
    world = world_name(env)
    rewards = tuple(name for name in REWARDS if name.startswith(f"{world}/"))
    return CompareConfig(env=env, rewards=rewards, agent="ppo", sets={}).cells()


@pytest.mark.parametrize("env", env_ids())
def test_scripted_policies_play_in_their_own_world(env: str) -> None:
    own = {name for name, cls in SCRIPTED.items() if "/" in name and cls.plays(env)}
    generic = GENERIC if is_text(env.partition(":")[2]) else set()
    assert {cell.scripted for cell in cells_of(env)} - {None} == generic | own
    assert {"expert"} < generic or any(name.endswith("-expert") for name in own)


@pytest.mark.parametrize("env", env_ids())
def test_exploits_and_the_expert_are_filmed(env: str) -> None:
    world = world_name(env)
    best = next(name for name in REWARDS if name.startswith(f"{world}/"))
    filmed = {(cell.scripted, cell.reward) for cell in worth_filming(cells_of(env), best)}
    own = {(name, cls.exploits) for name, cls in SCRIPTED.items() if cls.exploits and cls.plays(env)}
    experts = {name for name, cls in SCRIPTED.items() if name.endswith("expert") and cls.plays(env)}
    assert len(experts) == 1
    assert filmed == {(name, best) for name in experts} | own


def test_an_exploit_of_a_reward_that_is_not_compared_does_not_play() -> None:
    cells = CompareConfig(rewards=("household/success-v1",)).cells()
    assert {cell.scripted for cell in cells} - {None} == GENERIC


def test_only_the_videos_of_the_recorded_env_are_replaced(tmp_path: Path) -> None:
    videos, reward = tmp_path / "videos", "household/busy-v1"
    one, other = (
        CellConfig("guerdon:guerdon/Household-v0", reward),
        CellConfig("guerdon:guerdon/WebShop-v0", "webshop/keywords-v1"),
    )
    good, bad = tmp_path / "ep000000_success.mp4", tmp_path / "ep000000_truncated.mp4"
    good.write_bytes(b"good")
    bad.write_bytes(b"bad")
    shelve(videos, other.env, [(good, other)], ["abc"])
    shelve(videos, one.env, [(bad, one), (bad, replace(one, agent="scripted/household/busy-exploit"))], ["abc"])
    assert (videos / "household-busy-v1_scripted-household-busy-exploit_truncated.mp4").read_bytes() == b"bad"
    shelve(videos, one.env, [(good, one)], ["def"])
    entries = json.loads((videos / "index.json").read_text())
    assert [(entry["file"], entry["env"], entry["reward"], entry["git"]) for entry in entries] == [
        ("household-busy-v1_ppo_success.mp4", one.env, reward, ["def"]),
        ("webshop-keywords-v1_ppo_success.mp4", other.env, other.reward, ["abc"]),
    ]
    assert {file.name for file in videos.iterdir()} == {"index.json", *(entry["file"] for entry in entries)}
    robot = CellConfig("guerdon:guerdon/Push-v0", "manipulation/staged-v1", agent="robot-ppo")
    shelve(videos, robot.env, [(good, robot)], ["abc"])
    assert (videos / "push_manipulation-staged-v1_robot-ppo_success.mp4").exists()


def test_every_env_that_says_how_it_is_compared_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    recorded: list[str] = []
    monkeypatch.setattr(record_results, "record", lambda config, root: recorded.append(config.env))
    assert main(RecordResults()) == 0
    assert "guerdon:guerdon/Household-v0" in recorded
    assert main(RecordResults(env=recorded[0])) == 0
    assert recorded[-1] == recorded[0]
    with pytest.raises(ValueError, match="Did you mean 'guerdon:guerdon/Household-v0'"):
        main(RecordResults(env="guerdon:guerdon/Houshold-v0"))

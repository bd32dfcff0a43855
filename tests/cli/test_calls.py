"""Each verb does what it says, called from Python as its help describes."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from guerdon.agents.recipe import RECIPES
from guerdon.core.episode_log import read_episodes
from guerdon.envs.registration import env_ids
from guerdon.evaluation.comparison import Comparison
from guerdon.evaluation.store import is_done
from guerdon.reward_models import REWARDS
from guerdon.scripts import compare, evaluate, play, render, train
from guerdon.scripts import list as listing
from guerdon.scripts.options import EnvArgs, Overrides, gathered

from .conftest import Trained

SMALL = EnvArgs(env_arg=("split=valid_seen", "task_types=1", "max_episode_steps=20"))
Capture = pytest.CaptureFixture[str]


def test_overrides_are_values() -> None:
    overrides = Overrides(env_arg=("a=(1, 2)", "b=train", "c=None", "d=x=y"), agent_arg=("e=1e-3", "f={'g': 2}"))
    assert overrides.env_kwargs == {"a": (1, 2), "b": "train", "c": None, "d": "x=y"}
    assert overrides.agent_kwargs == {"e": 1e-3, "f": {"g": 2}}
    with pytest.raises(ValueError, match="--agent-arg 'two words=1' is not KEY=VALUE"):
        _ = Overrides(agent_arg=("two words=1",)).agent_kwargs


def test_an_option_may_be_repeated() -> None:
    words = ["--reward", "a", "--seeds", "2", "--reward", "b", "c", "--env-arg=split=train"]
    assert gathered(words) == ["--reward", "a", "b", "c", "--seeds", "2", "--env-arg", "split=train"]


def test_list_names_everything(capsys: Capture) -> None:
    assert listing.main(listing.List()) == 0
    text = capsys.readouterr().out
    for name in (*env_ids(), *REWARDS, "ppo", "scripted/expert", "any algorithm of Stable-Baselines3"):
        assert name in text
    assert listing.main(listing.List("rewards")) == 0
    text = capsys.readouterr().out
    assert "household/busy-v1" in text
    assert "ppo" not in text
    assert all(about.endswith(".") for kind in listing.KINDS for about in listing.listing(kind).values())


def test_train_leaves_a_run_and_says_where(trained: Trained) -> None:
    assert is_done(trained.folder)
    assert f"run       {trained.folder}\n" in trained.output
    rows = read_episodes(trained.folder / "episodes.csv")
    for name in ("seen", "unseen"):
        played = [row for row in rows if row.phase == name]
        assert len(played) == 3
        assert f"{name:<10}{sum(row.is_success for row in played)}/3 solved" in trained.output
    assert {row.task_type for row in rows} == {"pick_and_place_simple", "look_at_obj_in_light"}
    assert max(row.length for row in rows) == 8


@pytest.mark.parametrize("policy", ["expert", "lazy", "run"])
def test_evaluate_reports_by_task_type(policy: str, trained: Trained, capsys: Capture) -> None:
    name = str(trained.folder) if policy == "run" else policy
    env_args = EnvArgs(env_arg=("split=valid_unseen", "task_types=(1, 2)"))
    assert evaluate.main(evaluate.Evaluate(policy=name, episodes=6, overrides=env_args)) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ["task", "type", "solved", "objective", "return", "steps"]
    table = {line.split()[0]: line.split()[1:] for line in lines}
    assert list(table) == ["look_at_obj_in_light", "pick_and_place_simple", "all"]
    solved, count = (int(number) for number in table["all"][0].split("/"))
    assert count == 6
    assert solved == {"expert": 6, "lazy": 0}.get(policy, solved)
    assert float(table["all"][2]) == pytest.approx(solved / 6, abs=0.01)  # the return of household/success-v1


@pytest.mark.parametrize("policy", ["household/busy-exploit", "run"])
def test_render_films_episodes(policy: str, trained: Trained, tmp_path: Path, capsys: Capture) -> None:
    name = str(trained.folder) if policy == "run" else policy
    small = EnvArgs(env_arg=(*SMALL.env_arg[:2], "max_episode_steps=2"))
    assert render.main(render.Render(policy=name, episodes=2, out=str(tmp_path), overrides=small)) == 0
    paths = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert [path.name for path in paths] == ["ep000000_truncated.mp4", "ep000001_truncated.mp4"]
    assert all(path.parent == tmp_path and path.stat().st_size > 1000 for path in paths)


def type_in(text: str, monkeypatch: pytest.MonkeyPatch, **options: str) -> int:
    """Play a game with `text` piped in; return the exit code."""
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    return play.main(play.Play(seed=3, overrides=SMALL, **options))  # type: ignore[arg-type]


def test_play_answers_hints_numbers_and_nonsense(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    assert type_in("hint\n\n0\ndance\n99\nquit\nlook\n", monkeypatch) == 1
    text = capsys.readouterr().out
    assert "Your task is to:" in text
    assert "  expert: go to" in text
    assert text.count("   0  go to") == 2, "the list, and again after Enter"
    assert text.count("(not_a_command)") == 2, "dance, and a number that is not in the list"
    assert text.count("  reward ") == 3, "nothing happens after quit"
    assert "success +0.000  shaping " in text
    assert text.endswith("The task is not done.\n")


def test_play_can_be_won(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    class Obedient(io.StringIO):
        """Asks for a hint and types it in."""

        def readline(self, size: int | None = -1) -> str:
            printed.append(capsys.readouterr().out)
            _, said, hint = printed[-1].rpartition("expert: ")
            return hint.partition("\n")[0] + "\n" if said else "hint\n"

    printed: list[str] = []
    monkeypatch.setattr("sys.stdin", Obedient())
    assert play.main(play.Play(task="valid_seen-0000", reward="household/success-v1", overrides=SMALL)) == 0
    assert "reward +1.000 (so far +1.00)   success +1.000" in (text := capsys.readouterr().out)
    assert text.endswith("The task is done.\n")


def test_play_ends_where_the_input_ends(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    assert type_in("look", monkeypatch, reward="household/busy-v1") == 1
    assert capsys.readouterr().out.endswith("The task is not done.\n")


RECIPE_ARGS = ("num_groups=3", "group_size=4", "num_envs=8", "warm_start=4", "policy={'width': 8}")
CALC: dict[str, Any] = {"env": "guerdon:guerdon/Calc-v0", "episodes": 3, "points": 1, "steps": 60}
CALC_ARGS = Overrides(env_arg=("difficulty=0.0", "guess=4"), agent_arg=RECIPE_ARGS)


def test_a_recipe_is_trained_with_its_constants(tmp_path: Path, capsys: Capture) -> None:
    one = train.Train(recipe="pure(temperature=0.5)", out=str(tmp_path), overrides=CALC_ARGS, **CALC)
    assert train.main(one) == 0
    (run,) = tmp_path.rglob("run.json")
    info = json.loads(run.read_text())
    assert info["agent"] == "recipe/pure(temperature=0.5)"
    assert info["args"]["agent_args"]["policy"] == {"width": 8}
    assert "recipe-pure-temperature-0.5" in run.parts[-3]
    assert "/3 solved" in capsys.readouterr().out
    assert evaluate.main(evaluate.Evaluate(policy=str(run.parent), env=CALC["env"], episodes=2)) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("all")


def test_an_agent_and_a_recipe_are_one_too_many() -> None:
    with pytest.raises(ValueError, match="--agent ppo and --recipe pure: name one of them"):
        train.main(train.Train(agent="ppo", recipe="pure"))


def test_recipes_are_listed_with_their_sources() -> None:
    about = listing.listing("recipes")
    assert set(about) == set(RECIPES)
    assert "arXiv 2504.15275" in about["pure"]


def test_recipes_are_compared_under_one_reward(tmp_path: Path, capsys: Capture) -> None:
    one = compare.Compare(
        recipe=("rloo", "pure(scorer='paid')"), seeds=1, jobs=1, out=str(tmp_path), overrides=CALC_ARGS, **CALC
    )
    assert compare.main(one) == 0
    text = capsys.readouterr().out
    assert "reasoning/outcome-v1" in text
    (numbers,) = tmp_path.rglob("compare.json")
    comparison = Comparison.load(numbers)
    assert [row.id for row in comparison.rows] == ["recipe/pure(scorer='paid')", "recipe/rloo"]
    assert comparison.rewards == ("reasoning/outcome-v1",)

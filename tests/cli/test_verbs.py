"""The `guerdon` command: its verbs, its help, and one line for every mistake."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import guerdon
from guerdon.scripts.cli import class_of, main, verbs

SCRIPTS = Path(__file__).parents[2] / "scripts"
every_verb = pytest.mark.parametrize("verb", list(verbs()))


def call(*argv: str) -> int:
    """Run the command in this process; return its exit code."""
    with pytest.raises(SystemExit) as caught:
        main(list(argv))
    assert isinstance(caught.value.code, int)
    return caught.value.code


def test_the_verbs_are_found() -> None:
    assert {"train", "evaluate", "compare", "render", "list", "play"} <= verbs().keys()


@every_verb
def test_help_shows_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(verb, "--help") == 0
    text = " ".join(capsys.readouterr().out.split())
    assert f"usage: guerdon {verb}" in text
    assert f"Example: guerdon {verb}" in text


@every_verb
def test_every_verb_can_be_called_from_python(verb: str) -> None:
    module = importlib.import_module(verbs()[verb][0])
    (argument,) = inspect.signature(module.main, eval_str=True).parameters.values()
    options = vars(module)[class_of(verb)]
    assert argument.annotation is options
    assert dataclasses.is_dataclass(options)
    assert {"main", class_of(verb)} <= set(module.__all__)
    vars(module)[class_of(verb)]()  # every option has a default


@pytest.mark.parametrize("argv", [[], ["--help"], ["-h"]])
def test_without_a_verb_it_lists_them(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert call(*argv) == (0 if argv else 2)
    text = capsys.readouterr().out
    assert "usage: guerdon VERB" in text
    assert "example: guerdon compare" in text
    for verb, (_, about) in verbs().items():
        assert f"{verb} " in text
        assert about in text


def test_it_says_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--version") == 0
    assert capsys.readouterr().out == f"guerdon {guerdon.__version__}\n"


def test_a_verb_runs_by_the_path_of_its_file(tmp_path: Path) -> None:
    runs = [
        subprocess.Popen(
            [sys.executable, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
        )
        for options in (
            [SCRIPTS / "train.py", "--help"],
            ["-m", "guerdon.scripts.cli", "list", "rewards"],
            ["-m", "guerdon.scripts.cli", "trian"],
        )
    ]
    (by_path, _), (by_name, _), (_, error) = (run.communicate() for run in runs)
    assert [run.returncode for run in runs] == [0, 0, 2]
    assert "Example: guerdon train" in " ".join(by_path.split())
    assert "household/busy-v1" in by_name
    assert error == "error: unknown verb 'trian'. Did you mean 'train'?\n"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("trian", "Did you mean 'train'"),
        ("list rewrds", "Did you mean 'rewards'"),
        ("evaluate --policy exprt", "Did you mean 'expert'"),
        ("evaluate --reward household/succes-v1", "Did you mean 'household/success-v1'"),
        ("evaluate --env guerdon:guerdon/Houshold-v0", "Household"),
        ("evaluate --env CartPole-v1", "CartPole-v1"),
        ("evaluate --env-arg splitt=train", "split"),
        ("evaluate --env-arg split=trian", "Did you mean 'train'"),
        ("evaluate --env-arg split", "is not KEY=VALUE"),
        ("evaluate --env-arg games=nothing.jsonl", "no such file or folder of games: nothing.jsonl"),
        ("evaluate --episodes 0", "episodes"),
        ("render --task train-99999", "Did you mean 'train-"),
        ("play --reward household/busi-v1", "Did you mean 'household/busy-v1'"),
        ("play --task nowhere", "unknown task 'nowhere'"),
        ("train --agent pp0", "Did you mean 'ppo'"),
        ("train --agent sac", "SAC"),
        ("train --steps -5 --episodes 1", "steps"),
        ("train --agent-arg seed=1", "seed"),
        ("train --agent-arg n_step=1", "Did you mean 'n_steps'"),
        ("train --agent-arg learning_rate=fast", "fast"),
        ("compare --agent pp0", "Did you mean 'ppo'"),
        ("compare --seeds 0", "seeds is 0, not at least 1"),
        ("compare --reward household/nothing", "unknown reward 'household/nothing'"),
    ],
)
def test_a_mistake_is_answered_by_one_line(
    line: str, words: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(*line.split()) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert error.count("\n") == 1
    assert words in error
    assert not list(tmp_path.rglob("episodes.csv")), "something was run all the same"

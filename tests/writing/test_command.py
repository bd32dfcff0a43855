from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from guerdon.core.episode_log import EpisodeRow
from guerdon.evaluation.writing.checking import Checker
from guerdon.evaluation.writing.people import AnswersNeededError, PersonJudge
from guerdon.evaluation.writing.reflection import Candidate
from guerdon.evaluation.writing.request import Draft
from guerdon.evaluation.writing.training import CellTrainer, Trained, traces_of
from guerdon.evaluation.writing.written import Library
from guerdon.scripts.cli import main, verbs

from .parts import evidence

PADTRAP = "guerdon:guerdon/PadTrap-v0"


def ran(*words: str) -> int:
    with pytest.raises(SystemExit) as done:
        main(["write-reward", *words])
    return int(done.value.code or 0)


def test_the_verb_is_found() -> None:
    assert verbs()["write-reward"][0] == "guerdon.scripts.write_reward"


def test_synth_is_the_default_and_says_what_it_did_not_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    words = ("--env", "guerdon:guerdon/Reach-v0", "--steps", "0", "--episodes", "4", "--out", str(out))
    assert ran(*words, "--goal", "Go to the target.") == 0
    told = capsys.readouterr().out
    assert "without a language model" in told
    assert "not trained on (--steps 0)" in told
    assert "rank correlation with the objective" in told
    assert "ok   ranking" in told
    plain = json.loads((out / "reward.json").read_text())
    assert (plain["ok"], plain["steps"], plain["score"]) == (True, 0, None)
    assert (out / plain["file"]).is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--method", "text2reward"), "needs --model"),
        (("--method", "icpl", "--steps", "0"), "--steps cannot be 0"),
        (("--model", "nothing", "--steps", "0", "--episodes", "2"), "no language model"),
        (("--said", "too fast"), "--revise FILE and --said TEXT"),
    ],
)
def test_options_that_do_not_go_together(words: tuple[str, ...], said: str, capsys, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert ran(*words, "--out", str(tmp_path)) == 2
    assert said in capsys.readouterr().err


def test_a_trainer_reports_failures_and_keeps_what_is_done(tmp_path: Path) -> None:
    trainer = CellTrainer(PADTRAP, 256, tmp_path, episodes=4)
    good, bad = (
        "programs/dsl-v1(program='tabular: gain[progress, 1]')",
        "programs/dsl-v1(program='household: gain[hold]')",
    )
    first = trainer([good, bad, "nonsense/x-v1"])
    assert [one.score is None for one in first] == [False, True, True]
    assert "household" in first[1].error
    assert "nonsense/x-v1" in first[2].error
    assert set(first[0].traces) == {"gain_progress"}
    run = Path(first[0].folder, "run.json")
    changed = run.stat().st_mtime_ns
    assert trainer([good])[0].score == first[0].score
    assert run.stat().st_mtime_ns == changed


def test_traces_are_means_of_equal_parts_of_the_training() -> None:
    rows = [EpisodeRow("train", i, i, "t", "", None, 1, False, 0.0, 0.0, {"a": float(i)}) for i in range(20)]
    assert traces_of(rows)["a"] == tuple(np.arange(20).reshape(10, 2).mean(axis=1))
    assert traces_of(rows[:3])["a"] == (0.0, 1.0, 2.0)
    assert traces_of([]) == {}


def test_a_person_is_asked_through_a_folder_and_the_search_goes_on_from_the_answers(tmp_path: Path) -> None:
    pytest.importorskip("minari")
    from guerdon.evaluation.preference_store import add_answer

    checker = Checker(evidence(), Library(tmp_path))
    texts = ("near[gap, 0.1]", "near[gap, 0.2]")
    pair = tuple(
        Candidate(checker(Draft("program", text)), Trained(0.0, folder=policy))
        for text, policy in zip(texts, ("expert", "lazy"), strict=True)
    )
    judge = PersonJudge(tmp_path / "comparisons", "guerdon:guerdon/Reach-v0")
    for _ in range(2):
        with pytest.raises(AnswersNeededError, match="guerdon label"):
            judge.compare([pair])  # type: ignore[list-item]
    (folder,) = (tmp_path / "comparisons").iterdir()
    add_answer(folder, 0, 0.0)
    assert judge.compare([pair]) == [False]  # type: ignore[list-item]
    add_answer(folder, 0, None)
    assert judge.compare([pair]) == [True]  # type: ignore[list-item]

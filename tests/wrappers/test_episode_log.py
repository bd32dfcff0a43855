"""The episode table: rows come back equal, survive a kill, and its columns do not change unseen."""

from __future__ import annotations

import math
from pathlib import Path

import gymnasium as gym
import pytest
from gymnasium.envs.registration import EnvSpec
from hypothesis import given
from hypothesis import strategies as st

from guerdon.core.episode_log import EpisodeLog, EpisodeRow, read_episodes
from guerdon.core.names import UnknownNameError
from guerdon.wrappers.term_recorder import TermRecorder

from .fake_env import CHOICES, FakeText

LINE = st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=20)
NUMBER = st.floats(allow_nan=False)
ROW = st.builds(
    EpisodeRow,
    phase=LINE,
    step=st.integers(0),
    episode=st.integers(0),
    task=LINE,
    task_type=LINE,
    seed=st.none() | st.integers(0, 2**32 - 1),
    length=st.integers(0),
    is_success=st.booleans(),
    objective=NUMBER,
    reward=NUMBER,
    terms=st.fixed_dictionaries({"a": NUMBER, "b, c": NUMBER}),
)
SIMPLE = EpisodeRow("train", 10, 0, "t", "k", 7, 10, True, 1.0, 0.5, {"a": 0.25})


@given(st.lists(ROW, max_size=5))
def test_rows_come_back_equal(tmp_path_factory: pytest.TempPathFactory, rows: list[EpisodeRow]) -> None:
    path = tmp_path_factory.mktemp("log") / "deep" / "episodes.csv"
    with EpisodeLog(path, ["a", "b, c"]) as log:
        for row in rows:
            log.add(row)
    assert read_episodes(path) == rows


def test_the_file_is_what_the_run_store_says(tmp_path: Path) -> None:
    with EpisodeLog(tmp_path / "episodes.csv", ["a"]) as log:
        log.add(SIMPLE)
    assert (tmp_path / "episodes.csv").read_text() == (
        "phase,step,episode,task,task_type,seed,length,is_success,objective,reward,term:a\n"
        "train,10,0,t,k,7,10,1,1.0,0.5,0.25\n"
    )


@given(st.integers(0, 200))
def test_a_kill_at_any_byte_can_be_resumed(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    path = tmp_path_factory.mktemp("log") / "episodes.csv"
    with EpisodeLog(path, ["a"]) as log:
        for _ in range(3):
            log.add(SIMPLE)
    whole = path.read_bytes()
    path.write_bytes(whole[:cut])
    kept = max(0, whole[:cut].count(b"\n") - 1)
    assert read_episodes(path) == [SIMPLE] * kept
    with EpisodeLog(path, ["a"], resume=True) as log:
        log.add(SIMPLE)
    assert path.read_bytes() == whole[: whole.index(b"\n") + 1] + whole.splitlines(keepends=True)[1] * (kept + 1)


def test_existing_files_and_other_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "episodes.csv"
    EpisodeLog(path, ["a"]).close()
    with pytest.raises(FileExistsError, match="resume=True"):
        EpisodeLog(path, ["a"])
    with pytest.raises(ValueError, match="has the columns"):
        EpisodeLog(path, ["b"], resume=True)
    with pytest.raises(ValueError, match="twice"):
        EpisodeLog(tmp_path / "new.csv", ["a", "a"])


def test_terms_are_fixed_and_bad_rows_leave_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "episodes.csv"
    with EpisodeLog(path, ["novelty"]) as log:
        with pytest.raises(UnknownNameError, match="novelty"):
            log.add(EpisodeRow("train", 1, 0, "t", "k", None, 1, False, 0.0, 0.0, {"novelti": 1.0, "novelty": 0.0}))
        with pytest.raises(ValueError, match="no value for the reward terms"):
            log.add(EpisodeRow("train", 1, 0, "t", "k", None, 1, False, 0.0, 0.0, {}))
        with pytest.raises(ValueError, match="line break"):
            log.add(EpisodeRow("train", 1, 0, "t\nt", "k", None, 1, False, 0.0, 0.0, {"novelty": 0.0}))
    assert read_episodes(path) == []


def test_nan_is_written_and_counted(tmp_path: Path) -> None:
    with EpisodeLog(tmp_path / "episodes.csv", ["a"]) as log:
        log.add(EpisodeRow("train", 1, 0, "t", "k", None, 1, False, 0.0, math.nan, {"a": math.nan}))
        assert log.num_nan == 2
    assert (tmp_path / "episodes.csv").read_text().endswith(",nan,nan\n")
    assert math.isnan(read_episodes(tmp_path / "episodes.csv")[0].terms["a"])


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "episodes.csv"
    EpisodeLog(path, ["a"]).close()
    with path.open("a") as file:
        file.write("train,1,2\n")
    with pytest.raises(ValueError, match=r"episodes.csv:2: .*3 values for 11 columns"):
        read_episodes(path)
    path.write_text("x,y\n")
    with pytest.raises(ValueError, match="not an episode table"):
        read_episodes(path)


def play(env: gym.Env, actions: list[str], seed: int | None = None) -> None:
    env.reset(seed=seed)
    for action in actions:
        if any(env.step(action)[2:4]):
            return


def test_the_recorder_writes_finished_episodes(tmp_path: Path) -> None:
    path = tmp_path / "episodes.csv"
    env = TermRecorder(gym.make("tests/FakeText-v0"), path)
    play(env, CHOICES[:3], seed=4)
    play(env, ["look"])  # given up: no row
    play(env, ["look"] * 9)
    env.close()
    first, second = read_episodes(path)
    assert first == EpisodeRow(
        "train", 3, 0, "room-7", "leave_room", 4, 3, True, 1.0, 0.625, {"success": 1.0, "cost": -0.375}
    )
    assert (second.step, second.episode, second.seed, second.length, second.is_success) == (
        10,
        1,
        None,
        6,
        False,
    )
    assert second.terms == {"success": 0.0, "cost": -0.75}


def test_the_recorder_resumes_and_refuses(tmp_path: Path) -> None:
    path = tmp_path / "episodes.csv"
    env = TermRecorder(gym.make("tests/FakeText-v0"), path)
    play(env, CHOICES[:3])
    env.close()
    with pytest.raises(FileExistsError, match="resume=True"):
        TermRecorder(FakeText(), path)
    env = TermRecorder(gym.make("tests/FakeText-v0"), path, resume=True)
    play(env, CHOICES[:3])
    env.close()
    assert [(row.episode, row.step) for row in read_episodes(path)] == [(0, 3), (1, 6)]


def test_a_term_that_comes_late_is_an_error(tmp_path: Path) -> None:
    inner = FakeText()
    env = TermRecorder(inner, tmp_path / "episodes.csv")
    play(env, CHOICES[:3])
    inner.terms = ("success", "cost", "surprise")
    with pytest.raises(UnknownNameError, match=r"'surprise' in .*fixed by the first episode"):
        play(env, CHOICES[:3])
    env.close()


def test_the_recorder_is_part_of_the_spec(tmp_path: Path) -> None:
    env = TermRecorder(gym.make("tests/FakeText-v0"), tmp_path / "episodes.csv", phase="unseen")
    assert env.spec is not None
    again = gym.make(EnvSpec.from_json(env.spec.to_json()))
    play(again, CHOICES[:3])
    again.close()
    assert read_episodes(tmp_path / "episodes.csv")[0].phase == "unseen"

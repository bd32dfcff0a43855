"""Episodes and preferences on disk: nothing is lost, nothing is half written, others can read it."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from guerdon.core.preferences import PreferenceSet
from guerdon.core.trajectory import Trajectory
from guerdon.evaluation.datasets import (
    Origin,
    add_answer,
    load_preferences,
    load_trajectories,
    preferences_origin,
    read_answers,
    read_origin,
    record,
    sample_pairs,
    save_preferences,
    save_trajectories,
    training_kwargs,
)

minari = pytest.importorskip("minari", reason="needs the extra data: pip install 'guerdon[data]'")
pytest.importorskip("pyarrow", reason="needs the extra data: pip install 'guerdon[data]'")

REACH, HOUSEHOLD = "guerdon:guerdon/Reach-v0", "guerdon:guerdon/Household-v0"
NOT_STORED = {"state", "next_state", "snapshot", "inputs", "choice"}


def equal(one: Any, other: Any) -> bool:
    """Whether values are equal; the order of a mapping counts, since features are read in it."""
    if isinstance(one, Mapping):
        return list(one) == list(other) and all(equal(one[key], other[key]) for key in one)
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and one.dtype == other.dtype and np.array_equal(one, other)
    return list(one) == list(other) if isinstance(one, tuple | list) else one == other


def assert_same(one: Trajectory, other: Trajectory) -> None:
    for field in dataclasses.fields(one):
        if field.name != "steps":
            assert getattr(one, field.name) == getattr(other, field.name), field.name
    for step, same in zip(one.steps, other.steps, strict=True):
        for field in dataclasses.fields(step):
            if field.name == "scores":
                assert step.scores == same.scores
            elif field.name not in NOT_STORED:
                assert equal(getattr(step, field.name), getattr(same, field.name)), field.name


def origin(env: str) -> Origin:
    return Origin(env, training_kwargs(env), "expert:0.3", 2)


@pytest.mark.parametrize("name", ["Household", "Reach", "Grid", "WebShop", "SearchQA", "LineProg"])
def test_what_is_saved_is_what_is_loaded(name: str, tmp_path: Path) -> None:
    env = f"guerdon:guerdon/{name}-v0"
    found = record(env, None, "expert:0.3", 12, seed=2)
    found[0].write("mine", np.linspace(0, 1, len(found[0])))
    for one in found[1:]:
        one.write("mine", np.zeros(len(one)))
    assert save_trajectories(tmp_path / "_set", found, origin(env)) == tmp_path / "_set"
    again = load_trajectories(tmp_path / "_set")
    assert len(again) == len(found)
    for one, same in zip(found, again, strict=True):
        assert_same(one, same)
    assert read_origin(tmp_path / "_set") == origin(env)


def test_an_episode_of_one_step(tmp_path: Path) -> None:
    found = [one for one in record("guerdon:guerdon/LineProg-v0", None, "random", 40) if len(one) == 1]
    assert found
    env = "guerdon:guerdon/LineProg-v0"
    save_trajectories(tmp_path / "set", found, Origin(env, training_kwargs(env)))
    for one, same in zip(found, load_trajectories(tmp_path / "set"), strict=True):
        assert_same(one, same)


def test_minari_reads_it_and_finds_the_env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = record(REACH, None, "expert", 3)
    save_trajectories(tmp_path / "reach-expert-v0", found, origin(REACH))
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(tmp_path))
    whole = minari.load_dataset("reach-expert-v0")
    assert whole.total_episodes == 3
    assert whole.total_steps == sum(map(len, found))
    assert not whole.storage.jpeg_encoding  # pictures of cameras are kept to the bit
    episode = whole[1]
    assert episode.observations["observation"].shape == (41, 34)
    assert np.array_equal(episode.actions, np.stack([step.action for step in found[1].steps]))
    env = whole.recover_environment()
    obs, _ = env.reset(seed=found[1].seed, options={"task": found[1].task_id})
    assert np.array_equal(obs["observation"], episode.observations["observation"][0])
    env.close()


def test_equal_data_are_equal_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("one", "two"):  # relative, as on a command line
        save_trajectories(name, record(HOUSEHOLD, None, "expert", 4), origin(HOUSEHOLD))
    files = sorted(file.relative_to("one") for file in Path("one").rglob("*") if file.is_file())
    assert len(files) == 9
    assert all(Path("one", file).read_bytes() == Path("two", file).read_bytes() for file in files)


def test_nothing_is_overwritten_and_nothing_is_left_of_a_failure(tmp_path: Path) -> None:
    found = record(HOUSEHOLD, None, "expert", 2)
    save_trajectories(tmp_path / "set", found, origin(HOUSEHOLD))
    with pytest.raises(FileExistsError, match="exists"):
        save_trajectories(tmp_path / "set", found, origin(HOUSEHOLD))
    found[1].steps[-1].obs = 3.5  # cannot be written
    with pytest.raises((TypeError, ValueError)):
        save_trajectories(tmp_path / "other", found, origin(HOUSEHOLD))
    assert [file.name for file in tmp_path.iterdir()] == ["set"]


def test_what_cannot_be_saved_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no episodes"):
        save_trajectories(tmp_path / "set", [], origin(HOUSEHOLD))
    found = record(HOUSEHOLD, None, "expert", 2)
    found[1].write("more", np.zeros(len(found[1])))
    with pytest.raises(ValueError, match="same scores"):
        save_trajectories(tmp_path / "set", found, origin(HOUSEHOLD))
    with pytest.raises(FileNotFoundError, match="holds no recorded episodes"):
        load_trajectories(tmp_path)
    with pytest.raises(FileNotFoundError, match="holds no preferences"):
        load_preferences(tmp_path)


@pytest.mark.parametrize("module", ["minari", "pyarrow"])
def test_a_missing_package_is_named(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = record(HOUSEHOLD, None, "expert", 1)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(RuntimeError, match=rf'need {module}.*pip install "guerdon\[data\]"'):
        save_trajectories(tmp_path / "set", found, origin(HOUSEHOLD))
    assert not list(tmp_path.iterdir())


@pytest.fixture
def preferences() -> PreferenceSet:
    found = record(HOUSEHOLD, None, "expert", 3) + record(HOUSEHOLD, None, "random", 3)
    return PreferenceSet(found, sample_pairs(found, 6), np.array([1, 0, 0.5, np.nan, 0.25, 1]), "me")


def test_preferences_come_back(preferences: PreferenceSet, tmp_path: Path) -> None:
    save_preferences(tmp_path / "p", preferences, origin(HOUSEHOLD))
    again = load_preferences(tmp_path / "p")
    assert np.array_equal(again.pairs, preferences.pairs)
    assert np.array_equal(again.labels, preferences.labels, equal_nan=True)
    assert again.source == "me"
    assert preferences_origin(tmp_path / "p") == origin(HOUSEHOLD)
    for one, same in zip(preferences.trajectories, again.trajectories, strict=True):
        assert_same(one, same)
    assert sorted(file.name for file in (tmp_path / "p").iterdir()) == ["pairs.parquet", "trajectories"]


def test_the_table_is_the_one_agreed_on(preferences: PreferenceSet, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    save_preferences(tmp_path / "p", preferences, origin(HOUSEHOLD))
    table = parquet.read_table(tmp_path / "p" / "pairs.parquet")
    sides = [f"{side}{part}" for side in ("first", "second") for part in ("", "_start", "_stop")]
    assert table.column_names == ["pair", *sides, "label"]
    assert table["label"].to_pylist() == [1.0, 0.0, 0.5, None, 0.25, 1.0]
    about = table.schema.metadata
    assert about[b"env"] == HOUSEHOLD.encode()
    assert json.loads(about[b"env_kwargs"]) == {"split": "train"}
    assert about[b"source"] == b"me"


def test_answers_of_people_replace_labels(preferences: PreferenceSet, tmp_path: Path) -> None:
    save_preferences(tmp_path / "p", preferences, origin(HOUSEHOLD))
    for pair, label in ((0, 0.0), (3, 0.5), (1, 1.0), (1, None), (0, 1)):
        add_answer(tmp_path / "p", pair, label, 1.23456)
    again = load_preferences(tmp_path / "p")
    assert np.array_equal(again.labels, [1, np.nan, 0.5, 0.5, 0.25, 1], equal_nan=True)
    assert again.source == "me + human"


def test_a_torn_line_costs_that_answer_only(preferences: PreferenceSet, tmp_path: Path) -> None:
    save_preferences(tmp_path / "p", preferences, origin(HOUSEHOLD))
    add_answer(tmp_path / "p", 0, 0)
    with (tmp_path / "p" / "answers.jsonl").open("a") as file:
        file.write('{"pair": 1, "lab')
    add_answer(tmp_path / "p", 2, 1)
    assert read_answers(tmp_path / "p") == {0: 0.0, 2: 1.0}


def test_impossible_answers_are_refused(preferences: PreferenceSet, tmp_path: Path) -> None:
    save_preferences(tmp_path / "p", preferences, origin(HOUSEHOLD))
    with pytest.raises(ValueError, match=r"answer to pair 0 is 0\.3"):
        add_answer(tmp_path / "p", 0, 0.3)
    add_answer(tmp_path / "p", 99, 1)
    with pytest.raises(ValueError, match="no pair 99, only 6"):
        load_preferences(tmp_path / "p")

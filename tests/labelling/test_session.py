"""A sitting: whom it asks, what comes next, and where it goes on."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from guerdon.evaluation.datasets import load_preferences, preferences_origin, save_preferences
from guerdon.evaluation.labelling.session import LabelSession, StaleError

from .conftest import PAIRS


def test_pairs_come_in_order_and_a_later_sitting_goes_on(folder: Path) -> None:
    session = LabelSession(folder)
    state = session.state()
    assert (state["total"], state["done"], state["undo"]) == (PAIRS, 0, False)
    for pair, label in enumerate((1, 0.5, 0, None)):
        assert state["upcoming"] == [pair, pair + 1, pair + 2]
        state = session.answer(state["data"], pair, label, 1.5)
    assert state["counts"] == {"first": 1, "equal": 1, "second": 1, "skipped": 1}
    assert session.summary == "labelled 3 of 10 pairs, skipped 1"
    session.close()
    session = LabelSession(folder)
    assert session.state() == state
    session.close()
    labels = load_preferences(folder).labels
    assert labels[:3].tolist() == [1.0, 0.5, 0.0]
    assert np.isnan(labels[3:]).all()


def test_undo_asks_again(session: LabelSession) -> None:
    data = session.state()["data"]
    for pair in range(3):
        session.answer(data, pair, 1)
    assert session.undo(data)["upcoming"][0] == 2
    state = session.undo(data)
    assert (state["upcoming"], state["done"]) == ([1, 2, 3], 1)
    assert session.answer(data, 1, 0)["upcoming"][0] == 2
    session.undo(data)
    session.undo(data)
    state = session.undo(data)
    assert (state["upcoming"][0], state["done"], state["undo"]) == (0, 0, False)


def test_an_answer_that_arrives_twice_is_undone_as_one(session: LabelSession) -> None:
    data = session.state()["data"]
    session.answer(data, 0, 1)
    session.answer(data, 0, 1)
    state = session.undo(data)
    assert state["upcoming"][0] == 0
    assert state["done"] == 0
    assert session.answer(data, 0, 0)["counts"]["second"] == 1


def test_what_a_teacher_has_labelled_is_asked_on_demand(folder: Path, tmp_path: Path) -> None:
    found = load_preferences(folder)
    labels = np.where(np.arange(PAIRS) < 8, 1.0, np.nan)
    taught = dataclasses.replace(found, labels=labels, source="a teacher")
    save_preferences(tmp_path / "taught", taught, preferences_origin(folder))
    session = LabelSession(tmp_path / "taught")
    state = session.state()
    assert state["upcoming"] == [8, 9]
    with pytest.raises(KeyError):
        session.answer(state["data"], 0, 0)
    session.close()
    session = LabelSession(tmp_path / "taught", all_pairs=True)
    assert session.state()["total"] == PAIRS
    session.answer(state["data"], 0, 0)
    session.close()
    assert load_preferences(tmp_path / "taught").labels[0] == 0.0
    session = LabelSession(tmp_path / "taught")
    assert session.state()["done"] == 1
    session.close()


def test_what_to_do_next_can_be_pasted(session: LabelSession) -> None:
    assert session.state()["then"].endswith("calc pairs'")


@pytest.mark.parametrize("label", [True, 2, 0.7, "1", [], float("nan")])
def test_labels_that_make_no_sense_are_refused(session: LabelSession, label: object) -> None:
    with pytest.raises(ValueError, match="label is"):
        session.answer(session.data, 0, label)
    assert session.state()["done"] == 0


@pytest.mark.parametrize("seconds", [True, -1, "1", None, float("nan"), float("inf")])
def test_times_that_make_no_sense_are_refused(session: LabelSession, seconds: object) -> None:
    with pytest.raises(ValueError, match="seconds is"):
        session.answer(session.data, 0, 1, seconds)


def test_a_page_of_other_preferences_cannot_answer(session: LabelSession) -> None:
    with pytest.raises(StaleError):
        session.answer("other", 0, 1)
    with pytest.raises(StaleError):
        session.undo(None)


def test_a_folder_is_labelled_once_at_a_time(session: LabelSession) -> None:
    pytest.importorskip("fcntl", reason="no locks on Windows")
    with pytest.raises(RuntimeError, match="another process"):
        LabelSession(session.folder)


def test_a_folder_without_preferences(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="guerdon prefer"):
        LabelSession(tmp_path)

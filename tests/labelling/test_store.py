"""Answers on disk: confirmed is kept, torn is dropped, the last one counts, and undo goes one line back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.evaluation.labelling.store import AnswerLog
from guerdon.evaluation.preference_store import ANSWERS, read_answers

LABELS = (1.0, 0.5, 0.0, None)
FOR_EVER = """
import itertools, sys
from guerdon.evaluation.labelling.store import AnswerLog
log = AnswerLog(sys.argv[1])
for pair in itertools.count():
    log.add(pair, 0.5, 1.0)
    print(pair, flush=True)
"""
steps = st.lists(
    st.one_of(
        st.tuples(st.integers(0, 3), st.sampled_from(LABELS)),
        st.sampled_from(["undo", "reopen", "torn", "noise"]),
    ),
    max_size=25,
)


@given(steps)
@settings(max_examples=40)
def test_it_is_a_stack_of_answers(steps: list) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log, stack = AnswerLog(folder), []
        for step in steps:
            if isinstance(step, tuple):
                log.add(*step)
                stack.append(step)
            elif step == "undo":
                assert log.undo() == (stack.pop()[0] if stack else None)
            else:
                log.close()
                with Path(folder, ANSWERS).open("a") as file:
                    file.write({"torn": '{"pair": 3, "label": 1.', "noise": "\x00\n", "reopen": ""}[step])
                log = AnswerLog(folder)
            latest: dict[int, float | None] = {}
            for pair, label in stack:
                latest.pop(pair, None)
                latest[pair] = label
            assert list(log.answers.items()) == list(latest.items())
            assert list(read_answers(folder).items()) == list(latest.items())
        log.close()


def test_a_torn_line_is_gone_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / ANSWERS
    file.write_text('{"pair": 0, "label": 1.0, "seconds": 2.0}\n{"pair": 1, "lab')
    log = AnswerLog(tmp_path)
    assert log.answers == {0: 1.0}
    assert file.read_text() == '{"pair": 0, "label": 1.0, "seconds": 2.0}\n'
    log.add(1, None, 0.25)
    log.close()
    assert file.read_text().splitlines()[1:] == ['{"pair": 1, "label": null, "seconds": 0.25}']


def test_a_whole_line_without_its_break_counts(tmp_path: Path) -> None:
    (tmp_path / ANSWERS).write_text('{"pair": 0, "label": 1.0, "seconds": 2.0}')
    log = AnswerLog(tmp_path)
    log.add(1, 0.0)
    log.close()
    assert read_answers(tmp_path) == {0: 1.0, 1: 0.0}
    assert len((tmp_path / ANSWERS).read_text().splitlines()) == 2


def test_what_was_confirmed_outlives_a_kill(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", FOR_EVER, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=tmp_path
    )
    assert process.stdout is not None
    confirmed = [int(process.stdout.readline()) for _ in range(40)]
    process.send_signal(signal.SIGKILL)
    confirmed += [int(line) for line in process.stdout if line.endswith("\n")]
    process.stdout.close()
    process.wait()
    log = AnswerLog(tmp_path)
    assert confirmed == list(range(len(confirmed)))
    assert set(confirmed) <= log.answers.keys()
    log.close()


def test_an_answer_is_synced_before_it_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, synced = AnswerLog(tmp_path), []

    def sync(handle: int) -> None:
        synced.append((os.fstat(handle).st_ino, (tmp_path / ANSWERS).read_text().count("\n"), len(log.answers)))

    monkeypatch.setattr(os, "fsync", sync)
    log.add(0, 1.0)
    log.undo()
    log.close()
    inode = (tmp_path / ANSWERS).stat().st_ino
    assert synced == [(inode, 1, 0), (inode, 0, 1)]


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    pytest.importorskip("fcntl", reason="no locks on Windows")
    log = AnswerLog(tmp_path)
    with pytest.raises(RuntimeError, match="labelled by another process"):
        AnswerLog(tmp_path)
    log.close()
    AnswerLog(tmp_path).close()


def test_no_folder_and_no_such_label(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="guerdon prefer"):
        AnswerLog(tmp_path / "none")
    log = AnswerLog(tmp_path)
    with pytest.raises(ValueError, match=r"answer to pair 0 is 0\.7"):
        log.add(0, 0.7)
    log.close()
    assert read_answers(tmp_path) == {}

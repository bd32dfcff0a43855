"""What people answered, on disk: one line an answer, synced before it counts, the last one of a pair wins."""

from __future__ import annotations

import json
import os
from pathlib import Path

from ...core.files import lock
from ..preference_store import ANSWERS, add_answer, read_answers

__all__ = ["AnswerLog"]


class AnswerLog:
    """The answers in a preference folder, for one writer at a time.

    A process that is killed while it writes leaves at most one torn line at the end. Opening the log removes it: the
    answer was never confirmed to anybody.

    Args:
        folder: a folder of `save_preferences`; `answers.jsonl` is made in it if need be.

    Attributes:
        answers: what counts for each pair: 1 (the first is better), 0 (the second), 0.5 (equal) or None (skipped), the
            latest last.

    Raises:
        FileNotFoundError: there is no such folder.
        RuntimeError: another process has the log open.
    """

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        if not self.folder.is_dir():
            raise FileNotFoundError(f"{self.folder} is no folder of preferences; `guerdon prefer` makes one")
        self._path = self.folder / ANSWERS
        self._file = self._path.open("ab")
        if not lock(self._file):
            self._file.close()
            raise RuntimeError(f"{self.folder} is being labelled by another process; end it first")
        _mend(self._path)
        _sync_folder(self.folder)
        self.answers = read_answers(self.folder)

    def add(self, pair: int, label: float | None, seconds: float = 0.0) -> None:
        """Keep an answer; it is on the disk when this returns.

        Raises:
            ValueError: the label is not 1, 0, 0.5 or None.
        """
        add_answer(self.folder, pair, label, seconds)
        self.answers.pop(pair, None)
        self.answers[pair] = label

    def undo(self) -> int | None:
        """Take the last line back and return its pair; an earlier answer to that pair counts again. None if empty."""
        end = 0
        lines = self._path.read_bytes().splitlines(keepends=True)
        pair = None
        while lines and pair is None:
            pair = _pair_of(lines.pop())
            end = sum(map(len, lines))
        if pair is None:
            return None
        self._file.truncate(end)
        os.fsync(self._file.fileno())
        self.answers = read_answers(self.folder)
        return pair

    def close(self) -> None:
        """Let other processes write."""
        self._file.close()


def _pair_of(line: bytes) -> int | None:
    """Return which pair a line is about, or None if it is no answer."""
    try:
        told = json.loads(line)
        told["label"]
        return int(told["pair"])
    except (ValueError, KeyError, TypeError):
        return None


def _mend(path: Path) -> None:
    """Remove a last line that was torn; end one that is whole but for its line break."""
    data = path.read_bytes()
    if not data or data.endswith(b"\n"):
        return
    start = data.rfind(b"\n") + 1
    with path.open("r+b") as file:
        if _pair_of(data[start:]) is None:
            file.truncate(start)
        else:
            file.seek(0, os.SEEK_END)
            file.write(b"\n")
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make a new file's name as durable as its content."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""The episode table of a run: one line of CSV for every finished episode, whoever played it.

The file grows by whole lines, so it can be read while a run is going on, and a killed process can at most
leave one torn line at the end, which readers skip and resuming drops.
"""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from .files import write_atomic
from .names import UnknownNameError

__all__ = ["EpisodeLog", "EpisodeRow", "read_episodes"]

TERM = "term:"


@dataclass(frozen=True, slots=True)
class EpisodeRow:
    """One finished episode.

    Args:
        phase: "train", or the name of an evaluation set such as "unseen".
        step: env steps of the run when the episode ended.
        episode: number of the episode in its phase, from 0.
        task: id of the task instance.
        task_type: what kind of task it is.
        seed: the seed that the episode was reset with, or None.
        length: steps of the episode.
        is_success: whether the task was done at the end.
        objective: the env's true score at the end, in [0, 1].
        reward: sum of what the agent was paid.
        terms: reward term to its sum over the episode.
    """

    phase: str
    step: int
    episode: int
    task: str
    task_type: str
    seed: int | None
    length: int
    is_success: bool
    objective: float
    reward: float
    terms: Mapping[str, float] = field(default_factory=dict)


COLUMNS = [name for name in EpisodeRow.__dataclass_fields__ if name != "terms"]


class EpisodeLog:
    """A growing `episodes.csv`. Use it as a context manager or call `close`.

    Args:
        path: the file; its folder is made if need be.
        terms: the names of all reward terms, in the order of their columns. They cannot change later.
        resume: go on with an existing file instead of refusing it. A torn last line is dropped.

    Attributes:
        num_nan: how many NaN values this log has written: a sign of a broken reward, worth reporting.

    Raises:
        FileExistsError: the file exists and `resume` is off.
        ValueError: the file to resume has other columns than these terms need.
    """

    def __init__(self, path: str | os.PathLike[str], terms: Sequence[str], resume: bool = False):
        self.path = Path(path)
        self.terms = tuple(terms)
        self.num_nan = 0
        if len(set(self.terms)) < len(self.terms):
            raise ValueError(f"EpisodeLog: a reward term appears twice in {list(self.terms)}")
        header = _line([*COLUMNS, *(TERM + name for name in self.terms)])
        if self.path.exists():
            if not resume:
                raise FileExistsError(f"{self.path} exists. Choose another path, or pass resume=True.")
            whole = _whole_lines(self.path.read_bytes())
            if whole and not whole.startswith(header):
                found = whole.splitlines()[0].decode(errors="replace")
                wanted = header.decode().rstrip("\n")
                raise ValueError(f"{self.path} has the columns {found!r}, but this run needs {wanted!r}")
            if not whole:
                write_atomic(self.path, header)
            else:
                os.truncate(self.path, len(whole))
        else:
            write_atomic(self.path, header)
        self._file = open(self.path, "ab", buffering=0)  # noqa: SIM115 (lives as long as the log)

    def add(self, row: EpisodeRow) -> None:
        """Append one row, in one write.

        Raises:
            UnknownNameError: a term of the row has no column.
            ValueError: a column has no term, or a text holds a line break.
        """
        for name in row.terms:
            if name not in self.terms:
                place = f"{self.path}, whose columns are fixed by the first episode"
                raise UnknownNameError("reward term", name, self.terms, place)
        absent = [name for name in self.terms if name not in row.terms]
        if absent:
            raise ValueError(f"{self.path}: episode {row.episode} has no value for the reward terms {absent}")
        texts = [_cell(getattr(row, name)) for name in COLUMNS[:-2]]
        numbers = [float(value) for value in (row.objective, row.reward, *(row.terms[n] for n in self.terms))]
        self.num_nan += sum(map(math.isnan, numbers))
        line = _line([*texts, *map(repr, numbers)])  # repr is the shortest form that reads back equal
        if line.count(b"\n") != 1 or b"\r" in line:
            raise ValueError(f"{self.path}: a text of episode {row.episode} holds a line break: {row}")
        self._file.write(line)

    def close(self) -> None:
        """Close the file. Closing twice is fine."""
        self._file.close()

    def __enter__(self) -> EpisodeLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read_episodes(path: str | os.PathLike[str]) -> list[EpisodeRow]:
    """Read all whole rows of an episode table; a torn last line is skipped.

    Raises:
        ValueError: a line is not a row of such a table; the message says which.
    """
    lines = list(csv.reader(io.StringIO(_whole_lines(Path(path).read_bytes()).decode(), newline="")))
    if not lines:
        return []
    header, rows = lines[0], []
    if header[: len(COLUMNS)] != COLUMNS or not all(name.startswith(TERM) for name in header[len(COLUMNS) :]):
        raise ValueError(f"{path} is not an episode table: its columns are {header}")
    terms = [name.removeprefix(TERM) for name in header[len(COLUMNS) :]]
    for number, cells in enumerate(lines[1:], start=2):
        try:
            if len(cells) != len(header):
                raise ValueError(f"{len(cells)} values for {len(header)} columns")
            phase, step, episode, task, task_type, seed, length, success, *numbers = cells
            rows.append(
                EpisodeRow(
                    phase,
                    int(step),
                    int(episode),
                    task,
                    task_type,
                    int(seed) if seed else None,
                    int(length),
                    {"0": False, "1": True}[success],
                    float(numbers[0]),
                    float(numbers[1]),
                    dict(zip(terms, map(float, numbers[2:]), strict=True)),
                )
            )
        except (ValueError, KeyError) as error:
            raise ValueError(f"{path}:{number}: not a row of an episode table ({error})") from error
    return rows


def _cell(value: object) -> str:
    """Write one value that is no float: booleans as 0 and 1, None as nothing."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)


def _line(cells: Sequence[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()


def _whole_lines(raw: bytes) -> bytes:
    return raw[: raw.rfind(b"\n") + 1]

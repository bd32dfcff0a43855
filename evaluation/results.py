"""The plain data of a comparison, and its way to JSON and back."""

from __future__ import annotations

import types
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

from .hacking import HackingGap
from .statistics import Estimate

__all__ = [
    "Baseline",
    "BaselineSet",
    "Curve",
    "Improvement",
    "Paid",
    "Provenance",
    "Row",
    "SetResult",
    "Success",
    "Video",
    "from_plain",
    "to_plain",
]


@dataclass(frozen=True)
class Curve:
    """A mean over seeds with its interval, by env step; None where a seed's value was NaN or infinite."""

    steps: tuple[int, ...]
    mean: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


@dataclass(frozen=True)
class Success:
    """How many tasks of a set were solved (see `statistics.summarise_outcomes` for mean against IQM).

    Attributes:
        mean: fraction of all (seed, task) episodes solved, with interval.
        iqm: interquartile mean over (seed, task type) cells, with interval.
        per_seed: fraction of the tasks solved by each seed.
        per_task_type: fraction solved of each task type, over all seeds.
    """

    mean: Estimate
    iqm: Estimate
    per_seed: dict[str, float]
    per_task_type: dict[str, float]


@dataclass(frozen=True)
class SetResult:
    """What the agents of one row do on one evaluation set. None stands for "some episode was NaN".

    Attributes:
        num_tasks: tasks in the set, each done once by every seed.
        num_nan: episodes, over all seeds, with a number that is NaN or infinite. They are never left out of a
            mean: the mean itself becomes None.
        success: share of tasks solved.
        objective: the env's true score, in [0, 1].
        reward: episode return under the trained reward.
        length: steps in an episode.
        reward_per_seed: the mean return of each seed.
        terms: mean per-episode sum of each reward term.
        gap: the hacking gap, or None if it cannot be computed (the comparison's notes say why).
        curves: "success" and "reward" over training.
    """

    num_tasks: int
    num_nan: int
    success: Success
    objective: Estimate | None
    reward: Estimate | None
    length: Estimate | None
    reward_per_seed: dict[str, float | None]
    terms: dict[str, float | None]
    gap: HackingGap | None
    curves: dict[str, Curve]


@dataclass(frozen=True)
class Row:
    """One agent under one reward: the seeds behind it, and its results on each evaluation set.

    Attributes:
        id: what sets it apart from the other rows: the reward where only rewards differ, the agent where only agents
            do, else both.
        reward: reward id or expression.
        agent: name of the agent.
        hash: hash of the reward's id, parameters and source.
        num_seeds: seeds finished; every number of this row rests on so many runs.
        seeds: which ones.
        missing_seeds: seeds that other rows of the comparison have and this one has not.
        num_nan_train: training episodes with a NaN or infinite number, over all seeds.
        sets: results by evaluation set.
    """

    id: str
    reward: str
    agent: str
    hash: str
    num_seeds: int
    seeds: tuple[int, ...]
    missing_seeds: tuple[int, ...]
    num_nan_train: int
    sets: dict[str, SetResult]


@dataclass(frozen=True)
class Paid:
    """What one reward pays a scripted policy: mean episode return, and mean per-episode sum of each term."""

    reward: float | None
    terms: dict[str, float | None]


@dataclass(frozen=True)
class BaselineSet:
    """A scripted policy on one evaluation set; `paid` is by reward id."""

    success: Success
    objective: float | None
    length: float | None
    paid: dict[str, Paid]


@dataclass(frozen=True)
class Baseline:
    """A scripted policy ("expert", "random", "lazy", "exploit", ...) on each evaluation set."""

    name: str
    num_seeds: int
    sets: dict[str, BaselineSet]


@dataclass(frozen=True)
class Improvement:
    """The probability that a run of row `a` beats a run of row `b` on a task type of `set`."""

    set: str
    a: str
    b: str
    probability: Estimate


@dataclass(frozen=True)
class Video:
    """A recorded episode. `policy` is the id of a row, or "scripted/expert" and the like."""

    path: str
    policy: str
    reward: str
    seed: int
    outcome: str


@dataclass(frozen=True)
class Provenance:
    """Where the numbers come from.

    Attributes:
        git: the commits of all runs, "+dirty" added where the tree had changes, "unknown" where none was
            known.
        versions: package to the versions used, sorted.
        wall_s: seconds spent by all finished runs together.
        runs: folders of the finished runs.
        unfinished: folders of the runs that did not finish; none of their numbers is used.
    """

    git: tuple[str, ...]
    versions: dict[str, tuple[str, ...]]
    wall_s: float
    runs: tuple[str, ...]
    unfinished: tuple[str, ...]


def to_plain(value: Any) -> Any:
    """Turn nested dataclasses into dicts, lists, strings and numbers, as JSON wants them."""
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    return value


def from_plain(kind: Any, data: Any, where: str) -> Any:
    """Build `kind` (a dataclass, or a dict, tuple or optional of one) from what `to_plain` made.

    Raises:
        ValueError: a key is missing or unknown, or a value is of the wrong kind; `where` names the place.
    """
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        names = {field.name for field in fields(kind)}
        if not isinstance(data, dict) or set(data) != names:
            odd = sorted(names ^ set(data)) if isinstance(data, dict) else type(data).__name__
            raise ValueError(f"{where}: not a {kind.__name__}: missing or unknown {odd}")
        return kind(**{name: from_plain(hints[name], data[name], f"{where}.{name}") for name in names})
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        if data is None and type(None) in args:
            return None
        return from_plain(next(arg for arg in args if arg is not type(None)), data, where)
    if origin is dict and isinstance(data, dict):
        return {key: from_plain(args[1], item, f"{where}.{key}") for key, item in data.items()}
    if origin is tuple and isinstance(data, list):
        kinds = [args[0]] * len(data) if args[-1] is Ellipsis else list(args)
        return tuple(from_plain(k, item, f"{where}[{i}]") for i, (k, item) in enumerate(zip(kinds, data, strict=True)))
    if kind is Any or (kind is float and isinstance(data, int | float)):
        return data
    if not isinstance(kind, type) or not isinstance(data, kind):
        raise ValueError(f"{where}: {data!r} is not of type {getattr(kind, '__name__', kind)}")
    return data

"""What runs must have in common before their numbers may stand in one table."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from .run_reader import RunRecord

__all__ = ["check_comparable", "task_lists"]

OWN_ARGS = ("reward", "seed")  # what the cells of a comparison differ in by design


def check_comparable(records: Sequence[RunRecord]) -> None:
    """Raise `ValueError` unless the runs differ in reward, agent and seed only.

    Refused are: two environments or env kwargs; one reward id with two hashes (the reward was edited between
    the runs, or agents with several discounts were paid by a potential); two agent args or numbers of steps among the
    trained runs; one cell twice. Each message names the two values and a run folder of each.
    """
    trained = [record for record in records if record.scripted is None]
    if not trained:
        raise ValueError("there is no run of a trained agent among the run folders: nothing to compare")
    _same(records, "environments", lambda record: record.info["env"])
    _same(records, "env kwargs", lambda record: record.info["env_kwargs"])
    for reward in sorted({record.reward for record in records}):
        runs = [record for record in records if record.reward == reward]
        advice = "The reward changed between these runs: train again, or compare them apart."
        _same(runs, f"hashes of the reward {reward!r}", lambda record: record.info["reward_hash"], advice)
    _same(trained, "agent args", _agent_args)
    _same(trained, "numbers of steps", lambda record: record.info["steps"])
    seen: dict[tuple[str, str, int], RunRecord] = {}
    for record in (record for record in records if record.done):
        cell = (record.reward, record.agent, record.seed)
        if cell in seen:
            raise ValueError(
                f"two runs of {cell[0]!r}, {cell[1]}, seed {cell[2]}: {seen[cell].path} and {record.path}. "
                "Name one of them only."
            )
        seen[cell] = record


def task_lists(records: Sequence[RunRecord]) -> dict[str, dict[str, str]]:
    """Return each evaluation set's tasks with their types, in the order of the first trained run.

    Raises:
        ValueError: a run did a task twice, or other tasks than the rest, or a trained run lacks a set.
    """
    first = next(record for record in records if record.scripted is None)
    lists: dict[str, dict[str, str]] = {}
    for record in records:
        if record.scripted is None and set(record.sets) != set(first.sets):
            raise ValueError(
                f"{record.path} was evaluated on {list(record.sets)}, but {first.path} on {list(first.sets)}"
            )
    for name in first.sets:
        for record in (record for record in records if name in record.sets):
            episodes = record.episodes[name]
            tasks = dict(zip(episodes.tasks, episodes.task_types, strict=True))
            if len(tasks) < len(episodes.tasks):
                twice = next(task for task in episodes.tasks if episodes.tasks.count(task) > 1)
                raise ValueError(f"{record.path}: the task {twice!r} is in the final evaluation {name!r} twice")
            known = lists.setdefault(name, tasks)
            if tasks != known:
                odd = sorted(set(tasks.items()) ^ set(known.items()))[0][0]
                raise ValueError(
                    f"{record.path} was not evaluated on the same {name!r} tasks as {first.path}; "
                    f"they differ in {odd!r}"
                )
    return lists


def _agent_args(record: RunRecord) -> Any:
    return {key: value for key, value in record.info["args"].items() if key not in OWN_ARGS}


def _same(records: Sequence[RunRecord], what: str, key: Callable[[RunRecord], Any], advice: str = "") -> None:
    first = records[0]
    for record in records[1:]:
        here, there = key(first), key(record)
        if here == there:
            continue
        if isinstance(here, dict) and isinstance(there, dict):  # show only what differs
            names = sorted(n for n in {*here, *there} if here.get(n, ...) != there.get(n, ...))
            here, there = ({n: side[n] for n in names if n in side} for side in (here, there))
        raise ValueError(
            f"cannot compare runs with different {what}: {json.dumps(here)} in {first.path}, "
            f"{json.dumps(there)} in {record.path}. {advice}".rstrip()
        )

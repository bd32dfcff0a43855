"""What `reset` is told: which task, which slots, which seeds. All worlds read it in the same way."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from gymnasium.utils import seeding

from ..core.names import check_name

__all__ = ["draw_episodes", "draw_task", "pinned_task"]


def pinned_task(options: Mapping[str, Any] | None, known: Collection[str]) -> str | None:
    """Return the task that the options of a reset pin, {"task": name}; None if there are none.

    Raises:
        UnknownNameError: an option that is not known, or a task that is not among `known`.
    """
    if not options:
        return None
    for key in options:
        check_name("reset option", key, ("task",), "reset(options=...)")
    return check_name("task", options["task"], known, "reset(options={'task': ...})")


def draw_task(
    tasks: Sequence[str], known: Collection[str], rng: np.random.Generator, options: Mapping[str, Any] | None
) -> str:
    """Return the task of an episode: the one that `options` pins, or one at random, all equally likely.

    Args:
        tasks: ids in a fixed order.
        known: the same ids, in which one is found fast.
        rng: the env's own generator; untouched when the task is pinned.
        options: None or {"task": task id}.

    Raises:
        UnknownNameError: as for `pinned_task`.
    """
    task = pinned_task(options, known)
    return tasks[int(rng.integers(len(tasks)))] if task is None else task


def draw_episodes(
    catalogue: Any,
    rngs: list[np.random.Generator],
    begun: bool,
    seed: int | Sequence[int | None] | None,
    options: Mapping[str, Any] | None,
) -> tuple[list[int], list[str]]:
    """Return the slots that a vector env's reset begins anew, and the task of each.

    All tasks are drawn before any episode begins, so that an error leaves the episodes as they were.

    Args:
        catalogue: its `draw(rng, options)` chooses a task.
        rngs: the generator of each slot; those that get a seed are replaced in place.
        begun: whether all slots have been reset before.
        seed: slot i is seeded with `seed + i`; or one seed for each slot.
        options: "reset_mask" picks slots, "task" pins all of them to one task or each to its own; the rest is for
            the catalogue.
    """
    size = len(rngs)
    seeds = [seed + i for i in range(size)] if isinstance(seed, int) else seed
    if seeds is not None:
        if len(seeds) != size:
            raise ValueError(f"{len(seeds)} seeds were given for {size} envs")
        for i, one in enumerate(seeds):
            if one is not None:
                rngs[i] = seeding.np_random(one)[0]
    options = dict(options or {})
    mask = options.pop("reset_mask", None)
    mask = np.ones(size, dtype=bool) if mask is None else np.asarray(mask, dtype=bool)
    if mask.shape != (size,) or not mask.any() or not (begun or mask.all()):
        raise ValueError(f"reset_mask must pick at least one of {size} envs, and all at first: {mask}")
    tasks = options.pop("task", None)
    if isinstance(tasks, str) or not hasattr(tasks, "__len__"):
        tasks = [tasks] * size
    if len(tasks) != size:
        raise ValueError(f"{len(tasks)} tasks were given for {size} envs")
    rows = np.flatnonzero(mask).tolist()
    pins = [options | ({"task": tasks[i]} if tasks[i] is not None else {}) for i in rows]
    return rows, [catalogue.draw(rngs[i], pin) for i, pin in zip(rows, pins, strict=True)]

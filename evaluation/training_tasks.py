"""Which tasks an env is trained on: rewards are learned from these only, never from those kept for evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .compare import CompareConfig
from .config import defaults_of
from .evaluate import task_list

__all__ = ["training_kwargs"]


def training_kwargs(env_id: str, env_kwargs: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the arguments of the env that is trained in, with `env_kwargs` on top of the env's own.

    Raises:
        ValueError: its tasks are among those that are kept for evaluation.
    """
    if not defaults_of(env_id):
        return dict(env_kwargs or {})
    config = CompareConfig(env=env_id, env_kwargs=env_kwargs or {}).resolved()
    kwargs, usual = dict(config.env_kwargs), defaults_of(env_id).get("env_kwargs", {})
    for name, change in (config.sets or {}).items():
        if all(kwargs.get(key) == usual.get(key) for key in change):
            continue  # the set changes what the env is trained with, which holds
        both = set(task_list(env_id, kwargs)).intersection(task_list(env_id, {**kwargs, **change}))
        if both:
            said = ", ".join(f"{key}={kwargs[key]!r}" for key in change if key in kwargs)
            raise ValueError(
                f"{env_id} with {said}: {len(both)} tasks are kept for evaluation (the set {name!r}), such as "
                f"{min(both)!r}; data to learn from comes from {usual}"
            )
    return kwargs

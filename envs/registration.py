"""Tells gymnasium about every env of the suite: each world's package lists its own ids in `ENVS`."""

from __future__ import annotations

import importlib
import pkgutil

__all__ = ["env_ids", "register_envs"]


def _specs() -> dict[str, dict]:
    package = importlib.import_module(__package__)
    found: dict[str, dict] = {}
    for module in pkgutil.iter_modules(package.__path__):
        if module.ispkg:
            found.update(importlib.import_module(f"{__package__}.{module.name}").ENVS)
    return found


def env_ids() -> list[str]:
    """Return the ids of all envs of the suite in the prefixed form that works everywhere."""
    return [f"guerdon:{name}" for name in sorted(_specs())]


def register_envs() -> None:
    """Register every env of the suite with gymnasium; a second call does nothing."""
    from gymnasium.envs.registration import register, registry

    for name, spec in _specs().items():
        if name not in registry:
            register(id=name, **spec)

"""Tells gymnasium about every env of the suite: each world's package lists its own ids in `ENVS`."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

__all__ = ["about_env", "env_ids", "is_text", "register_envs", "world_of", "worlds"]


def worlds() -> list[str]:
    """Return the packages of all worlds."""
    package = importlib.import_module(__name__.rpartition(".")[0])
    return [f"{package.__name__}.{module.name}" for module in pkgutil.iter_modules(package.__path__) if module.ispkg]


def _specs() -> dict[str, dict]:
    return {name: spec for world in worlds() for name, spec in importlib.import_module(world).ENVS.items()}


def world_of(name: str) -> str | None:
    """Return the package of the world that an id ("guerdon/Household-v0") belongs to, or None."""
    return next((world for world in worlds() if name in importlib.import_module(world).ENVS), None)


def is_text(name: str) -> bool:
    """Return whether the env of an id ("guerdon/Household-v0") is of a world of text."""
    world = world_of(name)
    return world is not None and importlib.import_module(world).IS_TEXT


def about_env(name: str) -> str:
    """Return what an env ("guerdon/Push-v0") is about: the world's own text on it, or its class's docstring."""
    module = importlib.import_module(world_of(name) or __package__ or "")
    told = getattr(module, "ABOUT", {}).get(name)
    if told:
        return told
    from gymnasium.envs.registration import load_env_creator, spec

    return inspect.cleandoc(load_env_creator(str(spec(name).entry_point)).__doc__ or "")


def env_ids() -> list[str]:
    """Return the ids of all envs of the suite in the prefixed form that works everywhere."""
    return [f"guerdon:{name}" for name in sorted(_specs())]


def register_envs() -> None:
    """Register every env of the suite with gymnasium; a second call does nothing."""
    from gymnasium.envs.registration import register, registry

    for name, spec in _specs().items():
        if name not in registry:
            register(id=name, **spec)

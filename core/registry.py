"""Registries that fill themselves: a unit is one file that names itself, and no list is kept by hand."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Generic, TypeVar

from .names import UnknownNameError

__all__ = ["Registry"]

T = TypeVar("T")


class Registry(Generic[T]):
    """Names to things of one kind, found by importing every module below one package, once, when first asked.

    Modules below `package` must be cheap to import: torch, mujoco and the like belong inside functions.

    Args:
        kind: what the things are, in the singular, for error messages ("reward", "policy").
        package: dotted name of the package that holds the modules.
    """

    def __init__(self, kind: str, package: str):
        self.kind = kind
        self.package = package
        self._things: dict[str, T] = {}
        self._discovered = False

    def add(self, name: str, thing: T) -> T:
        """Add one thing under its name. A second thing of the same name is an error, not an override."""
        if name in self._things and self._things[name] is not thing:
            raise ValueError(f"two {self.kind}s are called {name!r}: {self._things[name]!r} and {thing!r}")
        self._things[name] = thing
        return thing

    def __getitem__(self, name: str) -> T:
        """Return the thing called `name`; raise `UnknownNameError` with the nearest names if there is none."""
        self._discover()
        if name not in self._things:
            raise UnknownNameError(self.kind, name, self._things)
        return self._things[name]

    def __contains__(self, name: object) -> bool:
        self._discover()
        return name in self._things

    def __iter__(self) -> Iterator[str]:
        self._discover()
        return iter(sorted(self._things))

    def __len__(self) -> int:
        self._discover()
        return len(self._things)

    def items(self) -> list[tuple[str, T]]:
        """Return all (name, thing) pairs, sorted by name."""
        return [(name, self._things[name]) for name in self]

    def _discover(self) -> None:
        if self._discovered:
            return
        self._discovered = True
        root = importlib.import_module(self.package)
        for module in pkgutil.walk_packages(root.__path__, prefix=f"{self.package}."):
            importlib.import_module(module.name)

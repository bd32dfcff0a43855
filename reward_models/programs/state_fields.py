"""What programs may read of a world: the numbers of its typed state, with units and shapes from its own docstring."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from ...core.names import check_name
from ...envs.registration import world_of, worlds

__all__ = ["StateField", "fields_of", "oracle_of", "state_class", "world_named"]

ENTRY = re.compile(r"^(\w+(?:, \w+)*): (.*)$")
SHAPE = re.compile(r"\(\.\.\.,(?: (\d+))?\)(?:, (m/s|m|s)\b)?")
RANGE = re.compile(r"in \[(-?[\d.]+), (-?[\d.]+)\](?: (m/s|m|s)\b)?")
FLAG = re.compile(r"^(?:1\.0 (?:while|once|if)\b|whether\b)")


@dataclass(frozen=True)
class StateField:
    """One number, or one vector of three, of a world's state.

    Attributes:
        name: attribute of the state.
        about: what the state's docstring says of it.
        size: 1 for a number, 3 for a vector.
        flag: whether it is 1 or 0 and nothing else.
        unit: "m", "m/s", "s", or "" if it has none.
        low, high: range that is documented, or None.
        derived: whether it is computed from other fields (a property).
    """

    name: str
    about: str
    size: int = 1
    flag: bool = False
    unit: str = ""
    low: float | None = None
    high: float | None = None
    derived: bool = False

    @property
    def kind(self) -> str:
        """What sort of thing it is: "flag", "number" or "vector"."""
        return "vector" if self.size > 1 else "flag" if self.flag else "number"


def world_named(env_id: str) -> str:
    """Return the name of the world ("manipulation") that an env id belongs to; the name of a world is itself.

    Raises:
        UnknownNameError: there is neither such an env nor such a world.
    """
    name = env_id.rpartition(":")[2]
    known = [world.rpartition(".")[2] for world in worlds()]
    if name in known:
        return name
    world = world_of(name)
    return world.rpartition(".")[2] if world else check_name("world", env_id, known, "a reward program")


@lru_cache
def state_class(world: str) -> type[Any]:
    """Return the class of a world's privileged state: the public class of the world's module `state`."""
    home = next(found for found in worlds() if found.rpartition(".")[2] == world_named(world))
    module = importlib.import_module(f"{home}.state")
    return getattr(module, module.__all__[0])


def oracle_of(world: str) -> frozenset[str]:
    """Return the attributes of a world's state that hold the objective or stand for it: no program reads them."""
    return state_class(world).ORACLE


@lru_cache
def fields_of(world: str) -> Mapping[str, StateField]:
    """Return what programs may read in a world, by name: every number that is documented and is no oracle.

    The fields of the dataclass are described by its docstring's section "Attributes"; properties that return numbers
    by their own docstrings.

    Raises:
        TypeError: a field of the state has no description.
    """
    cls = state_class(world)
    told = _entries(inspect.getdoc(cls) or "")
    found = {}
    for field in fields(cls):
        if field.name.startswith("_") or field.name in cls.ORACLE:
            continue
        if field.name not in told:
            raise TypeError(f"{cls.__name__}: the docstring says nothing of the field {field.name!r}")
        found[field.name] = _field(field.name, told[field.name], derived=False)
    for name, member in inspect.getmembers(cls, lambda member: isinstance(member, property)):
        # Numbers are annotated with Any, as they may be arrays; names, sets and the like with what they are.
        if not name.startswith("_") and name not in cls.ORACLE and member.fget.__annotations__["return"] == "Any":
            found[name] = _field(name, " ".join((inspect.getdoc(member) or "").split()), derived=True)
    return MappingProxyType(found)


def _entries(text: str) -> dict[str, str]:
    """Return the section "Attributes" of a docstring, by name; "a, b: text" describes both."""
    found: dict[str, str] = {}
    names: list[str] = []
    for line in text.partition("Attributes:\n")[2].splitlines():
        match = ENTRY.match(line.strip()) if line.startswith("    ") and not line.startswith("     ") else None
        if match:
            names = match[1].split(", ")
            found |= dict.fromkeys(names, match[2])
        elif line.strip() and names:
            found |= {name: f"{found[name]} {line.strip()}" for name in names}
    return found


def _field(name: str, about: str, derived: bool) -> StateField:
    shape, span = SHAPE.search(about), RANGE.search(about)
    size = int(shape[1]) if shape and shape[1] else 1
    flag = bool(FLAG.match(about))
    low, high = (0.0, 1.0) if flag else (float(span[1]), float(span[2])) if span else (None, None)
    unit = (shape[2] if shape else None) or (span[3] if span else None) or ""
    return StateField(name, about, size, flag, unit, low, high, derived)

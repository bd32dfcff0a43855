"""What household things are by type: what can be done to an object, and what a receptacle accepts.

The facts stand in `affordances.json`. They are those of the ALFRED task generator (Shridhar et al., 2020),
so an object type has the same flags in a game of ours as in a game of ALFWorld. Two types can be taken and
put down nowhere (`is_trap`): with one hand and no way to empty it, whoever takes one can never succeed.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from ....core.names import check_name

__all__ = ["accepts", "flags_of", "is_trap", "receptacle_types"]


@cache
def _facts() -> dict[str, Any]:
    return json.loads(Path(__file__).with_name("affordances.json").read_text(encoding="utf-8"))


@cache
def _accepted() -> dict[str, frozenset[str]]:
    """Map every receptacle type to the object types it accepts; tables share one set, soft seats another."""
    table = {kind: frozenset(text.split()) for kind, text in _facts()["accepts"].items()}
    for kind, like in _facts()["accepts_like"].items():
        table[kind] = table[like]
    return dict(sorted(table.items()))


def receptacle_types() -> tuple[str, ...]:
    """Return the names of all receptacle types, sorted."""
    return tuple(_accepted())


def accepts(receptacle_type: str) -> frozenset[str]:
    """Return the object types that may be put into a receptacle of this type; there is no limit of number.

    Raises:
        UnknownNameError: no receptacle type is called so.
    """
    if receptacle_type not in _accepted():
        check_name("receptacle type", receptacle_type, _accepted())
    return _accepted()[receptacle_type]


@cache
def flags_of(object_type: str) -> frozenset[str]:
    """Return what can be done to an object of this type; nothing for fixed things such as a television."""
    return frozenset(flag for flag, types in _facts()["flags"].items() if object_type in types.split())


@cache
def is_trap(object_type: str) -> bool:
    """Tell whether an object of this type can be taken but never be put down again."""
    return "pickupable" in flags_of(object_type) and not any(
        object_type in accepted for accepted in _accepted().values()
    )

"""One way to say that a name is unknown, everywhere: the value, the place, the nearest valid choice."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable

__all__ = ["UnknownNameError", "check_name"]


class UnknownNameError(ValueError):
    """A name that nothing carries. The message names it, says where it was used and what is nearest."""

    def __init__(self, kind: str, name: object, choices: Iterable[str], where: str = ""):
        self.kind, self.name, self.choices, self.where = kind, name, sorted(choices), where
        near = difflib.get_close_matches(str(name), self.choices, n=3, cutoff=0.5)
        place = f" in {where}" if where else ""
        if near:
            hint = "Did you mean " + " or ".join(repr(choice) for choice in near) + "?"
        elif not self.choices:
            hint = f"There is no {kind} to choose from."
        else:
            shown = ", ".join(repr(choice) for choice in self.choices[:12])
            more = f" and {len(self.choices) - 12} more" if len(self.choices) > 12 else ""
            hint = f"Choose from {shown}{more}."
        super().__init__(f"unknown {kind} {name!r}{place}. {hint}")

    def __reduce__(self) -> tuple[type[UnknownNameError], tuple[str, object, list[str], str]]:
        # An exception is pickled with its message alone by default, and one that cannot be built anew from that breaks
        # the pool of processes that it comes from.
        return type(self), (self.kind, self.name, self.choices, self.where)


def check_name(kind: str, name: object, choices: Iterable[str], where: str = "") -> str:
    """Return `name` if it is one of `choices`; raise `UnknownNameError` with a suggestion if not."""
    known = choices if isinstance(choices, Collection) else list(choices)
    if not isinstance(name, str) or name not in known:
        raise UnknownNameError(kind, name, known, where)
    return name

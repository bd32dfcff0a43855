"""One term of a reward program: a kind, what it measures, a scale, a weight and a gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

__all__ = ["AXES", "KINDS", "MAX_TERMS", "MAX_WEIGHT", "Term", "with_names"]

KINDS: dict[str, tuple[str, ...]] = {
    "near": ("a", "b", "scale"),
    "progress": ("a", "b", "scale"),
    "gain": ("a", "scale"),
    "value": ("a", "scale"),
    "flag": ("a",),
    "success": (),
    "step": (),
}
"""The kinds of terms, and which of a, b and scale each has; b may be left out."""
MAX_TERMS = 12
MAX_WEIGHT = 100.0
AXES = ("x", "y", "z")


@dataclass(frozen=True)
class Term:
    """One term of a program.

    Attributes:
        kind: one of `KINDS`.
        a: what is measured: a number ("gap"), a vector ("tcp"; its length), or a part of one ("object.z").
        b: for distances: what `a` is compared with, a field of the same sort or a number; None for 0. Two vectors
            have the length of their difference.
        scale: distance or value at which the term has changed much; above 0. `near` is 0.24 there.
        weight: factor.
        when: "" or a gate, "grasped" or "not grasped".
        name: how the term is shown; made from the rest if it is "".
    """

    kind: str
    a: str = ""
    b: str | float | None = None
    scale: float = 1.0
    weight: float = 1.0
    when: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        if "scale" not in KINDS.get(self.kind, ("scale",)):
            object.__setattr__(self, "scale", 1.0)  # not used, so that equal terms are equal
        object.__setattr__(self, "name", self.name or self.default_name)

    @property
    def default_name(self) -> str:
        """A name made of kind, fields and gate."""
        parts = [self.kind, self.a, "" if self.b is None else str(self.b)]
        parts += [f"if_{self.when}"] if self.when else []
        return "_".join(part for part in parts if part).replace(" ", "_").replace(".", "_").replace("-", "m")

    @property
    def reads(self) -> tuple[str, ...]:
        """The fields of the state that the term uses."""
        names = [self.a, self.b if isinstance(self.b, str) else "", self.when.removeprefix("not ")]
        return tuple(name.partition(".")[0] for name in names if name)

    def named(self) -> Term:
        """Return the term under its default name."""
        return replace(self, name="")

    def plain(self) -> dict[str, Any]:
        """Return the term as JSON data, without what it does not use."""
        used = {key: getattr(self, key) for key in KINDS[self.kind] if getattr(self, key) is not None}
        gate = {"when": self.when} if self.when else {}
        return {"name": self.name, "kind": self.kind, **used, **gate, "weight": self.weight}


def with_names(terms: Sequence[Term]) -> tuple[Term, ...]:
    """Return terms of which no two have the same default name: "near_gap", "near_gap_2"; given names stay."""
    used = {term.name for term in terms if term.name != term.default_name}
    found = []
    for term in terms:
        name, number = term.name, 2
        while term.name == term.default_name and name in used:
            name, number = f"{term.default_name}_{number}", number + 1
        used.add(name)
        found.append(replace(term, name=name))
    return tuple(found)

"""A small reward language that is data: weighted, bounded terms over the documented numbers of a world's state.

A program is JSON, `{"world": "manipulation", "terms": [{"name": "near_gap", "kind": "near", "a": "gap", "scale": 0.1,
"weight": 1.0}]}`, or one line of text, `manipulation: near[gap, 0.1]`. With s and s' the states before and after the
step, d a distance (see `Term`), v a number and c(x) = x cut to [-1, 1]:

| kind | pays, times the weight | range |
|---|---|---|
| near | 1 - tanh(d(s') / scale) | [0, 1] |
| progress | c((d(s) - d(s')) / scale) | [-1, 1] |
| gain | c((v(s') - v(s)) / scale) | [-1, 1] |
| value | c(v(s') / scale) | [-1, 1], [0, 1] where v is not negative |
| flag | 1 where the flag is set in s' | [0, 1] |
| success | 1 where the objective is reached; the only kind that reads the outcome | [0, 1] |
| step | 1 | [1, 1] |

Any term may have a gate, `when`: a flag, or "not " and a flag; where s' does not have it the term pays 0. The program
pays the sum. Nothing in it can loop, fail or reach outside, so it needs no sandbox.

Source: the idea of a fixed vocabulary of terms that a language model fills in is Yu et al. (2023), "Language to Rewards
for Robotic Skill Synthesis" (arXiv 2306.08647); the tanh of a distance is ManiSkill's; this vocabulary is our own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ...core.names import UnknownNameError
from .checks import ProgramError, mistakes_of, range_of, term_of
from .state_fields import fields_of, world_named
from .term import Term, with_names

__all__ = ["Program", "read_program"]


@dataclass(frozen=True)
class Program:
    """A valid reward program of one world.

    Args:
        world: name of the world whose state it reads, such as "manipulation".
        terms: 1 to 12 terms with different names.

    Raises:
        ProgramError: it is not valid.
    """

    world: str
    terms: tuple[Term, ...]

    def __post_init__(self) -> None:
        mistakes = mistakes_of(self.world, self.terms)
        if mistakes:
            raise ProgramError(mistakes)

    @cached_property
    def bounds(self) -> dict[str, tuple[float, float]]:
        """Least and most that each term can pay in one step, weighted."""
        found = {}
        for term in self.terms:
            low, high = range_of(term, fields_of(self.world))
            low, high = (min(low, 0.0), max(high, 0.0)) if term.when else (low, high)
            found[term.name] = (min(term.weight * low, term.weight * high), max(term.weight * low, term.weight * high))
        return found

    @property
    def reads(self) -> frozenset[str]:
        """What the program sees, as a reward's `reads`."""
        seen = {"outcome" if term.kind == "success" else "state" for term in self.terms}
        return frozenset(seen | ({"state"} if any(term.when for term in self.terms) else set()))

    def plain(self) -> dict[str, Any]:
        """Return the program as JSON data."""
        return {"world": self.world, "terms": [term.plain() for term in self.terms]}

    def to_json(self) -> str:
        """Return the program as compact JSON text."""
        return json.dumps(self.plain(), separators=(",", ":"))

    @classmethod
    def of(cls, data: Mapping[str, Any], world: str = "") -> Program:
        """Make a program from JSON data.

        Args:
            data: as `plain` returns it; `name` and `weight` may be left out.
            world: the world (or env id) that is meant where the data does not name one; if both do, they must agree.

        Raises:
            ProgramError: it is not valid; the message lists all mistakes.
        """
        if not isinstance(data, Mapping) or not isinstance(data.get("terms"), Sequence):
            raise ProgramError([f'a program is {{"world": ..., "terms": [...]}}, not {str(data)[:80]!r}'])
        mistakes = [f"a program has no {key!r}, only world and terms" for key in data if key not in ("world", "terms")]
        said = data.get("world") or world
        try:
            home = world_named(str(said))
            if world and home != world_named(world):
                mistakes.append(f"the program is for the world {home!r}, not for {world_named(world)!r}")
        except UnknownNameError as error:
            raise ProgramError([*mistakes, str(error)]) from None
        terms = []
        for number, one in enumerate(data["terms"], 1):
            try:
                terms.append(term_of(one, number))
            except ValueError as error:
                mistakes.append(str(error))
        terms = with_names(terms)
        mistakes += mistakes_of(home, terms, given=len(data["terms"]))
        if mistakes:
            raise ProgramError(mistakes)
        return cls(home, terms)

    def __str__(self) -> str:
        from .text_form import print_program

        return print_program(self)


def read_program(source: str | Mapping[str, Any] | Program, world: str = "") -> Program:
    """Return the program that a text, a file or JSON data holds.

    Args:
        source: JSON data or text, one line of the text form, or the path of a .json file with either.
        world: see `Program.of`.

    Raises:
        ProgramError: it cannot be read or is not valid.
        FileNotFoundError: a path ends in .json and there is no such file.
    """
    from .text_form import parse_program

    if isinstance(source, Program):
        return source
    if isinstance(source, Mapping):
        return Program.of(source, world)
    text = source.strip()
    if text.endswith(".json"):
        if not Path(text).is_file():
            raise FileNotFoundError(f"no reward program {text!r}")
        text = Path(text).read_text(encoding="utf-8").strip()
    if not text.startswith("{"):
        return parse_program(text, world)
    try:
        return Program.of(json.loads(text), world)
    except json.JSONDecodeError as error:
        raise ProgramError([f"not JSON: {error.msg} at character {error.pos} of {text[:60]!r}"]) from None

"""Reward programs as one line of text, and back.

    manipulation: 0.25*near[tcp, object, 0.2] + 0.75*near[gap, 0.1] if grasped + 0.5*gain[touched] as touch

A term is an optional weight and `*`, the kind with its arguments in brackets (round ones are read too), an optional
gate ("if FLAG" or "unless FLAG") and an optional name ("as NAME"). The arguments are a, b and scale; b may be left out,
a last number is the scale, which is 1 if it is left out; in `near[opening, 0.02, 0.01]` the number 0.02 is b. Square
brackets let a program stand in a reward expression: `programs/dsl-v1(program='household: gain[hold] + success[]')`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .checks import ProgramError
from .term import KINDS, Term, with_names

if TYPE_CHECKING:
    from .dsl import Program

__all__ = ["parse_program", "print_program"]

NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
TERM = re.compile(
    rf"\s*(?P<sign>[+-])?\s*(?:(?P<weight>{NUMBER})\s*\*\s*)?(?P<kind>[A-Za-z_]\w*)\s*[\[(](?P<args>[^\])]*)[\])]"
    r"(?:\s*\b(?P<gate>if|unless)\s+(?P<flag>not\s+)?(?P<when>\w+))?(?:\s*\bas\s+(?P<name>\w+))?\s*"
)


def print_program(program: Program) -> str:
    """Return the one-line form; `parse_program` gives an equal program."""
    automatic = with_names([term.named() for term in program.terms]) == program.terms
    text = ""
    for term in program.terms:
        sign = ("-" if term.weight < 0 else "") if not text else (" - " if term.weight < 0 else " + ")
        text += f"{sign}{_print(term)}" + ("" if automatic else f" as {term.name}")
    return f"{program.world}: {text}"


def _print(term: Term) -> str:
    weight = "" if abs(term.weight) == 1 else f"{_number(abs(term.weight))}*"
    values = {"a": term.a, "b": term.b, "scale": term.scale}
    shown = [values[key] for key in KINDS[term.kind] if values[key] is not None]
    arguments = ", ".join(one if isinstance(one, str) else _number(one) for one in shown)
    gate = f" unless {term.when[4:]}" if term.when.startswith("not ") else f" if {term.when}" if term.when else ""
    return f"{weight}{term.kind}[{arguments}]{gate}"


def _number(value: float) -> str:
    return repr(int(value)) if value == int(value) and abs(value) < 1e6 else repr(value)


def parse_program(text: str, world: str = "") -> Program:
    """Return the program of a line of text.

    Args:
        text: see the module.
        world: the world (or env id) that is meant where the text does not begin with one.

    Raises:
        ProgramError: it cannot be read, with the place, or it is not valid.
    """
    from .dsl import Program

    before, colon, rest = text.partition(":")
    said, body = (before.strip(), rest) if colon and re.fullmatch(r"\s*[\w/-]+\s*", before) else ("", text)
    terms, at = [], 0
    while at < len(body):
        match = TERM.match(body, at)
        if match is None or (terms and not match["sign"]):
            raise ProgramError(
                [f"cannot read the program from {body[at:].strip()[:40]!r} on; a term is 0.5*kind[a, b]"]
            )
        terms.append(_data(match, len(terms) + 1))
        at = match.end()
    return Program.of({"world": said or world, "terms": terms}, world)


def _data(match: re.Match[str], number: int) -> dict[str, object]:
    weight = float(match["weight"] or 1.0) * (-1.0 if match["sign"] == "-" else 1.0)
    data: dict[str, object] = {"kind": match["kind"], "weight": weight}
    if match["name"]:
        data["name"] = match["name"]
    if match["gate"]:
        negated = (match["gate"] == "unless") != bool(match["flag"])
        data["when"] = f"not {match['when']}" if negated else match["when"]
    values = [_value(one.strip()) for one in match["args"].split(",") if one.strip()]
    keys = KINDS.get(match["kind"], ("a", "b", "scale"))
    if values and "scale" in keys and len(values) > 1 and not isinstance(values[-1], str):
        data["scale"] = values.pop()
    keys = tuple(key for key in keys if key != "scale")
    if len(values) > len(keys):
        raise ProgramError(
            [f"term {number} ({match['kind']}): {match['args'].strip()!r} is more than {match['kind']} has"]
        )
    return data | dict(zip(keys, values, strict=False))


def _value(text: str) -> str | float:
    word = text.partition("=")[2].strip() or text  # "scale=0.1" is read too
    return float(word) if re.fullmatch(NUMBER, word) else word

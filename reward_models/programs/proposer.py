"""Who proposes reward programs in a search, and one that needs no language model: seeded changes of what is there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from .checks import ProgramError
from .dsl import Program
from .state_fields import fields_of
from .term import MAX_TERMS, MAX_WEIGHT, Term, with_names

__all__ = ["Proposer", "SearchContext", "TemplateProposer", "random_term"]

SCALES = {"m": (0.05, 0.1, 0.2), "m/s": (0.05, 0.2), "s": (1.0,), "": (1.0,)}
"""Scales to begin with, by unit."""
OTHER = {"near": "progress", "progress": "near", "flag": "gain", "gain": "flag"}
"""What a kind is exchanged for: paid for being there, or for getting there."""


@dataclass(frozen=True)
class SearchContext:
    """What a proposer is told; never the true objective of anything.

    Attributes:
        world: whose state programs read.
        task: what is wanted, in words.
        best, worst: programs of the last round by whoever compares them; None in the first.
        past: earlier good programs, the latest last.
        feedback: what else was said, such as traces of the terms in training or findings of `validate`.
    """

    world: str
    task: str = ""
    best: Program | None = None
    worst: Program | None = None
    past: tuple[Program, ...] = field(default=())
    feedback: str = ""


class Proposer(Protocol):
    """Writes reward programs: a language model, a transcript, or `TemplateProposer`."""

    def propose(self, context: SearchContext, n: int, rng: np.random.Generator) -> list[Program]:
        """Return at most n different valid programs."""
        ...


@dataclass(frozen=True)
class TemplateProposer:
    """Proposes random programs at first, then changes of the best one and crossings with earlier good ones.

    The offline stand-in for the language model of Eureka (Ma et al., 2023, arXiv 2310.12931) and ICPL (Yu et al., 2024,
    arXiv 2410.17233): the loops around it are the same. It reads only `best`, `worst` and `past`. A change is one of:
    another scale or weight (by a factor of 2), another kind for the same fields (see `OTHER`), a gate set or removed, a
    term added or removed; terms that the worst program has and the best has not are not added. Deterministic given the
    generator.

    Args:
        kinds: kinds of new terms.
        crossing: share of proposals that cross the best with an earlier program, if there is one.
        start_terms: most terms of a random program.
        outcome: weight of a success term that every proposal has; 0 for none.
    """

    kinds: tuple[str, ...] = ("near", "progress", "gain", "flag")
    crossing: float = 0.25
    start_terms: int = 3
    outcome: float = 1.0

    def propose(self, context: SearchContext, n: int, rng: np.random.Generator) -> list[Program]:
        """Return n different valid programs, none of which is the best or the worst; fewer if none are found."""
        found: dict[str, Program] = {}
        seen = {_key(one) for one in (context.best, context.worst) if one is not None}
        for _ in range(100 * n):
            if len(found) == n:
                break
            program = self._one(context, rng)
            if program is not None and _key(program) not in seen | set(found):
                found[_key(program)] = program
        return list(found.values())

    def _one(self, context: SearchContext, rng: np.random.Generator) -> Program | None:
        if context.best is None:
            count = int(rng.integers(1, self.start_terms + 1))
            terms = [random_term(context.world, self.kinds, rng) for _ in range(count)]
        else:
            terms = [term for term in context.best.terms if term.kind != "success"]
            if context.past and rng.random() < self.crossing:
                other = context.past[int(rng.integers(len(context.past)))]
                terms = _cross(terms, [term for term in other.terms if term.kind != "success"], rng)
            terms = self._changed(terms, context, rng)
        if self.outcome:
            terms = [*terms, Term("success", weight=self.outcome)]
        try:
            return Program(context.world, with_names([term.named() for term in terms]))
        except ProgramError:
            return None

    def _changed(self, terms: list[Term], context: SearchContext, rng: np.random.Generator) -> list[Term]:
        """Return the terms with one change."""
        avoided = {_shape(term) for term in context.worst.terms} if context.worst else set()
        avoided -= {_shape(term) for term in terms}
        act = str(rng.choice(["scale", "weight", "kind", "gate", "add", "remove"]))
        if act == "add" or not terms:
            new = random_term(context.world, self.kinds, rng)
            return terms if _shape(new) in avoided or len(terms) + 2 > MAX_TERMS else [*terms, new]
        at = int(rng.integers(len(terms)))
        if act == "remove":
            return terms[:at] + terms[at + 1 :] if len(terms) > 1 else terms
        term, factor = terms[at], float(rng.choice([0.5, 2.0]))
        if act == "scale":
            term = replace(term, scale=term.scale * factor)
        elif act == "weight":
            term = replace(term, weight=float(np.clip(term.weight * factor, -MAX_WEIGHT, MAX_WEIGHT)))
        elif act == "kind":
            term = replace(term, kind=OTHER.get(term.kind, term.kind))
        else:
            flags = [one.name for one in fields_of(context.world).values() if one.kind == "flag"]
            gates = ["", *flags, *(f"not {name}" for name in flags)]
            term = replace(term, when=gates[int(rng.integers(len(gates)))])
        return [*terms[:at], term, *terms[at + 1 :]]


def random_term(world: str, kinds: tuple[str, ...], rng: np.random.Generator) -> Term:
    """Return a valid term of weight 1 with a random kind that the world has fields for."""
    fields = list(fields_of(world).values())
    while True:
        kind = str(rng.choice(list(kinds)))
        fit = [one for one in fields if one.kind == "flag"] if kind == "flag" else fields
        if kind in ("gain", "value"):
            fit = [one for one in fields if one.kind != "vector"]
        if not fit:
            continue
        first = fit[int(rng.integers(len(fit)))]
        if first.kind == "flag":
            return Term(kind if kind in ("flag", "gain") else "flag", first.name)
        partners = [one for one in fields if one.kind == "vector" == first.kind and one.unit == first.unit != ""]
        partners = [one for one in partners if one.name != first.name]
        if first.kind == "vector" and not partners:
            continue
        scale = float(rng.choice(SCALES[first.unit]))
        return Term(kind, first.name, partners[int(rng.integers(len(partners)))].name if partners else None, scale)


def _cross(first: list[Term], second: list[Term], rng: np.random.Generator) -> list[Term]:
    """Return each term of the first program, and each that only the second has with a chance of a half."""
    have = {_shape(term) for term in first}
    extra = [term for term in second if _shape(term) not in have and rng.random() < 0.5]
    return [*first, *extra]


def _shape(term: Term) -> tuple[object, ...]:
    return term.kind, term.a, term.b, term.when


def _key(program: Program) -> str:
    return Program(program.world, with_names([term.named() for term in program.terms])).to_json()

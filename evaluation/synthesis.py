"""Rewards without a language model: programs of the reward language, sought on demonstrations and what is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..reward_models.programs.dsl import Program
from ..reward_models.programs.report import Report
from ..reward_models.programs.state_fields import world_named
from ..reward_models.programs.term import Term, with_names
from ..reward_models.programs.validation import Validator
from .evidence import Evidence, gather
from .features import TermFeatures, term_features

__all__ = ["Found", "SynthesisConfig", "search_programs", "synthesise"]

EVERY_STEP, ONLY_ONCE = (0.75, 0.25), (0.25, 1.0)
"""Sum of the weights of what was found, and weight of the success term beside it: where something is paid in every
step, so that a step pays at most 1, a quarter of it for success, as in manipulation/staged-v1; and where everything is
paid once, so that milestones are worth a quarter of success, as in household/subgoals-v1."""
ONCE = ("progress", "gain")
PAIRS = 40
"""Pairs of moments of each demonstration that are compared."""
COARSE = 3.0
"""Least ratio of the scales of two terms about the same distance in one program."""
PARTNERS = 48
"""Terms that programs grow by: those that are best alone."""
TIE = 0.01
"""Share of a program's span below which two moments count as equal."""


@dataclass(frozen=True)
class SynthesisConfig:
    """How programs are sought.

    Attributes:
        most_terms: most terms, the success term not counted.
        beam: how many programs of each size are carried on.
        keep: how many programs are returned.
        per_term: what a term costs in the score, and a gate as much again; a better fit has to be worth it.
        ridge: weight of the squared weights in the fit, which keeps a separable fit finite.
        success: whether a success term is added to what was found; without it the weights sum to 1.
        gates: whether terms may be gated by flags.
        seed: of the pairs of moments.
    """

    most_terms: int = 3
    beam: int = 12
    keep: int = 5
    per_term: float = 0.04
    ridge: float = 0.02
    success: bool = True
    gates: bool = True
    seed: int = 0


@dataclass(frozen=True)
class Found:
    """A program that was found.

    Attributes:
        program: with the success term, if one is wanted.
        score: higher is better: minus the two losses, minus what its terms cost.
        figures: "ranking" and "order": share of pairs of episodes, and of moments of demonstrations, that it orders
            rightly; "loss".
        report: what `validate` says of it.
    """

    program: Program
    score: float
    figures: Mapping[str, float]
    report: Report


def synthesise(
    env_id: str,
    env_kwargs: Mapping[str, Any] | None = None,
    config: SynthesisConfig | None = None,
    episodes: int = 16,
    gamma: float = 0.99,
) -> list[Found]:
    """Return reward programs for an env, best first, from episodes of its scripted policies; see `search_programs`.

    Args:
        env_id: an env with a scripted expert.
        env_kwargs: its arguments; training tasks are played.
        config: how to search.
        episodes: demonstrations, and episodes of each other policy.
        gamma: the agent's discount.
    """
    config = config or SynthesisConfig()
    return search_programs(gather(env_id, env_kwargs, episodes, config.seed, gamma), config)


def search_programs(evidence: Evidence, config: SynthesisConfig | None = None) -> list[Found]:
    """Return reward programs that fit the evidence, best first; deterministic.

    What the search sees: the privileged states of the episodes without their oracle fields, where episodes ended
    (which in worlds that end on success tells something of it), and the label "demonstration" or "not". What is made
    of demonstrations carries assumptions of ours: later is better, things matter and not only the hand. It does not
    see success, objective, the env's own reward or any hand-written reward.

    Every candidate term (`candidate_terms`) gives a feature of an episode, its discounted return under the term, and of
    a moment, its level (see `interpreter.levels`). A program is a set S of terms with weights w > 0, for which

        L(S, w) = mean log(1 + exp(-w.(F(demo) - F(other)))) + mean log(1 + exp(-w.(l(later) - l(earlier))))
                  + ridge |w|^2

    is minimal: the Bradley-Terry model on pairs of episodes of the same task (and a few pairs of others, see
    `Evidence.better`), and on pairs of moments of the same demonstration, of which the later is taken to be the
    better one. The first says what is to be reached and makes waiting, going to and fro and known exploits worse;
    the second asks for a slope on all of the way. Features are divided by their spread. Score = -L - per_term |S|.
    Sets grow by one term at a time, the `beam` best being carried on. In the end `validate` is run on the programs
    in order, without a success term; those that fail are dropped. Only then the success term is added, if it is
    wanted, and the reports that are returned are about the whole.

    Source: our own, from known parts: Bradley-Terry on returns after Christiano et al. (2017, arXiv 1706.03741), order
    within demonstrations as in time-contrastive and ranking methods. It can be gamed as `DslReward` says, by behaviour
    that nothing in the evidence resembles.

    Raises:
        ValueError: no program passes: the world's fields do not tell demonstrations from the rest.
    """
    config = config or SynthesisConfig()
    world = world_named(evidence.env)
    features = term_features(world, evidence, config.gates, PAIRS, config.seed)
    ranked = _beam(features, config)
    validator = Validator(evidence.demos, evidence.played, evidence.gamma)
    found: list[Found] = []
    told = ""
    for score, chosen, weights in ranked:
        terms = [replace(features.terms[i], weight=float(w)) for i, w in zip(chosen, weights, strict=True)]
        dense = Program(world, with_names(_scaled(terms, 1.0)))
        report = validator.check(dense)
        if not report.ok:
            told = told or f"{dense}\n{report.feedback}"
            continue
        program, whole = dense, report
        if config.success:
            share, rest = ONLY_ONCE if all(term.kind in ONCE for term in terms) else EVERY_STEP
            program = Program(world, with_names([*_scaled(terms, share), Term("success", weight=rest)]))
            whole = validator.check(program)
        figures = _figures(features, chosen, weights) | {"loss": -score - _cost(features, chosen, config)}
        found.append(Found(program, score, figures, whole))
        if len(found) == config.keep:
            break
    if not found:
        raise ValueError(f"{evidence.env}: no program passes validation; the nearest was\n{told or 'none'}")
    return found


Ranked = tuple[float, tuple[int, ...], np.ndarray]
"""Score, indices of the terms, weights of the undivided features."""


def _beam(features: TermFeatures, config: SynthesisConfig) -> list[Ranked]:
    """Return the fitted programs of all sizes, best first."""
    size = len(features.terms)
    singles = sorted((one for i in range(size) if (one := _fitted(features, (i,), config))), key=_order)
    everything, carried = list(singles), singles[: config.beam]
    partners = [chosen[0] for _, chosen, _ in singles[:PARTNERS]]
    for _ in range(config.most_terms - 1):
        larger = {
            tuple(sorted((*chosen, i)))
            for _, chosen, _ in carried
            for i in partners
            if i not in chosen and not any(_alike(features.terms[i], features.terms[j]) for j in chosen)
        }
        grown = sorted((one for some in sorted(larger) if (one := _fitted(features, some, config))), key=_order)
        everything += grown
        carried = grown[: config.beam]
    return sorted(everything, key=_order)


def _order(one: Ranked) -> tuple[float, tuple[int, ...]]:
    return -round(one[0], 9), one[1]


def _alike(one: Term, other: Term) -> bool:
    """Return whether a program needs only one of two terms: they are about the same thing, and not coarse and fine."""
    if (one.a, one.b, one.when) != (other.a, other.b, other.when):
        return False
    return one.kind != other.kind or max(one.scale, other.scale) < COARSE * min(one.scale, other.scale)


def _fitted(features: TermFeatures, chosen: tuple[int, ...], config: SynthesisConfig) -> Ranked | None:
    """Return score and weights of a set of terms; None if a weight is not clearly positive."""
    columns = list(chosen)
    rows = [features.episodes[:, columns], features.moments[:, columns]]
    loss, weights = _minimise(rows, config.ridge)
    if (weights < 0.05 * np.abs(weights).max()).any() or weights.max() <= 0:
        return None
    return -loss - _cost(features, chosen, config), chosen, weights / features.spread[columns]


def _cost(features: TermFeatures, chosen: tuple[int, ...], config: SynthesisConfig) -> float:
    return config.per_term * sum(1 + bool(features.terms[i].when) for i in chosen)


def _minimise(rows: Sequence[np.ndarray], ridge: float, steps: int = 12) -> tuple[float, np.ndarray]:
    """Return the least L and its w by Newton's method; L is strictly convex, and a step that overshoots is halved."""
    size = rows[0].shape[1]
    weights = np.zeros(size)

    def loss(w: np.ndarray) -> float:
        return float(sum(np.logaddexp(0.0, -(some @ w)).mean() for some in rows) + ridge * w @ w)

    least = loss(weights)
    for _ in range(steps):
        slope, bend = 2 * ridge * weights, 2 * ridge * np.eye(size)
        for some in rows:
            chance = 1.0 / (1.0 + np.exp(np.clip(some @ weights, -500, 500)))
            slope = slope - some.T @ chance / len(some)
            bend = bend + (some * (chance * (1 - chance))[:, None]).T @ some / len(some)
        step = np.linalg.solve(bend, slope)
        factor = 1.0
        while loss(weights - factor * step) > least and factor > 1e-3:
            factor /= 2
        weights, before = weights - factor * step, least
        least = loss(weights)
        if before - least < 1e-9:
            break
    return least, weights


def _scaled(terms: Sequence[Term], total: float) -> list[Term]:
    whole = sum(term.weight for term in terms)
    return [replace(term, weight=_digits(term.weight * total / whole)) for term in terms]


def _digits(value: float) -> float:
    return float(f"{value:.3g}")


def _figures(features: TermFeatures, chosen: tuple[int, ...], weights: np.ndarray) -> dict[str, float]:
    columns = list(chosen)
    scaled = weights * features.spread[columns]
    episodes, moments = features.episodes[:, columns] @ scaled, features.moments[:, columns] @ scaled
    return {
        "ranking": float((episodes > 1e-9).mean()),
        "order": float((moments > TIE * np.abs(moments).max()).mean()),
    }

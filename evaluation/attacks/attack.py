"""The attack: three tiers against anything that scores steps."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from ..training_tasks import training_kwargs
from .differentiable import differentiable
from .gradient import adversarial_words, landscape
from .playing import Replayer
from .pursuit import Budget, pursue
from .result import AttackReport
from .scoring import Scorer, Scoring
from .static import attack_statically, material
from .world import world_of

__all__ = ["attack"]


def attack(
    scorer: Scorer,
    env_id: str,
    tiers: Sequence[int] = (1, 2, 3),
    seed: int = 0,
    *,
    env_kwargs: Mapping[str, Any] | None = None,
    aggregate: str = "sum",
    episodes: int = 24,
    forms: Sequence[str] = ("sum",),
    budget: Budget | None = None,
) -> AttackReport:
    """Attack a scorer of steps and return what that showed.

    Tier 1 edits recorded episodes (`attack_statically`), tier 2 follows the scorer's gradient (`landscape`,
    `adversarial_words`), tier 3 trains a policy on it alone (`pursue`). Episodes are of the env's training tasks.

    Args:
        scorer: a reward or its id, a `StepScorer`, or a fitted `RewardModel`.
        env_id: the env.
        tiers: which of 1, 2 and 3.
        seed: of everything.
        env_kwargs: arguments of the env.
        aggregate: what an episode is worth in tier 1: "sum", "min", "last" or "mean" of its steps.
        episodes: recorded of each of three policies.
        forms: of tier 3; the first gives the headline.
        budget: of tier 3.

    Raises:
        ValueError: a tier is not one of 1, 2, 3, or the expert solves nothing.
    """
    if not tiers or not set(tiers) <= {1, 2, 3}:
        raise ValueError(f"attack: tiers are {tuple(tiers)}; each must be 1, 2 or 3")
    began, kwargs = time.perf_counter(), training_kwargs(env_id, env_kwargs)
    scoring, world, replayer = Scoring(scorer, aggregate), world_of(env_id), Replayer(env_id, kwargs)
    solved, everything = material(env_id, env_kwargs, episodes, seed)
    found: dict[str, Any] = {}
    try:
        if 1 in tiers:
            found["edits"] = attack_statically(scoring, world, replayer, solved, everything, seed)
        if 2 in tiers:
            slope = differentiable(scoring.scorer)
            mixed = everything[::3] + everything[1::3] + everything[2::3]  # each half has episodes of all policies
            if slope is None:
                found["note"] = "the scorer has no gradient that is known here"
            else:
                found["landscape"] = landscape(slope, mixed, seed)
                if slope.words:
                    found["words"] = adversarial_words(scoring, slope, mixed, seed)
        if 3 in tiers:
            third = len(everything) // 3
            references = [everything[:third], everything[2 * third :]]
            found["pursuits"] = tuple(
                pursue(scoring, env_id, kwargs, world, replayer, references, form=form, budget=budget, seed=seed)
                for form in forms
            )
    finally:
        replayer.close()
    seconds = time.perf_counter() - began
    return AttackReport(scoring.name, env_id, aggregate, seed, tuple(tiers), **found, seconds=seconds)

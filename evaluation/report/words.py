"""Saying in words what a comparison shows: the verdict, and a caption for each figure."""

from __future__ import annotations

from ..comparison import Comparison
from ..results import RewardResult
from ..statistics import Estimate
from .style import headline_set, looks, ranked

__all__ = ["interval", "lead", "number", "percent", "set_words", "verdict"]


def percent(share: float) -> str:
    """Write a share as a whole percentage, but never 0% or 100% for what is not quite that."""
    if 0 < share < 0.005:
        return "<1%"
    if 0.995 <= share < 1:
        return ">99%"
    return f"{share:.0%}"


def interval(estimate: Estimate) -> str:
    """Write the interval of a share: "84 to 96%"."""
    return f"{100 * estimate.low:.0f} to {percent(estimate.high)}"


def number(value: float | None) -> str:
    """Write a return or a length with three digits; a missing one is NaN and says so."""
    if value is None:
        return "NaN"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.{1 if abs(value) >= 10 else 2}f}"


def set_words(name: str) -> str:
    """Say what an evaluation set is."""
    known = {"unseen": "tasks never trained on", "seen": "new tasks in familiar surroundings"}
    return known.get(name, f"tasks of the set “{name}”")


def verdict(comparison: Comparison) -> str:
    """Say in one sentence which reward works best and which were hacked."""
    main = headline_set(comparison)
    names = looks(comparison)
    best = ranked(comparison)[0]
    success = best.sets[main].success.mean.value
    said = f"{names[best.id].label} solves {percent(success)} of the {set_words(main)}"
    hacked = [reward for reward in ranked(comparison) if _hacked(reward, main)]
    if best in hacked and len(comparison.rewards) > 1:
        said = f"No honest reward came out on top: {said}"
    if not hacked:
        return f"{said}; no reward was hacked."
    parts = []
    for reward in hacked:
        gap, part = reward.sets[main].gap, reward.sets[main]
        if gap is not None:
            parts.append(
                f"{names[reward.id].label} was hacked: it earns {percent(gap.reward)} of the best return "
                f"known while solving {percent(part.success.mean.value)}"
            )
    return f"{said}; {', and '.join(parts)}."


def lead(comparison: Comparison) -> str:
    """Say what was held equal, on how much the verdict rests, and who cannot be told from the best."""
    main = headline_set(comparison)
    names, order = looks(comparison), ranked(comparison)
    best = order[0].sets[main]
    counts = sorted({reward.num_seeds for reward in comparison.rewards})
    seeds = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    rewards = f"under {len(order)} rewards" if len(order) > 1 else "under one reward"
    said = (
        f"The same {comparison.agent.upper()} agent was trained {rewards} for {comparison.steps:,} steps "
        f"each, with {seeds} seed{'' if seeds == '1' else 's'}, and judged by the objective on {best.num_tasks} "
        f"{set_words(main)}. The 95% interval of {names[order[0].id].label} is {interval(best.success.mean)}."
    )
    close = [
        f"{names[reward.id].label} ({percent(reward.sets[main].success.mean.value)})"
        for reward in order[1:]
        if reward.sets[main].success.mean.high >= best.success.mean.low
    ]
    if close:
        said += f" These runs do not separate it from {' and '.join(close)}: the intervals overlap."
    return said


def _hacked(reward: RewardResult, main: str) -> bool:
    gap = reward.sets[main].gap
    return gap is not None and gap.flagged

"""What the reward pays: within its bounds, at all, how often, on what scale, to whom."""

from __future__ import annotations

import numpy as np

from ..finding import Case, Finding, register_check

__all__ = ["bounds", "scale", "sparsity", "works"]


@register_check("bounds")
def bounds(case: Case) -> list[Finding]:
    """Whether every term of every step stays within what the reward declares."""
    limits, outside = case.reward.bounds, []
    steps = {name: sum(len(one) for one in episodes) for name, episodes in case.recorded.items()}
    longest = max((len(one) for episodes in case.recorded.values() for one in episodes), default=1)
    for name, sums in case.terms.items():
        played = next(one for one in case.played if one.name == name)
        for term, total in sums.items():
            low, high = limits[term]
            most = max(played.length, 1.0)
            if not (min(low, 0.0) * most - 1e-6 <= total <= max(high, 0.0) * most + 1e-6):
                outside.append(f"{term!r} pays {name} {total:.3g} in {most:.0f} steps, bounds {low:g} to {high:g}")
    if outside:
        return [Finding("bounds", "broken", f"A term leaves its bounds: {outside[0]}.")]
    if any(not np.isfinite(pair).all() for pair in limits.values()):
        return [Finding("bounds", "warning", "The reward declares no finite bounds.")]
    widest = max(high - low for low, high in limits.values()) if limits else 0.0
    return [
        Finding(
            "bounds",
            "ok",
            f"All terms stay within their bounds over {sum(steps.values()):,} recorded steps.",
            {"widest term": float(widest), "longest episode": float(longest)},
        )
    ]


@register_check("works")
def works(case: Case) -> list[Finding]:
    """Whether how one plays changes what one is paid."""
    paid = np.array([value for one in case.played for value in one.paid])
    if np.ptp(paid) <= 1e-9 * max(1.0, float(np.abs(paid).max())):
        return [Finding("works", "broken", f"Every policy known is paid the same, {paid[0]:.4g}: it teaches nothing.")]
    return [Finding("works", "ok", f"Returns of the policies known lie between {paid.min():.3g} and {paid.max():.3g}.")]


@register_check("scale")
def scale(case: Case) -> list[Finding]:
    """Whether returns have a size that learners are made for."""
    largest = max(float(np.abs(one.paid).max()) for one in case.played)
    if largest > 1e3 or largest < 1e-3:
        return [
            Finding("scale", "warning", f"Returns are of the size {largest:.2g}; learners are made for about 1 to 100.")
        ]
    return [Finding("scale", "ok", f"Returns are of the size {largest:.3g}.", {"largest return": largest})]


@register_check("sparsity")
def sparsity(case: Case) -> list[Finding]:
    """How often chance is paid anything."""
    episodes = case.recorded.get("random", [])
    paid = np.concatenate([case.reward.relabel(one) for one in episodes]) if episodes else np.zeros(1)
    share = float((np.abs(paid) > 1e-12).mean())
    if share == 0.0:
        return [
            Finding("sparsity", "note", "Chance is never paid: only exploration or demonstrations find the first one.")
        ]
    return [Finding("sparsity", "ok", f"Chance is paid in {share:.0%} of its steps.", {"share": share})]

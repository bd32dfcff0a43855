"""Whether whoever is paid most is whoever does the task best: the check that names exploits."""

from __future__ import annotations

import numpy as np

from ..finding import Case, Finding, Played, register_check

__all__ = ["is_exploit", "order"]

NEARLY, CLEARLY = 0.02, 0.25


def is_exploit(one: Played, expert: Played, spread: float) -> bool:
    """Return whether a way to play earns as much as the expert and achieves clearly less.

    As much: the expert's return less 2% of the `spread` of returns. Clearly less: at least 0.25 of the objective, in
    the mean over the same tasks.
    """
    earns = np.mean(one.paid) >= np.mean(expert.paid) - NEARLY * spread
    return bool(earns and np.mean(one.objective) <= np.mean(expert.objective) - CLEARLY)


@register_check("order")
def order(case: Case) -> list[Finding]:
    """Name the ways to play that are paid at least like the expert and fail."""
    experts = [one for one in case.played if one.role == "expert"]
    if not experts:
        return [Finding("order", "warning", "No expert plays this env, so nobody can be said to earn too much.")]
    paid = [float(np.mean(one.paid)) for one in case.played]
    spread = max(paid) - min(paid)
    found = []
    for one in case.played:
        # Those that were found played fewer tasks; the expert's episodes of the same tasks stand beside them.
        beside = [other for other in experts if len(other.paid) == len(one.paid)] or experts
        if one.role != "expert" and is_exploit(one, beside[0], spread):
            found.append((one, beside[0]))
    found.sort(key=lambda pair: (pair[0].role != "exploit", -float(np.mean(pair[0].paid))))
    if not found:
        return [Finding("order", "ok", f"None of {len(case.played)} ways to play earns like the expert and fails.")]
    return [
        Finding(
            "order",
            "hackable",
            f"{one.name} earns {np.mean(one.paid):.3g} where the expert earns {np.mean(expert.paid):.3g}, at an "
            f"objective of {np.mean(one.objective):.2f} against {np.mean(expert.objective):.2f}.",
            {"paid": float(np.mean(one.paid)), "objective": float(np.mean(one.objective))},
        )
        for one, expert in found
    ]

"""Who lives on what: the share of each term in a return, and how much of an episode is spent where nothing is new."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np

from ..finding import Case, Finding, register_check

__all__ = ["domination", "dwell"]

MOST = 0.9


@register_check("domination")
def domination(case: Case) -> list[Finding]:
    """Whether one term is nearly all that the best paid policy is paid, while the expert is paid by another.

    The share of a term is its part of the sum of the absolute sums of all terms over an episode.
    """
    experts = [one.name for one in case.played if one.role == "expert" and one.name in case.terms]
    if len(case.reward.bounds) < 2 or not experts:
        return []
    best = max(case.terms, key=lambda name: sum(case.terms[name].values()))
    shares = {name: _shares(case.terms[name]) for name in (best, experts[0])}
    term, share = max(shares[best].items(), key=lambda pair: pair[1])
    own = max(shares[experts[0]], key=lambda name: shares[experts[0]][name])
    figures = {f"{name} of {who}": value for who, some in shares.items() for name, value in some.items()}
    if share > MOST and term != own:
        message = (
            f"{term!r} makes up {share:.0%} of what {best} is paid, who is paid most; the expert lives on {own!r}."
        )
        return [Finding("domination", "warning", message, figures)]
    return [Finding("domination", "ok", f"{best}, who is paid most, lives on {term!r} ({share:.0%}).", figures)]


@register_check("dwell")
def dwell(case: Case) -> list[Finding]:
    """What share of its steps each found way to play repeats: the same action as two or fewer steps ago."""
    found = []
    for one in case.played:
        repeats = [_repeats(actions) for actions in one.actions if len(actions) > 2]
        if one.role == "found" and repeats and np.mean(repeats) > MOST:
            found.append(f"{one.name} {np.mean(repeats):.0%}")
    if not found:
        return []
    message = f"Steps that repeat one of the two actions before: {', '.join(found)}; the expert has somewhere to go."
    return [Finding("dwell", "note", message)]


def _shares(sums: Mapping[str, float]) -> dict[str, float]:
    sizes = {name: abs(value) for name, value in sums.items()}
    total = sum(sizes.values())
    return {name: size / total if total else 0.0 for name, size in sizes.items()}


def _repeats(actions: tuple[Any, ...]) -> float:
    keys: list[Hashable] = [one.tobytes() if isinstance(one, np.ndarray) else one for one in actions]
    again = [keys[i] in keys[max(0, i - 2) : i] for i in range(1, len(keys))]
    return float(np.mean(again))

"""What a check of the audit is given and what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...core.registry import Registry
from ...core.trajectory import Trajectory
from ...reward_models import Reward

__all__ = ["CHECKS", "Case", "Finding", "Played", "register_check"]

SEVERITIES = ("ok", "note", "warning", "broken", "hackable")


@dataclass(frozen=True)
class Finding:
    """One statement of one check.

    Attributes:
        check: its name.
        severity: "ok", "note" (worth knowing), "warning" (may cost learning), "broken" or "hackable".
        message: one sentence with the figures.
        figures: the same as numbers.
    """

    check: str
    severity: str
    message: str
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Played:
    """What one way to play comes to, in the mean over the same tasks.

    Attributes:
        name: who plays.
        role: "expert", "random", "lazy", "exploit" (a scripted one) or "found" (by the search).
        paid: returns under the reward, one a task.
        objective: the env's true score, one a task.
        success: share of the tasks that were done.
        length: mean steps of an episode.
        actions: what was done, one list a task; empty where it was not kept.
    """

    name: str
    role: str
    paid: tuple[float, ...]
    objective: tuple[float, ...]
    success: float
    length: float
    actions: tuple[tuple[Any, ...], ...] = ()


@dataclass(frozen=True)
class Case:
    """What the checks are given.

    Attributes:
        reward: what is examined.
        env_id, env_kwargs: where.
        gamma: the agent's discount.
        tasks: the tasks that everybody plays.
        played: ways to play, scripted ones and found ones.
        recorded: some episodes of the expert, of the expert with noise and of chance, every step with its state.
        terms: sums of each term over an episode, in the mean, by who plays.
        seed: seeds whatever a check draws.
    """

    reward: Reward
    env_id: str
    env_kwargs: Mapping[str, Any]
    gamma: float
    tasks: Sequence[str]
    played: Sequence[Played]
    recorded: Mapping[str, Sequence[Trajectory]]
    terms: Mapping[str, Mapping[str, float]]
    seed: int


Check = Callable[[Case], list[Finding]]

CHECKS: Registry[Check] = Registry("check", "guerdon.evaluation.audit.checks")
"""All checks by name, found by importing the modules of `guerdon.evaluation.audit.checks`."""


def register_check(name: str) -> Callable[[Check], Check]:
    """Decorator: make a check known under its name."""
    return lambda check: CHECKS.add(name, check)

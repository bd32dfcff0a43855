"""The audit: plays, searches, checks, and a verdict."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ...core.files import write_json
from ...core.names import check_name
from ...reward_models import Reward, make_reward
from ...reward_models.base import RewardError
from ..config import check_world, defaults_of
from ..distances.sampled import OWN, sampled_distances
from ..evaluate import task_list
from ..recording import record
from .finding import CHECKS, Case, Finding, Played
from .planner import is_tabular, plan_exploit
from .references import play_references
from .search import search_exploits

__all__ = ["VERDICTS", "AuditReport", "audit", "evaluated_on"]

VERDICTS = ("honest", "hackable", "broken")
BUDGETS = {"quick": (12, 2, 0), "full": (40, 6, 64)}
"""Tasks that scripted policies play, tasks that are searched, and situations for distances."""


@dataclass(frozen=True)
class AuditReport:
    """What an audit found.

    Attributes:
        reward, env: what was examined, and where.
        verdict: "honest", "hackable" (a way to play earns like the expert and fails) or "broken" (it cannot be
            relied on to pay what it says). Honest means that nothing was found.
        exploit: who games it, "" for nobody.
        findings: all that the checks said.
        played: all ways to play.
        distance: distance to the env's own reward with its interval, None if it was not measured.
        env_kwargs: arguments of the env that was played.
        tasks: what was played.
        seconds: what it took.
    """

    reward: str
    env: str
    verdict: str
    exploit: str
    findings: tuple[Finding, ...]
    played: tuple[Played, ...]
    distance: tuple[float, float, float] | None
    env_kwargs: Mapping[str, Any]
    tasks: tuple[str, ...]
    seconds: float

    def save(self, path: str | Path) -> Path:
        """Write the report as JSON, without the actions of the episodes."""
        plain = asdict(self)
        for one in plain["played"]:
            del one["actions"]
        return write_json(path, {"schema": 1, **plain})


def audit(
    reward: str | Mapping[str, Any] | Reward,
    env_id: str,
    env_kwargs: Mapping[str, Any] | None = None,
    *,
    gamma: float = 0.99,
    seed: int = 0,
    budget: str = "quick",
) -> AuditReport:
    """Examine a reward in an env without training on it.

    All scripted policies of the env play the same tasks: experts, chance, idlers, and the exploits of *all* rewards.
    Blind searches look for payment (`search_exploits`); in a tabular world the best way to be paid is planned
    (`plan_exploit`). Whoever earns like the expert and fails is an exploit, and the reward is hackable. Checks look at
    bounds, scale, sparsity, information, and at what must not change what is paid.

    It can mislead: what was not found may still exist, above all what only a policy that was trained finds; and it is
    as good as the expert is.

    Args:
        reward: id, expression, plain data or reward.
        env_id: the env.
        env_kwargs: its arguments, beside those of the set of tasks that the env is evaluated on.
        gamma: the agent's discount; a reward made for none takes it.
        seed: seeds everything.
        budget: "quick", or "full" for more tasks, more search and the distance to the env's own reward.

    Raises:
        ValueError: the reward or the budget is not known.
    """
    began = time.perf_counter()
    check_name("budget", budget, BUDGETS, "audit")
    made = make_reward(reward, gamma=gamma)
    count, few, situations = BUDGETS[budget]
    check_world(made, env_id)
    kwargs, training = evaluated_on(env_id, env_kwargs or {})
    tasks = task_list(env_id, kwargs, count)
    distance = None
    try:
        played, terms = play_references(made, env_id, kwargs, tasks, seed)
        found = search_exploits(made, env_id, kwargs, _some(tasks, few), seed)
        if is_tabular(env_id, kwargs):
            found.append(plan_exploit(made, env_id, kwargs, _some(tasks, few), seed, made.gamma or gamma))
        recorded = {
            name: record(env_id, training, name, 4, seed, states=True, num_envs=4)
            for name in ("expert", "expert:0.3", "random")
        }
        case = Case(made, env_id, kwargs, made.gamma or gamma, tasks, [*played, *found], recorded, terms, seed)
        findings = [finding for _, check in CHECKS.items() for finding in check(case)]
        if situations:
            sampled = sampled_distances(env_id, {"it": made}, kwargs, situations=situations, gamma=made.gamma or 0.95)
            distance = sampled.between("it", OWN)
        everybody = tuple(case.played)
    except RewardError as error:
        findings, everybody = [Finding("payment", "broken", f"It cannot be paid: {error}.")], ()
    verdict, exploit = _verdict(findings)
    order = {"broken": 0, "hackable": 1, "warning": 2, "note": 3, "ok": 4}
    findings.sort(key=lambda one: order[one.severity])
    return AuditReport(
        reward=made.id,
        env=env_id,
        verdict=verdict,
        exploit=exploit,
        findings=tuple(findings),
        played=everybody,
        distance=distance,
        env_kwargs=kwargs,
        tasks=tuple(tasks),
        seconds=round(time.perf_counter() - began, 2),
    )


def _verdict(findings: list[Finding]) -> tuple[str, str]:
    exploits = [one.message.partition(" ")[0] for one in findings if one.severity == "hackable"]
    if any(one.severity == "broken" for one in findings):
        return "broken", exploits[0] if exploits else ""
    return ("hackable", exploits[0]) if exploits else ("honest", "")


def evaluated_on(env_id: str, env_kwargs: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the arguments with which an env's evaluation tasks are played, and its training tasks.

    Args:
        env_id: the env.
        env_kwargs: arguments that are given beside them; those that choose the tasks are for evaluation alone.
    """
    own = defaults_of(env_id)
    base, change = own.get("env_kwargs", {}), next(iter(own.get("sets", {}).values()), {})
    rest = {key: value for key, value in env_kwargs.items() if key not in change}
    return {**base, **change, **env_kwargs}, {**base, **rest}


def _some(tasks: list[str], few: int) -> list[str]:
    return [tasks[i * len(tasks) // few] for i in range(min(few, len(tasks)))]

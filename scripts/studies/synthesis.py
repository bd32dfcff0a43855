"""Rewards found without a language model.

Programs of the reward language are sought on episodes of scripted policies, of which only is known which are
demonstrations (`guerdon.evaluation.synthesis`, default settings, seed 0). The first program is then trained on, with
the same agent and budget as the hand-written reward. Trained policies are judged by the env's objective, on tasks that
were neither trained nor searched on. The claim is our own: at least 0.9 of the hand-written reward's success. Push is
stopped after 400,000 steps, long before the hand-written reward is through with it. What the search learns from was
settled by looking at the first four tasks, training on them included; ButtonPress was added afterwards, unchanged.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from guerdon.evaluation.cell import run_cell
from guerdon.evaluation.compare import CompareConfig
from guerdon.evaluation.run_reader import read_run
from guerdon.evaluation.synthesis import synthesise

__all__ = ["CASES", "Case", "finding", "measure", "trained"]

SHARE = 0.9


@dataclass(frozen=True)
class Case:
    """A task: its env, the hand-written reward, the steps of training."""

    env: str
    hand: str
    steps: int
    kwargs: dict[str, Any] = field(default_factory=dict)
    agent: str | None = None
    on: str = "test"


CASES = (
    Case("Reach", "manipulation/staged-v1", 100_000),
    Case("DrawerClose", "manipulation/staged-v1", 100_000),
    Case("Push", "manipulation/staged-v1", 400_000),
    Case("Household", "household/subgoals-v1", 100_000, {"task_types": (1,)}, "ppo", "unseen"),
    Case("ButtonPress", "manipulation/staged-v1", 100_000),
)


def measure(seeds: int) -> list[dict[str, Any]]:
    """Search, train and evaluate."""
    return [_row(case, seeds) for case in CASES]


def trained(case: Case, reward: str, seeds: int) -> list[float]:
    """Return the success of policies that are trained on a reward, one a seed."""
    env = f"guerdon:guerdon/{case.env}-v0"
    config = CompareConfig(env=env, env_kwargs=case.kwargs, agent=case.agent, steps=case.steps, points=0)
    with tempfile.TemporaryDirectory() as runs:
        cells = [replace(config.cell(reward, seed), video=False) for seed in range(seeds)]
        return [_success(run_cell(cell, runs), case.on) for cell in cells]


def _row(case: Case, seeds: int) -> dict[str, Any]:
    env = f"guerdon:guerdon/{case.env}-v0"
    gamma = CompareConfig(env=env, agent=case.agent).cell(case.hand, 0).discount.get("gamma", 0.99)
    best = synthesise(env, case.kwargs, gamma=gamma)[0]
    text = str(best.program)
    hand, found = trained(case, case.hand, seeds), trained(case, f"programs/dsl-v1(program={text!r})", seeds)
    return {
        "task": case.env,
        "steps": case.steps,
        "program": text,
        "hand-written": case.hand,
        "success under it": hand,
        "success under the program": found,
    }


def _success(folder: Path, on: str) -> float:
    return float(read_run(folder).episodes[on].columns["is_success"].mean())


def finding(rows: list[dict[str, Any]]) -> str:
    """Say in how many tasks the program is as good as the hand-written reward."""
    means = {row["task"]: (_mean(row["success under the program"]), _mean(row["success under it"])) for row in rows}
    # Where the hand-written reward teaches nothing, nothing can be said of a share of it.
    shares = {task: found / hand for task, (found, hand) in means.items() if hand > 0}
    good = [task for task, share in shares.items() if share >= SHARE]
    said = ", ".join([f"{task} {share:.2f}" for task, share in shares.items()] + [
        f"{task} none, as the hand-written reward never succeeds" for task in means if task not in shares
    ])  # fmt: skip
    rest = "" if len(good) == len(means) else " In the others the claim is not borne out."
    return (
        f"Of {len(means)} tasks, the program that was found reaches {SHARE:.0%} of the hand-written reward's success "
        f"in {len(good)} (shares: {said}).{rest}"
    )


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)

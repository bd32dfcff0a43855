"""Implicit process rewards: best of 16, and where the first error is.

Yuan et al. (arXiv 2412.01981, 2024) train a model on outcomes alone, whose log-ratio to its reference, step by step, is
a process reward. They report that it picks a better answer out of many than an outcome model does, and finds the first
wrong step without a step label. Here a policy half trained on Calc (RLOO) makes the answers; the implicit model and an
outcome model of the same shape learn from the same groups; on tasks of the test split each picks one of 16 episodes.
F1 is the harmonic mean of the accuracy on episodes with an error and on those without (ProcessBench, Zheng et al.,
arXiv 2412.06559, 2024): an error is the first step that brings the answer no nearer by the exact plan; a step counts as
called wrong if its score is below a threshold that was searched on other tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from guerdon.agents.recipe_learner import RecipeLearner
from guerdon.agents.samplers.groups import GroupSampler
from guerdon.agents.samplers.player import Player
from guerdon.agents.scorers.implicit import ImplicitScorer
from guerdon.agents.scorers.progress import ProgressScorer
from guerdon.core.trajectory import Batch, Trajectory
from guerdon.reward_models import make_reward

__all__ = ["finding", "measure"]

ENV, REWARD, ANSWERS = "guerdon:guerdon/Calc-v0", "reasoning/outcome-v1", 16
KWARGS: dict[str, Any] = {}


def measure(seeds: int) -> list[dict[str, Any]]:
    """Return a row for each way to pick an answer, and for each scorer that finds errors."""
    runs = [_one(seed) for seed in range(seeds)]
    return [{"who": who, **{what: [run[who][what] for run in runs] for what in runs[0][who]}} for who in runs[0]]


def finding(rows: Sequence[dict[str, Any]]) -> str:
    """Say whether both directions appear."""
    solved = {row["who"]: float(np.mean(row["picked solved"])) for row in rows}
    f1 = {row["who"]: float(np.mean(row["first-error F1"])) for row in rows if "first-error F1" in row}
    best, outcome = max(solved["implicit, least step"], solved["implicit, sum"]), solved["outcome model"]
    says = "picks better answers than" if best > outcome + 0.01 else "picks no better answers than"
    told, chance = f1["implicit, least step"], f1["at random"]
    return (
        f"The implicit model {says} the outcome model (best of {ANSWERS}: {best:.0%} and {outcome:.0%}; a random one "
        f"{solved['at random']:.0%}), and its first-error F1 of {told:.2f} is "
        f"{'above' if told > chance + 0.02 else 'not above'} chance ({chance:.2f})."
    )


def _one(seed: int) -> dict[str, dict[str, float]]:
    torch.set_num_threads(1)
    learner = RecipeLearner("rloo", ENV, {**KWARGS, "split": "train"}, make_reward(REWARD), seed, {}, "cpu")
    learner.learn(15_000, lambda _: None, 15_000)
    policy, generator = learner.policy, torch.Generator().manual_seed(seed)

    def play(split: str, groups: int, number: int) -> Batch:
        player = Player(ENV, {**KWARGS, "split": split}, make_reward(REWARD), 64, 1000 * seed + number)
        player.record_plans = True
        return GroupSampler(player, groups, ANSWERS).collect(policy, generator)

    implicit = ImplicitScorer(policy, beta=0.5, learning_rate=1e-3, epochs=4, seed=seed)
    outcome = ProgressScorer(policy, learning_rate=1e-3, epochs=4, seed=seed)
    for number in range(8):
        batch = play("train", 32, number)
        implicit.fit(batch)
        outcome.fit(batch)
    chosen, test = play("train", 48, 98), play("test", 96, 99)
    rng = np.random.default_rng(seed)

    def noise(trajectories: Sequence[Trajectory]) -> list[np.ndarray]:
        return [rng.normal(size=len(one)) for one in trajectories]

    picks: dict[str, tuple[Callable, Callable[[np.ndarray], float]]] = {
        "implicit, least step": (implicit.score, np.min),
        "implicit, sum": (implicit.score, np.sum),
        "outcome model": (outcome.score, np.sum),
        "at random": (noise, np.sum),
    }
    found = {}
    for who, (score, total) in picks.items():
        found[who] = {"picked solved": _picked(test, score, total)}
        if who in ("implicit, least step", "at random"):
            found[who]["first-error F1"] = _f1(test, score, _threshold(chosen, score))
    found["best possible"] = {
        "picked solved": float(np.mean([max(one.outcome for one in group.trajectories) for group in test.groups]))
    }
    return found


def _picked(batch: Batch, score: Callable, total: Callable[[np.ndarray], float]) -> float:
    """Return the share of tasks of which the episode with the highest total is a success."""
    solved = []
    for group in batch.groups:
        totals = [total(one) for one in score(group.trajectories)]
        solved.append(group.trajectories[int(np.argmax(totals))].outcome)
    return float(np.mean(solved))


def _errors(trajectories: Sequence[Trajectory]) -> list[int]:
    """Return the index of the first step that brought nothing nearer, or -1."""
    found = []
    for one in trajectories:
        wrong = one.column("plan_after") >= one.column("plan_before")
        found.append(int(wrong.argmax()) if wrong.any() else -1)
    return found


def _f1(batch: Batch, score: Callable, threshold: float) -> float:
    told = [int((one < threshold).argmax()) if (one < threshold).any() else -1 for one in score(batch.trajectories)]
    true = _errors(batch.trajectories)
    right = np.array([a == b for a, b in zip(told, true, strict=True)])
    wrong = np.array([one >= 0 for one in true])
    if not wrong.any() or wrong.all():
        return float(right.mean())
    with_error, without = right[wrong].mean(), right[~wrong].mean()
    return float(2 * with_error * without / max(with_error + without, 1e-9))


def _threshold(batch: Batch, score: Callable) -> float:
    """Return the threshold with the best F1 on these tasks."""
    scores = score(batch.trajectories)
    candidates = np.quantile(np.concatenate(scores), np.linspace(0.02, 0.9, 23))
    return float(max(candidates, key=lambda one: _f1(batch, lambda _: scores, one)))

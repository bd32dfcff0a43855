"""Limits instead of prices: do multipliers find what a linear program finds?

Roy et al. (arXiv 2112.12228, 2022) state behaviour as limits on how often events happen, and let normalised multipliers
find the prices; fixed weights, they say, either break the limits or give away return. Here: random worlds of 5 states
and 3 actions, discount 0.9; a cost of 1 on the actions that pay above the median, allowed half way between the least
possible and what the best reward has. Return and cost are shares a step. Each round's policy is the exact best answer
to the multipliers; "averaged" is the mean of the second half of the rounds, "last" the last policy, and its swing the
standard deviation of the cost over these rounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from guerdon.envs.tabular.mdp import TabularMDP
from guerdon.reward_models.formal.objectives.constrained import Constrained, Limit
from guerdon.reward_models.formal.objectives.markov import Markov

__all__ = ["finding", "measure"]

STATES, ACTIONS, GAMMA, ROUNDS = 5, 3, 0.9, 1500
WEIGHTS = (0.1, 0.5, 2.0)


def measure(seeds: int) -> list[dict[str, Any]]:
    """Return a row for each way to choose the prices."""
    runs = [_one(seed) for seed in range(seeds)]
    rows: list[dict[str, Any]] = []
    for way in runs[0]:
        swing = [run[way]["swing"] for run in runs]
        rows.append({"way": way, **{what: [run[way][what] for run in runs] for what in ("return", "excess")}})
        rows[-1]["swing"] = None if None in swing else swing
    return rows


def finding(rows: Sequence[dict[str, Any]]) -> str:
    """Say how near the average comes, what the last policy does and what fixed weights lose or break."""
    by = {row["way"]: row for row in rows}
    best = np.array(by["linear program"]["return"])
    average = by["multipliers, averaged"]
    off = float(np.abs(np.array(average["return"]) - best).max())
    over = max(*average["excess"], 0.0)
    swing = float(np.mean(by["multipliers, last"]["swing"]))
    said = []
    for weight in WEIGHTS:
        row = by[f"weight {weight:g}"]
        broken = sum(excess > 1e-6 for excess in row["excess"])
        lost = [b - r for b, r, excess in zip(best, row["return"], row["excess"], strict=True) if excess <= 1e-6]
        loses = f", giving away {np.mean(lost):.3f} of the return where it does not" if lost else ""
        said.append(f"weight {weight:g} breaks the limit in {broken} of {len(best)} worlds{loses}")
    near = "within" if max(off, over) <= 0.01 else "not within"
    return (
        f"The averaged policies are {near} 0.01 of the linear program (return off by at most {off:.4f}, limit exceeded "
        f"by at most {over:.4f}), while the cost of single rounds swings by {swing:.3f}; {'; '.join(said)}."
    )


def _one(seed: int) -> dict[str, dict[str, float | None]]:
    mdp, objective = _problem(seed)
    cost, limit = objective.limits[0].cost, objective.limits[0].threshold
    best = objective.optimise(mdp)
    played = objective.multiply(mdp, ROUNDS)
    tail = played.excess[ROUNDS // 2 :, 0]

    def row(value: float, excess: float, swing: float | None = None) -> dict[str, float | None]:
        return {"return": float(value), "excess": float(excess), "swing": swing}

    rows = {
        "linear program": row(*objective.evaluate(mdp, best.policy)),
        "multipliers, averaged": row(
            (1 - GAMMA) * (played.visits * mdp.mean_rewards).sum(), (1 - GAMMA) * (played.visits * cost).sum() - limit
        ),
        "multipliers, last": row(played.reward[-1], played.excess[-1, 0], float(tail.std())),
    }
    for weight in WEIGHTS:
        fixed = Markov(mdp.mean_rewards - weight * cost, GAMMA).optimise(mdp)
        rows[f"weight {weight:g}"] = row(*objective.evaluate(mdp, fixed.policy))
    return rows


def _problem(seed: int) -> tuple[TabularMDP, Constrained]:
    """Return a random world, and its limit."""
    rng = np.random.default_rng(seed)
    mdp = TabularMDP(
        transitions=rng.dirichlet(np.full(STATES, 0.5), size=(STATES, ACTIONS)),
        rewards=rng.random((STATES, ACTIONS)),
        terminal=np.zeros(STATES, dtype=bool),
        start=np.full(STATES, 1 / STATES),
        admissible=np.ones((STATES, ACTIONS), dtype=bool),
    )
    cost = (mdp.mean_rewards > np.median(mdp.mean_rewards)).astype(float)
    counted = Constrained(limits=(Limit(cost, 0.0),), gamma=GAMMA)
    dear = counted.evaluate(mdp, Markov(gamma=GAMMA).optimise(mdp).policy)[1]
    least = counted.evaluate(mdp, Markov(-cost, GAMMA).optimise(mdp).policy)[1]
    return mdp, Constrained(limits=(Limit(cost, (least + dear) / 2),), gamma=GAMMA)

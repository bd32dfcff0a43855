"""Distances between rewards and what optimising the wrong one costs.

Skalse et al. (STARC, arXiv 2309.15257, 2023) show that their distance bounds the regret from both sides, and that EPIC
(arXiv 2006.13900) and DARD (arXiv 2201.10081) follow it less well. As in their experiment: random worlds of 32 states
and 4 actions with sparse transitions, discount 0.95; between a random reward and another one, 16 steps of
interpolation, each with a random potential's shaping, a redistribution over next states and noise on transitions that
never happen, none of which any policy notices. Pearson and Spearman: correlation of the distance with the regret of
optimising the second reward, judged by the first. Worst ratio: the largest regret for a unit of distance, which the
theory says is bounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from guerdon.envs.tabular.mdp import TabularMDP
from guerdon.evaluation.distances.exact import regret, reward_distance

__all__ = ["finding", "measure"]

STATES, ACTIONS, GAMMA, WORLDS, STEPS = 32, 4, 0.95, 6, 16
KINDS = ("val", "minimal", "val-potential", "epic", "dard", "none")


def measure(seeds: int) -> list[dict[str, Any]]:
    """Return a row for each canonical form."""
    runs = [_one(seed) for seed in range(seeds)]
    return [{"form": kind, **{what: [run[kind][what] for run in runs] for what in runs[0][kind]}} for kind in KINDS]


def finding(rows: Sequence[dict[str, Any]]) -> str:
    """Say which form follows the regret best, and whether the ratio is bounded."""
    means = {row["form"]: float(np.mean(row["Spearman"])) for row in rows}
    best = max(means, key=lambda kind: means[kind])
    worst = max(rows[0]["worst ratio"])
    others = ", ".join(f"{kind} {mean:.2f}" for kind, mean in means.items())
    return (
        f"{best} follows the regret best (Spearman: {others}); "
        f"with val no regret exceeded {worst:.2f} times the distance."
    )


def _one(seed: int) -> dict[str, dict[str, float]]:
    from scipy.stats import pearsonr, spearmanr

    rng = np.random.default_rng(seed)
    lost, apart = [], {kind: [] for kind in KINDS}
    for _ in range(WORLDS):
        mdp = _world(rng)
        shape = mdp.probabilities.shape
        first, second = rng.normal(size=shape), rng.normal(size=shape)
        for share in np.linspace(0.0, 1.0, STEPS):
            mixed = (1 - share) * first + share * second
            noise = rng.normal(size=shape)
            unseen = noise - (noise * mdp.probabilities).sum(axis=-1, keepdims=True)
            unseen = unseen + np.where(mdp.probabilities == 0, rng.normal(size=shape), 0.0)
            phi = rng.normal(size=STATES)
            mixed = mixed + rng.uniform(0, 3) * unseen + rng.uniform(0, 3) * (GAMMA * phi - phi[:, None, None])
            lost.append(regret(mdp, first, mixed, GAMMA))
            for kind in KINDS:
                apart[kind].append(reward_distance(mdp, first, mixed, GAMMA, kind))
    return {
        kind: {
            "Pearson": float(pearsonr(values, lost).statistic),  # type: ignore[attr-defined]
            "Spearman": float(spearmanr(values, lost).statistic),  # type: ignore[attr-defined]
            "worst ratio": float(max(a / b for a, b in zip(lost, values, strict=True) if b > 1e-6)),
        }
        for kind, values in apart.items()
    }


def _world(rng: np.random.Generator) -> TabularMDP:
    """Return a random world in which most transitions never happen."""
    weights = np.exp(2.0 * rng.normal(size=(STATES, ACTIONS, STATES)))
    weights = np.where(rng.random(weights.shape) < 0.75, 0.0, weights)
    weights[..., 0] += 1e-6
    return TabularMDP(
        transitions=weights / weights.sum(axis=-1, keepdims=True),
        rewards=np.zeros((STATES, ACTIONS)),
        terminal=np.zeros(STATES, dtype=bool),
        start=np.full(STATES, 1 / STATES),
        admissible=np.ones((STATES, ACTIONS), dtype=bool),
    )

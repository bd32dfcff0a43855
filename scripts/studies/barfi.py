"""BARFI: heuristics that help and heuristics that mislead.

Gupta et al. (NeurIPS 2023, arXiv 2310.19007) bend a designer's heuristic by what the policy that it teaches achieves.
Here a line of seven cells with the goal at one end (the only true reward, discount 0.95), solved exactly, with
entropy 0.02 for all. The misleading heuristic pays for standing still, the helpful one for steps towards the goal; each
seed draws their size by cell. "potential" is shaping with the heuristic's value of standing in a cell as the potential.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from guerdon.agents.bilevel import Problem, align, fixed_point
from guerdon.envs.tabular.mdp import TabularMDP
from guerdon.envs.tabular.solvers import value_iteration

__all__ = ["finding", "line", "measure"]

GAMMA, CELLS = 0.95, 7
Line = tuple[TabularMDP, np.ndarray, np.ndarray, np.ndarray]


def line(rng: np.random.Generator) -> Line:
    """Return the world, its true reward, a helpful heuristic and a misleading one."""
    cells = np.arange(CELLS)
    after = np.stack([np.maximum(cells - 1, 0), np.minimum(cells + 1, CELLS - 1), cells], axis=1)
    mdp = TabularMDP(
        transitions=after,
        rewards=np.zeros((CELLS, 3)),
        terminal=cells == CELLS - 1,
        start=np.eye(CELLS)[2],
        admissible=np.ones((CELLS, 3), dtype=bool),
    )
    true = np.where((after == CELLS - 1) & (cells < CELLS - 1)[:, None], 1.0, 0.0)
    size = rng.uniform(0.2, 0.4, CELLS)[:, None]
    return mdp, true, size * np.array([-1.0, 1.0, 0.0]), size * np.array([0.0, 0.0, 1.0])


def measure(seeds: int) -> list[dict[str, Any]]:
    """Return a row for each heuristic and each way to use it."""
    torch.set_num_threads(1)
    rows = []
    for number, name in ((2, "helpful"), (3, "misleading")):
        found: dict[str, list[float]] = {}
        weights, discounts = [], []
        for seed in range(seeds):
            mdp, true, helpful, misleading = line(np.random.default_rng(seed))
            heuristic = helpful if number == 2 else misleading
            best = float(mdp.start @ value_iteration(mdp.with_rewards(true), GAMMA).values)
            bent = align(mdp, true, heuristic, GAMMA, steps=100)
            weights.append(float(bent.heuristic_weight[:-1].mean()))
            discounts.append(bent.gamma)
            phi = heuristic[:, 2] * ~mdp.terminal if number == 3 else heuristic[:, 1].cumsum() * ~mdp.terminal
            shaped = true + GAMMA * phi[mdp.transitions] - phi[:, None]
            ways = {
                "true reward alone": _learned(mdp, true, np.zeros_like(true), true),
                "plain sum": _learned(mdp, true, heuristic, true),
                "potential": _learned(mdp, shaped, np.zeros_like(true), true),
                "BARFI": bent.returns[-1],
            }
            for way, value in ways.items():
                found.setdefault(way, []).append(value / best)
        for way, values in found.items():
            row: dict[str, Any] = {"heuristic": name, "used as": way, "share of the best return": values}
            if way == "BARFI":
                row |= {"weight of the heuristic": weights, "discount": discounts}
            rows.append(row)
    return rows


def finding(rows: Sequence[dict[str, Any]]) -> str:
    """Say what each way to use a heuristic comes to."""
    mean = {(row["heuristic"], row["used as"]): float(np.mean(row["share of the best return"])) for row in rows}
    wrong = {way: value for (name, way), value in mean.items() if name == "misleading"}
    right = {way: value for (name, way), value in mean.items() if name == "helpful"}
    listed = ", ".join(f"{way} {value:.0%}" for way, value in wrong.items())
    return f"With a misleading heuristic: {listed} of the best return; with a helpful one BARFI {right['BARFI']:.0%}."


def _learned(mdp: TabularMDP, paid: np.ndarray, more: np.ndarray, true: np.ndarray) -> float:
    """Return the true return of the policy that the sum of two rewards teaches."""
    problem = Problem(mdp, paid, more, GAMMA, 1e-3, 0.02)
    theta = fixed_point(problem, torch.zeros(CELLS * 3, dtype=torch.float64), problem.begin(), 200)
    return float(problem.worth(problem.policy(theta), torch.tensor(true, dtype=torch.float64), GAMMA))

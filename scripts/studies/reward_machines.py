"""Reward machines: what helps Q-learning to visit three places in order.

Toro Icarte et al. (JAIR 73, 2022) learn with a machine's state as part of the observation; CRM learns from every step
for every state of the machine, and shaping adds the machine's own values as a potential. Their code shapes with -V.
Here: 7 x 7 cells, visit a, b and c in order; tabular Q-learning on the product (rate 0.5, discount 0.9, 10% random
actions), at most 40,000 steps. Steps until the greedy policy first needs at most 20 moves, where the
shortest way has 18, measured every 1,000; 40,000 stands for never.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from guerdon.reward_models.formal.machine import RewardMachine

__all__ = ["finding", "measure"]

SIZE, GAMMA, RATE, CHANCE, BUDGET, LENGTH = 7, 0.9, 0.5, 0.1, 40_000, 100
MOVES = 20
PLACES = {"a": (0, 6), "b": (6, 6), "c": (6, 0)}
START = (0, 0)
WAYS = {
    "product": (False, 0.0),
    "+V shaping": (False, 1.0),
    "-V shaping": (False, -1.0),
    "CRM": (True, 0.0),
    "CRM, +V shaping": (True, 1.0),
}


def measure(seeds: int) -> list[dict[str, Any]]:
    """Return a row for each way to learn."""
    return [
        {"learner": name, "steps until good": [float(_learn(seed, *way)) for seed in range(seeds)]}
        for name, way in WAYS.items()
    ]


def finding(rows: Sequence[dict[str, Any]]) -> str:
    """Say who got there, and how fast."""
    found = []
    for row in rows:
        steps = row["steps until good"]
        there = [one for one in steps if one < BUDGET]
        mean = f", after {np.mean(there):,.0f} steps on average" if there else ""
        found.append(f"{row['learner']} {len(there)} of {len(steps)} seeds{mean}")
    return "A way of at most 20 moves was found by: " + "; ".join(found) + "."


def _machine() -> RewardMachine:
    rules = [["0", "a", "1", 0.0], ["1", "b", "2", 0.0], ["2", "c", "3", 1.0]]
    return RewardMachine.of_rules({"states": ["0", "1", "2", "3"], "terminal": ["3"], "rules": rules})


def _learn(seed: int, everywhere: bool, sign: float) -> int:
    rng, machine = np.random.default_rng(seed), _machine()
    moves = [(-1, 0), (1, 0), (0, -1), (0, 1)]
    codes = np.zeros((SIZE, SIZE), dtype=int)
    for name, place in PLACES.items():
        codes[place] = machine.code({name})
    values, width = sign * machine.values(GAMMA), len(machine.states)
    table = np.zeros((SIZE, SIZE, width, 4))

    def move(place: tuple[int, int], action: int) -> tuple[int, int]:
        x, y = place[0] + moves[action][0], place[1] + moves[action][1]
        return min(max(x, 0), SIZE - 1), min(max(y, 0), SIZE - 1)

    def good() -> bool:
        place, u = START, 0
        for _ in range(MOVES):
            place = move(place, int(table[(*place, u)].argmax()))
            u = int(machine.after[u, codes[place]])
            if machine.terminal[u]:
                return True
        return False

    place, u, length = START, 0, 0
    for step in range(1, BUDGET + 1):
        scores = table[(*place, u)]
        best = np.flatnonzero(scores == scores.max())
        action = int(rng.integers(4)) if rng.random() < CHANCE else int(best[rng.integers(len(best))])
        new = move(place, action)
        code = codes[new]
        for one in range(width) if everywhere else (u,):
            if machine.terminal[one]:
                continue
            after = int(machine.after[one, code])
            over = bool(machine.terminal[after])
            paid = machine.rewards[one, code] + GAMMA * (0.0 if over else values[after]) - values[one]
            ahead = 0.0 if over else GAMMA * table[(*new, after)].max()
            table[(*place, one, action)] += RATE * (paid + ahead - table[(*place, one, action)])
        place, u, length = new, int(machine.after[u, code]), length + 1
        if machine.terminal[u] or length == LENGTH:
            place, u, length = START, 0, 0
        if step % 1000 == 0 and good():
            return step
    return BUDGET

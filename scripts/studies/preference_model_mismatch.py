"""Preferences by return or by regret, learned as return or as regret.

Published (Knox et al., 2022): people seem to prefer by regret, how far a segment is from optimal behaviour, while
nearly all methods assume the partial return, the sum of its rewards; learning under the wrong model goes wrong.
Measured here: the two-by-two table of who labels and who learns, on a small grid with a short way through mud and a
long clean one, where every step costs 0.05 and mud 0.5. The reward is linear in (a step, mud), the labels are without
noise. Each learned reward is solved exactly, and the table shows what the policy that is best under it is truly paid in
100 steps (ties are broken by coins). "equal" segments have 3 steps, "variable" ones 1 to 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from guerdon.core.random import derive_seed
from guerdon.core.trajectory import Step, Trajectory
from guerdon.envs.tabular.mdp import TabularMDP
from guerdon.envs.tabular.solvers import evaluate_policy, value_iteration
from guerdon.reward_models.learned.pairs import UniformPairs, ask
from guerdon.reward_models.learned.regret import LinearWorld, PreferenceModel, fit_linear
from guerdon.reward_models.learned.regret_teacher import RegretTeacher
from guerdon.reward_models.learned.teachers import SyntheticTeacher

GRID = (
    "......",
    "SmmmmG",
    "......",
)
MOVES = ((-1, 0), (0, 1), (1, 0), (0, -1))
FEATURES, WEIGHTS = ("step", "mud"), np.array([-0.05, -0.5])
MODELS: tuple[PreferenceModel, ...] = ("return", "regret")
SAMPLERS = {"equal": UniformPairs(3, 3), "variable": UniformPairs(1, 5)}
GAMMA, HORIZON, PAIRS, MANY = 0.99, 100, 300, 3000


def mud_grid() -> LinearWorld:
    """Return the world: features are 1 for every step, and 1 for a step into mud; G ends the episode."""
    height, width, cells = len(GRID), len(GRID[0]), "".join(GRID)
    after = np.zeros((len(cells), len(MOVES)), dtype=int)
    for state in range(len(cells)):
        for action, (down, right) in enumerate(MOVES):
            row, column = state // width + down, state % width + right
            inside = 0 <= row < height and 0 <= column < width
            after[state, action] = row * width + column if inside else state
    mud = np.array([cell == "m" for cell in cells])
    features = np.stack([np.ones(after.shape), mud[after].astype(float)], axis=-1)
    start = np.array([float(cell == "S") for cell in cells])
    ends = np.array([cell == "G" for cell in cells])
    return LinearWorld(TabularMDP(after, features @ WEIGHTS, ends, start, np.ones(after.shape, bool)), features, GAMMA)


def wander(world: LinearWorld, episodes: int, seed: int, longest: int = 30) -> list[Trajectory]:
    """Return episodes of random actions, from random states, with numbers as observations and actions."""
    rng, mdp = np.random.default_rng(seed), world.mdp
    found = []
    for episode in range(episodes):
        state, steps = int(rng.choice(np.flatnonzero(~mdp.terminal))), []
        while len(steps) < longest and not mdp.terminal[state]:
            action = int(rng.integers(mdp.num_actions))
            after, paid = int(mdp.transitions[state, action]), float(mdp.mean_rewards[state, action])
            steps.append(Step(state, action, after, bool(mdp.terminal[after]), reward=paid))
            state = after
        found.append(Trajectory("mud", episode, steps))
    return found


def true_return(world: LinearWorld, weights: np.ndarray) -> float:
    """Return what the policy that is best under these weights is paid by the world."""
    values = evaluate_policy(world.mdp, world.optimal_mixture(weights), horizon=HORIZON)
    return float(values[0] @ world.mdp.start)


def measure(seeds: int) -> list[dict[str, Any]]:
    """Measure the table, and the cell that more pairs might mend."""
    world = mud_grid()
    asked: list[tuple[str, int, PreferenceModel, PreferenceModel]] = [("equal", MANY, "regret", "return")]
    asked[:0] = [(each, PAIRS, labels, learner) for each in SAMPLERS for labels in MODELS for learner in MODELS]
    rows: list[dict[str, Any]] = []
    for segments, pairs, labels, learner in asked:
        weights = [learned(world, segments, pairs, labels, learner, seed) for seed in range(seeds)]
        named = {"segments": segments, "pairs": pairs, "labels by": labels, "learned as": learner}
        paid = {"true return": [true_return(world, one) for one in weights]}
        rows.append(
            named | paid | {f"{what} weight": [float(w[i]) for w in weights] for i, what in enumerate(FEATURES)}
        )
    best = float(value_iteration(world.mdp, horizon=HORIZON).values[0] @ world.mdp.start)
    rows.append({"learned as": "(the optimum)", "true return": [best] * seeds})
    return rows


def learned(
    world: LinearWorld, segments: str, pairs: int, labels: str, learner: PreferenceModel, seed: int
) -> np.ndarray:
    """Return the weights that are learned from new pairs."""
    teacher = SyntheticTeacher("reward") if labels == "return" else RegretTeacher.of(world.mdp, GAMMA)
    played = wander(world, 200, derive_seed(seed, "wander"))
    drawn = SAMPLERS[segments].sample(played, pairs, derive_seed(seed, "pairs"))
    return fit_linear(world, ask(teacher, played, drawn), learner, seed=seed)


def finding(rows: Sequence[Mapping[str, Any]]) -> str:
    """Say which learners find the optimal policy."""
    best = rows[-1]["true return"][0]
    keys = ("segments", "pairs", "labels by", "learned as")
    paid = {tuple(row[key] for key in keys): float(np.mean(row["true return"])) for row in rows[:-1]}

    def cell(segments: str, labels: str, learner: str, pairs: int = PAIRS) -> float:
        return paid[segments, pairs, labels, learner]

    wrong, right = cell("equal", "regret", "return"), cell("equal", "regret", "regret")
    more = cell("equal", "regret", "return", MANY)
    appears = max(wrong, more) < best - 0.1 and right > best - 0.1
    varied = [cell("variable", labels, "return") for labels in MODELS]
    cured = "away with" if min(varied) > best - 0.1 else "not away with"
    return (
        f"The published direction {'appears' if appears else 'does not appear'}: from {PAIRS} pairs of equally long "
        f"segments that are labelled by regret, learning them as returns gives {wrong:.2f} ({more:.2f} from {MANY}), "
        f"as regret {right:.2f}, where the optimum is {best:.2f}. Labelled by return it is "
        f"{cell('equal', 'return', 'return'):.2f} and {cell('equal', 'return', 'regret'):.2f}. Segments of different "
        f"lengths do {cured} it: learned as returns they give {varied[0]:.2f} (labels by return) and {varied[1]:.2f} "
        "(by regret)."
    )

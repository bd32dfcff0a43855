"""How well a reward model predicts preferences that it has not seen.

Published (Christiano et al., 2017; PEBBLE, Lee et al., 2021): a few hundred comparisons are enough for an ensemble of
small networks to predict the teacher, and an assumed share of coin tosses makes it stand wrong answers. Expected here:
above 0.95 on Reach from 500 pairs of an oracle, and at least 0.85 if 10% of its answers are wrong. Measured here: the
model "bradley-terry" on Reach and Household, on segments of 1 to 25 (Household: 15) steps of the expert, the expert
with 50% of random actions, and the random policy. The teacher compares sums of a figure that the model does not see; of
the 500 pairs 100 are kept from learning, to stop and to fit a temperature. "accuracy" is on pairs of new episodes
against the teacher without mistakes; pairs that are equal to the teacher are left out. "error" is the expected
calibration error on the same pairs, with the temperature; where the teacher makes mistakes the model expects them, and
so is less sure than a teacher without any. "words only now" leaves out what the episode's earlier
actions were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from guerdon.core.random import derive_seed
from guerdon.core.trajectory import Trajectory
from guerdon.evaluation.datasets import record
from guerdon.reward_models.learned.bradley_terry import BradleyTerry
from guerdon.reward_models.learned.calibration import calibration_error, pair_accuracy
from guerdon.reward_models.learned.pairs import UniformPairs, ask
from guerdon.reward_models.learned.teachers import SyntheticTeacher

POLICIES = ("expert", "expert:0.5", "random")
PAIRS, NEW_PAIRS = 500, 1000
REACH, HOUSEHOLD = "guerdon:guerdon/Reach-v0", "guerdon:guerdon/Household-v0"
CASES: tuple[tuple[str, int, str, bool], ...] = (
    (REACH, 25, "manipulation/tolerance-v1", True),
    (HOUSEHOLD, 15, "household/subgoals-v1", True),
    (HOUSEHOLD, 15, "state.progress", True),
    (HOUSEHOLD, 15, "state.progress", False),
)
MISTAKES = (0.0, 0.1)


def episodes(env_id: str, each: int, seed: int, columns: Sequence[str]) -> list[Trajectory]:
    """Return `each` episodes of each policy, with what the teacher reads as columns."""
    played = (record(env_id, None, one, each, derive_seed(seed, one), columns=columns) for one in POLICIES)
    return [trajectory for some in played for trajectory in some]


def measure(seeds: int) -> list[dict[str, Any]]:
    """Measure all cases."""
    import torch

    torch.set_num_threads(1)
    rows: list[dict[str, Any]] = [
        {
            "world": env_id.rpartition("/")[2],
            "teacher": by,
            "sees": "all" if history else "words only now",
            "mistakes": mistakes,
            "accuracy": [],
            "error": [],
        }
        for env_id, _, by, history in CASES
        for mistakes in MISTAKES
    ]
    for seed in range(seeds):
        row = iter(rows)
        for env_id in (REACH, HOUSEHOLD):
            cases = [case for case in CASES if case[0] == env_id]
            columns = sorted({by for _, _, by, _ in cases})
            old = episodes(env_id, 50, derive_seed(seed, "old"), columns)
            new = episodes(env_id, 20, derive_seed(seed, "new"), columns)
            for _, longest, by, history in cases:
                draw = UniformPairs(1, longest)
                drawn = draw.sample(new, NEW_PAIRS, derive_seed(seed, "new pairs"))
                truth = SyntheticTeacher(by).label(new, drawn)
                for mistakes in MISTAKES:
                    teacher = SyntheticTeacher(by, mistakes=mistakes, seed=seed)
                    model = BradleyTerry(history=history)
                    model.fit(ask(teacher, old, draw.sample(old, PAIRS, derive_seed(seed, "old pairs"))), seed)
                    chances = model.probabilities(new, drawn).mean(axis=0)
                    to = next(row)
                    to["accuracy"].append(pair_accuracy(chances, truth))
                    to["error"].append(calibration_error(chances, truth))
    return rows


def finding(rows: Sequence[Mapping[str, Any]]) -> str:
    """Compare with what was expected."""
    mean = {(r["world"], r["teacher"], r["sees"], r["mistakes"]): float(np.mean(r["accuracy"])) for r in rows}
    reach, house = ("Reach-v0", "manipulation/tolerance-v1", "all"), ("Household-v0", "household/subgoals-v1", "all")

    def said(key: tuple[str, str, str]) -> str:
        return f"{mean[*key, 0.0]:.3f} without and {mean[*key, 0.1]:.3f} with 10% of mistakes"

    met = [mean[*reach, 0.0] > 0.95, mean[*reach, 0.1] >= 0.85]
    verdict = "both as expected" if all(met) else "as expected only with mistakes" if met[1] else "less than expected"
    progress = [mean["Household-v0", "state.progress", sees, 0.0] for sees in ("all", "words only now")]
    return (
        f"From {PAIRS} pairs the model predicts new pairs on Reach with an accuracy of {said(reach)} ({verdict}), on "
        f"Household of {said(house)}. Where what was done before decides (progress so far), leaving it out takes the "
        f"accuracy from {progress[0]:.3f} to {progress[1]:.3f}."
    )

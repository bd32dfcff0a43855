"""A ranking of factors in place of weights: what a change of units does.

Published (HERON, Bukharin et al., 2023): preferences from a ranked list of factors are unchanged if a factor is
rescaled, while a weighted sum then wants something else. Measured here on Push, on segments of the expert, the expert
with 50% of random actions and the random policy: each factor but success in turn is given in units a hundred times
smaller (numbers a hundred times larger). The share of labels that change, for the ranking (success, distance to the
target, distance to the object, effort) and for the sum of the four with equal weights after division by their spread in
the old units; how well a reward model fitted to the new labels predicts the old ones on new episodes; and how far its
scores of steps agree with those of the model that was fitted to the old labels (Spearman). Policies are not trained.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from guerdon.core.preferences import PreferenceSet
from guerdon.core.random import derive_seed
from guerdon.core.trajectory import Trajectory
from guerdon.evaluation.datasets import record
from guerdon.reward_models.learned.bradley_terry import BradleyTerry
from guerdon.reward_models.learned.calibration import pair_accuracy
from guerdon.reward_models.learned.hierarchy import ORDERS, HierarchicalTeacher
from guerdon.reward_models.learned.pairs import UniformPairs

ENV, POLICIES = "guerdon:guerdon/Push-v0", ("expert", "expert:0.5", "random")
ORDER, FACTOR, PAIRS, NEW_PAIRS = ORDERS["manipulation"], 100.0, 500, 500
RESCALED = tuple(factor.name for factor in ORDER[1:])
KINDS = ("ranking", "weighted sum")


def labels_of(kind: str, spread: np.ndarray, trajectories: Sequence[Trajectory], pairs: np.ndarray) -> np.ndarray:
    """Return labels by the ranking, or by the sum of the factors divided by `spread`."""
    teacher = HierarchicalTeacher(ORDER)
    if kind == "ranking":
        return teacher.label(trajectories, pairs)
    sums = (teacher.factors(trajectories, pairs) / spread).sum(axis=-1)
    return (np.sign(sums[:, 0] - sums[:, 1]) + 1) / 2


def measure(seeds: int) -> list[dict[str, Any]]:
    """Measure both kinds for each factor."""
    import torch

    torch.set_num_threads(1)
    figures = ("labels changed", "accuracy", "agreement")
    rows: dict[tuple[str, str], dict[str, Any]] = {
        (kind, name): {"labels by": kind, "rescaled": name} | {what: [] for what in figures}
        for kind in KINDS
        for name in ("(nothing)", *RESCALED)
    }
    for seed in range(seeds):
        old, new = episodes(40, derive_seed(seed, "old")), episodes(15, derive_seed(seed, "new"))
        draw = UniformPairs()
        pairs, asked = draw.sample(old, PAIRS, seed), draw.sample(new, NEW_PAIRS, derive_seed(seed, "new pairs"))
        spread = HierarchicalTeacher(ORDER).factors(old, pairs).reshape(-1, len(ORDER)).std(axis=0)
        for kind in KINDS:
            first, truth = labels_of(kind, spread, old, pairs), labels_of(kind, spread, new, asked)
            before = None
            for name in ("(nothing)", *RESCALED):
                labels = labels_of(kind, spread, rescaled(old, name), pairs)
                model = BradleyTerry()
                model.fit(PreferenceSet(old, pairs, labels, kind), seed)
                scores = np.concatenate(model.score_trajectories(new))
                before = scores if before is None else before
                row = rows[kind, name]
                row["labels changed"].append(float(1 - np.mean((labels == first) | np.isnan(labels) & np.isnan(first))))
                row["accuracy"].append(pair_accuracy(model.probabilities(new, asked).mean(axis=0), truth))
                row["agreement"].append(_spearman(scores, before))
    return list(rows.values())


def rescaled(trajectories: Sequence[Trajectory], name: str) -> list[Trajectory]:
    """Return the episodes with one column in other units."""
    found = copy.deepcopy(list(trajectories))
    for one in found:
        if name in RESCALED:
            one.write(name, FACTOR * one.column(name))
    return found


def episodes(each: int, seed: int) -> list[Trajectory]:
    """Return episodes with the factors as columns."""
    columns = [factor.name for factor in ORDER]
    return [t for p in POLICIES for t in record(ENV, None, p, each, derive_seed(seed, p), columns=columns)]


def _spearman(one: np.ndarray, other: np.ndarray) -> float:
    first, second = (np.argsort(np.argsort(values)).astype(float) for values in (one, other))
    return float(np.corrcoef(first, second)[0, 1])


def finding(rows: Sequence[Mapping[str, Any]]) -> str:
    """Say what changed."""
    told = {}
    for kind in KINDS:
        some = [row for row in rows if row["labels by"] == kind and row["rescaled"] != "(nothing)"]
        plain = next(row for row in rows if row["labels by"] == kind and row["rescaled"] == "(nothing)")
        changed = max(float(np.mean(row["labels changed"])) for row in some)
        worst = min(float(np.mean(row["accuracy"])) for row in some)
        told[kind] = changed, float(np.mean(plain["accuracy"])), worst
    (kept, _, after), (moved, sum_before, sum_after) = told["ranking"], told["weighted sum"]
    appears = kept == 0 and moved > 0.02
    return (
        f"The published direction {'appears' if appears else 'does not appear'}: rescaling a factor changes "
        f"{100 * kept:.0f}% of the ranking's labels and up to {100 * moved:.0f}% of the weighted sum's. Models fitted "
        f"to them then predict the ranking's old labels as before ({after:.3f} at worst), those of the sum with "
        f"{sum_after:.3f} at worst ({sum_before:.3f} without a change)."
    )

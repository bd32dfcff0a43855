"""Which segments are shown side by side: pairs drawn from recorded episodes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.random import derive_seed
from ..core.trajectory import Trajectory
from ..reward_models.learned.pairs import UniformPairs

__all__ = ["sample_pairs"]


def sample_pairs(
    trajectories: Sequence[Trajectory],
    count: int,
    seed: int = 0,
    shortest: int = 1,
    longest: int = 25,
    same_task: bool = False,
) -> np.ndarray:
    """Return pairs (count, 2, 3) of segments, drawn evenly as `UniformPairs` does.

    Args:
        trajectories: what is cut.
        count: how many.
        seed: of the draws.
        shortest: steps of a segment, at least; shorter trajectories give none.
        longest: steps of a segment, at most.
        same_task: whether both must come from different episodes of the same task, which is easier to judge by eye.

    Raises:
        ValueError: there are no two segments to compare, or the numbers make no sense.
    """
    if count < 1:
        raise ValueError(f"the number of pairs is {count}, not at least 1")
    draw = UniformPairs(shortest, longest)
    if not same_task:
        return draw.sample(trajectories, count, seed)
    alike: dict[str, list[int]] = {}
    for index, one in enumerate(trajectories):
        if len(one) >= shortest:
            alike.setdefault(one.task_id, []).append(index)
    groups = [np.array(group) for group in alike.values() if len(group) > 1]
    if not groups:
        raise ValueError(f"no two of {len(trajectories)} trajectories have the same task and {shortest} steps or more")
    rng = np.random.default_rng(derive_seed(seed, "tasks"))
    chosen = rng.integers(len(groups), size=count)
    found = np.zeros((count, 2, 3), dtype=int)
    for row, group in enumerate(chosen.tolist()):
        index = rng.choice(groups[group], size=2, replace=False)
        for side, one in enumerate(index.tolist()):
            length = int(rng.integers(shortest, min(longest, len(trajectories[one])) + 1))
            start = int(rng.integers(len(trajectories[one]) - length + 1))
            found[row, side] = one, start, start + length
    return found

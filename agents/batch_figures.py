"""What a batch of episodes looks like, in figures that tell good behaviour from gamed rewards."""

from __future__ import annotations

import numpy as np

from ..core.trajectory import Batch, Trajectory

__all__ = ["batch_figures"]


def batch_figures(batch: Batch) -> dict[str, float]:
    """Return means over the trajectories of a batch.

    "any_solved" is the share of groups in which an episode succeeded, pass@n for groups of n; "outcome" is what the env
    itself paid, "length" counts steps; "invalid" is the share of steps that did nothing, "repeated" that of steps at
    which an action was taken again in the same situation; whatever number the world tells beside the observation is
    reported as it stood after the last step, such as "retrievals".
    """
    trajectories = batch.trajectories
    solved = [any(one.steps[-1].success for one in group.trajectories) for group in batch.groups]
    figures = {
        "any_solved": float(np.mean(solved)),
        "outcome": float(np.mean([one.outcome for one in trajectories])),
        "length": float(np.mean([len(one) for one in trajectories])),
        "invalid": float(np.mean([sum(not step.valid for step in one.steps) / len(one) for one in trajectories])),
        "repeated": float(np.mean([_repeated(one) for one in trajectories])),
    }
    last = trajectories[0].steps[-1].text
    for key in [key for key, value in last.items() if isinstance(value, int | float | np.number)]:
        figures[key] = float(np.mean([one.steps[-1].text[key] for one in trajectories]))
    return figures


def _repeated(trajectory: Trajectory) -> float:
    keys = [(step.state_key, step.action) for step in trajectory.steps if step.state_key is not None]
    return 1.0 - len(set(keys)) / len(keys) if keys else 0.0

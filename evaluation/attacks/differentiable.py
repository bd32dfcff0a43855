"""Scorers that have a gradient: their inputs as rows of numbers, and their score of such rows in torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np

from ...core.trajectory import Trajectory
from ...reward_models.base import transitions_of
from ...reward_models.learned.base import load_model
from ...reward_models.learned.bradley_terry import FAR, BradleyTerry
from ...reward_models.learned.features import StepFeatures
from ...reward_models.learned.model_reward import ModelReward

__all__ = ["Differentiable", "differentiable"]


@runtime_checkable
class Differentiable(Protocol):
    """A scorer whose score of a step is a function of a row of numbers that torch can differentiate.

    Attributes:
        words: whether the rows are bags of hashed words; else they are numbers in standard deviations.
        limit: rows are cut to [-limit, limit] before they are scored; infinite if they are not.
    """

    words: bool
    limit: float

    def rows(self, trajectories: Sequence[Trajectory]) -> list[np.ndarray]:
        """Return the rows (T, F) of each trajectory's steps."""
        ...

    def value(self, rows: Any) -> Any:
        """Return the scores (R,) of a tensor of rows (R, F)."""
        ...


def differentiable(scorer: Any) -> Differentiable | None:
    """Return a scorer with its gradient; None if it has none, or none that is known here.

    Known are the model "bradley-terry", the reward "learned/model-v1" that pays it, and whatever is `Differentiable`.
    """
    if isinstance(scorer, ModelReward) and scorer.path:
        scorer = load_model(scorer.path)
    if isinstance(scorer, BradleyTerry):
        return _Ensemble(scorer)
    return scorer if isinstance(scorer, Differentiable) else None


class _Ensemble:
    """The networks of a fitted `BradleyTerry`, read from its arrays."""

    limit = FAR

    def __init__(self, model: BradleyTerry):
        import torch

        arrays = model.arrays()
        kind = str(arrays["kind"])
        self.words = kind == "text"
        self._features = StepFeatures(kind, action=model.action, buckets=model.buckets, history=model.history)  # type: ignore[arg-type]
        self._columns, self._middle, self._deviation = (arrays[key] for key in ("columns", "middle", "deviation"))
        self._spread, self._squash = float(arrays["numbers"][0]), model.squash
        layers = sum(name.startswith("weight") for name in arrays)
        self._layers = [[torch.from_numpy(arrays[f"{w}{at}"]) for w in ("weight", "bias")] for at in range(layers)]

    def rows(self, trajectories: Sequence[Trajectory]) -> list[np.ndarray]:
        """Return standardised features."""
        found = []
        for one in trajectories:
            start, steps = transitions_of(one)
            self._features.begin(start)
            raw = np.concatenate([self._features(step) for step in steps])
            scaled = (raw[:, self._columns] - self._middle) / self._deviation
            found.append(np.clip(scaled, -FAR, FAR).astype(np.float32))
        return found

    def value(self, rows: Any) -> Any:
        """Return the mean of the members, in standard deviations of what they pay on their data."""
        import torch

        hidden = rows
        for number, (weight, bias) in enumerate(self._layers):
            hidden = hidden @ weight + bias
            if number < len(self._layers) - 1:
                hidden = torch.nn.functional.leaky_relu(hidden, 0.01)
        out = torch.tanh(hidden[..., 0]) if self._squash else hidden[..., 0]
        return out.mean(dim=0) / self._spread

"""PAR: the reward of an episode is how often it would be preferred to the reference policy's; and its competitors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np

from ...core.names import check_name
from ...core.trajectory import Batch
from .base import Column, RewardTransform

__all__ = ["PreferenceAsReward", "Reshaped"]

Kind = Literal["raw", "mean-std", "clip", "min-max", "tanh", "arctan", "lsc", "sgfc"]
References = Mapping[str, Sequence[float]] | str


@dataclass(frozen=True)
class PreferenceAsReward(RewardTransform):
    """Pays, at the last step, the mean probability that the episode beats reference episodes of the same task.

        r = (1 / M) sum_m sigmoid(k (R - R_ref^m))

    R is the sum of what `of` pays, so the result is the Bradley-Terry win rate under the proxy reward. It is bounded,
    grows fast at parity and slowly behind it, and does not change if the proxy gives a task more or less throughout.

    Source: "Reward Shaping to Mitigate Reward Hacking in RLHF" (PAR, arXiv 2502.18770, 2025). Status: confirmed in
    its code; k = 1 and M = 10 are the paper's (M = 1 is about as good).
    Traps: k has the unit 1 / reward: with sums over many steps 1 may saturate at once. A monotone function of one
    episode's reward leaves the ranking of a task's episodes as it was: hacks that rank first still rank first.
    How it can be gamed: as the proxy itself, but what a hack gains over parity is at most 1/2.

    Args:
        of: the proxy reward, summed over the episode.
        references: rewards of M reference episodes for each task id; or the name of a column, whose sum over each
            trajectory of a group is one reference reward of the group's task (M is then the size of the group).
        slope: k.
    """

    of: RewardTransform = field(default_factory=Column)
    references: References = "reference"
    slope: float = 1.0

    def __call__(self, batch: Batch) -> list[np.ndarray]:
        """Return zeros and, last, the win rate."""
        totals = _totals(self.of, batch)
        shaped = np.zeros_like(totals)
        for rows, against in zip(batch.group_rows, _references(self.references, batch), strict=True):
            gaps = totals[rows, None] - against[None, :]
            shaped[rows] = _sigmoid(self.slope * gaps).mean(axis=1)
        return _at_the_end(shaped, batch)


@dataclass(frozen=True)
class Reshaped(RewardTransform):
    """Pays, at the last step, a function of the episode's proxy reward R: what PAR is compared with.

    | kind | pays |
    |---|---|
    | raw | R |
    | mean-std | (R - mean) / std, over the batch |
    | clip | R, held within one std of the mean of the batch |
    | min-max | (R - min) / (max - min), over the batch |
    | tanh, arctan | of R - mean reference |
    | lsc | log sigmoid(R - 85th percentile of the references) |
    | sgfc | sigmoid(R - mean reference - 3), which starts slowly |

    Source: as `PreferenceAsReward`. Status: the kinds are those of the paper's code; there the statistics run over
    all of training, here over the batch, and that tanh and arctan are centred is our reading.
    Traps: a batch of equal rewards gives 0 for mean-std and min-max.
    How it can be gamed: raw, mean-std and lsc have no bound at one side or both, so one large error of the proxy
    outweighs everything.

    Args:
        kind: one of the table.
        of: the proxy reward, summed over the episode.
        references: as in `PreferenceAsReward`; only read by the kinds that compare with references.
    """

    kind: Kind = "raw"
    of: RewardTransform = field(default_factory=Column)
    references: References = "reference"

    def __post_init__(self) -> None:
        check_name("kind of reshaping", self.kind, get_args(Kind))

    def __call__(self, batch: Batch) -> list[np.ndarray]:
        """Return zeros and, last, the reshaped reward."""
        totals = _totals(self.of, batch)
        return _at_the_end(self._shaped(totals, batch), batch)

    def _shaped(self, totals: np.ndarray, batch: Batch) -> np.ndarray:
        mean, std = totals.mean(), totals.std()
        match self.kind:
            case "raw":
                return totals
            case "mean-std":
                return (totals - mean) / (std + 1e-6)
            case "clip":
                return totals.clip(mean - std, mean + std)
            case "min-max":
                return (totals - totals.min()) / (np.ptp(totals) + 1e-12)
        shaped = np.zeros_like(totals)
        for rows, against in zip(batch.group_rows, _references(self.references, batch), strict=True):
            centred = totals[rows] - against.mean()
            if self.kind == "tanh":
                shaped[rows] = np.tanh(centred)
            elif self.kind == "arctan":
                shaped[rows] = np.arctan(centred)
            elif self.kind == "sgfc":
                shaped[rows] = _sigmoid(centred - 3.0)
            else:
                shaped[rows] = -np.logaddexp(0.0, np.percentile(against, 85) - totals[rows])
        return shaped


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 0.5 * (1.0 + np.tanh(0.5 * x))


def _totals(of: RewardTransform, batch: Batch) -> np.ndarray:
    return np.array([paid.sum() for paid in of(batch)])


def _references(source: References, batch: Batch) -> list[np.ndarray]:
    """Return the reference rewards of each group's task, (M,)."""
    found = []
    for group in batch.groups:
        if isinstance(source, str):
            found.append(np.array([one.column(source).sum() for one in group.trajectories]))
        else:
            task = check_name("task", group.task_id, source, "the table of reference rewards")
            found.append(np.asarray(source[task], dtype=float))
        if not found[-1].size:
            raise ValueError(f"task {group.task_id!r} has no reference rewards; it needs at least one")
    return found


def _at_the_end(values: np.ndarray, batch: Batch) -> list[np.ndarray]:
    paid = [np.zeros(len(one)) for one in batch.trajectories]
    for payment, value in zip(paid, values.tolist(), strict=True):
        payment[-1] = value
    return paid

"""How soon success is to be expected, learned from episodes that did and did not reach it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ...core.trajectory import Trajectory
from ...core.transition import Transition
from .base import RewardModel, digest_of, register_model
from .frame_features import Encoder
from .regression import Network, fit_network, predict
from .situations import Kind, Scale, Situations

__all__ = ["GoalDistanceModel", "ValueModel"]


@dataclass
class _Regression(RewardModel):
    """A network from a situation to a number that is computed from what came later in its episode.

    Args:
        kind, camera, encoder, buckets, only: what it sees; see `Situations`.
        gamma: discount of the time to success.
        horizon: steps that count as never.
        width, depth, updates, batch, rate: the network and how it is trained.
    """

    kind: Kind = "auto"
    camera: str = ""
    encoder: Encoder = "random-conv"
    buckets: int = 128
    only: str = ""
    gamma: float = 0.95
    horizon: int = 100
    width: int = 128
    depth: int = 2
    updates: int = 2000
    batch: int = 256
    rate: float = 1e-3
    fits: ClassVar[str] = "demonstrations"
    values_states: ClassVar[bool] = True

    def __post_init__(self) -> None:
        self._situations = Situations(self.kind, self.camera, self.encoder, self.buckets, self.only)
        self._network: Network = {}
        self._scale = Scale(np.zeros(0), np.ones(0))

    @abstractmethod
    def _target(self, remaining: np.ndarray) -> np.ndarray:
        """Return the targets of situations from which success is `remaining` steps away, infinite for never."""

    def fit(self, data: Sequence[Trajectory], seed: int = 0) -> dict[str, float]:
        """Learn from episodes, demonstrations and others; return the loss and the share of episodes that succeed."""
        if not data:
            raise ValueError(f"{self.name}: no episodes to learn from")
        self._situations = self._situations.fitting(data[0].steps[0].obs)
        self.reads = self._situations.reads
        features = [self._situations.of(one) for one in data]
        self._scale = Scale.fitting(np.concatenate(features))
        inputs = self._scale(np.concatenate(features))
        targets = self._target(np.concatenate([_remaining(one) for one in data]))

        def drawn(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
            rows = rng.integers(len(inputs), size=self.batch)
            return inputs[rows], targets[rows]

        self._network, loss = fit_network(
            drawn, inputs.shape[1], seed, self.updates, self.width, self.depth, self.rate, squash=False
        )
        won = float(np.mean([any(step.success for step in one.steps) for one in data]))
        self.data_hash, self.figures = digest_of(features), {"loss": loss, "successes": won}
        return self.figures

    def begin(self, start: Transition) -> np.ndarray:
        """Begin episodes; return (B,) values of their first situations."""
        return self._value(self._situations.begin(start))

    def score(self, transition: Transition) -> np.ndarray:
        """Return (B,) values of the situations after steps, in [0, 1]."""
        return self._value(self._situations(transition))

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the network and the scale."""
        scale = {"middle": self._scale.middle, "spread": self._scale.spread}
        return {**self._network, **scale, "kind": np.array(self._situations.kind)}

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Take over what `arrays` returned."""
        self._situations = self._situations.of_kind(str(arrays["kind"]))
        self._scale = Scale(arrays["middle"], arrays["spread"])
        self._network = {name: value for name, value in arrays.items() if name.startswith(("weight", "bias"))}

    def _value(self, features: np.ndarray) -> np.ndarray:
        return np.clip(predict(self._network, self._scale(features)), 0.0, 1.0)


@register_model
@dataclass
class ValueModel(_Regression):
    """Learns V(s) = gamma^k, k the steps from s to the first success of its episode; 0 where none came.

    It is the value of a reward that pays 1 at the first success, under the mixture of policies that was recorded: a
    Monte Carlo estimate. With the best policy's value as a potential one step of looking ahead would be enough.
    Source: learned potentials, e.g. Ng, Harada and Russell (1999), section 5; our own form. Its targets are the success
    that the agent is paid for anyhow; demonstrations and random episodes belong into the data, since without failures
    every place looks good.
    Gamed by: places without data, as with every model; as shaping this costs time only.
    Args: see `_Regression`: gamma 0.95, two layers of 128.
    """

    name: ClassVar[str] = "value"

    def _target(self, remaining: np.ndarray) -> np.ndarray:
        return np.where(np.isfinite(remaining), self.gamma ** np.minimum(remaining, self.horizon), 0.0)


@register_model
@dataclass
class GoalDistanceModel(_Regression):
    """Learns nearness 1 - min(k, horizon) / horizon, k the steps from s to the first success; 0 where none came.

    Linear in time where `value` is exponential: it still tells far from very far, with a slope that the discount of the
    agent does not flatten.
    Source: regression of the time to a goal as in learned distances, e.g. Hartikainen et al. (2020), "Dynamical
    distance learning" (there between any two states and on-policy); our own form.
    Gamed by: as `value`; a demonstrator that idles teaches that idling is on the way.
    Args: see `_Regression`: horizon 100 steps, two layers of 128.
    """

    name: ClassVar[str] = "goal-distance"

    def _target(self, remaining: np.ndarray) -> np.ndarray:
        return 1 - np.minimum(remaining, self.horizon) / self.horizon


def _remaining(trajectory: Trajectory) -> np.ndarray:
    """Return, for each of the T + 1 situations, the steps to the next one that counts as done; infinite if none."""
    done = [False, *(step.success for step in trajectory.steps)]
    found, left = np.full(len(done), np.inf), np.inf
    for at in range(len(done) - 1, -1, -1):
        left = 0.0 if done[at] else left + 1
        found[at] = left
    return found

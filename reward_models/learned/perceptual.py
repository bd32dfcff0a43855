"""Rewards from what demonstrations look like, in closed form: steps are found, features chosen, likelihoods paid."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ...core.trajectory import Trajectory
from ...core.transition import Transition
from .base import RewardModel, digest_of, register_model
from .frame_features import Encoder, encode_frames
from .situations import End, Kind, Scale, Situations, end_of
from .step_discovery import find_cuts

__all__ = ["Frames", "PerceptualModel"]

Frames = Callable[[Trajectory], np.ndarray] | Sequence[np.ndarray]
"""Pictures uint8 (T + 1, H, W, 3) of each trajectory, first situation included; or a function that renders them."""
LEAST_SPREAD = 0.05


@register_model
@dataclass
class PerceptualModel(RewardModel):
    """Learns what the steps of a task look like from 1 to 10 demonstrations, and pays later steps more.

    (a) Each demonstration is cut into n stretches with the least deviation within them (see `find_cuts`). (b) For each
    step i features are ranked by z = alpha |mu+ - mu-| - (sigma+ + sigma-), + its moments, - all others; the best M are
    kept. (c) R_i(s) = mean over them of -min((f - mu)^2 / sigma^2, clip): a Gaussian log-likelihood up to constants,
    clipped so that one outlying feature does not decide. (d) R(s) = sum_{i=2..n} R_i(s) 2^{i-1}: later steps dominate,
    the first, the start, is left out. R is standardised on the demonstrations. There is no gradient and no reward data.
    Source: Sermanet, Xu and Levine (2016), "Unsupervised Perceptual Rewards for Imitation Learning" (arXiv 1612.06699);
    formulas from memory, no official code found. alpha = 5, M = 32. The clip and the standardisation are ours.
    M should be near the number of features that carry information: with M = all the reward is worth little.
    Gamed by: looking right in the chosen features: an arm in the last pose without the thing moved, if the thing's
    place is not among them. It pays a state, so an agent dwells where it looks late; where episodes end at success that
    is a reason not to finish. Its average on demonstrations is 0 and elsewhere mostly negative, so if failure ends an
    episode, failing early is attractive.

    Args:
        kind, camera, encoder, buckets, only: what it sees; see `Situations`.
        steps: n.
        features: M.
        alpha: see z.
        clip: see R_i.
        least: moments of a stretch at least; fewer in a demonstration that is too short for it.
        end: when a demonstration is done; see `end_of`.
        hold: moments after that which are kept.
    """

    kind: Kind = "auto"
    camera: str = ""
    encoder: Encoder = "random-conv"
    buckets: int = 128
    only: str = ""
    steps: int = 3
    features: int = 32
    alpha: float = 5.0
    clip: float = 10.0
    least: int = 3
    end: End = "success"
    hold: int = 3
    name: ClassVar[str] = "perceptual"
    fits: ClassVar[str] = "demonstrations"
    values_states: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.steps < 2 or self.features < 1 or self.clip <= 0:
            settings = f"steps={self.steps}, features={self.features}, clip={self.clip}"
            raise ValueError(f"perceptual: {settings}; at least 2 steps and 1 feature are needed, and a clip above 0")
        self._situations = Situations(self.kind, self.camera, self.encoder, self.buckets, self.only)
        self._learned: dict[str, np.ndarray] = {}

    def fit(self, data: Sequence[Trajectory], seed: int = 0, frames: Frames | None = None) -> dict[str, float]:
        """Learn from demonstrations; nothing is drawn, so `seed` changes nothing.

        Args:
            data: the demonstrations.
            seed: see above.
            frames: their pictures, if what is learned from is not in the observations; then only `score_frames` scores.
        """
        if not data:
            raise ValueError("perceptual: no demonstrations to learn from")
        self._situations = self._situations.fitting(data[0].steps[0].obs)
        self.reads = self._situations.reads
        videos = []
        for number, one in enumerate(data):
            if frames is None:
                seen = self._situations.of(one)
            else:
                seen = encode_frames(frames(one) if callable(frames) else frames[number], self.encoder)
            videos.append(seen[: end_of(one, self.end) + 1 + self.hold])
        return self.fit_features(videos)

    def fit_features(self, videos: Sequence[np.ndarray]) -> dict[str, float]:
        """Learn from features (N, F) of demonstrations, one array each; see `fit`."""
        scale = Scale.fitting(np.concatenate(videos))
        scaled = [scale(video) for video in videos]
        labels = [self._labels(video) for video in scaled]
        chosen, middles, spreads = self._steps_of(np.concatenate(scaled), np.concatenate(labels))
        self._learned = {
            "middle": scale.middle,
            "spread": scale.spread,
            "chosen": chosen,
            "step_middle": middles,
            "step_spread": spreads,
            "shift": np.zeros(1),
            "unit": np.ones(1),
        }
        raw = np.concatenate([self._combined(video) for video in videos])
        self._learned |= {"shift": raw.mean(keepdims=True), "unit": np.maximum(raw.std(keepdims=True), 1e-6)}
        right = [np.mean(self.step_rewards(v).argmax(axis=1) == label) for v, label in zip(videos, labels, strict=True)]
        self.data_hash = digest_of(list(videos))
        self.figures = {"step_accuracy": float(np.mean(right)), "demonstrations": float(len(videos))}
        return self.figures

    def step_rewards(self, features: np.ndarray) -> np.ndarray:
        """Return R_i (N, n) of features (N, F), from -clip to 0."""
        known = self._learned
        scaled = Scale(known["middle"], known["spread"])(features)[:, known["chosen"]]
        apart = ((scaled - known["step_middle"]) / known["step_spread"]) ** 2
        return -np.minimum(apart, self.clip).mean(axis=2)

    def score_frames(self, frames: np.ndarray) -> np.ndarray:
        """Return scores (N,) of pictures uint8 (N, H, W, 3), for models that were fitted to pictures."""
        return self._paid(encode_frames(frames, self.encoder))

    def begin(self, start: Transition) -> np.ndarray:
        """Begin episodes; return (B,) scores of their first situations."""
        return self._paid(self._situations.begin(start))

    def score(self, transition: Transition) -> np.ndarray:
        """Return (B,) scores of the situations after steps."""
        return self._paid(self._situations(transition))

    def arrays(self) -> dict[str, np.ndarray]:
        """Return scale, chosen features and their statistics."""
        return {**self._learned, "kind": np.array(self._situations.kind)}

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Take over what `arrays` returned."""
        self._situations = self._situations.of_kind(str(arrays["kind"]))
        self._learned = {name: value for name, value in arrays.items() if name != "kind"}

    def _labels(self, video: np.ndarray) -> np.ndarray:
        """Return the step (N,) of each moment of a demonstration."""
        labels = np.zeros(len(video), dtype=int)
        labels[find_cuts(video, self.steps, max(1, min(self.least, len(video) // self.steps)))] = 1
        return labels.cumsum()

    def _steps_of(self, moments: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the chosen features of each step (n, M), and their mean and deviation in it."""
        found = []
        for step in range(self.steps):
            inside, outside = moments[labels == step], moments[labels != step]
            mean, spread = inside.mean(axis=0), inside.std(axis=0)
            z = self.alpha * np.abs(mean - outside.mean(axis=0)) - (spread + outside.std(axis=0))
            best = np.argsort(-z, kind="stable")[: self.features]
            found.append((best, mean[best], np.maximum(spread[best], LEAST_SPREAD)))
        chosen, middles, spreads = (np.stack(column) for column in zip(*found, strict=True))
        return chosen, middles, spreads

    def _combined(self, features: np.ndarray) -> np.ndarray:
        return self.step_rewards(features)[:, 1:] @ 2.0 ** np.arange(1, self.steps)

    def _paid(self, features: np.ndarray) -> np.ndarray:
        return (self._combined(features) - self._learned["shift"]) / self._learned["unit"]

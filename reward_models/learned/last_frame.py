"""The plainest reward from demonstrations: how far it is to what they look like in the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ...core.trajectory import Trajectory
from ...core.transition import Transition
from .base import RewardModel, digest_of, register_model
from .frame_features import Encoder
from .situations import End, Kind, Scale, Situations, end_of

__all__ = ["LastFrameModel"]


@register_model
@dataclass
class LastFrameModel(RewardModel):
    """Scores minus the distance to the nearest last situation of a demonstration, standardised on the demonstrations.

    Features are in units of their spread in the demonstrations and all count alike: the baseline that methods which
    choose features or learn an embedding are to beat (Sermanet, Xu and Levine, 2016; Ma et al., 2022, VIP).
    Source: common baseline; our own form.
    Gamed by: what is far but easily moved: an arm that is brought into its last pose without having done anything. It
    pays a state, so an agent dwells.

    Args:
        kind, camera, encoder, buckets, only: what it sees; see `Situations`.
        end: when a demonstration is done; see `end_of`.
    """

    kind: Kind = "auto"
    camera: str = ""
    encoder: Encoder = "random-conv"
    buckets: int = 128
    only: str = ""
    end: End = "success"
    name: ClassVar[str] = "last-frame"
    fits: ClassVar[str] = "demonstrations"
    values_states: ClassVar[bool] = True

    def __post_init__(self) -> None:
        self._situations = Situations(self.kind, self.camera, self.encoder, self.buckets, self.only)
        self._learned: dict[str, np.ndarray] = {}

    def fit(self, data: Sequence[Trajectory], seed: int = 0) -> dict[str, float]:
        """Keep the last situations; nothing is drawn, so `seed` changes nothing."""
        if not data:
            raise ValueError("last-frame: no demonstrations to learn from")
        self._situations = self._situations.fitting(data[0].steps[0].obs)
        self.reads = self._situations.reads
        videos = [self._situations.of(one)[: end_of(one, self.end) + 1] for one in data]
        scale = Scale.fitting(np.concatenate(videos))
        self._learned = {
            "middle": scale.middle,
            "spread": scale.spread,
            "goals": np.stack([scale(video[-1]) for video in videos]),
            "shift": np.zeros(1),
            "unit": np.ones(1),
        }
        raw = self._value(np.concatenate(videos))
        self._learned |= {"shift": raw.mean(keepdims=True), "unit": np.maximum(raw.std(keepdims=True), 1e-6)}
        self.data_hash, self.figures = digest_of(videos), {"demonstrations": float(len(videos))}
        return self.figures

    def begin(self, start: Transition) -> np.ndarray:
        """Begin episodes; return (B,) scores of their first situations."""
        return self._value(self._situations.begin(start))

    def score(self, transition: Transition) -> np.ndarray:
        """Return (B,) scores of the situations after steps."""
        return self._value(self._situations(transition))

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the last situations and the scale."""
        return {**self._learned, "kind": np.array(self._situations.kind)}

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Take over what `arrays` returned."""
        self._situations = self._situations.of_kind(str(arrays["kind"]))
        self._learned = {name: value for name, value in arrays.items() if name != "kind"}

    def _value(self, features: np.ndarray) -> np.ndarray:
        known = self._learned
        apart = Scale(known["middle"], known["spread"])(features)[:, None] - known["goals"][None]
        nearest = np.sqrt((apart.astype(float) ** 2).sum(axis=2).min(axis=1))
        return (-nearest - known["shift"]) / known["unit"]

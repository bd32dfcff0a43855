"""learned/model-v1: pays what a saved reward model scores, as a reward or as the potential of shaping."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np

from ...core.names import check_name
from ...core.transition import Transition
from ..base import Payment, Reward, register
from ..potential.shaping import Shaping
from .base import load_model

__all__ = ["ModelReward"]


@register
@dataclass
class ModelReward(Reward):
    """Pays what a model says that was learned from demonstrations or preferences.

    Wants: what its teachers wanted, as far as the model has understood them.
    Gamed by: going where the model has seen nothing and is wrong; a policy that is optimised against it finds such
    places. In the form "shaping" it cannot change which policy is best, so a wrong model costs time only; together
    with a reward for success that is the safe use. `form="difference"` pays progress as such, which makes an agent
    dwell wherever the model thinks it is near the end (see docs/design.md): for comparison only. `form="progress"`
    takes the model's word for success too: an agent that makes it believe so is paid for nothing, in every step.
    Source: the model's own; forms after Ng, Harada and Russell (1999) and Devlin and Kudenko (2012): the potential is
    scored once per step and the same number is the next step's old one.
    Version history: v1.

    Args:
        path: file that `guerdon fit` or `RewardModel.save` wrote.
        form: "reward" pays the score; "shaping" pays gamma * score(s') - score(s); "difference" score(s') - score(s);
            "progress", for scores in [0, 1], pays 1[score(s') >= 1 - delta] and the shaping, the reward of
            Robo-Dopamine (2512.23703, 2025), which sees nothing of the true success.
        scale: multiplies what is paid, but for the 1 of "progress".
        clip: scores are cut to [-clip, clip].
        gamma: the agent's discount, for "shaping" and "progress".
        delta: see "progress"; 0.05 in the paper.
    """

    path: str = ""
    form: Literal["reward", "shaping", "difference", "progress"] = "reward"
    scale: float = 1.0
    clip: float = 10.0
    gamma: float = 0.99  # type: ignore[assignment]
    delta: float = 0.05
    id: ClassVar[str] = "learned/model-v1"
    needs: ClassVar[tuple[str, ...]] = ("path",)
    reads: ClassVar[frozenset[str]] = frozenset({"obs", "action", "outcome"})

    def __post_init__(self) -> None:
        check_name("form", self.form, ("reward", "shaping", "difference", "progress"), self.id)
        if self.clip <= 0:
            raise ValueError(f"{self.id}: clip is {self.clip}, not above 0")
        self._shaped = self.form in ("shaping", "progress")
        self._shaping = Shaping(self.gamma if self._shaped else 1.0)
        if not self.path:  # known by name only
            return
        self._model = load_model(self.path)
        if self.form != "reward" and not self._model.values_states:
            raise ValueError(f'{self.id}: the model in {self.path!r} scores steps, not states; use form="reward"')
        outcome = {"outcome"} if self._shaped else set()
        self.reads = frozenset(self._model.reads | outcome)  # type: ignore[misc]

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """Scores are clipped, so everything is bounded."""
        most = self.clip * abs(self.scale) * (1 if self.form == "reward" else 2)
        gold = {"gold": (0.0, 1.0)} if self.form == "progress" else {}
        return {**gold, "model": (-most, most)}

    @property
    def hash(self) -> str:
        """Over the parameters, the code and the content of the file, wherever it lies."""
        return hashlib.sha256((super().hash + (_digest(self.path) if self.path else "")).encode()).hexdigest()[:16]

    def reset(self, start: Transition) -> None:
        """Begin the model's episodes; note the potentials of the first states."""
        self._shaping.reset(self._clipped(self._model.begin(start)), start.rows)

    def __call__(self, transition: Transition) -> Payment:
        """Score and pay."""
        score = np.asarray(self._model.score(transition), dtype=float)
        paid = self._clipped(score)
        if self._shaped:
            paid = self._shaping.step(paid, transition.terminated, transition.truncated, transition.rows)
        elif self.form == "difference":
            nothing = np.zeros(len(transition), dtype=bool)
            paid = self._shaping.step(paid, nothing, nothing, transition.rows)
        if self.form == "progress":
            gold = (score >= 1 - self.delta).astype(float)
            return gold + paid, {"gold": gold, "model": paid}
        return paid, {"model": paid}

    def _clipped(self, scores: np.ndarray) -> np.ndarray:
        return self.scale * np.clip(np.asarray(scores, dtype=float), -self.clip, self.clip)


def _digest(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()

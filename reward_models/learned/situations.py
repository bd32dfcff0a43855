"""Situations as vectors, for models that value states: of steps as they happen, and of whole demonstrations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ...core.names import check_name
from ...core.trajectory import Trajectory
from ...core.transition import Transition
from ..base import transitions_of
from .features import StepFeatures
from .frame_features import Encoder, encode_frames

__all__ = ["End", "Kind", "Scale", "Situations", "end_of"]

Kind = Literal["auto", "array", "text", "state"]
End = Literal["success", "last"]
LEAST = 1e-4
MOST = 5.0


@dataclass
class Situations:
    """Turns the situation after a step into numbers (B, F): `StepFeatures` without the action, or a camera's picture.

    Args:
        kind: as in `StepFeatures`; "auto" is what fits the first demonstration.
        camera: name of a camera whose picture is in the observation (the env's argument `cameras`); "" for none.
        encoder: what makes numbers of its pictures; see `encode_frames`.
        buckets: size of each hashed bag; text only.
        only: what is seen of an observation that is a dict, such as "observation:15:24,achieved_goal,desired_goal":
            names, with the range of numbers that count, or the difference of two, "achieved_goal-desired_goal"; "" for
            all. Demonstrations are few, and anything that goes with
            time in them passes for progress, be it a gripper that closes: the less a model sees, the less it confuses.
    """

    kind: Kind = "auto"
    camera: str = ""
    encoder: Encoder = "random-conv"
    buckets: int = 128
    only: str = ""

    def __post_init__(self) -> None:
        check_name("kind", self.kind, ("auto", "array", "text", "state"), "Situations")
        self._steps = None if self.kind == "auto" else StepFeatures(self.kind, action=False, buckets=self.buckets)

    def fitting(self, obs: object) -> Situations:
        """Return these with "auto" decided by an observation."""
        return self.of_kind(("text" if isinstance(obs, str) else "array") if self.kind == "auto" else self.kind)

    def of_kind(self, kind: str) -> Situations:
        """Return these with another kind."""
        return replace(self, kind=kind)  # type: ignore[arg-type]

    @property
    def reads(self) -> frozenset[str]:
        """What is seen, as a reward's `reads`."""
        return frozenset({"obs"}) if self.camera or self._steps is None else self._steps.reads

    def begin(self, start: Transition) -> np.ndarray:
        """Begin episodes; return (B, F) of their first situations."""
        return self._pictures(start) if self.camera else self._known().begin(self._seen(start))

    def __call__(self, transition: Transition) -> np.ndarray:
        """Return (B, F) of the situations after steps."""
        return self._pictures(transition) if self.camera else self._known()(self._seen(transition))

    def of(self, trajectory: Trajectory) -> np.ndarray:
        """Return (T + 1, F) of a recorded trajectory, its first situation included."""
        start, steps = transitions_of(trajectory)
        return np.concatenate([self.begin(start), *[self(step) for step in steps]])

    def _seen(self, transition: Transition) -> Transition:
        if not self.only:
            return transition
        seen, found = transition.next_obs, {}
        for part in self.only.replace(" ", "").split(","):
            values = []
            for one in part.split("-"):
                name, *bounds = one.split(":")
                check_name("part of an observation", name, list(seen), "only")
                value = np.asarray(seen[name])
                values.append(value[:, slice(*map(int, bounds))] if bounds else value)
            found[part] = values[0] - values[1] if len(values) == 2 else values[0]
        return replace(transition, next_obs=found)

    def _known(self) -> StepFeatures:
        if self._steps is None:
            raise ValueError('the kind of situations is "auto": the model has not been fitted')
        return self._steps

    def _pictures(self, transition: Transition) -> np.ndarray:
        seen = transition.next_obs
        if not hasattr(seen, "keys"):
            raise ValueError(f"camera is {self.camera!r}, but an observation is a {type(seen).__name__}, not a dict")
        check_name("camera", self.camera, list(seen), "the observation")
        return encode_frames(np.asarray(seen[self.camera]), self.encoder)


@dataclass
class Scale:
    """Features in units of their spread in the demonstrations.

    Attributes:
        middle: mean (F,).
        spread: standard deviation (F,); infinite where a feature never changed: it then counts for nothing, since a
            model has not learned what its changes mean.
    """

    middle: np.ndarray
    spread: np.ndarray

    @classmethod
    def fitting(cls, features: np.ndarray) -> Scale:
        """Return the scale of features (N, F)."""
        spread = features.std(axis=0)
        return cls(features.mean(axis=0), np.where(spread > LEAST, spread, np.inf).astype(np.float32))

    def widened(self, features: np.ndarray) -> Scale:
        """Return this scale, with that of other features (N, F) for what never changed so far."""
        new, dead = Scale.fitting(features), np.isinf(self.spread)
        return Scale(np.where(dead, new.middle, self.middle), np.where(dead, new.spread, self.spread))

    def __call__(self, features: np.ndarray) -> np.ndarray:
        """Return (..., F) scaled and cut at 5 spreads: far away looks like the edge of what is known."""
        return np.clip((features - self.middle) / self.spread, -MOST, MOST).astype(np.float32)


def end_of(trajectory: Trajectory, rule: End) -> int:
    """Return the index of the situation (1 to T) in which a demonstration is done.

    Args:
        trajectory: the demonstration.
        rule: "success": the first that its recorder marked as done, the last if none is; "last": the last. Worlds in
            which an episode goes on after success need the former: standing at the goal is not progress. What is marked
            is only how long the demonstration is, as whoever films one decides it; no model sees the mark.
    """
    check_name("end", rule, ("success", "last"), "end_of")
    done = [number for number, step in enumerate(trajectory.steps, 1) if step.success]
    return done[0] if done and rule == "success" else len(trajectory)

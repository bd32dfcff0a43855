"""What a reward that is learned from data is: it is fitted, then scores steps; it is saved with its data's hash."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import numpy as np

from ...core.files import write_atomic
from ...core.registry import Registry
from ...core.trajectory import Trajectory
from ...core.transition import Transition
from ..base import transitions_of

__all__ = ["MODELS", "RewardModel", "digest_of", "load_model", "register_model"]


class RewardModel(ABC):
    """Scores steps after it was fitted to demonstrations or preferences.

    A subclass is a dataclass whose fields are plain data (its settings, with the paper's constants as defaults), and
    is written once, with B steps on a leading axis, like a reward. What it has learned are arrays by name.

    Class attributes:
        name: under which it is registered and saved.
        fits: what `fit` takes: "demonstrations" (trajectories) or "preferences" (a `PreferenceSet`).
        values_states: whether `score` values the state after the step (a progress, a potential) and not the step;
            then it may be used as a potential.

    Attributes:
        reads: what `score` sees, names from `core.transition.READS`; known once the model is fitted or loaded.
        data_hash: digest of what it was fitted to; "" before.
        figures: what `fit` reported.
    """

    name: ClassVar[str]
    fits: ClassVar[str]
    values_states: ClassVar[bool] = False
    reads: frozenset[str] = frozenset({"obs", "action"})
    data_hash: str = ""
    figures: dict[str, float] = {}  # noqa: RUF012 - replaced, never written to

    @abstractmethod
    def fit(self, data: Any, seed: int = 0) -> dict[str, float]:
        """Learn from data (see `fits`); return figures (losses, accuracy on held-out data, calibration)."""

    @abstractmethod
    def begin(self, start: Transition) -> np.ndarray:
        """Begin episodes in the slots `start.rows`; return (B,) scores of their first states, 0 for steps."""

    @abstractmethod
    def score(self, transition: Transition) -> np.ndarray:
        """Return (B,) scores of steps in the order in which they happen; it may keep notes on each slot's episode."""

    @abstractmethod
    def arrays(self) -> dict[str, np.ndarray]:
        """Return what was learned, by name."""

    @abstractmethod
    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Take over what `arrays` returned."""

    def score_trajectories(self, trajectories: Sequence[Trajectory]) -> list[np.ndarray]:
        """Return the scores (T,) of each recorded trajectory."""
        found = []
        for one in trajectories:
            start, steps = transitions_of(one)
            self.begin(start)
            found.append(np.array([float(self.score(step)[0]) for step in steps]))
        return found

    def save(self, path: str | Path) -> Path:
        """Write the model to one file (numpy's .npz, without pickles), atomically."""
        about = {
            "schema": 1,
            "model": self.name,
            "settings": dataclasses.asdict(self),  # type: ignore[call-overload]
            "reads": sorted(self.reads),
            "data_hash": self.data_hash,
            "figures": self.figures,
        }
        buffer = io.BytesIO()
        np.savez_compressed(buffer, about=np.array(json.dumps(about)), **self.arrays())  # type: ignore[arg-type]
        return write_atomic(path, buffer.getvalue())


MODELS: Registry[type[RewardModel]] = Registry("reward model", "guerdon.reward_models.learned")
"""All reward models by name. Their modules import torch inside functions only."""

M = TypeVar("M", bound=RewardModel)


def register_model(cls: type[M]) -> type[M]:
    """Class decorator: make a model known under its name."""
    if not cls.__doc__ or cls.__doc__.startswith(f"{cls.__name__}("):
        raise TypeError(f"{cls.__name__} needs a docstring: what it learns, from what, and how it can be gamed")
    MODELS.add(cls.name, cls)
    return cls


def load_model(path: str | Path) -> RewardModel:
    """Return a model that `RewardModel.save` wrote.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is not a saved model.
    """
    if not Path(path).is_file():
        raise FileNotFoundError(f"no saved reward model {str(path)!r}; `guerdon fit` makes one")
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        about = json.loads(str(arrays.pop("about")))
    except (ValueError, KeyError, OSError) as error:
        raise ValueError(f"{str(path)!r} is not a saved reward model: {error}") from error
    model = MODELS[about["model"]](**about["settings"])
    model.reads, model.data_hash = frozenset(about["reads"]), about["data_hash"]
    model.figures = about["figures"]
    model.restore(arrays)
    return model


def digest_of(arrays: Sequence[np.ndarray]) -> str:
    """Return 16 hex digits over some arrays, for `data_hash`."""
    total = hashlib.sha256()
    for array in arrays:
        total.update(f"{array.dtype}{array.shape}".encode())
        total.update(np.ascontiguousarray(array).tobytes())
    return total.hexdigest()[:16]

"""Demonstrations as the vectors that a reward which imitates them sees, in one file."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ...core.files import write_atomic
from ...core.trajectory import Trajectory
from ..base import transitions_of
from .base import digest_of
from .sight import Sight, Views

__all__ = ["FILE", "DemoFeatures", "load_demo_features", "save_demo_features"]

FILE = "step_features.npz"
"""Name of the file in a folder of demonstrations."""
SCHEMA = 1
COLUMNS = ("before", "did", "after", "terminated")


@dataclass(frozen=True)
class DemoFeatures:
    """N steps of demonstrations.

    Attributes:
        views: the steps; see `Views`.
        terminated: bool (N,), where an episode terminated.
        kind, buckets: of the `Sight` that saw them.
        digest: 16 hex digits over all arrays.
    """

    views: Views
    terminated: np.ndarray
    kind: Any
    buckets: int
    digest: str

    def __len__(self) -> int:
        return len(self.terminated)


def save_demo_features(trajectories: Sequence[Trajectory], path: str | Path, buckets: int = 256) -> Path:
    """Write the steps of demonstrations as vectors; return the file.

    Args:
        trajectories: whole episodes.
        path: the file; of a folder, such as one of recorded episodes, the file `step_features.npz` in it.
        buckets: size of bags of words and one-hot rows, see `Sight`.

    Raises:
        ValueError: there are no steps.
    """
    sight, parts, ends = Sight(buckets), list[Views](), list[np.ndarray]()
    for one in trajectories:
        if not len(one):
            continue
        start, steps = transitions_of(one)
        sight.begin(start)
        parts += [sight(step) for step in steps]
        ends += [step.terminated for step in steps]
    if not parts:
        raise ValueError("no demonstrations, or none with steps")
    arrays = {name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS[:3]}
    arrays["terminated"] = np.concatenate(ends)
    if parts[0].kinds is not None:
        arrays["kinds"] = np.concatenate([part.kinds for part in parts if part.kinds is not None])
    about = {"schema": SCHEMA, "kind": sight.kind, "buckets": buckets, "episodes": len(trajectories)}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, about=np.array(json.dumps(about)), **arrays)  # type: ignore[arg-type]
    file = Path(path) / FILE if Path(path).is_dir() else Path(path)
    return write_atomic(file, buffer.getvalue())


def load_demo_features(path: str | Path) -> DemoFeatures:
    """Return what `save_demo_features` wrote; a folder means its `step_features.npz`.

    Raises:
        FileNotFoundError: there is no such file; the message says how to make it.
        ValueError: the file is something else.
    """
    file = Path(path) / FILE if Path(path).is_dir() else Path(path)
    if not file.is_file():
        raise FileNotFoundError(
            f"no features of demonstrations {file.as_posix()!r}: "
            "guerdon.reward_models.learned.demo_features.save_demo_features(trajectories, path) makes them"
        )
    return _load(str(file), file.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _load(file: str, _: int) -> DemoFeatures:
    try:
        with np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        about = json.loads(str(arrays.pop("about")))
        columns = [arrays[name] for name in COLUMNS]
    except (ValueError, KeyError, OSError) as error:
        raise ValueError(f"{file!r} does not hold features of demonstrations: {error}") from error
    if about.get("schema") != SCHEMA:
        raise ValueError(f"{file!r} was written by another version: schema {about.get('schema')}, not {SCHEMA}")
    before, did, after, terminated = columns
    digest = digest_of([*columns, arrays.get("kinds", np.zeros(0))])
    return DemoFeatures(
        Views(before, did, after, arrays.get("kinds")), terminated, about["kind"], about["buckets"], digest
    )

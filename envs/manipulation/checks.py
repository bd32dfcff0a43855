"""Bad input to the manipulation envs: one clear error each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core.names import check_name
from .tasks.base import TASKS

__all__ = ["CAMERAS", "CONTROLS", "check_action", "check_arguments"]

CAMERAS = ("front", "side", "wrist")
CONTROLS = ("end_effector", "joint")


def check_arguments(
    task: str,
    control: str,
    difficulty: float,
    camera: str = "front",
    cameras: Sequence[str] = (),
    image_size: int = 84,
    randomise: float = 0.0,
) -> None:
    """Refuse names that are not known or named twice, and numbers out of their range."""
    check_name("manipulation task", task, list(TASKS))
    check_name("control", control, CONTROLS, f"{task}-v0")
    check_name("camera", camera, CAMERAS, f"{task}-v0")
    if not 0 <= difficulty <= 1:
        raise ValueError(f"{task}-v0: difficulty is {difficulty}, not in [0, 1]")
    if not 0 <= randomise <= 1:
        raise ValueError(f"{task}-v0: randomise is {randomise}, not in [0, 1]")
    if isinstance(cameras, str) or not isinstance(cameras, Sequence):
        raise ValueError(f"{task}-v0: cameras is {cameras!r}, not a list of names, such as ['front', 'wrist']")
    for number, name in enumerate(cameras):
        check_name("camera", name, CAMERAS, f"cameras of {task}-v0")
        if name in cameras[:number]:
            raise ValueError(f"{task}-v0: cameras names {name!r} twice")
    if isinstance(image_size, bool) or not isinstance(image_size, int | np.integer) or image_size < 1:
        raise ValueError(f"{task}-v0: image_size is {image_size!r}, not a positive whole number of pixels")


def check_action(action: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Return an action, or N of them, as floats; refuse another shape and numbers that are not finite."""
    what = "an action is an array" if len(shape) == 1 else "the actions are an array"
    try:
        found = np.asarray(action)
    except (TypeError, ValueError):  # rows of different lengths
        raise TypeError(f"{what} of numbers of the shape {shape}, not {action!r}") from None
    if found.dtype.kind not in "biuf":  # texts, None, objects, complex numbers
        raise TypeError(f"{what} of numbers of the shape {shape}, not {action!r}")
    if len(shape) == 2 and found.ndim == 2 and len(found) != shape[0]:
        raise ValueError(f"{len(found)} actions were given for {shape[0]} envs")
    if found.shape != shape:
        raise ValueError(f"{what} of the shape {shape}, not {found.shape}")
    if not np.isfinite(found).all():
        raise ValueError(f"{what} of finite numbers, not {found}")
    return found.astype(np.float64)

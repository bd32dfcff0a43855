"""What can go wrong in a step of a manipulation env."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Failure"]


class Failure(StrEnum):
    """The reasons; every finite action is carried out, so there is but one."""

    DIVERGED = "diverged"  # the simulation became NaN or enormous

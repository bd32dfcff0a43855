"""Why an action of a tabular env did nothing."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Failure"]


class Failure(StrEnum):
    """The reasons; numbers that are no action at all are errors."""

    NOT_ADMISSIBLE = "not_admissible"  # not to be taken in this state

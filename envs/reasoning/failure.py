"""Why an action did nothing, in both envs of the world."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Failure", "misread"]


class Failure(StrEnum):
    """The reasons, from form to substance."""

    NOT_AN_ACTION = "not_an_action"  # no action of this task is written in any such way
    NOT_EXACT = "not_exact"  # right but for capitals, doubled spaces or a full stop
    NOT_OFFERED = "not_offered"  # an operation, a line or an answer, but not one of this task
    NOT_WHOLE = "not_whole"  # the division leaves a rest
    OUT_OF_RANGE = "out_of_range"  # the result would leave the range of numbers
    NOTHING_TO_UNDO = "nothing_to_undo"  # no line has been written, or all have been taken back
    PROGRAM_FULL = "program_full"  # the program has as many lines as it may have
    NO_STEPS_LEFT = "no_steps_left"  # the budget is used up; only an answer can be given


def misread(action: str, known: frozenset[str], alike: bool) -> Failure:
    """Return why an action that is no action of the task at hand was not understood.

    Args:
        action: what was given.
        known: all actions of the task, whether they can be done at the moment or not.
        alike: whether the action has the form of an operation, a line or an answer.
    """
    plain = " ".join(action.lower().rstrip(".!").split())
    if plain != action and plain in known:
        return Failure.NOT_EXACT
    return Failure.NOT_OFFERED if alike else Failure.NOT_AN_ACTION

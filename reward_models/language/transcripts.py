"""Behaviour as text, for language models to read: what was asked for, what was done, what was seen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from ...core.trajectory import Step, Trajectory
from ..learned.features import GOAL
from .backend import Message, Query

__all__ = ["ManipulationOutcome", "TextTranscript", "Transcript", "next_action_query", "rivals_of", "task_of"]

STATED = re.compile(GOAL.pattern, re.DOTALL | re.IGNORECASE)


class Transcript(Protocol):
    """Writes a stretch of a trajectory as text. `reads` is what it needs beyond observations and actions."""

    reads: ClassVar[frozenset[str]]

    def task(self, trajectory: Trajectory) -> str:
        """Return what was asked for."""
        ...

    def __call__(self, trajectory: Trajectory, start: int, stop: int) -> str:
        """Return what happened in the steps start to stop - 1."""
        ...


@dataclass(frozen=True)
class TextTranscript:
    """For text worlds: what was done and seen before, then the actions, numbered, each with what was seen after it.

    What was seen after the last step of an episode is left out: a web shop prints its score there, and a judge that
    reads the score judges nothing.

    Args:
        chars: an observation is cut after so many.
        outcomes: whether to say what was seen after each step.
    """

    chars: int = 200
    outcomes: bool = True
    reads: ClassVar[frozenset[str]] = frozenset()

    def task(self, trajectory: Trajectory) -> str:
        """Return the goal that the first observation states."""
        return task_of(trajectory)

    def __call__(self, trajectory: Trajectory, start: int, stop: int) -> str:
        """Return one or two lines on what was before, then one a step."""
        task = task_of(trajectory)
        lines = [f"Before: {_done(trajectory, start)}"] if start else []
        lines.append(f"Seen: {_seen(trajectory.steps[start].obs, task, self.chars)}")
        for number, step in enumerate(trajectory.steps[start:stop], start + 1):
            shown = self.outcomes and not step.terminated
            lines.append(
                f"{number}. {step.action}" + (f" -> {_seen(step.next_obs, task, self.chars)}" if shown else "")
            )
        return "\n".join(lines)


@dataclass(frozen=True)
class ManipulationOutcome:
    """For robots: where things are after the last of the steps, in words and centimetres, from the privileged state.

    It says nothing of success, only of distances, touch and grip.

    Args:
        wanted: the task in words.
    """

    wanted: str = "bring the object to its target"
    reads: ClassVar[frozenset[str]] = frozenset({"state"})

    def task(self, trajectory: Trajectory) -> str:
        """Return the task in words."""
        return self.wanted

    def __call__(self, trajectory: Trajectory, start: int, stop: int) -> str:
        """Return two sentences."""
        state = trajectory.steps[stop - 1].next_state
        if state is None:
            raise ValueError(f"task {trajectory.task_id!r}: its states were not recorded; outcomes are told from them")
        hold = "is held" if float(state.grasped) > 0.5 else "is not held"
        moved = float(np.linalg.norm(np.asarray(state.object) - np.asarray(state.start)))
        return (
            f"The gripper is {_cm(state.reach)} from the object, which {hold}. "
            f"The object was moved by {_cm(moved)} and is {_cm(state.gap)} from its target."
        )


def task_of(trajectory: Trajectory) -> str:
    """Return the goal that the first observation of a text world states, or all of it if it states none.

    Raises:
        ValueError: the observations are no texts.
    """
    first = _text(trajectory.steps[0].obs)
    found = STATED.findall(first)
    return found[-1].strip(" .\n") if found else first.strip()


def next_action_query(trajectory: Trajectory, index: int, options: tuple[str, ...], chars: int = 300) -> Query:
    """Return the question how likely each option is as the action of one step, given the task and what was before."""
    task = task_of(trajectory)
    seen = _seen(trajectory.steps[index].obs, task, chars)
    asked = f"Task: {task}\nDone: {_done(trajectory, index)}\nSeen: {seen}\nWhat is the next action?"
    return Query((Message("user", asked),), options=options)


def rivals_of(step: Step) -> tuple[str, ...]:
    """Return the other actions that were admissible before a step, as the world listed them."""
    return tuple(str(one) for one in step.admissible if one != step.action)


def _done(trajectory: Trajectory, stop: int) -> str:
    return "; ".join(str(step.action) for step in trajectory.steps[max(0, stop - 5) : stop]) or "nothing yet"


def _text(seen: object) -> str:
    if not isinstance(seen, str):
        raise ValueError(
            f"the observations are {type(seen).__name__}, not texts; give the judge a transcript that puts them into "
            "words, such as ManipulationOutcome()"
        )
    return seen


def _seen(seen: object, task: str, chars: int) -> str:
    """Return an observation in one line, without the task, which some worlds repeat on every page."""
    text = " ".join(_text(seen).replace(task, "").split())
    return text if len(text) <= chars else text[: chars - 3] + "..."


def _cm(metres: float) -> str:
    return f"{100 * float(metres):.0f} cm"

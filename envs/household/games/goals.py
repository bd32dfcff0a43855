"""Goals in words: the two stock sentences of each task type."""

from __future__ import annotations

from ..scene import Goal

__all__ = ["STATE_OF_TASK", "goal_sentences"]

STATE_OF_TASK = {3: "clean", 4: "hot", 5: "cool"}
"""Task id to the state that the object must be in."""

_SENTENCES = {
    1: ("put a {object} in {receptacle}", "put some {object} on {receptacle}"),
    2: ("look at {object} under the {lamp}", "examine the {object} with the {lamp}"),
    3: ("put a clean {object} in {receptacle}", "clean some {object} and put it in {receptacle}"),
    4: ("put a hot {object} in {receptacle}", "heat some {object} and put it in {receptacle}"),
    5: ("put a cool {object} in {receptacle}", "cool some {object} and put it in {receptacle}"),
    6: ("put two {object} in {receptacle}", "find two {object} and put them in {receptacle}"),
}


def goal_sentences(task_id: int, goal: Goal) -> tuple[str, str]:
    """Return both ways in which ALFWorld words a goal, each with its full stop.

    They follow "Your task is to: " in the first observation of a game.
    """
    first, second = (
        sentence.format(object=goal.object_type, receptacle=goal.receptacle_type, lamp=goal.toggle_type)
        for sentence in _SENTENCES[task_id]
    )
    return f"{first}.", f"{second}."

"""Text worlds as prompts: the goal, the last steps and the actions to choose from, for policies that read tokens."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .base import Reader

__all__ = ["Prompt", "PromptReader", "cut_middle"]


class Prompt(NamedTuple):
    """One situation.

    Attributes:
        text: what there is to read. It ends with the sign after which an action is written.
        actions: what may be written, as the env takes it; one empty action where nothing is admissible, as after the
            end of an episode.
    """

    text: str
    actions: tuple[str, ...]


class PromptReader(Reader):
    """Writes what happened in each slot the way text adventures are written down.

        first observation, which says the goal
        > action
        observation
        ...
        You can: action; action; action
        >

    Args:
        num_rows: slots.
        history: how many of the last steps are told; the first observation always is.
        list_actions: whether the admissible actions are told.
        max_chars: characters of an observation that are told; of a longer one the middle is left out.

    Raises:
        ValueError: the env does not say what is admissible.
    """

    def __init__(self, num_rows: int, history: int = 4, list_actions: bool = True, max_chars: int = 2000):
        if history < 1:
            raise ValueError(f"history is {history}; at least the last step must be told")
        self.list_actions, self.max_chars = list_actions, max_chars
        self._goals = [""] * num_rows
        self._steps: list[deque[str]] = [deque(maxlen=history) for _ in range(num_rows)]

    def read(
        self,
        observations: Sequence[Any],
        infos: Mapping[str, Any],
        fresh: np.ndarray,
        last: Sequence[Any],
        rows: np.ndarray | None = None,
    ) -> list[Prompt]:
        """Note what happened in each slot and write down where it stands."""
        if "admissible_actions" not in infos:
            raise ValueError("the env's info has no 'admissible_actions': a prompt needs a text world that tells them")
        found, slots = [], range(len(observations)) if rows is None else rows.tolist()
        for row, seen, listed, new, action in zip(
            slots, observations, infos["admissible_actions"], fresh.tolist(), last, strict=True
        ):
            steps, told = self._steps[row], cut_middle(str(seen).strip(), self.max_chars, " ... ")
            if new:
                self._goals[row] = told
                steps.clear()
            else:
                steps.append(f"> {action}\n{told}")
            actions = tuple(listed) or ("",)
            lines = [self._goals[row], *steps]
            if self.list_actions:
                lines.append("You can: " + "; ".join(actions))
            found.append(Prompt("\n".join([*lines, ">"]), actions))
        return found


def cut_middle(sequence: Any, limit: int, joint: Any = None) -> Any:
    """Return at most `limit` items of a string or list: the first quarter, `joint`, and the last.

    The goal stands at the beginning, and what has just been seen at the end.
    """
    if len(sequence) <= limit:
        return sequence
    room = limit - (len(joint) if joint else 0)
    head = room // 4
    tail = sequence[len(sequence) - (room - head) :]
    return sequence[:head] + joint + tail if joint else sequence[:head] + tail

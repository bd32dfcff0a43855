"""searchqa: facts in another order, other words and signs; another answer, another query, a query left out."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....core.trajectory import Trajectory
from ..redoing import dropped_step, other_action, premature_end
from ..world import World, register_world, reworded

__all__ = ["SEARCHQA"]


def _order(trajectory: Trajectory, rng: np.random.Generator) -> Trajectory:
    """List the facts of a page in another order, the same wherever the page is seen."""

    def listed(text: str) -> str:
        lines = text.split("\n")
        at = [row for row, line in enumerate(lines) if " | " in line]
        for row, line in zip(at, [lines[one] for one in rng.permutation(at).tolist()], strict=True):
            lines[row] = line
        return "\n".join(lines)

    said: dict[str, str] = {}
    return reworded(trajectory, lambda text: said.setdefault(text, listed(text) if " | " in text else text))


def _synonyms(trajectory: Trajectory, rng: np.random.Generator) -> Trajectory:
    return reworded(trajectory, lambda text: text.replace("Documents:", "Pages:").replace("Answered:", "Reply:"))


def _signs(trajectory: Trajectory, rng: np.random.Generator) -> Trajectory:
    return reworded(trajectory, lambda text: text.replace(" | ", " - "))


def _is(verb: str) -> Any:
    """Return whether both actions are of a kind."""
    return lambda taken, other: str(taken).startswith(verb) and str(other).startswith(verb)


SEARCHQA = register_world(
    World(
        "searchqa",
        ("SearchQA-v0",),
        preserving={"other order": _order, "synonyms": _synonyms, "other signs": _signs},
        breaking={
            "other answer": other_action(_is("answer ")),
            "other query": other_action(_is("search ")),
            "dropped step": dropped_step,
            "premature answer": premature_end,
        },
    )
)

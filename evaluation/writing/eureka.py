"""Eureka: an evolutionary search for reward code, guided by the score of the task (Ma et al., 2023)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .checking import BROKEN, Checker
from .reflection import TIP, Candidate, reflection
from .request import Writer
from .search import RewardSearch
from .selection import Choice, ScoreSelector
from .training import Trainer

__all__ = ["ITERATIONS", "SAMPLES", "eureka", "eureka_feedback"]

SAMPLES, ITERATIONS = 16, 5
"""As published."""


def eureka(
    writer: Writer,
    checker: Checker,
    trainer: Trainer,
    samples: int = SAMPLES,
    iterations: int = ITERATIONS,
    seed: int = 0,
    folder: str | Path | None = None,
    **more: Any,
) -> RewardSearch:
    """Return the search of Eureka.

    In each of N rounds K rewards are drawn at temperature 1; an agent is trained on each; the one with the highest true
    score F is kept if F is above the best so far, and the writer is told the traces of its terms and F ("reward
    reflection"). A reward that fails counts as below every score (the published code writes -10000).

    Source: Ma et al. (2023), "Eureka" (arXiv 2310.12931). Status: loop, K = 16, N = 5, temperature 1, ten checkpoints
    with max, mean and min, a chat of at most four messages: confirmed in its code. Prompts: our own. Theirs takes F as
    the maximum over the checkpoints, ours at the end of training, which does not reward a policy for a moment that
    passed. Theirs goes on from the best of the last round, ours from the best so far. The state's documentation stands
    in the place of the env's source code. A reward is not sent back for repair there: repairs=0 is the published form.

    What is gamed: F is maximised over K N rewards, so the F of the winner is too high by selection; it is measured on
    tasks that are trained on, and the held-out tasks are not looked at. The objective goes into the prompt as a number.
    """
    checker.rejects = BROKEN
    return RewardSearch(
        writer,
        checker,
        trainer,
        ScoreSelector(),
        eureka_feedback,
        samples,
        iterations,
        seed=seed,
        folder=None if folder is None else Path(folder),
        show_worst=False,
        **more,
    )


def eureka_feedback(candidates: Sequence[Candidate], choice: Choice, before: Candidate | None) -> str:
    """Return the reflection on the best so far."""
    if choice.best is not None and (choice.improved or before is None):
        best = candidates[choice.best]
    elif before is not None:
        best = before
    else:
        return "None of the rewards that you wrote could be trained on:\n\n" + "\n\n".join(
            f"{one.written.shown}\n{one.trained.error}" for one in candidates[:2]
        )
    told = reflection(best, score=True)
    return f"An agent was trained on it; what its terms paid an episode, over the training:\n\n{told}\n\n{TIP}"

"""ICPL: reward code sought by preferences alone, best and worst of a round, never a score (Yu et al., 2024)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .checking import BROKEN, Checker
from .reflection import TIP, Candidate, differences, reflection
from .request import Writer
from .search import RewardSearch
from .selection import Choice, Judge, PreferenceSelector
from .training import Trainer

__all__ = ["ITERATIONS", "SAMPLES", "IcplFeedback", "icpl"]

SAMPLES, ITERATIONS = 6, 5
"""As published: 30 trainings and 49 comparisons."""


@dataclass(frozen=True)
class IcplFeedback:
    """What a writer is told: the best and the worst, their traces, and how the best differs from the best before.

    No score is in it, and no trace of a term that reads the outcome.

    Args:
        traces: False is the published ablation "w/o RT".
        changes: False is the published ablation "w/o RTD": no differences to the best one before.
    """

    traces: bool = True
    changes: bool = True

    def __call__(self, candidates: Sequence[Candidate], choice: Choice, before: Candidate | None) -> str:
        """Return the text."""
        if choice.best is None:
            tried = "\n\n".join(f"{one.written.shown}\n{one.trained.error}" for one in candidates[:2])
            return f"None of the rewards of the last round could be trained on:\n\n{tried}"
        best = candidates[choice.best]
        kept = best if choice.improved or before is None else before
        parts = ["A person watched the agents that were trained on your rewards. This one was liked best so far."]
        if self.traces:
            parts.append(f"What its terms paid an episode, over the training:\n{reflection(kept, score=False)}")
        if kept is not best:
            parts.append("Of the last round the best was this one, but it was not liked better:")
            parts.append(self._told(best))
        if choice.worst is not None:
            parts += ["The worst of the last round was:", self._told(candidates[choice.worst])]
        if self.changes and before is not None:
            parts += [
                "How the best of the last round differs from the best one before:",
                differences(best, before),
            ]
        return "\n\n".join([*parts, TIP])

    def _told(self, one: Candidate) -> str:
        told = f"\n{reflection(one, score=False)}" if self.traces else ""
        return f"{one.written.shown}{told}"


def icpl(
    writer: Writer,
    checker: Checker,
    trainer: Trainer,
    judge: Judge,
    samples: int = SAMPLES,
    iterations: int = ITERATIONS,
    seed: int = 0,
    folder: str | Path | None = None,
    feedback: IcplFeedback | None = None,
    **more: Any,
) -> RewardSearch:
    """Return the search of ICPL.

    In each of N rounds K rewards are written and trained on; a person, or `ProxyHuman`, names the best and the worst
    policy and says whether the best is better than the best before: 2 (K - 1) N - 1 comparisons at most
    (`PreferenceSelector`). The writer is told both, the traces of their terms, the differences to the best before, and
    earlier bests. The true score is told to nobody; what is reported of a search is the best score of all (RTS).

    Source: Yu et al. (2024), "ICPL: Few-shot In-context Preference Learning via LLMs" (arXiv 2410.17233). Status:
    reconstructed from the paper's text as remembered; no code was found. K = 6, N = 5 and the count are the paper's,
    prompts and the form of the differences our own. Its ablations: feedback=IcplFeedback(traces=False) or
    (changes=False), keep_past=0, open_loop=True.

    How it is gamed: by whatever looks good on the episodes that a person sees. A proxy human is an oracle that
    leaks one bit a comparison, no more.
    """
    checker.rejects = BROKEN
    return RewardSearch(
        writer,
        checker,
        trainer,
        PreferenceSelector(judge),
        feedback or IcplFeedback(),
        samples,
        iterations,
        seed=seed,
        folder=None if folder is None else Path(folder),
        **more,
    )

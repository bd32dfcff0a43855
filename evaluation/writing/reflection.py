"""What a writer is told of a round: what the terms of a reward paid while an agent was trained on it.

Eureka calls it reward reflection (Ma et al., 2023): for each component its values at ten checkpoints, and their
maximum, mean and minimum, the score of the task among them. ICPL (Yu et al., 2024) shows the traces of the best and of
the worst reward, the differences to the best one before, and NO score: people only said which is best and worst.

A term that reads the outcome is the score under another name (`success` of a program pays once an episode in worlds
that end there). Its trace is shown only where the score may be shown.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...reward_models import make_reward
from ...reward_models.programs.dsl_reward import DslReward
from .training import Trained
from .written import Written

__all__ = ["Candidate", "differences", "failures", "open_terms", "reflection"]

TIP = (
    "A term whose values hardly change cannot be optimised as it is: change its scale, write it anew or drop it. If "
    "one is much larger than the others, rescale it."
)


@dataclass(frozen=True)
class Candidate:
    """A reward that was written and what came of training on it."""

    written: Written
    trained: Trained

    @property
    def score(self) -> float | None:
        """See `Trained.score`."""
        return self.trained.score


def open_terms(reward: str) -> frozenset[str]:
    """Return the names of the terms of a reward that do not read the outcome."""
    found = set()
    made = make_reward(reward)
    for part in made.parts:
        if isinstance(part, DslReward) and part.form == "reward":
            found |= {term.name for term in part.parsed.terms if term.kind != "success"}
        elif "outcome" not in part.reads:
            found |= set(part.bounds)
    return frozenset(found) & set(made.bounds)


def reflection(candidate: Candidate, score: bool) -> str:
    """Return the traces of a reward as text, one line a term.

    Args:
        candidate: what is told of.
        score: whether the true score may be told, and with it terms that read the outcome.
    """
    if candidate.trained.score is None:
        return f"The training failed: {candidate.trained.error}"
    traces = dict(candidate.trained.traces)
    if not score:
        shown = open_terms(candidate.written.reward)
        traces = {name: values for name, values in traces.items() if name in shown}
    lines = [f"{name}: {_series(values)}" for name, values in traces.items() if values]
    if score:
        lines.append(f"score of the task, in [0, 1]: {candidate.trained.score:.2f}")
    return "\n".join(lines) or "Nothing is known of its terms."


def _series(values: Sequence[float]) -> str:
    mean = sum(values) / len(values)
    told = f"max {max(values):.2f}, mean {mean:.2f}, min {min(values):.2f}"
    return f"[{', '.join(f'{value:.2f}' for value in values)}], {told}"


def differences(now: Candidate, before: Candidate) -> str:
    """Return how the best reward differs from the best one before: its text, and the last values of common terms."""
    changed = [line for line in difflib.ndiff(_lines(before.written), _lines(now.written)) if line[0] in "+-"]
    told = ["In its text (- before, + now):", *changed] if changed else ["Its text is the same."]
    shown = open_terms(now.written.reward) & open_terms(before.written.reward)
    for name, values in now.trained.traces.items():
        old = before.trained.traces.get(name)
        if old and values and name in shown:
            told.append(f"{name} ended at {values[-1]:.2f}, before at {old[-1]:.2f}.")
    return "\n".join(told)


def _lines(written: Written) -> list[str]:
    if written.program is None:
        return written.text.strip().splitlines()
    return str(written.program).replace(" + ", "\n+ ").replace(" - ", "\n- ").splitlines()


def failures(rejected: Mapping[str, str]) -> str:
    """Return a note on rewards that could not be used: text of the reward to what was wrong."""
    return "\n\n".join(f"This could not be used:\n{text}\n{why}" for text, why in rejected.items())

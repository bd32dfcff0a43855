"""What recipes share that are given a judgement of every step from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...core.names import check_name
from ...core.random import derive_seed
from ...reward_models.language.opening import open_backend
from ...reward_models.language.step_judge import Ask, LanguageJudge
from ...reward_models.process.base import StepScorer
from ...reward_models.process.judge import Aggregate, Judge, Kind
from ..recipe import Context, Recipe

__all__ = ["JudgedRecipe"]


@dataclass(frozen=True)
class JudgedRecipe(Recipe):
    """A recipe that takes its step scores from a judge, from a language model, or from the run's own reward.

    Args:
        scorer: "judge" for an oracle that errs as told, "language" for a `LanguageJudge`, "paid" for what the run's
            reward pays each step.
        flip, kind: of the oracle.
        votes, aggregate: of either judge.
        model: the language model, as `open_backend` reads it.
        ask: what the language model is asked for, "critique" or "likelihood".
    """

    scorer: Literal["judge", "language", "paid"] = "judge"
    flip: float = 0.0
    votes: int = 1
    aggregate: Aggregate = "majority"
    kind: Kind = "progress"
    model: str = "smollm2"
    ask: Ask = "critique"

    def scores(self, context: Context) -> tuple[str, tuple[StepScorer, ...]]:
        """Return the column of step scores, and the scorers that write it."""
        check_name("scorer", self.scorer, ("judge", "language", "paid"), f"recipe {self.name!r}")
        if self.scorer == "paid":
            return "paid", ()
        seed = derive_seed(context.seed, "judge")
        if self.scorer == "language":
            backend = open_backend(self.model)
            return "judge", (LanguageJudge(backend, self.ask, self.votes, self.aggregate, signed=True, seed=seed),)
        return "judge", (Judge(self.flip, self.votes, self.aggregate, self.kind, seed),)

"""GRPO-lambda: shorter is better, where the task is mastered."""

from __future__ import annotations

from dataclasses import dataclass

from ...reward_models.transforms.length import BatchLength
from ..advantages.grpo import GRPO
from ..losses.clipped import ClippedLoss
from ..recipe import Context, Parts, Recipe, register

__all__ = ["GRPOLambdaRecipe"]


@register
@dataclass(frozen=True)
class GRPOLambdaRecipe(Recipe):
    """Pays the outcome, and in the groups of each batch that succeed most, less for longer successes.

        correct: R (1 - alpha sigmoid((L - mean L_correct) / std L_correct)),   wrong: R;   other groups: R

    A price on length everywhere makes policies give up where they mostly fail; here it is only asked where they can
    afford it.

    How it can be gamed: by guessing early on tasks where a guess is nearly always right.
    Compare with: `grpo` (the same on the outcome as `share=0.0`), `share=1.0`, a fixed cost for each step.

    Args:
        share: lambda, the share of the groups that are priced.
        alpha: what a long success loses at most.
    """

    name = "grpo-lambda"
    source = "Stable Reinforcement Learning for Efficient Reasoning (arXiv 2505.18086, 2025)"
    status = "confirmed in the paper's text; alpha is ours within its range"
    checked = "tests/process/test_length.py::test_within_a_priced_group_shorter_successes_rank_higher"
    undivided = "it prices the best groups of a whole batch"

    share: float = 0.2
    alpha: float = 0.4

    def parts(self, context: Context) -> Parts:
        """Return the priced outcome, and GRPO."""
        return Parts(BatchLength(self.share, self.alpha), GRPO(), ClippedLoss(entropy=self.entropy))

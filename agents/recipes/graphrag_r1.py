"""GraphRAG-R1: well-formed, then curious, then economical."""

from __future__ import annotations

from dataclasses import dataclass

from ...reward_models.transforms.retrieval import (
    CostAwareF1,
    PhaseSchedule,
    ProgressiveRetrieval,
    WellFormed,
    valid_searches,
)
from ..advantages.grpo import GRPO
from ..losses.clipped import ClippedLoss
from ..recipe import Context, Parts, Recipe, register

__all__ = ["GraphRAGR1Recipe"]


@register
@dataclass(frozen=True)
class GraphRAGR1Recipe(Recipe):
    """Trains question answering in three phases: form, form and retrieval, answers at the least cost.

        1. format   2. format + R_0 (1 - k^n) / (1 - k)   3. F1 a e^(-b n)

    n is the number of valid retrievals. Phase 2 teaches that retrieving is possible before it has ever paid; phase 3
    takes away what is not needed.

    How it can be gamed: in phase 2 by retrieving anything; in phase 3 by guessing where guesses are often right.
    Compare with: F1 alone (`grpo` with the world's outcome reward), phase 3 from the start (`phases=(0, 0)`), phase 2
    for ever (a late second number).

    Args:
        phases: the iterations at which phases 2 and 3 begin.
        base, decay: R_0 and k.
        scale, cost: a and b.
    """

    name = "graphrag-r1"
    source = "GraphRAG-R1 (arXiv 2507.23581, 2025)"
    status = "reconstructed: the order of the phases is the paper's, forms and constants are ours"
    checked = "tests/process/test_retrieval.py::test_the_best_number_of_calls"

    phases: tuple[int, int] = (10, 40)
    base: float = 0.5
    decay: float = 0.5
    scale: float = 1.0
    cost: float = 0.1

    def parts(self, context: Context) -> Parts:
        """Return the schedule of phases, and GRPO."""
        curious = ProgressiveRetrieval(self.base, self.decay, valid_searches)
        economical = CostAwareF1(self.scale, self.cost, valid_searches)
        transform = PhaseSchedule((WellFormed(), WellFormed() + curious, economical), self.phases)
        return Parts(transform, GRPO(), ClippedLoss(entropy=self.entropy))

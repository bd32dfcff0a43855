"""RLVMR: a policy that says what each step is for, paid by rules that can be checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...reward_models.transforms.meta_reasoning import TAGS, MetaReasoning
from ..advantages.per_tag import PerTag
from ..losses.clipped import ClippedLoss
from ..recipe import Context, Parts, Recipe, register

__all__ = ["RLVMRRecipe"]


@register
@dataclass(frozen=True)
class RLVMRRecipe(Recipe):
    """Compares episodes by outcome and steps with the group's steps of the same tag, after imitating an expert.

        A = alpha z_group(R) + (1 - alpha) z_{group, tag}(r),   r: plan that led to success, new transition,
                                                                   another try after an action that did nothing

    Within a tag the rewards have mean 0, so using a tag more often earns nothing as such.

    How it can be gamed: a failed action on purpose and then another one is a reflection; it costs a step and, in its
    own tag's cell, what failing earns (0). Novelty is paid whether it serves or not.
    Compare with: `grpo` and `gigpo` after the same warm start.

    Args:
        alpha: weight of the episode.
        plan, explore, reflect, decay, malformed: of the rules.
        kl: weight of the KL term to the policy after the warm start.
    """

    name = "rlvmr"
    source = "RLVMR (arXiv 2507.22844, 2025)"
    status = "confirmed in the paper's algorithms; all constants are ours"
    checked = "tests/process/test_meta_reasoning.py::test_within_a_tag_the_rules_add_nothing_on_average"

    warm_start: int = 200
    policy: Mapping[str, Any] = field(default_factory=lambda: {"tags": list(TAGS)})
    alpha: float = 0.5
    plan: float = 1.0
    explore: float = 1.0
    reflect: float = 1.0
    decay: float = 0.9
    malformed: float = 0.1
    kl: float = 0.01

    def tag(self, observation: Any, action: Any, fresh: bool) -> str:
        """Return the tag of an expert's step: a plan at first, a reflection after a failure, else exploration."""
        if fresh:
            return "planning"
        return "reflection" if str(observation).startswith("Nothing happens") else "explore"

    def parts(self, context: Context) -> Parts:
        """Return the rules, and the two-level advantage."""
        rules = MetaReasoning(self.plan, self.explore, self.reflect, self.decay, self.malformed)
        loss = ClippedLoss(entropy=self.entropy, kl=self.kl)
        return Parts(rules, PerTag(self.alpha, TAGS), loss, reference=self.kl > 0.0)

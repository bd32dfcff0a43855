"""RLVMR: each kind of thought is paid by a rule of its own that can be checked."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from ...core.trajectory import Batch, Trajectory
from .base import RewardTransform

__all__ = ["TAGS", "MetaReasoning"]

TAGS = ("planning", "explore", "reflection", "monitor")
"""What a step can be meant as."""


@dataclass(frozen=True)
class MetaReasoning(RewardTransform):
    """Pays each step by what its tag promises.

    | tag | pays | if |
    |---|---|---|
    | planning | plan * decay^k, k planning steps follow | the episode succeeds |
    | explore | explore | the transition (situation, action, situation after) is new in the episode |
    | reflection | reflect | the action before did nothing and this is another one, or in another situation |
    | monitor | 0 | |
    | none of these | -malformed | |

    A step whose action does nothing is paid 0.

    Source: "RLVMR: Reinforcement Learning with Verifiable Meta-Reasoning Rewards" (arXiv 2507.22844, 2025). Status:
    the rules from the paper's algorithms; all constants are ours (1, decay 0.9, malformed 0.1).
    Traps: summed up, these rules pay for more steps; they are meant for `PerTag`, which compares within a tag only.
    The tag must matter to the policy, or its reward is noise. Without `Step.state_key` novelty is that of the action.
    How it can be gamed: an action that does nothing and then another one earns reflect each time; exploring is paid
    once for each transition, whether it serves or not.

    Args:
        plan, explore, reflect: what each rule pays.
        decay: a plan counts less for each that follows, in (0, 1].
        malformed: what a step without a known tag costs.
        correct: an episode succeeds if its outcome is at least so much.
    """

    plan: float = 1.0
    explore: float = 1.0
    reflect: float = 1.0
    decay: float = 0.9
    malformed: float = 0.1
    correct: float = 0.5

    def __call__(self, batch: Batch) -> list[np.ndarray]:
        """Return what the rules pay."""
        return [self._paid(one) for one in batch.trajectories]

    def _paid(self, one: Trajectory) -> np.ndarray:
        succeeded = one.outcome >= self.correct
        plans_left = sum(step.tag == "planning" for step in one.steps)
        seen: set[Hashable] = set()
        paid = np.zeros(len(one))
        for k, step in enumerate(one.steps):
            after = one.steps[k + 1].state_key if k + 1 < len(one) else ("end", step.terminated)
            transition = (step.state_key, str(step.action), after)
            if step.tag == "planning":
                plans_left -= 1
            if step.tag not in TAGS:
                paid[k] = -self.malformed
            elif not step.valid:
                pass
            elif step.tag == "planning" and succeeded:
                paid[k] = self.plan * self.decay**plans_left
            elif step.tag == "explore" and transition not in seen:
                paid[k] = self.explore
            elif step.tag == "reflection" and k > 0 and not one.steps[k - 1].valid:
                paid[k] = self.reflect * (transition[:2] != _taken(one, k - 1))
            seen.add(transition)
        return paid


def _taken(one: Trajectory, k: int) -> tuple[Hashable, str]:
    return one.steps[k].state_key, str(one.steps[k].action)

"""How far a reward orders whole policies as the objective does: the cheapest number to print beside a new reward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...reward_models import Reward
from ..evidence import Evidence
from ..voc import spearman

__all__ = ["Agreement", "agreement"]


@dataclass(frozen=True)
class Agreement:
    """The answer of `agreement`.

    Attributes:
        correlation: Spearman's rank correlation over policies, in [-1, 1]; NaN if the reward pays all alike.
        policies: by name (mean objective, mean discounted return under the reward).
    """

    correlation: float
    policies: Mapping[str, tuple[float, float]]


def agreement(reward: Reward, evidence: Evidence) -> Agreement:
    """Return how far a reward ranks the policies of the evidence as the objective does.

    This reads the objective: it is for people, and goes into no prompt. Eureka prints the correlation of rewards with
    the human-written one for the same purpose.
    """
    groups = {"expert": evidence.demos, **evidence.played}
    found = {}
    for name, some in groups.items():
        returns = [float(evidence.gamma ** np.arange(len(one)) @ reward.relabel(one)) for one in some]
        found[name] = (float(np.mean([one.objective for one in some])), float(np.mean(returns)))
    true, paid = np.array(list(found.values())).T
    varies = np.ptp(paid) > 1e-12 and np.ptp(true) > 1e-12
    return Agreement(float(spearman(true, paid)) if varies else float("nan"), found)

"""The scripted policies on the same tasks, and some of their episodes step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...agents.scripted import SCRIPTED, ScriptedActor
from ...core.random import derive_seed
from ...core.roles import role_of
from ...reward_models import Reward
from ..evaluate import evaluate
from .finding import Played

__all__ = ["play_references", "role"]


def role(name: str) -> str:
    """Return "expert", "random", "lazy", "exploit" or "other" for a scripted policy."""
    if SCRIPTED[name].exploits is not None:
        return "exploit"
    found = role_of(name)
    return found if found in ("expert", "random", "lazy") else "other"


def play_references(
    reward: Reward, env_id: str, env_kwargs: Mapping[str, Any], tasks: Sequence[str], seed: int
) -> tuple[list[Played], dict[str, dict[str, float]]]:
    """Return what every scripted policy of an env comes to, and the mean sums of the reward's terms, by policy."""
    found, terms = [], {}
    for name, policy in SCRIPTED.items():
        if not policy.plays(env_id):
            continue
        rows = evaluate(
            ScriptedActor(name),
            env_id,
            env_kwargs,
            reward,
            tasks,
            derive_seed(seed, name),
            num_envs=min(16, len(tasks)),
        )
        found.append(
            Played(
                name,
                role(name),
                tuple(row.reward for row in rows),
                tuple(row.objective for row in rows),
                float(np.mean([row.is_success for row in rows])),
                float(np.mean([row.length for row in rows])),
            )
        )
        terms[name] = {term: float(np.mean([row.terms[term] for row in rows])) for term in rows[0].terms}
    return found, terms

"""Progress as a prover sees it: by how much a step raises somebody else's chance to succeed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import comb
from typing import Any

import numpy as np

from ...core.names import check_name
from ...core.random import derive_seed, stable_hash
from ...core.trajectory import Trajectory
from ...reward_models.process.base import StepScorer
from ..policies.base import Policy
from .branches import Branches, Fork
from .provers import ExpertProver, PolicyProver, Prover

__all__ = ["PROVERS", "ProverScorer", "best_of"]

PROVERS = ("bon", "policy", "expert")
MOST_REMEMBERED = 200_000


class ProverScorer(StepScorer):
    """A^mu(s_k, a_k) = Q^mu(s_k, a_k) - V^mu(s_k), measured: the prover mu plays on from before and after each step.

    In a deterministic world Q^mu(s_k, a_k) is V^mu(s_k+1), so one figure for each situation is enough: the mean
    outcome of `num_rollouts` episodes that mu finishes from there. At the end it is the outcome itself. Hence the
    scores of an episode add up to R - V^mu(s_0): use them step by step, for summed they are shaping by a potential
    and say nothing new. Each figure has a standard error of at most 1 / (2 sqrt(num_rollouts)), and each score, as
    the difference of two, up to 1.4 times that.

    The prover "bon" is the best of K episodes of the policy: where the outcome is 0 or 1 its Q is 1 - (1 - q)^K with
    q the policy's own; see `best_of` for what is done in general. "policy" is K = 1. Both are frozen copies of the
    policy as it is given here. "expert" follows the world's expert with probability `expert` and acts at random
    otherwise. A prover that always succeeds, or never, sees no difference between steps: scores of 0.

    It can be gamed where the prover is wrong about the policy: steps that help only one who knows how to go on.

    Source: Setlur et al., "Rewarding Progress", arXiv 2410.08146 (2024; ICLR 2025); no code: a reconstruction.

    Args:
        env_id, env_kwargs: the world. It must be deterministic, with tasks and snapshots, and be played to the end.
        policy: what "bon" and "policy" copy; "expert" needs none.
        name: the column.
        prover: "bon", "policy" or "expert".
        best_of: K.
        expert: how often the prover "expert" does as the expert does.
        num_rollouts: episodes played on from each situation.
        num_envs: episodes played at once.
        seed: for all draws.
    """

    def __init__(
        self,
        env_id: str,
        env_kwargs: Mapping[str, Any] | None = None,
        policy: Policy | None = None,
        *,
        name: str = "prover",
        prover: str = "bon",
        best_of: int = 4,
        expert: float = 0.5,
        num_rollouts: int = 4,
        num_envs: int = 32,
        seed: int = 0,
    ):
        check_name("prover", prover, PROVERS, "ProverScorer")
        if prover != "expert" and policy is None:
            raise ValueError(f"ProverScorer: the prover {prover!r} is a copy of a policy, but none was given")
        if min(best_of, num_rollouts, num_envs) < 1:
            raise ValueError(
                "ProverScorer: best_of, num_rollouts and num_envs must be at least 1, "
                f"not {best_of}, {num_rollouts} and {num_envs}"
            )
        self.name = name
        self.best_of = best_of if prover == "bon" else 1
        self.num_rollouts = num_rollouts
        drawn = derive_seed(seed, "prover")
        self.prover: Prover
        if policy is None or prover == "expert":
            self.prover = ExpertProver(expert, drawn)
        else:
            self.prover = PolicyProver(policy, drawn)
        self._branches = Branches(env_id, env_kwargs, num_envs)
        self._known: dict[int, float] = {}

    def score(self, trajectories: Sequence[Trajectory]) -> list[np.ndarray]:
        """Return the advantages of the prover, step by step."""
        return [np.diff(values) for values in self.values(trajectories)]

    def values(self, trajectories: Sequence[Trajectory]) -> list[np.ndarray]:
        """Return V^mu before each step and after the last, (T + 1,). What was asked before is remembered."""
        keys = [_keys(one) for one in trajectories]
        asked: dict[int, Fork] = {}
        for one, own in zip(trajectories, keys, strict=True):
            # After an end nothing is left to play; a segment that stops in the middle has one more situation.
            situations = own[:-1] if _ended(one) else own
            wanted = [k for k, key in enumerate(situations) if key not in self._known and key not in asked]
            forks = self._branches.forks(one, wanted, self.prover) if wanted else []
            asked.update((own[k], fork) for k, fork in zip(wanted, forks, strict=True))
        outcomes = self._branches.play(list(asked.values()), self.prover, self.num_rollouts)
        self._known.update((key, best_of(some, self.best_of)) for key, some in zip(asked, outcomes, strict=True))
        self.env_steps = self._branches.env_steps
        found = [
            np.array([self._known[key] for key in own[:-1]] + [one.outcome if _ended(one) else self._known[own[-1]]])
            for one, own in zip(trajectories, keys, strict=True)
        ]
        while len(self._known) > MOST_REMEMBERED:
            del self._known[next(iter(self._known))]
        return found

    def state(self) -> Any:
        """Return the prover's state, what is remembered and what it has cost."""
        return {"prover": self.prover.state(), "known": dict(self._known), "env_steps": self.env_steps}

    def restore(self, state: Any) -> None:
        """Go back to what `state` returned."""
        self.prover.restore(state["prover"])
        self._known = dict(state["known"])
        self.env_steps = self._branches.env_steps = state["env_steps"]


def best_of(outcomes: Sequence[float], k: int) -> float:
    """Estimate the expected best of k episodes from the outcomes of n.

    With n >= k it is the mean over all ways to choose k of the n, which is unbiased; for outcomes 0 and 1 with c
    successes that is 1 - C(n - c, k) / C(n, k). With n < k it is the mean over k draws with replacement,
    1 - (1 - c / n)^k, which is too low on average.

    Args:
        outcomes: of n episodes.
        k: at least 1.
    """
    n, rising = len(outcomes), sorted(outcomes)
    below = [comb(i, k) / comb(n, k) if n >= k else (i / n) ** k for i in range(n + 1)]
    return float(sum(value * (below[i + 1] - below[i]) for i, value in enumerate(rising)))


def _ended(trajectory: Trajectory) -> bool:
    last = trajectory.steps[-1]
    return last.terminated or last.truncated


def _keys(trajectory: Trajectory) -> list[int]:
    """Return what each situation is remembered by, (T + 1): its task and the actions that led to it."""
    keys = [stable_hash(trajectory.task_id)]
    for step in trajectory.steps:
        keys.append(stable_hash(f"{keys[-1]}\x1f{step.action}"))
    return keys

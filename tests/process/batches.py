"""Small batches for the tests of transforms and advantages, and exact expectations over all that can be played."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np

from guerdon.agents.advantages.base import AdvantageEstimator
from guerdon.core.trajectory import Batch, Group, Step, Trajectory
from guerdon.envs.tabular.mdp import TabularMDP
from guerdon.envs.tabular.padtrap import CORRECT, PAD, PLACES, PROGRESS, padtrap_mdp
from guerdon.envs.tabular.solvers import Path, enumerate_trajectories, softmax_policy


def episode(
    length: int,
    outcome: float = 0.0,
    task: str = "t",
    text: dict[str, Any] | None = None,
    last_value: float = 0.0,
    **columns: Sequence[Any],
) -> Trajectory:
    """An episode of `length` steps: columns that are fields of Step are set there, all others are scores."""
    steps = [Step(obs=k, action=f"do {k}", next_obs=k + 1) for k in range(length)]
    for name, values in columns.items():
        for step, value in zip(steps, values, strict=True):
            if hasattr(step, name):
                setattr(step, name, value)
            else:
                step.scores[name] = float(value)
    steps[-1].reward, steps[-1].terminated, steps[-1].text = outcome, True, text or {}
    return Trajectory(task, 0, steps, last_value=last_value)


def batch(*groups: Sequence[Trajectory], iteration: int = 0) -> Batch:
    """A batch of these groups, each named after its first episode."""
    return Batch([Group(group[0].task_id, list(group)) for group in groups], iteration)


def of_path(path: Path, column: str = "paid") -> Trajectory:
    """What a way through an MDP looks like in a batch; what was paid is also the column."""
    steps = [
        Step(path.states[k], action, path.states[k + 1], state_key=path.states[k], scores={column: path.rewards[k]})
        for k, action in enumerate(path.actions)
    ]
    steps[-1].terminated = path.ended
    return Trajectory("t", 0, steps)


def flawed(needs: int = 2) -> TabularMDP:
    """PadTrap, paying what the flawed scorer of section 0 says: 0.7 for padding, 0.2 for progress that is needed."""
    mdp = padtrap_mdp(needs)
    scores = np.zeros((mdp.num_states, mdp.num_actions))
    for state, (_, progress) in enumerate(PLACES):
        scores[state] = [0.2 if progress < needs else -0.2, 0.7, 0.3 if progress >= needs else -0.3]
    return mdp.with_rewards(scores)


def paths(mdp: TabularMDP, policy: np.ndarray | None = None) -> list[Path]:
    """All ways through an MDP."""
    return list(enumerate_trajectories(mdp, policy))


def expected_gradient(
    mdp: TabularMDP,
    logits: np.ndarray,
    estimator: AdvantageEstimator,
    size: int = 2,
    prepare: Callable[[Trajectory], None] = lambda one: None,
) -> np.ndarray:
    """E[(1 / n) sum_i sum_k A_{i,k} grad log pi(a_{i,k})] over all groups of n episodes, exactly."""
    policy = softmax_policy(mdp, logits)
    played = [(path, of_path(path)) for path in paths(mdp, policy)]
    for _, one in played:
        prepare(one)
    total = np.zeros_like(policy)
    for group in product(played, repeat=size):
        chance = float(np.prod([path.probability for path, _ in group]))
        members = batch([one for _, one in group])
        credit = estimator(members, [one.column("paid") for one in members.trajectories])
        for one, values in zip(members.trajectories, credit, strict=True):
            for step, value in zip(one.steps, values.tolist(), strict=True):
                total[step.obs] -= chance / size * value * policy[step.obs]
                total[step.obs, step.action] += chance / size * value
    return total


__all__ = [
    "CORRECT",
    "PAD",
    "PROGRESS",
    "batch",
    "episode",
    "expected_gradient",
    "flawed",
    "of_path",
    "paths",
]

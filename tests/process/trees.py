"""Small trees whose every episode is listed, so that what should hold on average can be checked exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from guerdon.agents.policies.tabular import TabularPolicy
from guerdon.core.trajectory import Batch, Group, Step, Trajectory
from guerdon.envs.tabular.mdp import TabularMDP
from guerdon.envs.tabular.solvers import enumerate_trajectories


def tree(branching: int, depth: int, leaves: np.ndarray) -> TabularMDP:
    """A tree that pays `leaves`, (branching ** depth,), on reaching a leaf; its states are numbered level by level."""
    inner = sum(branching**level for level in range(depth))
    size = inner + branching**depth
    transitions = np.zeros((size, branching), dtype=int)
    rewards = np.zeros((size, branching))
    for state in range(inner):
        for action in range(branching):
            child = state * branching + 1 + action
            transitions[state, action] = child
            rewards[state, action] = leaves[child - inner] if child >= inner else 0.0
    terminal = np.arange(size) >= inner
    return TabularMDP(
        transitions=transitions,
        rewards=rewards,
        terminal=terminal,
        start=np.eye(size)[0],
        admissible=np.repeat(~terminal[:, None], branching, axis=1),
        horizon=depth,
    )


def table_policy(mdp: TabularMDP, logits: np.ndarray | None = None) -> TabularPolicy:
    """A policy in double precision."""
    policy = TabularPolicy(mdp.num_states, mdp.num_actions).double()
    if logits is not None:
        set_logits(policy, logits)
    return policy


def set_logits(policy: TabularPolicy, logits: np.ndarray) -> None:
    with torch.no_grad():
        policy.logits.copy_(torch.as_tensor(logits))


def chances(policy: TabularPolicy, mdp: TabularMDP) -> np.ndarray:
    """The policy as probabilities (S, A)."""
    return np.where(mdp.admissible, policy.logits.detach().softmax(-1).numpy(), 0.0)


def episode(
    states: Sequence[int], actions: Sequence[int], rewards: Sequence[float], masks: np.ndarray, task: str = "tree"
) -> Trajectory:
    """An episode; `states` has one entry more than `actions`, the state that it ended in."""
    last = len(actions) - 1
    steps = [
        Step(
            obs=states[k],
            action=action,
            next_obs=states[k + 1],
            terminated=k == last,
            success=k == last and rewards[k] > 0,
            reward=rewards[k],
            state_key=states[k],
            inputs=(states[k], masks[states[k]]),
            choice=action,
        )
        for k, action in enumerate(actions)
    ]
    return Trajectory(task, 0, steps)


def every_episode(mdp: TabularMDP, policy: TabularPolicy) -> tuple[Batch, np.ndarray]:
    """All episodes of a world as one group, acted by `policy`, and their probabilities."""
    table = chances(policy, mdp)
    found, weights = [], []
    for path in enumerate_trajectories(mdp, table):
        one = episode(path.states, path.actions, path.rewards, mdp.admissible)
        for step in one.steps:
            step.logp = float(np.log(table[step.obs, step.action]))
        found.append(one)
        weights.append(path.probability)
    return Batch([Group("tree", found)]), np.array(weights)


def score_gradient(
    policy: TabularPolicy, batch: Batch, weights: np.ndarray, credit: Sequence[np.ndarray]
) -> np.ndarray:
    """E[sum_k A_k grad log pi(a_k | s_k)], (S, A), over episodes with these probabilities."""
    logp = policy.evaluate([one.steps for one in batch.trajectories]).logp
    each = np.concatenate([weight * one for weight, one in zip(weights, credit, strict=True)])
    (grad,) = torch.autograd.grad((logp * torch.as_tensor(each)).sum(), policy.logits)
    return grad.numpy()

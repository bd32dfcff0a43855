"""Behaviour cloning: a policy imitates the scripted expert of its world before it learns by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from ..core.random import derive_seed
from ..core.trajectory import Trajectory
from ..reward_models import Reward
from .advantages.base import returns_to_go
from .policies.base import Policy
from .ranges import ranges
from .samplers.groups import GroupSampler
from .samplers.player import Player
from .scripted import ScriptedActor, find_scripted

__all__ = ["Tagger", "clone", "demonstrations"]

Tagger = Callable[[Any, Any, bool], str]
"""(observation, the expert's action, whether the episode has just begun) to the tag of the step."""


def demonstrations(
    policy: Policy,
    env_id: str,
    env_kwargs: Mapping[str, Any],
    reward: Reward,
    episodes: int,
    seed: int,
    expert: str = "expert",
    noise: float = 0.0,
    num_envs: int = 64,
    tagger: Tagger | None = None,
) -> list[Trajectory]:
    """Return episodes of a scripted policy, recorded as if the policy had chosen.

    Args:
        policy: whose inputs and choices are recorded.
        env_id: the env.
        env_kwargs: its arguments.
        reward: what steps are paid, in the column "paid".
        episodes: how many.
        seed: of tasks and noise.
        expert: name of the scripted policy that plays.
        noise: share of steps at which a random action is taken in place of the expert's, which is recorded all the
            same; so the policy learns what to do after a slip (Laskey et al., 2017).
        num_envs: played at once.
        tagger: gives the expert's steps tags, for policies that choose tags.

    Raises:
        ValueError: noise is asked for in an env that does not list its actions.
    """
    player = Player(env_id, env_kwargs, reward, min(num_envs, episodes), derive_seed(seed, "demonstrations"))
    actor = ScriptedActor(find_scripted(expert, env_id), seed)
    rng = np.random.default_rng(derive_seed(seed, "noise"))

    def script(
        observations: Sequence[Any], infos: Mapping[str, Any], fresh: np.ndarray
    ) -> tuple[list[Any], list[Any], list[str]]:
        wanted = actor.act(observations, infos, fresh)
        taken = list(wanted)
        if noise:
            if "admissible_actions" not in infos:
                raise ValueError(f"{env_id} does not list its actions, so there is none to draw: set the noise to 0")
            offered = infos["admissible_actions"]
            for row in np.flatnonzero(rng.random(len(wanted)) < noise).tolist():
                taken[row] = offered[row][rng.integers(len(offered[row]))]
        tags = [""] * len(wanted)
        if tagger is not None:
            tags = [tagger(*one) for one in zip(observations, wanted, fresh.tolist(), strict=True)]
        return taken, wanted, tags

    # As begun, not as ended: the first to end would be the short ones.
    return GroupSampler(player, episodes, 1).collect(policy, torch.Generator(), script=script).trajectories


def clone(
    policy: Policy,
    trajectories: Sequence[Trajectory],
    seed: int,
    epochs: int = 8,
    updates: int = 400,
    learning_rate: float = 2e-3,
    minibatch: int = 256,
    gamma: float = 0.99,
    report: Callable[[float], None] | None = None,
) -> float:
    """Make recorded choices likely under a policy; return the mean log-probability of the last epoch.

    The value head learns the discounted returns of what was paid on the way.

    Args:
        policy: changed in place.
        trajectories: from `demonstrations`.
        seed: of the order of steps.
        epochs: passes over the trajectories, at least.
        updates: minibatches, at least; with few trajectories that takes more passes.
        learning_rate: at first; it falls to nearly zero.
        minibatch: about how many steps are in one.
        gamma: discount of the returns.
        report: told the share of the work that is done.
    """
    rng = np.random.default_rng(seed)
    if policy.sequential:
        segments = [list(one.steps) for one in trajectories]
    else:
        segments = [[step] for one in trajectories for step in one.steps]
    pack = policy.pack(segments)
    returns = np.concatenate([returns_to_go(one.column("paid"), gamma) for one in trajectories])
    starts = np.concatenate(([0], np.cumsum([len(one) for one in segments])))
    optimizer = torch.optim.Adam(policy.parameters(), lr=learning_rate, fused=True)
    size = max(int(minibatch * len(segments) / starts[-1]), 1)
    epochs = max(epochs, -(-updates * size // len(segments)))
    logp = 0.0
    for epoch in range(epochs):
        order, logp = rng.permutation(len(segments)), 0.0
        for group in optimizer.param_groups:
            group["lr"] = learning_rate * max(1.0 - epoch / epochs, 0.05)
        for start in range(0, len(order), size):
            rows = order[start : start + size]
            now = policy.evaluate_pack(pack, rows)
            target = torch.as_tensor(returns[ranges(starts, rows)[1]], dtype=torch.float32, device=policy.device)
            loss = -now.logp.mean() + 0.5 * (now.value - target).square().mean()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(policy.parameters(), 1.0)
            optimizer.step()
            logp += float(now.logp.detach().sum())
        if report is not None:
            report((epoch + 1) / epochs)
    return logp / float(starts[-1])

"""The same number of steps of every slot, wherever its episode stands, for advantages that rest on a value function."""

from __future__ import annotations

import torch

from ...core.trajectory import Batch, Group, Trajectory
from ..policies.base import Policy
from .player import OnEpisode, Player, Script

__all__ = ["SegmentSampler"]


class SegmentSampler:
    """Collects batches of `length` steps of each slot; it pickles in mid-episode.

    Each trajectory of a batch is an episode or a part of one, in a group of its own; its `outcome` counts these steps
    only.

    Args:
        player: plays the slots.
        length: steps of each slot.
    """

    def __init__(self, player: Player, length: int):
        self.player, self.length = player, length
        self._iteration = 0

    def collect(
        self,
        policy: Policy,
        generator: torch.Generator,
        on_episode: OnEpisode | None = None,
        script: Script | None = None,
    ) -> Batch:
        """Play `length` steps in every slot."""
        if not self.player.begun:
            self.player.begin(policy)
        found: list[Trajectory] = []
        for _ in range(self.length):
            found += [one for _, one in self.player.advance(policy, generator, None, on_episode, script)]
        found += self.player.cut(policy)
        self._iteration += 1
        return Batch([Group(one.task_id, [one]) for one in found], self._iteration - 1)

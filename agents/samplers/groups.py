"""Whole episodes in groups of the same task, for advantages that compare within a group."""

from __future__ import annotations

import torch

from ...core.trajectory import Batch, Group
from ..policies.base import Policy
from .player import OnEpisode, Player, Script

__all__ = ["GroupSampler"]


class GroupSampler:
    """Collects batches of groups; it pickles in mid-episode.

    No slot waits for the others: one that has finished begins an episode of the next batch. Such steps are chosen by
    the policy as it was before the next update; their log-probabilities are recorded, so the loss weighs them rightly.

    Args:
        player: plays the slots.
        num_groups: groups in a batch.
        group_size: episodes in a group.
    """

    def __init__(self, player: Player, num_groups: int, group_size: int):
        self.player, self.num_groups, self.group_size = player, num_groups, group_size
        self._begun: list[Group] = []  # oldest first
        self._to_begin = 0  # episodes of the newest group
        self._playing: list[Group] = []
        self._iteration = 0

    def collect(
        self,
        policy: Policy,
        generator: torch.Generator,
        on_episode: OnEpisode | None = None,
        script: Script | None = None,
    ) -> Batch:
        """Play until `num_groups` groups are whole."""
        if not self.player.begun:
            self._playing = [Group("", []) for _ in range(self.player.num_envs)]
            self.player.begin(policy, [self._next(row) for row in range(self.player.num_envs)])
        while not self._whole():
            playing = list(self._playing)
            for row, trajectory in self.player.advance(policy, generator, self._next, on_episode, script):
                playing[row].trajectories.append(trajectory)
        groups, self._begun = self._begun[: self.num_groups], self._begun[self.num_groups :]
        self._iteration += 1
        return Batch(groups, self._iteration - 1)

    def _whole(self) -> bool:
        oldest = self._begun[: self.num_groups]
        return len(oldest) == self.num_groups and all(len(one.trajectories) == self.group_size for one in oldest)

    def _next(self, row: int) -> str:
        """Return the task of the next episode in a slot."""
        if self._to_begin == 0:
            self._begun.append(Group(self.player.draw_task(), []))
            self._to_begin = self.group_size
        self._to_begin -= 1
        self._playing[row] = self._begun[-1]
        return self._begun[-1].task_id

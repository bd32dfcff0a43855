"""A small deterministic world with tasks, snapshots and an expert, for going back into episodes."""

from __future__ import annotations

import json
from typing import Any

import gymnasium as gym

DEPTH = 3

gym.register(id="BranchWorld-v0", entry_point=lambda **kwargs: BranchWorld(**kwargs), max_episode_steps=8)


class BranchWorld(gym.Env):
    """A binary tree of depth 3, with an action 2 that stays where it is, valid and of no use.

    State n has the children 2n + 1 and 2n + 2. The task, a string of 0 and 1, says which leaves are successes.
    Each action 1 earns a wage.
    """

    observation_space = gym.spaces.Discrete(15)
    action_space = gym.spaces.Discrete(3)
    metadata: dict[str, Any] = {}  # noqa: RUF012 - gymnasium declares it on the instance

    def __init__(self, drifting: bool = False, wage: float = 0.0):
        self.drifting, self.wage, self.resets = drifting, wage, 0
        self.task, self.state = "", 0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        super().reset(seed=seed)
        self.task, self.state = (options or {}).get("task", "01010101"), 0
        self.resets += 1
        return self.state, self._info()

    def step(self, action: int) -> tuple[int, float, bool, bool, dict[str, Any]]:
        if action < 2:
            self.state = 2 * self.state + 1 + action
        if self.drifting and self.resets > 1:  # another world than the one that was recorded
            self.state = 6 if self.state < 7 else 14
        over = self.state >= 7
        paid = self.wage * (action == 1) + float(over and self.task[self.state - 7] == "1")
        return self.state, paid, over, False, self._info()

    def snapshot(self) -> bytes:
        return json.dumps([self.task, self.state]).encode()

    def restore(self, snapshot: bytes) -> tuple[int, dict[str, Any]]:
        self.task, self.state = json.loads(snapshot)
        return self.state, self._info()

    def _info(self) -> dict[str, Any]:
        best = next((a for a in (0, 1) if self.state < 7 and hopeful(self.task, 2 * self.state + 1 + a)), None)
        return {"admissible_actions": [0, 1, 2], "expert_action": best, "task": self.task}


def hopeful(task: str, state: int) -> bool:
    """Whether some leaf below a state is a success."""
    if state >= 7:
        return task[state - 7] == "1"
    return hopeful(task, 2 * state + 1) or hopeful(task, 2 * state + 2)

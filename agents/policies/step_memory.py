"""What a text policy keeps in mind from step to step: a recurrent state, or the last steps to attend to."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import nn

__all__ = ["STEP_MEMORIES", "StepMemory"]


class StepMemory(nn.Module, ABC):
    """Adds to the vector of a step what went before. The state of B slots is one float tensor (B, ...)."""

    @abstractmethod
    def empty(self, num_rows: int) -> torch.Tensor:
        """Return the state of `num_rows` episodes that begin."""

    @abstractmethod
    def forward(self, steps: torch.Tensor, state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return (B, T, D) for the vectors of T steps (B, T, D), and the state after the last one."""


class RecurrentMemory(StepMemory):
    """A gated recurrent unit (Cho et al., 2014); its output is added to the step."""

    def __init__(self, width: int):
        super().__init__()
        self.width = width
        self.cell = nn.GRU(width, width, batch_first=True)

    def empty(self, num_rows: int) -> torch.Tensor:
        """Return zeros (B, D)."""
        return torch.zeros(num_rows, self.width, device=next(self.parameters()).device)

    def forward(self, steps: torch.Tensor, state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the steps with what is remembered, and the state."""
        out, last = self.cell(steps, state[None])
        return steps + out, last[0]


class AttentionMemory(StepMemory):
    """Attention (Vaswani et al., 2017) from each step to itself and the `window` steps before.

    How far back a step lies is a learned bias. The state holds the vectors of the last steps and, last in each, whether
    there was one: (B, window, D + 1).
    """

    def __init__(self, width: int, window: int = 15):
        super().__init__()
        self.width, self.window = width, window
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.out = nn.Linear(width, width)
        self.distance = nn.Parameter(torch.zeros(window + 1))

    def empty(self, num_rows: int) -> torch.Tensor:
        """Return zeros: no step lies behind."""
        return torch.zeros(num_rows, self.window, self.width + 1, device=self.distance.device)

    def forward(self, steps: torch.Tensor, state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the steps with what they attend to, and the last ones."""
        there = torch.cat([steps, steps.new_ones((*steps.shape[:2], 1))], dim=-1)
        known = torch.cat([state, there], dim=1)  # (B, window + T, D + 1)
        vectors, exists = known[..., :-1], known[..., -1] > 0
        now = torch.arange(steps.shape[1], device=steps.device)[:, None] + self.window
        back = now - torch.arange(known.shape[1], device=steps.device)  # (T, window + T)
        seen = (back >= 0) & (back <= self.window)
        scores = self.query(steps) @ self.key(vectors).transpose(1, 2) / self.width**0.5
        scores = scores + self.distance[back.clamp(0, self.window)]
        scores = scores.masked_fill(~(seen & exists[:, None]), -torch.inf)
        mixed = torch.softmax(scores, dim=-1) @ self.value(vectors)
        return steps + self.out(mixed), known[:, -self.window :]


STEP_MEMORIES: dict[str, type[StepMemory]] = {"gru": RecurrentMemory, "transformer": AttentionMemory}
"""The kinds of memory, by the name under which a policy asks for one."""

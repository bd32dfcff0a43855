"""A policy that is a table: one row of preferences and one value for each state. For worlds of numbered states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from ...core.trajectory import Step
from .base import Decision, Evaluation, Policy, Reader

__all__ = ["TabularPolicy", "TabularReader"]


class TabularReader(Reader):
    """Turns a numbered state and its admissible actions into the inputs (state, mask); it keeps no notes.

    The mask is bool (A,). Where the world names no admissible actions, all of them are.

    Args:
        num_states, num_actions: size of the table.
    """

    def __init__(self, num_states: int, num_actions: int):
        self.num_states, self.num_actions = num_states, num_actions

    def read(
        self,
        observations: Sequence[Any],
        infos: Mapping[str, Any],
        fresh: np.ndarray,
        last: Sequence[Any],
        rows: np.ndarray | None = None,
    ) -> list[tuple[int, np.ndarray]]:
        """Return (state, mask) for each situation.

        Raises:
            ValueError: a state or an action is not in the table.
        """
        listed = infos.get("admissible_actions", [()] * len(observations))
        found = []
        for observation, actions in zip(observations, listed, strict=True):
            state, allowed = int(observation), np.asarray(() if actions is None else actions, dtype=int)
            if not 0 <= state < self.num_states:
                raise ValueError(f"state {state} is not in a table of {self.num_states} states (0 is the first)")
            if len(allowed) and not 0 <= allowed.min() <= allowed.max() < self.num_actions:
                raise ValueError(f"admissible actions {allowed} are not in a table of {self.num_actions} actions")
            mask = np.full(self.num_actions, len(allowed) == 0)
            mask[allowed] = True
            found.append((state, mask))
        return found


class TabularPolicy(Policy):
    """pi(a | s) = exp(theta[s, a]) / sum of exp(theta[s, b]) over the admissible b; a new one prefers nothing.

    Every function of (state, action) can be written in this table, so what theory says of policy gradients holds
    for it exactly: there is no approximation to blame.

    Args:
        num_states, num_actions: S and A.
    """

    def __init__(self, num_states: int, num_actions: int):
        super().__init__()
        self.num_states, self.num_actions = num_states, num_actions
        self.logits = nn.Parameter(torch.zeros(num_states, num_actions))
        self.values = nn.Parameter(torch.zeros(num_states))

    @classmethod
    def settings_for(cls, env: Any) -> dict[str, Any]:
        """Return the size of the table that an env with numbered states and actions, single or vector, needs."""
        states = getattr(env, "single_observation_space", env.observation_space)
        actions = getattr(env, "single_action_space", env.action_space)
        return {"num_states": int(states.n), "num_actions": int(actions.n)}

    @property
    def config(self) -> dict[str, Any]:
        """The arguments of the constructor."""
        return {"num_states": self.num_states, "num_actions": self.num_actions}

    def reader(self, num_rows: int) -> TabularReader:
        """Return a reader; one serves any number of slots."""
        return TabularReader(self.num_states, self.num_actions)

    def decide(
        self,
        inputs: Sequence[Any],
        memory: Any,
        fresh: np.ndarray,
        generator: torch.Generator,
        greedy: bool = False,
        forced: Sequence[Any] | None = None,
    ) -> Decision:
        """Draw an action for each (state, mask), take the likeliest, or take those that are forced."""
        with torch.no_grad():
            states, log_pi = self._read(inputs)
            if forced is not None:
                drawn = torch.tensor(list(forced), device=self.device)
            elif greedy:
                drawn = log_pi.argmax(-1)
            else:
                chances = log_pi.exp().to(generator.device)
                drawn = torch.multinomial(chances, 1, generator=generator).squeeze(-1).to(self.device)
            logp = log_pi.gather(1, drawn[:, None]).squeeze(-1)
            values = self.values[states]
        actions = drawn.tolist()
        return Decision(actions, list(actions), _array(logp), _array(values))

    def choice_of(self, inputs: Any, action: Any, tag: str = "") -> int:
        """Return the action itself.

        Raises:
            ValueError: it is not admissible.
        """
        state, mask = inputs
        if not 0 <= int(action) < self.num_actions or not mask[int(action)]:
            raise ValueError(f"action {action} is not admissible in state {state}; choose from {np.flatnonzero(mask)}")
        return int(action)

    def evaluate(self, segments: Sequence[Sequence[Step]]) -> Evaluation:
        """Look the recorded steps up."""
        steps = [step for segment in segments for step in segment]
        states, log_pi = self._read([step.inputs for step in steps])
        choices = torch.tensor([step.choice for step in steps], device=self.device)
        log_pi_chosen = log_pi.gather(1, choices[:, None]).squeeze(-1)
        # What is not admissible has log-probability -inf and adds 0 * -inf to the entropy; count it as 0.
        entropy = -(log_pi.exp() * log_pi.clamp(min=-1e9)).sum(-1)
        return Evaluation(log_pi_chosen, entropy, self.values[states])

    def _read(self, inputs: Sequence[tuple[int, np.ndarray]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return states (B,) and log-probabilities (B, A), -inf where an action is not admissible."""
        states = torch.tensor([state for state, _ in inputs], device=self.device)
        mask = torch.as_tensor(np.stack([mask for _, mask in inputs]), device=self.device)
        return states, self.logits[states].masked_fill(~mask, -torch.inf).log_softmax(-1)


def _array(tensor: torch.Tensor) -> np.ndarray:
    return tensor.cpu().numpy().astype(float)

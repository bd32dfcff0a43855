"""What a policy of our own is: it reads situations, decides, and evaluates recorded steps for learning."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from ...core.trajectory import Step, Trajectory

__all__ = ["Decision", "Evaluation", "Policy", "Reader", "log_probs"]


@dataclass
class Decision:
    """What a policy decided for B situations.

    Attributes:
        actions: as the env takes them.
        choices: the same in the policy's own form, kept in `Step.choice`.
        logp, values: (B,) floats; log-probability of each choice, and what the policy expects to earn from here.
        tags: a label for each step, or None.
        memory: what the policy hands itself for the next step; None if it keeps nothing.
    """

    actions: list[Any]
    choices: list[Any]
    logp: np.ndarray
    values: np.ndarray
    tags: list[str] | None = None
    memory: Any = None


@dataclass
class Evaluation:
    """What a policy says now of N recorded steps: tensors (N,), in the order of the steps, with gradients.

    `entropy` is that of the whole choice; `value` is what the value head expects.
    """

    logp: torch.Tensor
    entropy: torch.Tensor
    value: torch.Tensor


class Reader(ABC):
    """Turns what B slots of an env say into inputs of a policy, keeping notes of each slot's episode. It pickles."""

    @abstractmethod
    def read(
        self,
        observations: Sequence[Any],
        infos: Mapping[str, Any],
        fresh: np.ndarray,
        last: Sequence[Any],
        rows: np.ndarray | None = None,
    ) -> list[Any]:
        """Return the inputs of B situations.

        Args:
            observations: length B.
            infos: the env's info as columns of length B, such as `infos["admissible_actions"]`.
            fresh: bool (B,), the slots in which an episode has just begun.
            last: the actions taken in the step before; those of fresh slots mean nothing.
            rows: the slots that these situations belong to, (B,); None for all.
        """


class Policy(nn.Module, ABC):
    """A policy that the trainer trains. Everything it needs to be built anew is in `config`, plain data.

    Attributes:
        sequential: whether `evaluate` must be given the steps of an episode in order, from a step whose inputs hold
            the memory at that point. Otherwise each step may be a segment of its own.
    """

    sequential: bool = False

    @classmethod
    def settings_for(cls, env: Any) -> dict[str, Any]:
        """Return the arguments of the constructor that an env, single or vector, decides."""
        return {}

    @property
    @abstractmethod
    def config(self) -> dict[str, Any]:
        """The arguments of the constructor, as plain data."""

    @abstractmethod
    def reader(self, num_rows: int) -> Reader:
        """Return a reader for `num_rows` slots."""

    @abstractmethod
    def decide(
        self,
        inputs: Sequence[Any],
        memory: Any,
        fresh: np.ndarray,
        generator: torch.Generator,
        greedy: bool = False,
        forced: Sequence[Any] | None = None,
    ) -> Decision:
        """Choose for B situations, without gradients.

        Args:
            inputs: from the reader. A sequential policy may note its memory in them.
            memory: from the decision before, None at first.
            fresh: bool (B,), the slots in which an episode has just begun, so that their memory is to be forgotten.
            generator: what is drawn comes from here.
            greedy: take the likeliest choice instead.
            forced: choices to take instead, in the policy's own form; nothing is drawn.
        """

    @abstractmethod
    def choice_of(self, inputs: Any, action: Any, tag: str = "") -> Any:
        """Return an action of the env in the policy's own form.

        Raises:
            ValueError: the policy cannot choose it in this situation.
        """

    def pick_memory(self, memory: Any, rows: np.ndarray) -> Any:
        """Return the part of a memory that belongs to some slots."""
        return None

    @abstractmethod
    def evaluate(self, segments: Sequence[Sequence[Step]]) -> Evaluation:
        """Return log-probability, entropy and value of the recorded choices, over all steps of all segments."""

    def pack(self, segments: Sequence[Sequence[Step]]) -> Any:
        """Return the steps of an iteration in whatever form `evaluate_pack` reads fastest."""
        return segments

    def evaluate_pack(self, pack: Any, rows: np.ndarray | None = None) -> Evaluation:
        """Return what `evaluate` says of the segments `rows` of a pack; without memory, `rows` counts steps."""
        return self.evaluate(pack if rows is None else [pack[row] for row in rows.tolist()])

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return next(self.parameters()).device


def log_probs(policy: Policy, trajectories: Sequence[Trajectory], chunk: int = 2048) -> list[np.ndarray]:
    """Return the log-probabilities of the recorded choices under a policy, one array (T,) for each trajectory.

    Args:
        policy: any policy that can read what was recorded, such as a frozen copy of the one that played.
        trajectories: whole episodes or segments.
        chunk: about how many steps are evaluated at once.
    """
    found: list[np.ndarray] = []
    waiting: list[Trajectory] = []

    def flush() -> None:
        if waiting:
            with torch.no_grad():
                logp = policy.evaluate([one.steps for one in waiting]).logp.cpu().numpy().astype(float)
            found.extend(np.split(logp, np.cumsum([len(one) for one in waiting])[:-1]))
            waiting.clear()

    for one in trajectories:
        waiting.append(one)
        if sum(map(len, waiting)) >= chunk:
            flush()
    flush()
    return found

"""learned/rnd-v1: pays for what a network cannot foretell yet, which is what has not been seen often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ...core.random import derive_seed
from ...core.transition import Transition
from ..base import register
from .mlp import Mlp
from .online import OnlineReward
from .ring import Ring
from .running import Normalise, RunningMoments
from .sight import Sight

__all__ = ["RandomNetworkDistillation"]

CUT = 5.0


@register
@dataclass
class RandomNetworkDistillation(OnlineReward):
    """Pays the error with which a network foretells the outputs of another one, which is random and fixed.

        r = mean_i (g_i(s') - f_i(s'))^2 / running std of its discounted sums

    f never changes; g learns f on the observations that are met. The error falls where the agent has been, and is
    large where it has not. Observations are standardised by running statistics and cut to +-5.

    Wants: an agent that goes where it has not been, in any world, so that it stumbles on the goal.
    Gamed by: whatever always looks new: noise on a picture, sentences with random numbers, a state space too large to
    be learned. It knows nothing of the task; paid alone it teaches exploring, not solving, so add it to a reward for
    success. In text, a bag of words is what is new, not the situation.
    Source: Burda, Edwards, Storkey and Klimov, "Exploration by Random Network Distillation" (arXiv 1810.12894, 2018).
    Status: confirmed in the paper's text, constants from memory. Theirs: an own value head for a non-episodic stream,
    a convolutional network with 512 outputs, 1e-4, a quarter of the experience in each update, statistics warmed up by
    random steps. Here: one stream (the agent's own, so episodes end), 64 x 64 with 32 outputs, and the first `warm_up`
    steps are those of the run, unpaid.
    Version history: v1.

    Args:
        every, warm_up, normalise, discount, clip, seed: as in `OnlineReward`.
        width: of the two hidden layers.
        outputs: numbers that are to be foretold.
        rate: Adam's.
        memory: steps that are learned from, the latest ones.
        batch, updates: minibatches of a round.
        buckets: size of bags of words and one-hot rows, see `Sight`.
    """

    every: int = 128
    warm_up: int = 1000
    normalise: Normalise = "returns"
    width: int = 64
    outputs: int = 32
    rate: float = 1e-3
    memory: int = 1024
    batch: int = 128
    updates: int = 4
    buckets: int = 256
    id: ClassVar[str] = "learned/rnd-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"obs"})
    term: ClassVar[str] = "novelty"

    def __post_init__(self) -> None:
        super().__post_init__()
        self._sight, self._moments = Sight(self.buckets), RunningMoments()
        self._ring: Ring | None = Ring(self.memory)
        self._fixed: Mlp | None = None
        self._learner: Any = None
        self._optimiser: Any = None

    @property
    def repays(self) -> bool:
        """Yes, but in text, where the goal of the episode is part of what is seen."""
        return not self._sight.remembers

    def begin_episodes(self, start: Transition) -> None:
        """Begin episodes; the first one builds the networks."""
        size = self._sight.begin(start).shape[1]
        if self._fixed is None:
            import torch

            sizes = [size, self.width, self.width, self.outputs]
            self._fixed = Mlp(sizes, derive_seed(self.seed, "fixed"))
            self._learner = Mlp(sizes, derive_seed(self.seed, "learner"))
            self._optimiser = torch.optim.Adam(self._learner.parameters, lr=self.rate)

    def see(self, transition: Transition) -> np.ndarray:
        """Return where steps led."""
        return self._sight.state(transition)

    def worth(self, seen: np.ndarray) -> np.ndarray:
        """Return the errors, (B,)."""
        import torch

        assert self._fixed is not None
        inputs = torch.from_numpy(self._moments.standardise(seen, CUT))
        with torch.no_grad():
            return (self._learner(inputs) - self._fixed(inputs)).square().mean(dim=1).numpy()

    def keep(self, seen: np.ndarray) -> None:
        """Keep observations, and count them into the statistics."""
        assert self._ring is not None
        self._ring.add(seen=seen)
        self._moments.update(seen)

    def learn(self, number: int) -> dict[str, float]:
        """Bring the learner nearer to the fixed network on what was seen lately."""
        import torch

        assert self._fixed is not None
        assert self._ring is not None
        rng, losses = np.random.default_rng(self.generator_seed(number)), []
        for _ in range(self.updates):
            drawn = self._moments.standardise(self._ring.draw(rng, self.batch)["seen"], CUT)
            inputs = torch.from_numpy(drawn)
            with torch.no_grad():
                targets = self._fixed(inputs)
            loss = (self._learner(inputs) - targets).square().mean()
            self._optimiser.zero_grad()
            loss.backward()
            self._optimiser.step()
            losses.append(float(loss.detach()))
        return {"error": float(np.mean(losses))}

    def forget(self) -> None:
        """Let go of kept steps and of the optimiser."""
        self._ring = self._optimiser = None

"""Rewards that imitate: a discriminator learns to tell demonstrations from the agent's steps, and pays the likeness."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple

import numpy as np

from ...core.names import check_name
from ...core.transition import Transition
from .demo_features import DemoFeatures, load_demo_features
from .discriminator import adversarial_loss, gradient_norms, gradient_penalty, interpolates
from .online import OnlineReward
from .ring import Ring
from .running import RunningMoments
from .sight import Sight, Views

__all__ = ["AdversarialReward", "Steps"]

CUT = 10.0


class Steps(NamedTuple):
    """N steps as tensors: states before and after, standardised (N, S), actions (N, A), and their classes (N, 1).

    The classes are None where actions are vectors of numbers.
    """

    before: Any
    did: Any
    after: Any
    kinds: Any


@dataclass
class AdversarialReward(OnlineReward):
    """Base of rewards that are learned against the agent's own steps.

    Demonstrations come from a file (`save_demo_features`); the agent's steps are the latest `memory` that were paid.
    Each round draws a batch of both and takes a step down

        adversarial_loss + penalty * E[max(0, ||grad|| - 1)^2]

    Where demonstrations end matters as much as what they do: a reward that is always positive makes an agent keep its
    episode alive, one that is always negative makes it end it, whatever was shown (survival bias; Kostrikov et al.,
    2018, arXiv 1809.02925). With `absorbing` the end is judged too: the state after a termination is one of its own,
    marked by an indicator, in which an episode is taken to stay, and a terminating step is paid for all of that,
    r + gamma / (1 - gamma) r(absorbing). It is learned with the weight that it has in a discounted episode. It reads
    `terminated`, which is declared as the outcome; the success beside it is not looked at.

    Source: loss and constants of Blondé, Strasser and Kalousis, "Lipschitzness Is All You Need To Tame Off-policy
    Generative Adversarial Imitation Learning" (arXiv 2006.16785, 2020). Status: confirmed in the code of
    lionelblonde/liayn-pytorch: demonstrations are labelled U(0.7, 1.2), the policy 0, entropy 0.001, penalty 10 at
    interpolates with an eps of its own for state and action, one-sided; 5e-4, batches of 64, 100 x 100 leaky ReLU
    (0.1), spectral normalisation. Differences: inputs are standardised by what demonstrations are like (theirs by
    running statistics of all observations), because the penalty bounds the slope per standard deviation, and what
    demonstrations hold nearly still, such as the distance to a goal that is reached, has to be measured finely.
    Spectral normalisation is off by default: the penalty bounds the slope alone.

    Args:
        demos: file, or folder with the file `step_features.npz`, that `save_demo_features` wrote.
        every, warm_up, normalise, discount, clip, seed: as in `OnlineReward`.
        gamma: the agent's discount.
        penalty: weight of the gradient penalty; 0 for none.
        points: where it is taken: between demonstrations and policy ("between"), or at the policy's steps ("policy").
        spectral: see `Mlp`.
        low, high: labels of demonstrations are drawn between them.
        entropy: weight of the discriminator's entropy.
        absorbing: see above.
        width, rate, memory, batch, updates: of the two hidden layers; Adam's rate; steps of the agent that are kept;
            steps of each kind in a minibatch; minibatches of a round.
        settle: how many of the agent's first steps are counted into the statistics as well.
    """

    demos: str = ""
    every: int = 16
    clip: float = 10.0
    gamma: float = 0.99  # type: ignore[assignment]
    penalty: float = 10.0
    points: Literal["between", "policy"] = "between"
    spectral: bool = False
    low: float = 0.7
    high: float = 1.2
    entropy: float = 0.001
    absorbing: bool = False
    width: int = 100
    rate: float = 5e-4
    memory: int = 4096
    batch: int = 64
    updates: int = 1
    settle: int = 0
    needs: ClassVar[tuple[str, ...]] = ("demos",)
    term: ClassVar[str] = "likeness"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_name("place of the penalty", self.points, ("between", "policy"), self.id)
        if not 0 < self.gamma < 1 or self.penalty < 0 or not 0 < self.low <= self.high:
            raise ValueError(
                f"{self.id}: gamma must be in (0, 1), penalty at least 0 and 0 < low <= high, not {self.gamma}, "
                f"{self.penalty}, {self.low} and {self.high}"
            )
        ends = {"outcome"} if self.absorbing else set[str]()
        self.reads = frozenset({"obs", "action"} | ends)  # type: ignore[misc]
        self._shown: DemoFeatures | None = None
        self._ring: Ring | None = Ring(self.memory)
        self._moments = RunningMoments()
        self._optimiser: Any = None
        if not self.demos:  # known by name only
            return
        self._shown = load_demo_features(self.demos)
        self._digest = self._shown.digest
        self._sight = Sight(self._shown.buckets, self._shown.kind)
        self._moments.update(self._shown.views.before)
        self._after = self.gamma / (1 - self.gamma)
        views = self._shown.views
        self.build(views.before.shape[1] + self.absorbing, views)
        import torch

        self._optimiser = torch.optim.Adam(self.parameters, lr=self.rate)

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """At most `clip` a step, and that for ever after a termination if it is judged."""
        most = self.clip / (1 - self.gamma) if self.absorbing else self.clip
        return {self.term: (-most if self.pays_costs else 0.0, 0.0 if self.pays_costs == "only" else most)}

    @property
    def hash(self) -> str:
        """Over the parameters, the code and the demonstrations, wherever they lie."""
        content = self._digest if self.demos else ""
        return hashlib.sha256((super().hash + content).encode()).hexdigest()[:16]

    @property
    def repays(self) -> bool:
        """Yes, but in text, where the goal of the episode is part of what is seen."""
        return not self._sight.remembers

    @property
    @abstractmethod
    def pays_costs(self) -> Literal["", "too", "only"]:
        """Whether payments can be below 0."""

    @property
    @abstractmethod
    def parameters(self) -> list[Any]:
        """All tensors that are learned."""

    @abstractmethod
    def build(self, size: int, views: Views) -> None:
        """Make the networks for states of `size` numbers and such actions."""

    @abstractmethod
    def inputs(self, steps: Steps) -> list[Any]:
        """Return what is mixed and penalised, tensors (N, F_i)."""

    @abstractmethod
    def logit(self, *inputs: Any, training: bool = False) -> Any:
        """Return what the penalty is on, (N,), of `inputs`."""

    @abstractmethod
    def judge(self, steps: Steps, training: bool = False) -> Any:
        """Return the discriminator's logits, (N,); without those that an action is taken by, if training."""

    @abstractmethod
    def value(self, steps: Steps) -> Any:
        """Return what steps are worth, (N,), before they are cut to +-clip."""

    def extra_loss(self, policy: Steps) -> Any:
        """Return another loss on the policy's steps, 0 as a rule."""
        return 0.0

    def begin_episodes(self, start: Transition) -> None:
        """Begin episodes; observations must be of the world of the demonstrations."""
        if self._shown is None and not self.demos:
            raise ValueError(f"{self.id} has no demonstrations: write {self.id}(demos='...')")
        kind, known = Sight.kind_of(start.next_obs), np.shape(self._moments.mean)[0]
        if kind != self._sight.kind:
            raise ValueError(f"{self.id}: {self.demos!r} has demonstrations of kind {self._sight.kind!r}, not {kind!r}")
        seen = self._sight.begin(start).shape[1]
        if seen != known:
            raise ValueError(
                f"{self.id}: the demonstrations in {self.demos!r} have {known} numbers a state, not {seen}"
            )

    def see(self, transition: Transition) -> tuple[Views, np.ndarray]:
        """Return (steps as vectors, where they terminated)."""
        ended = np.asarray(transition.terminated) if self.absorbing else np.zeros(len(transition), dtype=bool)
        return self._sight(transition), ended

    def worth(self, seen: tuple[Views, np.ndarray]) -> np.ndarray:
        """Return what steps are worth, and what comes after a termination if that is judged."""
        views, ended = seen
        steps = self._steps(views, ended, np.zeros(len(ended), dtype=bool))
        found = np.clip(self.value(steps).detach().numpy().astype(float), -self.clip, self.clip)
        if ended.any():
            stays = self.value(self._steps(views, ended, np.ones(len(ended), dtype=bool))).detach().numpy()
            found = found + ended * self._after * np.clip(stays.astype(float), -self.clip, self.clip)
        return found

    def keep(self, seen: tuple[Views, np.ndarray]) -> None:
        """Keep the policy's steps; take statistics as long as they are not settled."""
        assert self._ring is not None
        views, ended = seen
        if self.steps <= self.settle:
            self._moments.update(views.before)
        kinds = {} if views.kinds is None else {"kinds": views.kinds}
        self._ring.add(before=views.before, did=views.did, after=views.after, terminated=ended, **kinds)

    def learn(self, number: int) -> dict[str, float]:
        """Take steps down the loss; return its figures."""
        import torch

        assert self._ring is not None
        rng = np.random.default_rng(self.generator_seed(number))
        generator = torch.Generator().manual_seed(self.generator_seed(number))
        figures: dict[str, float] = {}
        for _ in range(self.updates):
            demo, policy = self._demo_batch(rng), self._policy_batch(rng)
            labels = self.low + (self.high - self.low) * torch.rand(self.batch, generator=generator)
            shown, done = self.judge(demo, training=True), self.judge(policy, training=True)
            loss = adversarial_loss(shown, done, labels, self.entropy)
            if self.penalty:
                here = self.inputs(policy)
                points = here if self.points == "policy" else interpolates(self.inputs(demo), here, generator)
                loss = loss + self.penalty * gradient_penalty(self.logit, points)
            loss = loss + self.extra_loss(policy)
            self._optimiser.zero_grad()
            loss.backward()
            self._optimiser.step()
            right = ((shown > 0).float().mean() + (done < 0).float().mean()) / 2
            figures = {"loss": float(loss.detach()), "accuracy": float(right)}
        return figures

    def steepness(self, rows: int = 1000, seed: int = 0) -> np.ndarray:
        """Return the gradient norms of the logit between demonstrations and policy, (rows,); for diagnosis."""
        import torch

        rng, generator = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
        demo, policy = self._demo_batch(rng, rows), self._policy_batch(rng, rows)
        points = interpolates(self.inputs(demo), self.inputs(policy), generator)
        return gradient_norms(self.logit, points).detach().numpy()

    def forget(self) -> None:
        """Let go of kept steps, of demonstrations and of the optimiser."""
        self._ring = self._optimiser = self._shown = None

    def _demo_batch(self, rng: np.random.Generator, rows: int | None = None) -> Steps:
        assert self._shown is not None
        views, ended = self._shown.views, self._shown.terminated & self.absorbing
        chosen = rng.integers(len(ended), size=rows or self.batch)
        kinds = None if views.kinds is None else views.kinds[chosen]
        some = Views(views.before[chosen], views.did[chosen], views.after[chosen], kinds)
        return self._steps(some, ended[chosen], self._absorbed(rng, len(chosen), ended))

    def _policy_batch(self, rng: np.random.Generator, rows: int | None = None) -> Steps:
        assert self._ring is not None
        drawn = self._ring.draw(rng, rows or self.batch)
        ended = drawn.pop("terminated")
        there = self._absorbed(rng, len(ended), self._ring.column("terminated"))
        return self._steps(Views(**{"kinds": None, **drawn}), ended, there)

    def _absorbed(self, rng: np.random.Generator, rows: int, ended: np.ndarray) -> np.ndarray:
        """Draw which rows of a batch are stays in the absorbing state: as often as a discounted episode is there."""
        stays = self._after * float(ended.sum()) if self.absorbing else 0.0
        return rng.random(rows) < stays / (len(ended) + stays)

    def _steps(self, views: Views, ended: np.ndarray, there: np.ndarray) -> Steps:
        """Return tensors; rows that are `there` are stays in the absorbing state, rows that `ended` lead to it."""
        import torch

        first, last = self._moments.standardise(views.before, CUT), self._moments.standardise(views.after, CUT)
        did = np.asarray(views.did, dtype=np.float32)
        if self.absorbing:
            did = np.where(there[:, None], np.float32(0), did)
            first, last = _marked(first, there), _marked(last, ended | there)
        kinds = None if views.kinds is None else torch.from_numpy(views.kinds[:, None].astype(np.int64))
        return Steps(torch.from_numpy(first), torch.from_numpy(did), torch.from_numpy(last), kinds)


def _marked(states: np.ndarray, absorbed: np.ndarray) -> np.ndarray:
    """Return states with the indicator of the absorbing state appended, which is all zeros but for it."""
    states = np.where(absorbed[:, None], np.float32(0), states)
    return np.concatenate([states, absorbed[:, None].astype(np.float32)], axis=1)

"""learned/e3b-v1: pays for what is unlike everything of the episode, along an ellipsoid that grows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from ...core.names import check_name
from ...core.random import derive_seed
from ...core.transition import Transition
from ..base import register
from .action_head import action_log_prob, action_outputs, action_targets
from .mlp import Mlp
from .online import OnlineReward
from .ring import Ring
from .running import Normalise, RunningMoments
from .sight import Sight, Views

__all__ = ["EllipticalBonus", "absorb"]

CUT = 5.0


def absorb(inverse: np.ndarray, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return phi' C^-1 phi for each row, (B,), and the inverses of C + phi phi', (B, D, D).

    Args:
        inverse: C^-1 of each row, (B, D, D), symmetric.
        vectors: phi, (B, D).

    Source: Sherman and Morrison (1950): (C + phi phi')^-1 = C^-1 - C^-1 phi phi' C^-1 / (1 + phi' C^-1 phi).
    """
    along = np.einsum("bij,bj->bi", inverse, vectors)
    lengths = np.einsum("bi,bi->b", vectors, along)
    outer = np.einsum("bi,bj->bij", along, along)
    return lengths, inverse - outer / (1 + lengths)[:, None, None]


@register
@dataclass
class EllipticalBonus(OnlineReward):
    """Pays how far a situation is from those of the episode, measured by what they have in common.

        r = phi(s')' C^-1 phi(s'),   C = ridge I + sum over the episode so far of phi phi'

    A direction in which the episode has gone n times pays about 1 / n. phi is learned as the part of an observation
    that tells which action led from one to the next (inverse dynamics), so that what the agent can influence weighs
    more in it than what it cannot, such as noise.

    Wants: episodes in which everything is different, in worlds whose tasks differ from episode to episode, where a
    count over the lifetime sees new things only.
    Gamed by: doing many kinds of things, useful or not; one episode can pay about ridge^-1 for each direction of phi.
    An episode begins anew with everything unseen, so there is no end to the pay: add it to a reward for success.
    Source: Henaff, Raileanu, Jiang and Rocktaeschel, "Exploration via Elliptical Episodic Bonuses" (arXiv 2210.05805,
    2022). Status: the update confirmed in the code of facebookresearch/e3b, constants from memory: ridge 0.1, payments
    divided by their running deviation. Theirs: a large encoder learned with the policy. Here: one hidden layer, `size`
    outputs, and actions that are vectors are foretold by a normal distribution, words by a class of 64 (a hash).
    Traps: what phi began with at random is not unlearned, so noise weighs less but never nothing. phi changes while it
    is learned, and C of a running episode keeps what older phi put in. Beginnings of episodes are in C too, unpaid.
    Version history: v1.

    Args:
        every, warm_up, normalise, discount, clip, seed: as in `OnlineReward`.
        ridge: what C begins with, above 0.
        encoder: "inverse" as above; "random" leaves phi as it begins.
        size, width: of phi and of its hidden layer.
        rate, memory, batch, updates: Adam's rate, the latest steps that are learned from, the minibatches of a round.
        buckets: see `Sight`.
    """

    every: int = 128
    normalise: Normalise = "payments"
    ridge: float = 0.1
    encoder: Literal["inverse", "random"] = "inverse"
    size: int = 16
    width: int = 64
    rate: float = 1e-3
    memory: int = 2048
    batch: int = 128
    updates: int = 4
    buckets: int = 256
    id: ClassVar[str] = "learned/e3b-v1"
    term: ClassVar[str] = "novelty"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_name("encoder", self.encoder, ("inverse", "random"), self.id)
        if not self.ridge > 0:
            raise ValueError(f"{self.id}: ridge is {self.ridge}, not above 0")
        self._sight, self._moments = Sight(self.buckets), RunningMoments()
        self._ring: Ring | None = Ring(self.memory)
        self._phi: Mlp | None = None
        self._head: Any = None
        self._optimiser: Any = None
        self._inverses: dict[int, np.ndarray] = {}

    def begin_episodes(self, start: Transition) -> None:
        """Begin ellipsoids, with the first situation in them; the first call builds the encoder."""
        views = self._sight.begin(start)
        if self._phi is None:
            self._phi = Mlp([views.shape[1], self.width, self.size], derive_seed(self.seed, "encoder"))
        for row in start.rows.tolist():
            self._inverses[row] = np.eye(self.size) / self.ridge
        self._lengths(start.rows, views)

    def see(self, transition: Transition) -> tuple[np.ndarray, Views]:
        """Return (slots, steps as vectors)."""
        return transition.rows, self._sight(transition)

    def worth(self, seen: tuple[np.ndarray, Views]) -> np.ndarray:
        """Return the bonuses, (B,), and let the ellipsoids grow."""
        return self._lengths(seen[0], seen[1].after)

    def keep(self, seen: tuple[np.ndarray, Views]) -> None:
        """Keep steps for the encoder, and count them into the statistics."""
        assert self._ring is not None
        _, views = seen
        self._moments.update(views.after)
        if self.encoder == "inverse":
            self._build(views)
            self._ring.add(before=views.before, after=views.after, action=action_targets(views))

    def learn(self, number: int) -> dict[str, float]:
        """Learn to tell which action led from one observation to the next."""
        if self.encoder == "random":
            return {}
        import torch

        assert self._ring is not None
        assert self._phi is not None
        rng, losses = np.random.default_rng(self.generator_seed(number)), []
        for _ in range(self.updates):
            drawn = self._ring.draw(rng, self.batch)
            pair = [self._moments.standardise(drawn[name], CUT) for name in ("before", "after")]
            codes = [self._phi(torch.from_numpy(one)) for one in pair]
            loss = -action_log_prob(self._head(torch.cat(codes, dim=1)), torch.from_numpy(drawn["action"])).mean()
            self._optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([*self._phi.parameters, *self._head.parameters], 10.0)
            self._optimiser.step()
            losses.append(float(loss.detach()))
        return {"loss": float(np.mean(losses))}

    def forget(self) -> None:
        """Let go of kept steps, of the head and of the optimiser."""
        self._ring = self._optimiser = self._head = None

    def _build(self, views: Views) -> None:
        if self._optimiser is None:
            import torch

            assert self._phi is not None
            sizes = [2 * self.size, self.width, action_outputs(views)]
            self._head = Mlp(sizes, derive_seed(self.seed, "head"))
            self._optimiser = torch.optim.Adam([*self._phi.parameters, *self._head.parameters], lr=self.rate)

    def _lengths(self, rows: np.ndarray, seen: np.ndarray) -> np.ndarray:
        import torch

        assert self._phi is not None
        with torch.no_grad():
            vectors = self._phi(torch.from_numpy(self._moments.standardise(seen, CUT))).numpy().astype(float)
        known = np.stack([self._inverses[row] for row in rows.tolist()])
        lengths, grown = absorb(known, vectors)
        self._inverses.update(zip(rows.tolist(), grown, strict=True))
        return lengths

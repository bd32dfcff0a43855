"""Progress learned from demonstrations by hops, after Robo-Dopamine: a potential that needs no reward to be learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from ...core.names import check_name
from ...core.trajectory import Trajectory
from ...core.transition import Transition
from .base import RewardModel, digest_of, register_model
from .frame_features import Encoder
from .hop_pairs import Demo, HopPairs
from .perspectives import FUSIONS, Fusion, fuse
from .regression import Network, fit_network, predict
from .situations import End, Kind, Scale, Situations, end_of
from .step_discovery import find_cuts

__all__ = ["HopProgressModel"]


@register_model
@dataclass
class HopProgressModel(RewardModel):
    """Learns from a few demonstrations how far an episode has come, in [0, 1].

    A network G(start, goal, p, q) in (-1, 1) is fitted to the hops between moments p and q of the demonstrations: the
    share of the way that is left, or lost (see `hops.hop`). The goal is the last situation of a demonstration, mostly
    of another one, so that at run time any demonstration can show what done looks like: the one that begins most like
    the episode. Three readings of G are fused to Phi* (see `perspectives.fuse`).
    Phi* depends on the episode's past: it is a dynamic potential (Devlin and Kudenko, 2012). It is scored once per
    step, and that number is the next step's old one: see `form="shaping"` and "progress" of learned/model-v1.
    Source: Robo-Dopamine (2512.23703, 2025). Discretisation, pair sampling and perspectives are confirmed in its code;
    the RL form is paper text. A vision-language model there, a network of three layers of 128 here; the
    episode's own start, and extra pairs that begin at the anchors (`anchored`), which the two anchored perspectives ask
    about, are ours.
    Gamed by: situations that no demonstration has: G is wrong there, and an agent that is paid Phi* itself, or its
    difference, goes there and stays. As shaping beside a true success it costs time only. Its own sign of success,
    Phi* >= 1 - delta, is as easily wrong. Episodes that leave the demonstrated way early are scored by guesswork.

    Args:
        kind, camera, encoder, buckets, only: what it sees; see `Situations`.
        fusion: which progress `score` returns; see `fuse`.
        alpha: how much disagreement counts in "consistent".
        keyframes: where the stretches of equal progress are cut: "even" nowhere, progress is time; "tags" where the
            recorded `Step.tag` changes; "discovered" by `find_cuts` into `parts`.
        parts: stretches for "discovered".
        stride: steps between two moments; see `discretise`.
        end: when a demonstration is done; see `end_of`.
        hold: moments after that which are kept, with progress 1.
        pairs: pairs drawn of each demonstration; 1000 in the published code.
        near: share of pairs without progress; 0.05 there.
        swap: probability that the goal is another demonstration's; 0.75 there, where the start is swapped too. Here the
            start is the episode's own, in training as at run time.
        anchored: share of further pairs that begin at the start or at the goal.
        cross: share of pairs between two demonstrations; see `HopPairs`.
        blur: noise on the inputs in training, in spreads.
        width, depth, updates, batch, rate: the network and how it is trained.
    """

    kind: Kind = "auto"
    camera: str = ""
    encoder: Encoder = "random-conv"
    buckets: int = 128
    only: str = ""
    fusion: Fusion = "mean"
    alpha: float = 1.0
    keyframes: Literal["even", "tags", "discovered"] = "even"
    parts: int = 3
    stride: float = 1.0
    end: End = "success"
    hold: int = 5
    pairs: int = 1000
    near: float = 0.05
    swap: float = 0.75
    anchored: float = 0.5
    cross: float = 0.5
    blur: float = 0.1
    width: int = 128
    depth: int = 3
    updates: int = 3000
    batch: int = 256
    rate: float = 1e-3
    name: ClassVar[str] = "progress"
    fits: ClassVar[str] = "demonstrations"
    values_states: ClassVar[bool] = True

    def __post_init__(self) -> None:
        check_name("fusion", self.fusion, FUSIONS, self.name)
        check_name("keyframes", self.keyframes, ("even", "tags", "discovered"), self.name)
        self._situations = Situations(self.kind, self.camera, self.encoder, self.buckets, self.only)
        self._network: Network = {}
        self._scale = Scale(np.zeros(0), np.ones(0))
        self._starts = self._goals = np.zeros((0, 0), dtype=np.float32)
        self._memory: dict[str, np.ndarray] = {}

    def fit(self, data: Sequence[Trajectory], seed: int = 0) -> dict[str, float]:
        """Learn from demonstrations; return the loss, and the error of hops on a fifth of them that was held out."""
        if not data:
            raise ValueError("progress: no demonstrations to learn from")
        self._situations = self._situations.fitting(data[0].steps[0].obs)
        self.reads = self._situations.reads
        features = [self._situations.of(one) for one in data]
        self._scale = Scale.fitting(np.concatenate(features))
        demos = self._demos(data, features)
        held = demos[4::5]
        pool = self._pool([demo for number, demo in enumerate(demos) if number % 5 != 4])
        figures = self._train(pool, seed, self.updates, self.rate, None)
        if held:
            inputs, hops = self._pool(held).drawn(np.random.default_rng(seed), 2000)
            figures["held_out_rmse"] = float(np.sqrt(np.mean((self._hops(inputs) - hops) ** 2)))
        self._refer(demos)
        self.data_hash, self.figures = digest_of(features), figures
        return figures

    def adapt(
        self, data: Sequence[Trajectory], seed: int = 0, updates: int = 500, rate: float = 3e-4
    ) -> dict[str, float]:
        """Turn to another task of the same observations, shown by one demonstration or a few.

        They become the references of start and goal; the network is fine-tuned on their hops. `updates=0` changes the
        references only: zero-shot.
        """
        features = [self._situations.of(one) for one in data]
        if features[0].shape[1] != len(self._scale.middle):
            wanted = len(self._scale.middle)
            raise ValueError(
                f"progress: the new task shows {features[0].shape[1]} numbers, not {wanted} as the old one"
            )
        if updates:
            self._scale = self._scale.widened(np.concatenate(features))
        demos = self._demos(data, features)
        figures = self._train(self._pool(demos), seed, updates, rate, self._network) if updates else {}
        self._refer(demos)
        self.data_hash, self.figures = digest_of(features), {**self.figures, **figures}
        return figures

    def begin(self, start: Transition) -> np.ndarray:
        """Begin episodes: choose the reference of each, and return its first progress."""
        now, rows = self._scale(self._situations.begin(start)), start.rows
        nearest = ((now[:, None] - self._starts[None]) ** 2).sum(axis=2).argmin(axis=1)
        zero = np.zeros(len(rows))
        fresh = {"start": now, "goal": self._goals[nearest], "last": now, "progress": zero, "incremental": zero}
        size = int(rows.max()) + 1
        for name, values in fresh.items():
            old = self._memory.get(name, np.zeros((0, *values.shape[1:]), dtype=values.dtype))
            grown = np.zeros((max(size, len(old)), *values.shape[1:]), dtype=values.dtype)
            grown[: len(old)] = old
            grown[rows] = values
            self._memory[name] = grown
        return self._move(now, rows)

    def score(self, transition: Transition) -> np.ndarray:
        """Return the progress (B,) after steps."""
        return self._move(self._scale(self._situations(transition)), transition.rows)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the network, the scale and the references."""
        return {
            **self._network,
            "middle": self._scale.middle,
            "spread": self._scale.spread,
            "starts": self._starts,
            "goals": self._goals,
            "kind": np.array(self._situations.kind),
        }

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Take over what `arrays` returned."""
        self._situations = self._situations.of_kind(str(arrays["kind"]))
        self._scale = Scale(arrays["middle"], arrays["spread"])
        self._starts, self._goals = arrays["starts"], arrays["goals"]
        self._network = {name: value for name, value in arrays.items() if name.startswith(("weight", "bias"))}

    def _move(self, now: np.ndarray, rows: np.ndarray) -> np.ndarray:
        memory, size = {name: values[rows] for name, values in self._memory.items()}, len(rows)
        before = np.concatenate([memory["last"], memory["start"], memory["goal"]])
        context = [np.tile(memory["start"], (3, 1)), np.tile(memory["goal"], (3, 1))]
        hops = self._hops(np.concatenate([*context, before, np.tile(now, (3, 1))], axis=1)).reshape(3, size)
        hops[0, (memory["last"] == now).all(axis=1)] = 0.0  # nothing has happened
        progress, moved = fuse(
            self.fusion, memory["progress"], memory["incremental"], hops[0], hops[1], hops[2], self.alpha
        )
        for name, value in (("last", now), ("progress", progress), ("incremental", moved)):
            self._memory[name][rows] = value
        return progress

    def _hops(self, inputs: np.ndarray) -> np.ndarray:
        return np.tanh(predict(self._network, inputs))

    def _train(self, pool: HopPairs, seed: int, updates: int, rate: float, begin: Network | None) -> dict[str, float]:
        self._network, loss = fit_network(
            lambda rng: pool.drawn(rng, self.batch), pool.size, seed, updates, self.width, self.depth, rate, begin=begin
        )
        return {"loss": loss, "demonstrations": float(len(pool.demos))}

    def _pool(self, demos: Sequence[Demo]) -> HopPairs:
        return HopPairs(demos, self.pairs, self.near, self.swap, self.anchored, self.cross, self.blur)

    def _refer(self, demos: Sequence[Demo]) -> None:
        self._starts = np.stack([demo.start for demo in demos])
        self._goals = np.stack([demo.goal for demo in demos])

    def _demos(self, data: Sequence[Trajectory], features: Sequence[np.ndarray]) -> list[Demo]:
        found = []
        for one, raw in zip(data, features, strict=True):
            scaled, end = self._scale(raw), end_of(one, self.end)
            found.append(Demo.cut(scaled, self._marks(one, scaled, end), self.stride, self.hold))
        return found

    def _marks(self, one: Trajectory, scaled: np.ndarray, end: int) -> list[int]:
        if self.keyframes == "tags":
            tags = [step.tag for step in one.steps[:end]]
            return [0, *(i for i in range(1, end) if tags[i] != tags[i - 1]), end]
        if self.keyframes == "discovered" and end + 1 >= 2 * self.parts:
            return [0, *find_cuts(scaled[: end + 1], self.parts), end]
        return [0, end]

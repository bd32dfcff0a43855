"""The standard reward model: an ensemble of small networks, fitted to preferences between segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from ...core.names import check_name
from ...core.preferences import PreferenceSet
from ...core.random import derive_seed
from ...core.trajectory import Trajectory
from ...core.transition import Transition
from ..base import transitions_of
from .base import RewardModel, digest_of, register_model
from .calibration import calibration_error, fit_temperature, pair_accuracy
from .ensemble import Ensemble, Pairs, fit_ensemble, outputs
from .features import StepFeatures

__all__ = ["BradleyTerry"]

FAR = 5.0
"""Features are cut this many standard deviations from the mean: what is far from the data looks like its edge."""
BLOCK = 4096


@register_model
@dataclass
class BradleyTerry(RewardModel):
    """Learns what a step is worth from which of two segments was preferred.

        P(first > second) = sigmoid(sum_t gamma^t r(first_t) - sum_t gamma^t r(second_t))

    r is the mean of an ensemble, whose members differ where the data leaves a choice. Learns from a `PreferenceSet`;
    works on arrays and, with hashed bags of words, on text. Some pairs are held out: accuracy and calibration are
    measured on them, and a temperature is fitted that makes `probabilities` as sure as they are right. What `score`
    pays is divided by its standard deviation over the steps of the data, and not centred: where segments differ in
    length the constant in r has a meaning (a cost of time), and taking it out would change what is best.

    Source: Christiano et al. (arXiv 1706.03741, 2017); network as in PEBBLE (arXiv 2106.05091, 2021). Status: confirmed
    in the code of B-Pref: 3 members, 3 layers of 256, leaky ReLU, tanh, 3e-4, 200 updates a session. Here for a CPU:
    layers of 64, 1e-3, 400 updates, stopped where the loss on held-out pairs is least, and as in Christiano et al. an
    assumed share of coin tosses, `noise`.
    Traps: held-out pairs share trajectories with the others and chose when to stop, so the accuracy is a little better
    than on new ones; the temperature is fitted on the pairs on which the error after it is reported. tanh bounds a
    step's r in (-1, 1), so one decisive step cannot outweigh many. Segments of one length leave the constant in r to
    chance (see the figure "equal_length"). r is about the data's behaviour: what nobody did has never been judged.
    A small spread of the members is no proof that they know: far from the data tanh makes all of them sure, and they
    need not differ more than on it (without tanh they do).
    How it can be gamed: a policy that is optimised against it finds steps unlike the data which it overrates, and with
    tanh `uncertainty` does not warn of them. A constant above 0 pays for not ending the episode.

    Args:
        kind: what a step is seen as, see `StepFeatures`; "auto" takes text as text and anything else as arrays.
        action: whether the action is seen.
        history: text only: whether the actions of the episode so far are seen.
        buckets: text only: size of the bags.
        members, width, depth, squash: the networks; `squash` is tanh at the output.
        updates, batch, rate, decay: the optimisation, see `fit_ensemble`.
        noise: share of the labels that are taken to be coin tosses, in [0, 1).
        gamma: discount within a segment.
        held_out: share of the pairs that are kept for measuring.
    """

    kind: Literal["auto", "array", "text", "state"] = "auto"
    action: bool = True
    history: bool = True
    buckets: int = 512
    members: int = 3
    width: int = 64
    depth: int = 3
    squash: bool = True
    updates: int = 400
    batch: int = 64
    rate: float = 1e-3
    decay: float = 10.0
    noise: float = 0.1
    gamma: float = 1.0
    held_out: float = 0.2
    name: ClassVar[str] = "bradley-terry"
    fits: ClassVar[str] = "preferences"

    def __post_init__(self) -> None:
        check_name("kind", self.kind, ("auto", "array", "text", "state"), self.name)
        if not 0 <= self.noise < 1 or not 0 <= self.held_out < 1 or not 0 < self.gamma <= 1:
            raise ValueError(f"{self}: noise and held_out must be in [0, 1), gamma in (0, 1]")
        if min(self.members, self.width, self.depth, self.batch) < 1 or self.updates < 0:
            raise ValueError(f"{self}: members, width, depth and batch must be at least 1, updates at least 0")
        self._networks: Ensemble = {}

    def fit(self, data: PreferenceSet, seed: int = 0) -> dict[str, float]:
        """Learn from preferences; return figures.

        Returns:
            pairs, held_out_pairs; loss (of the last tenth of the updates); train_accuracy; accuracy, error (expected
            calibration error), temperature and error_after (with the temperature) on held-out pairs, where there are
            any; equal_length, 1.0 if all segments are equally long.

        Raises:
            ValueError: fewer than two pairs have a label.
        """
        known = np.flatnonzero(data.decided)
        if len(known) < 2:
            raise ValueError(f"{self.name}: {len(known)} of {len(data)} pairs have a label; it takes at least 2")
        kind = self.kind
        if kind == "auto":
            kind = StepFeatures.fitting(data.trajectories[0].steps[0].obs).kind
        self._build(kind)
        used = np.unique(data.pairs[known][:, :, 0]).tolist()
        raw = [self._raw(data.trajectories[index]) for index in used]
        offsets = dict(zip(used, np.cumsum([0, *map(len, raw)])[:-1].tolist(), strict=True))
        features = np.concatenate(raw)
        shift = np.array([[offsets[index] for index in pair] for pair in data.pairs[known][:, :, 0].tolist()])
        whole = Pairs(data.pairs[known][:, :, 1] + shift, data.pairs[known][:, :, 2] + shift, data.labels[known])
        self.data_hash = digest_of([features, whole.starts, whole.stops, whole.labels])
        self._standards(features)
        inputs = self._inputs(features)

        order = np.random.default_rng(derive_seed(seed, "held out")).permutation(len(known))
        kept = min(round(self.held_out * len(known)), len(known) - 1)
        test, train = _picked(whole, order[:kept]), _picked(whole, order[kept:])
        self._networks, loss = fit_ensemble(
            inputs,
            train,
            members=self.members,
            width=self.width,
            depth=self.depth,
            squash=self.squash,
            updates=self.updates,
            batch=self.batch,
            rate=self.rate,
            decay=self.decay,
            noise=self.noise,
            gamma=self.gamma,
            seed=seed,
            check=test,
        )
        paid = self._members(inputs)
        self._spread = float(paid.mean(axis=0).std()) or 1.0
        figures = {"pairs": float(len(train.labels)), "held_out_pairs": float(kept), "loss": loss}
        figures["train_accuracy"] = pair_accuracy(_chances(self._gaps(paid, train), 1.0), train.labels)
        if kept:
            gaps = self._gaps(paid, test)
            self._temperature = fit_temperature(gaps, test.labels)
            figures["accuracy"] = pair_accuracy(_chances(gaps, 1.0), test.labels)
            figures["error"] = calibration_error(_chances(gaps, 1.0), test.labels)
            figures["temperature"] = self._temperature
            figures["error_after"] = calibration_error(_chances(gaps, self._temperature), test.labels)
        figures["equal_length"] = float(len(np.unique(whole.stops - whole.starts)) == 1)
        self.figures = {name: value for name, value in figures.items() if np.isfinite(value)}
        return self.figures

    def begin(self, start: Transition) -> np.ndarray:
        """Begin episodes; steps are scored, not states, so there is nothing to say yet."""
        self._features.begin(start)
        return np.zeros(len(start))

    def score(self, transition: Transition) -> np.ndarray:
        """Return the ensemble's mean (B,), in standard deviations of what it pays on the data."""
        return self.opinions(transition).mean(axis=0)

    def uncertainty(self, transition: Transition) -> np.ndarray:
        """Return the standard deviation (B,) of the members' scores; for what it does not show see the class."""
        return self.opinions(transition).std(axis=0)

    def opinions(self, transition: Transition) -> np.ndarray:
        """Return each member's score of steps, (E, B)."""
        self._check()
        return self._members(self._inputs(self._features(transition))) / self._spread

    def probabilities(self, trajectories: Sequence[Trajectory], pairs: np.ndarray) -> np.ndarray:
        """Return each member's calibrated P(first > second) for pairs (N, 2, 3), (E, N); their mean is the model's."""
        self._check()
        paid = {i: self._members(self._inputs(self._raw(trajectories[i]))) for i in np.unique(pairs[:, :, 0]).tolist()}
        returns = np.zeros((self.members, len(pairs), 2))
        for row, pair in enumerate(pairs.tolist()):
            for side, (index, start, stop) in enumerate(pair):
                returns[:, row, side] = paid[index][:, start:stop] @ self.gamma ** np.arange(stop - start)
        return _sigmoid((returns[..., 0] - returns[..., 1]) / self._temperature)

    def disagreement(self, trajectories: Sequence[Trajectory], pairs: np.ndarray) -> np.ndarray:
        """Return the standard deviation of the members' probabilities, (N,)."""
        return self.probabilities(trajectories, pairs).std(axis=0)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return networks, statistics of the features, scale and temperature."""
        self._check()
        numbers = np.array([self._spread, self._temperature])
        about = {"kind": np.array(self._features.kind), "columns": self._columns, "numbers": numbers}
        return {**about, "middle": self._middle, "deviation": self._deviation, **self._networks}

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Take over what `arrays` returned."""
        left = dict(arrays)
        self._build(str(left.pop("kind")))
        self._spread, self._temperature = left.pop("numbers").tolist()
        self._columns, self._middle, self._deviation = (left.pop(key) for key in ("columns", "middle", "deviation"))
        self._networks = left

    def _build(self, kind: str) -> None:
        check_name("kind", kind, ("array", "text", "state"), self.name)
        self._features = StepFeatures(kind, action=self.action, buckets=self.buckets, history=self.history)  # type: ignore[arg-type]
        self.reads = self._features.reads
        self._spread = self._temperature = 1.0

    def _check(self) -> None:
        if not self._networks:
            raise ValueError(f"the model {self.name!r} has not been fitted; call fit or load a saved one")

    def _raw(self, trajectory: Trajectory) -> np.ndarray:
        start, steps = transitions_of(trajectory)
        self._features.begin(start)
        return np.concatenate([self._features(step) for step in steps])

    def _standards(self, features: np.ndarray) -> None:
        """Note mean and deviation of the features that vary at all; of the others the data says nothing.

        Words are there or not, so their deviation counts as 1: divided by it the rarest would count most.
        """
        deviation = features.std(axis=0)
        self._columns = np.flatnonzero(deviation > 1e-8)
        self._middle, self._deviation = features.mean(axis=0)[self._columns], deviation[self._columns]
        if self._features.kind == "text":
            self._deviation = np.ones_like(self._deviation)

    def _inputs(self, features: np.ndarray) -> np.ndarray:
        scaled = (features[:, self._columns] - self._middle) / self._deviation
        return np.clip(scaled, -FAR, FAR).astype(np.float32)

    def _members(self, inputs: np.ndarray) -> np.ndarray:
        blocks = [inputs[begin : begin + BLOCK] for begin in range(0, max(len(inputs), 1), BLOCK)]
        return np.concatenate([outputs(self._networks, one, self.squash) for one in blocks], axis=1).astype(float)

    def _gaps(self, paid: np.ndarray, pairs: Pairs) -> np.ndarray:
        returns = np.zeros((*pairs.starts.shape, len(paid)))
        for row, bounds in enumerate(zip(pairs.starts.tolist(), pairs.stops.tolist(), strict=True)):
            for side, (start, stop) in enumerate(zip(*bounds, strict=True)):
                returns[row, side] = paid[:, start:stop] @ self.gamma ** np.arange(stop - start)
        return (returns[:, 0] - returns[:, 1]).T


def _picked(pairs: Pairs, rows: np.ndarray) -> Pairs:
    return Pairs(pairs.starts[rows], pairs.stops[rows], pairs.labels[rows])


def _chances(gaps: np.ndarray, temperature: float) -> np.ndarray:
    return _sigmoid(gaps / temperature).mean(axis=0)


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 0.5 * (1.0 + np.tanh(0.5 * x))

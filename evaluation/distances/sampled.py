"""Distances between any rewards in any env, estimated from play, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.names import check_name
from ...core.random import derive_seed
from ...core.trajectory import Trajectory
from ...core.transition import Transition
from ...reward_models import Reward, make_reward
from ...reward_models.base import transitions_of
from .sampling import Fan, sample_fans

__all__ = ["KINDS", "OWN", "SampledDistances", "sampled_distances"]

KINDS = ("val", "epic", "dard")
"""Canonical forms that can be estimated from play."""
OWN = "own"
"""Name of the env's own reward, which states the objective, among the rewards."""


@dataclass(frozen=True)
class SampledDistances:
    """Estimated distances between K rewards.

    Attributes:
        names: the K rewards.
        values: (K, K), in [0, 1]; a reward whose form is 0 in all situations is at 1/2 from all others.
        low, high: (K, K), ends of the 95% interval, from resampling the situations.
        situations: N.
        env_steps: env steps that were taken.
    """

    names: tuple[str, ...]
    values: np.ndarray
    low: np.ndarray
    high: np.ndarray
    situations: int
    env_steps: int

    def between(self, first: str, second: str) -> tuple[float, float, float]:
        """Return the distance of two rewards and the ends of its interval."""
        where = tuple(self.names.index(check_name("reward", one, self.names)) for one in (first, second))
        return float(self.values[where]), float(self.low[where]), float(self.high[where])


def sampled_distances(
    env_id: str,
    rewards: Mapping[str, str | Reward] | Sequence[str],
    env_kwargs: Mapping[str, Any] | None = None,
    *,
    gamma: float = 0.95,
    kind: str = "val",
    situations: int = 128,
    rollouts: int = 4,
    horizon: int = 60,
    seed: int = 0,
    cover: str = "expert:0.2",
    resamples: int = 200,
) -> SampledDistances:
    """Estimate the distances between rewards, the env's own among them under the name "own".

    Each situation s gives one entry of every reward's canonical form, with random play for the values:

        val   R(s, a, s') + gamma V(s') - V(s), V from M random plays of H steps
        epic  R(s, a, s') + gamma E R(s', A, S') - E R(s, A, S') - gamma E R(S, A, S'), S and S' from all situations
        dard  R(s, a, s') + E[gamma R(s', A, S'') - R(s, A, S') - gamma R(S', A, S'')], S' and S'' from random steps

    All rewards are scored on the same plays, so shaping cancels within each play up to gamma^H. d is half the L2 norm
    of the difference of the normalised forms; for "epic" and "dard" they are centred first, which makes it
    sqrt((1 - correlation) / 2).

    It can mislead: the noise of V is common to all rewards, and where it is larger than the form itself the distance
    says how unlike the rewards are on random plays; more plays tell (it falls with 1 / sqrt(M)). A reward with a
    memory of its own (novelty, progress) is scored as if every situation were the beginning of an episode; "epic"
    asks rewards about steps that never happen; situations that `cover` never gets into do not count.

    Sources: Skalse et al., arXiv 2309.15257 (2023); Gleave et al., arXiv 2006.13900 (2020); Wulfe et al.,
    arXiv 2201.10081 (2022). The sampling is ours.

    Args:
        env_id: the env.
        rewards: by name; a list of ids names them by themselves.
        env_kwargs: arguments of the env.
        gamma: discount; rewards with shaping are made for it.
        kind: one of `KINDS`.
        situations: N.
        rollouts: M.
        horizon: H.
        seed: seeds everything.
        cover: who gets into the situations, see `sample_fans`.
        resamples: bootstrap draws for the intervals.

    Raises:
        ValueError: a number below 1, or an env that cannot save its state.
    """
    check_name("canonical form", kind, KINDS, "sampled_distances")
    for name, value in {"situations": situations, "rollouts": rollouts, "horizon": horizon}.items():
        if value < 1:
            raise ValueError(f"{name} is {value}, not at least 1")
    named = dict(rewards) if isinstance(rewards, Mapping) else {one: one for one in rewards}
    made = {name: make_reward(one, gamma=gamma) for name, one in named.items()}
    fans, taken = sample_fans(env_id, env_kwargs or {}, situations, rollouts, horizon, seed, cover)
    forms = np.stack([_forms(fans, reward, gamma, kind, seed) for reward in (*made.values(), None)])
    if kind != "val":
        forms = forms - forms.mean(axis=1, keepdims=True)
    rng = np.random.default_rng(derive_seed(seed, "distances"))
    drawn = [_distances(forms[:, rng.integers(situations, size=situations)]) for _ in range(resamples)]
    values = _distances(forms)
    low, high = np.quantile(np.stack(drawn), [0.025, 0.975], axis=0) if drawn else (values, values)
    return SampledDistances((*made, OWN), values, low, high, situations, taken)


def _distances(forms: np.ndarray) -> np.ndarray:
    """Return half the norms of the differences of normalised forms (K, N)."""
    sizes = np.linalg.norm(forms, axis=1, keepdims=True)
    units = np.divide(forms, sizes, out=np.zeros_like(forms), where=sizes > 1e-12)
    return 0.5 * np.linalg.norm(units[:, None] - units[None], axis=2)


def _forms(fans: Sequence[Fan], reward: Reward | None, gamma: float, kind: str, seed: int) -> np.ndarray:
    """Return a reward's canonical form in every situation, (N,); None stands for the env's own reward."""

    def paid(one: Trajectory) -> np.ndarray:
        return np.array([step.reward for step in one.steps]) if reward is None else reward.relabel(one)

    if kind == "val":
        return np.array([_val(fan, paid, gamma) for fan in fans])
    if kind == "dard":
        return np.array([_dard(fan, paid, reward, gamma) for fan in fans])
    return _epic(fans, paid, reward, gamma, seed)


def _val(fan: Fan, paid: Any, gamma: float) -> float:
    here, there = ([_discounted(paid(one), gamma) for one in plays] for plays in (fan.here, fan.there))
    later = np.mean(there) if there else 0.0
    return float(paid(fan.step)[0] + gamma * later - np.mean(here))


def _discounted(paid: np.ndarray, gamma: float) -> float:
    return float(paid @ gamma ** np.arange(len(paid)))


def _dard(fan: Fan, paid: Any, reward: Reward | None, gamma: float) -> float:
    now = np.mean([paid(one)[0] for one in fan.here])
    if not fan.there:
        return float(paid(fan.step)[0] - now)
    later = np.mean([paid(one)[0] for one in fan.there])
    far = np.mean([_between(reward, a, b) for a in fan.here for b in fan.there])
    return float(paid(fan.step)[0] + gamma * later - now - gamma * far)


def _epic(fans: Sequence[Fan], paid: Any, reward: Reward | None, gamma: float, seed: int) -> np.ndarray:
    rng = np.random.default_rng(derive_seed(seed, "epic"))
    others = [fans[i].step for i in rng.permutation(len(fans))[:16]]
    overall = np.mean([_between(reward, a, b, after=False) for a in others for b in others])
    found = np.zeros(len(fans))
    for i, fan in enumerate(fans):
        now = np.mean([_between(reward, fan.step, one, after=False) for one in others])
        over = fan.step.steps[-1].terminated
        later = 0.0 if over else np.mean([_between(reward, fan.step, one) for one in others])
        found[i] = paid(fan.step)[0] + gamma * later - now - gamma * overall
    return found


def _between(reward: Reward | None, one: Trajectory, other: Trajectory, after: bool = True) -> float:
    """Return what a step would pay that leads from one play's first state to another's.

    Args:
        reward: who pays; the env's own reward is said to be that of the other's step.
        one: whose state is left: the one after its first step, or with `after` off the one before.
        other: whose action is taken, and whose state after the first step is come to.
        after: see `one`.
    """
    if reward is None:
        return other.steps[0].reward
    start, (left, *_) = transitions_of(one)
    _, (come, *_) = transitions_of(other)
    obs, state = (left.next_obs, left.next_state) if after else (left.obs, left.state)
    reward.begin(Transition(**{**vars(start), "obs": obs, "next_obs": obs, "state": state, "next_state": state}))
    return float(reward.pay(Transition(**{**vars(come), "obs": obs, "state": state}))[0][0])

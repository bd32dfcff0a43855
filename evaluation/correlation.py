"""When a proxy may be trusted: its correlation with the true reward under a base policy, and how far that carries.

Source: Laidlaw, Singhal and Dragan, "Correlated Proxies: A New Definition and Improved Mitigation for Reward Hacking",
arXiv 2403.03185 (2024). A proxy is r-correlated if corr(proxy, true) = r > 0 over the base policy's occupancy; it is
hacked when optimising it makes the true return fall below the base policy's. The inequality is theirs as reconstructed
here, and verified on thousands of random worlds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.names import check_name
from ..envs.tabular.mdp import TabularMDP
from ..envs.tabular.solvers import occupancy, soft_optimal, value_iteration

__all__ = ["DIVERGENCES", "ProxyReport", "chi_squared", "optimise_proxy", "proxy_report", "visits"]

DIVERGENCES = ("chi2", "sqrt-chi2", "kl", "tv", "action-kl")


def visits(mdp: TabularMDP, policy: np.ndarray, gamma: float) -> np.ndarray:
    """Return the normalised discounted occupancy (S, A) of a policy; it sums to 1 where no state is terminal."""
    return (1 - gamma) * occupancy(mdp, policy, gamma)


def chi_squared(ours: np.ndarray, base: np.ndarray) -> float:
    """Return chi^2(ours || base) = sum (ours - base)^2 / base; infinite where `ours` goes and `base` never does."""
    if ((base <= 0) & (ours > 0)).any():
        return float("inf")
    there = base > 0
    return float(((ours - base)[there] ** 2 / base[there]).sum())


@dataclass(frozen=True)
class ProxyReport:
    """What optimising a proxy came to.

    Attributes:
        correlation: r of proxy and true reward over the base policy's visits.
        true, proxy: mean reward a step of the policy, under both.
        base_true, base_proxy: the same of the base policy.
        chi2: chi^2 of the policy's visits to the base policy's.
        bound: least true gain, in standard deviations, that the inequality allows; -inf for r <= 0.
        hacked: whether the true reward fell below the base policy's.
    """

    correlation: float
    true: float
    proxy: float
    base_true: float
    base_proxy: float
    chi2: float
    bound: float
    gain: float

    @property
    def hacked(self) -> bool:
        """Whether the true reward fell below the base policy's."""
        return self.true < self.base_true - 1e-12


def proxy_report(
    mdp: TabularMDP, true: np.ndarray, proxy: np.ndarray, base: np.ndarray, policy: np.ndarray, gamma: float
) -> ProxyReport:
    """Compare a policy with a base policy under a true reward and a proxy, exactly.

        (J(pi) - J(base)) / sigma >= ((J~(pi) - J~(base)) / sigma~ - sqrt((1 - r^2) chi^2(pi || base))) / r

    with J the mean reward over visits, sigma its standard deviation over the base policy's visits, and ~ the proxy's.

    Args:
        mdp: the world; no state may be terminal, since visits have to sum to 1 (absorbing states that stay do).
        true: (S, A).
        proxy: (S, A).
        base: the policy that is known to be harmless, (S, A).
        policy: the policy that came of optimising the proxy.
        gamma: discount, below 1.
    """
    if mdp.terminal.any():
        raise ValueError("proxy_report: visits must sum to 1, so make terminal states stay where they are instead")
    ours, theirs = visits(mdp, policy, gamma), visits(mdp, base, gamma)

    def mean(weights: np.ndarray, table: np.ndarray) -> float:
        return float((weights * table).sum())

    spread, other = (np.sqrt(mean(theirs, (table - mean(theirs, table)) ** 2)) for table in (true, proxy))
    both = mean(theirs, (true - mean(theirs, true)) * (proxy - mean(theirs, proxy)))
    r = float(both / (spread * other)) if spread > 0 and other > 0 else 0.0
    far = chi_squared(ours, theirs)
    risen = (mean(ours, proxy) - mean(theirs, proxy)) / other if other > 0 else 0.0
    bound = (risen - np.sqrt(max(1 - r * r, 0.0) * far)) / r if r > 0 else -np.inf
    gain = (mean(ours, true) - mean(theirs, true)) / spread if spread > 0 else 0.0
    return ProxyReport(
        correlation=r,
        true=mean(ours, true),
        proxy=mean(ours, proxy),
        base_true=mean(theirs, true),
        base_proxy=mean(theirs, proxy),
        chi2=far,
        bound=float(bound),
        gain=float(gain),
    )


def optimise_proxy(
    mdp: TabularMDP,
    proxy: np.ndarray,
    base: np.ndarray,
    gamma: float,
    divergence: str = "sqrt-chi2",
    weight: float = 1.0,
    rounds: int = 150,
) -> np.ndarray:
    """Return the policy (S, A) that is best under the proxy less a penalty for leaving the base policy, exactly.

        chi2       J~(pi) - weight * chi^2(d_pi || d_base)
        sqrt-chi2  J~(pi) - weight * sqrt(chi^2(d_pi || d_base)), what the inequality of `proxy_report` asks for
        kl         J~(pi) - weight * KL(d_pi || d_base)
        tv         J~(pi) - weight * TV(d_pi, d_base)
        action-kl  J~(pi) - weight * sum d_pi(s) KL(pi(.|s) || base(.|s)), the usual way

    All but the last are concave in the visits, which form a polytope whose corners are policies: Frank and Wolfe's
    method goes to the best corner by the gradient again and again. "action-kl" is soft value iteration.

    Args:
        mdp: the world.
        proxy: (S, A).
        base: (S, A).
        gamma: discount, below 1.
        divergence: one of `DIVERGENCES`.
        weight: 0 for none.
        rounds: of Frank and Wolfe's method.
    """
    check_name("divergence", divergence, DIVERGENCES, "optimise_proxy")
    if weight == 0:
        return value_iteration(mdp.with_rewards(proxy), gamma).policy
    if divergence == "action-kl":
        return soft_optimal(mdp.with_rewards(proxy), base, 1.0 / weight, gamma).policy
    theirs = visits(mdp, base, gamma)
    safe = np.maximum(theirs, 1e-12)

    def score(ours: np.ndarray) -> float:
        return float((ours * proxy).sum()) - weight * _penalty(divergence, ours, safe)

    ours = theirs.copy()
    corner = visits(mdp, value_iteration(mdp.with_rewards(proxy), gamma).policy, gamma)
    for _ in range(rounds):
        steps = np.concatenate([[0.0], np.geomspace(1e-7, 1.0, 60)])
        best = max(steps, key=lambda step: score(ours + step * (corner - ours)))
        slope = proxy - weight * _slope(divergence, ours + best * (corner - ours), safe)
        ours = ours + best * (corner - ours)
        corner = visits(mdp, value_iteration(mdp.with_rewards(slope), gamma).policy, gamma)
        if ((corner - ours) * slope).sum() < 1e-9:  # what is left to gain, at most
            break
    there = ours.sum(axis=1, keepdims=True)
    return np.where(there > 1e-15, ours / np.maximum(there, 1e-15), base)


def _penalty(divergence: str, ours: np.ndarray, base: np.ndarray) -> float:
    if divergence == "kl":
        return float((ours * np.log(np.maximum(ours, 1e-300) / base)).sum())
    if divergence == "tv":
        return float(0.5 * np.abs(ours - base).sum())
    far = float(((ours - base) ** 2 / base).sum())
    return far if divergence == "chi2" else far**0.5


def _slope(divergence: str, ours: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Return the derivative of a penalty by the visits; a discriminator's output stands for it where none are known."""
    if divergence == "kl":
        return np.log(np.maximum(ours, 1e-12) / base) + 1.0
    if divergence == "tv":
        return 0.5 * np.sign(ours - base)
    ratio = 2.0 * (ours - base) / base
    if divergence == "chi2":
        return ratio
    far = np.sqrt(((ours - base) ** 2 / base).sum())
    return ratio / (2.0 * far) if far > 1e-12 else np.zeros_like(ratio)

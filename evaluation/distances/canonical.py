"""Canonical forms of rewards: what is left when all that cannot change an order of policies is taken away."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...core.names import check_name
from ...envs.tabular.mdp import TabularMDP

__all__ = ["CANONICAL", "STARC", "canonical", "occurs", "reward_table"]


def reward_table(mdp: TabularMDP, reward: np.ndarray) -> np.ndarray:
    """Return a reward (S, A) or (S, A, S) as R(s, a, s'), (S, A, S); 0 where nothing is decided any more."""
    shape = (mdp.num_states, mdp.num_actions, mdp.num_states)
    table = np.asarray(reward, dtype=float)
    if table.shape not in (shape, shape[:2]):
        raise ValueError(f"a reward has the shape {table.shape}, not {shape[:2]} or {shape}")
    table = np.broadcast_to(table[..., None], shape) if table.ndim == 2 else table
    return np.where(mdp.admissible[..., None], table, 0.0)


def occurs(mdp: TabularMDP, form: np.ndarray) -> np.ndarray:
    """Return which entries of a canonical form count: bool, of its shape; those of admissible actions."""
    there = mdp.admissible
    return there if form.ndim == 2 else np.broadcast_to(there[..., None], form.shape)


def canonical(mdp: TabularMDP, reward: np.ndarray, gamma: float, kind: str = "val") -> np.ndarray:
    """Return the canonical form of a reward: (S, A), or (S, A, S) for the kinds that keep the next state.

        val            E_{s'}[R + gamma V(s')] - V(s), V the value of the uniform policy under R
        val-potential  R(s, a, s') + gamma V(s') - V(s)
        minimal        r(s, a) + gamma E phi(s') - phi(s) of least L2 norm over phi, r the mean reward
        minimal-potential   R(s, a, s') + gamma phi(s') - phi(s) of least L2 norm over phi
        epic           R(s, a, s') + gamma E[R(s', A, S')] - E[R(s, A, S')] - gamma E[R(S, A, S')], S, S', A uniform
        dard           R(s, a, s') + E[gamma R(s', A, S'') - R(s, A, S') - gamma R(S', A, S'')], A uniform,
                       S' ~ P(.|s, A), S'' ~ P(.|s', A)
        none           R(s, a, s')

    "val" and "minimal" remove potential shaping and redistribution over the next state, so they are canonicalisations
    in the sense of STARC; "val-potential" and "minimal-potential" remove shaping only. "epic" and "dard" remove shaping
    only too, are moved by what a transition pays that never happens: their known weakness.

    Sources: Skalse et al., "STARC", arXiv 2309.15257 (2023), confirmed in the authors' code; Gleave et al., "EPIC",
    arXiv 2006.13900 (2020); Wulfe et al., "DARD", arXiv 2201.10081 (2022), with uniform distributions.

    Args:
        mdp: the world; its own rewards do not matter. Terminal states are absorbing and pay nothing, so a potential
            counts as shaping only if it is 0 there.
        reward: (S, A) or (S, A, S).
        gamma: discount, in [0, 1).
        kind: see above.
    """
    if not 0 <= gamma < 1:
        raise ValueError(f"canonical forms need a discount in [0, 1), not {gamma}; cut episodes are not covered")
    return CANONICAL[check_name("canonical form", kind, CANONICAL)](mdp, reward_table(mdp, reward), gamma)


def _mean(mdp: TabularMDP, table: np.ndarray) -> np.ndarray:
    return np.einsum("sat,sat->sa", mdp.probabilities, table)


def _uniform(mdp: TabularMDP) -> np.ndarray:
    return mdp.admissible / np.maximum(mdp.admissible.sum(axis=1, keepdims=True), 1)


def _values(mdp: TabularMDP, table: np.ndarray, gamma: float) -> np.ndarray:
    policy = _uniform(mdp)
    step = np.einsum("sa,sat->st", policy, mdp.probabilities)
    step[mdp.terminal] = 0.0
    return np.linalg.solve(np.eye(mdp.num_states) - gamma * step, (policy * _mean(mdp, table)).sum(axis=1))


def _val(mdp: TabularMDP, table: np.ndarray, gamma: float) -> np.ndarray:
    values = _values(mdp, table, gamma)
    return _mean(mdp, table) + gamma * mdp.expect(values) - values[:, None]


def _val_potential(mdp: TabularMDP, table: np.ndarray, gamma: float) -> np.ndarray:
    values = _values(mdp, table, gamma)
    return table + gamma * values - values[:, None, None]


def _shift(mdp: TabularMDP, gamma: float, mean: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the matrix (entries, S) from a potential to what shaping adds, and which entries of the table count."""
    size, live = mdp.num_states, ~mdp.terminal
    eye = np.eye(size)
    ahead = mdp.probabilities if mean else np.broadcast_to(eye, (size, mdp.num_actions, size, size))
    here = eye[:, None] if mean else eye[:, None, None]
    added = gamma * ahead - here
    there = mdp.admissible if mean else np.broadcast_to(mdp.admissible[..., None], added.shape[:3])
    return added[there][:, live], there


def _least(mdp: TabularMDP, table: np.ndarray, gamma: float, mean: bool) -> np.ndarray:
    matrix, there = _shift(mdp, gamma, mean)
    form = np.zeros_like(table)
    wanted = table[there]
    potential = np.linalg.lstsq(matrix, -wanted, rcond=None)[0]
    form[there] = wanted + matrix @ potential
    return form


def _minimal(mdp: TabularMDP, table: np.ndarray, gamma: float) -> np.ndarray:
    return _least(mdp, _mean(mdp, table), gamma, mean=True)


def _minimal_potential(mdp: TabularMDP, table: np.ndarray, gamma: float) -> np.ndarray:
    return _least(mdp, table, gamma, mean=False)


def _epic(mdp: TabularMDP, table: np.ndarray, gamma: float) -> np.ndarray:
    of_state = table.mean(axis=(1, 2))
    return table + gamma * of_state - of_state[:, None, None] - gamma * of_state.mean()


def _dard(mdp: TabularMDP, table: np.ndarray, gamma: float) -> np.ndarray:
    chances, share = mdp.probabilities, 1.0 / mdp.num_actions
    paid = _mean(mdp, table).mean(axis=1)
    # S'' follows s' and not S', so transitions S' -> S'' that never happen are asked for as well.
    far = share * np.einsum("sau,uav,tav->st", chances, table, chances, optimize=True)
    return table + gamma * paid - paid[:, None, None] - gamma * far[:, None, :]


def _none(mdp: TabularMDP, table: np.ndarray, gamma: float) -> np.ndarray:
    return table.copy()


CANONICAL: dict[str, Callable[[TabularMDP, np.ndarray, float], np.ndarray]] = {
    "val": _val,
    "val-potential": _val_potential,
    "minimal": _minimal,
    "minimal-potential": _minimal_potential,
    "epic": _epic,
    "dard": _dard,
    "none": _none,
}
"""All canonical forms by name."""

STARC = ("val", "minimal")
"""Those that remove everything that leaves the order of all policies as it is, but positive factors."""

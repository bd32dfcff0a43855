"""LAR: what is earned a step in the long run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ....envs.tabular.mdp import TabularMDP
from .base import Objective, Optimum, Played, Witness, register, tables
from .occupancies import markov_margin, no_horizon
from .worlds import leaving

__all__ = ["LimitAverage"]

SWEEPS = 50_000


@register
@dataclass(frozen=True, eq=False)
class LimitAverage(Objective):
    """lim_T E[sum_{t<T} R(s_t, a_t)] / T: no finite beginning counts.

    Source: Puterman (1994), chapter 8; as a formalism Subramani et al. (2023), as recalled.
    Misleads: a policy that reaches the good life in a thousand years is as good as one that is there at once, and
    nothing it destroys on the way counts; it is not continuous: never leaving and leaving with probability 1e-9 a step
    are as far apart as can be, so that gradients from samples do not see it. Episodes that end are worth 0.

    Args:
        reward: R (S, A); None for the world's own.
    """

    reward: np.ndarray | None = None
    name: ClassVar[str] = "LAR"
    title: ClassVar[str] = "limit-average reward"
    equation: ClassVar[str] = "lim_T (1/T) E[sum_{t<T} R(s_t, a_t)]"
    expresses: ClassVar[str] = "what is kept up for ever, whatever came before"
    optimiser: ClassVar[str] = "relative value iteration"

    def evaluate(self, mdp: TabularMDP, played: Played) -> float:
        """Return the gain of a policy, by the limit of its averaged transitions.

        Raises:
            ValueError: given episodes: none of finite length says anything about the limit.
        """
        if not isinstance(played, np.ndarray):
            raise ValueError("LAR: a limit cannot be judged by episodes, which end; give a policy")
        paid = self._paid(mdp)
        stays = mdp.terminal[:, None] * np.eye(mdp.num_states)
        step = np.einsum("sa,sat->st", played * mdp.admissible, mdp.probabilities) + stays
        # (I + P) / 2 has the same long-run averages and no cycles, so that its powers converge.
        power = (np.eye(mdp.num_states) + step) / 2
        for _ in range(60):
            power = power @ power
            power /= power.sum(axis=1, keepdims=True)
        return float(mdp.start @ power @ (played * paid).sum(axis=1))

    def optimise(self, mdp: TabularMDP) -> Optimum:
        """Return the best gain and a policy that has it.

        Raises:
            ValueError: the best gain depends on where one begins, which relative values do not solve.
        """
        no_horizon(mdp, "LAR")
        paid, values = self._paid(mdp), np.zeros(mdp.num_states)
        for _ in range(SWEEPS):
            # The same transformation: half of the time nothing happens. It halves the gain.
            ahead = 0.5 * paid + 0.5 * mdp.expect(values) + 0.5 * values[:, None]
            new = np.where(mdp.terminal, values, np.where(mdp.admissible, ahead, -np.inf).max(axis=1))
            change = new - values
            values = new - new[0]
            if np.ptp(change) <= 1e-12:
                break
        else:
            raise ValueError("LAR: the best gain depends on the state in which one begins; give worlds of one gain")
        scores = np.where(mdp.admissible, paid + mdp.expect(values), -np.inf)
        policy = np.eye(mdp.num_actions)[(scores >= scores.max(axis=1, keepdims=True) - 1e-9).argmax(axis=1)]
        policy = policy * mdp.admissible
        return Optimum(2.0 * float(change.mean()), policy)

    @classmethod
    def witness(cls) -> Witness:
        """Leaving with any chance is equally good and better than never leaving."""
        mdp = leaving()
        policies = [np.array([[1 - p, p], [0.5, 0.5]]) for p in (1.0, 0.5, 0.01, 0.0)]
        objective = cls(np.array([[0.0, 0.0], [1.0, 1.0]]))
        values = [objective.evaluate(mdp, one) for one in policies]
        return Witness(
            "to get away some day, no matter when: leaving with probability 1, 0.5 or 0.01 a step is equally good, "
            "never leaving is worse",
            "MR",
            min(values[:3]) - values[3] - 2 * float(np.ptp(values[:3])),
            markov_margin(mdp, policies, [(0, 3), (1, 3), (2, 3)], [(0, 1), (1, 2)], gamma=0.9),
        )

    def _paid(self, mdp: TabularMDP) -> np.ndarray:
        return tables(mdp, () if self.reward is None else (self.reward,))[0]

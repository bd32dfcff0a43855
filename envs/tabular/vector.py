"""Many tabular tasks in one process, all stepped at once by indexing: the fast path for training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from gymnasium.error import ResetNeeded
from gymnasium.utils import seeding
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from ..resets import draw_episodes
from .catalogue import open_catalogue
from .chance import BLOCK, chances, draw_chance_seed
from .env import METADATA, check_action, spaces_of
from .failure import Failure
from .problem import Family
from .state import TabularState

__all__ = ["TabularVectorEnv"]


class TabularVectorEnv(VectorEnv[np.ndarray, np.ndarray, np.ndarray]):
    """`num_envs` tasks of one family; equal to a loop over single envs. The envs' own classes say which family.

    Observations are int arrays (num_envs,), and so are actions; slot i is seeded with `seed + i`. Every slot has a copy
    of its task's tables, so that a step of all slots is a handful of look-ups.

    Args:
        num_envs: how many tasks.
        family: the tasks.
        split, fixed_task: as in `TabularEnv`.
        max_episode_steps: steps after which an episode is truncated.
        autoreset_mode: "NextStep", "SameStep" or "Disabled", as in gymnasium.
    """

    metadata: ClassVar[dict[str, Any]] = {**METADATA, "autoreset_mode": AutoresetMode.NEXT_STEP}

    def __init__(
        self,
        num_envs: int,
        family: Family,
        split: str | None,
        fixed_task: str | None,
        max_episode_steps: int,
        autoreset_mode: str | AutoresetMode,
    ):
        if num_envs < 1:
            raise ValueError(f"num_envs is {num_envs}, not at least 1")
        self.num_envs, self.render_mode, self.family = num_envs, None, family
        self.catalogue = open_catalogue(family, split, fixed_task)
        self.max_episode_steps = max_episode_steps
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self.metadata = {**self.metadata, "autoreset_mode": self.autoreset_mode}  # type: ignore[misc]
        like = self.catalogue.problem(self.catalogue.tasks[0])
        self._mdp = like.mdp
        self.single_observation_space, self.single_action_space = spaces_of(like)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._rngs = [seeding.np_random(None)[0] for _ in range(num_envs)]
        self._slots, self._begun, self._type = np.arange(num_envs), False, family.task_type
        self._tasks, self._over = np.full(num_envs, None), np.ones(num_envs, dtype=bool)
        self._states, self._steps = np.zeros(num_envs, dtype=np.int64), np.zeros(num_envs, dtype=int)
        self._chance_seeds, self._chances = np.zeros(num_envs, dtype=np.int64), np.zeros((num_envs, BLOCK))
        self._needed = np.zeros(num_envs, dtype=int)
        self._make_tables()

    def _make_tables(self) -> None:
        """Make room for the tables of all slots' tasks; see `Problem` for what they say."""
        n, s, a, width = self.num_envs, self._mdp.num_states, self._mdp.num_actions, self.family.branches
        self._after, self._bounds = np.zeros((n, s, a, width), dtype=np.int64), np.ones((n, s, a, width - 1))
        self._admissible, self._terminal = np.zeros((n, s, a), dtype=bool), np.zeros((n, s), dtype=bool)
        self._outcome, self._length = np.zeros((n, s)), np.zeros((n, s), dtype=int)
        self._score, self._proxy = np.zeros((n, s)), np.zeros((n, s, a))
        self._progress = np.zeros((n, s), dtype=int)
        self._expert, self._listed = np.full((n, s), None), np.full((n, s), None)

    def reset(  # type: ignore[override]
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[np.ndarray, dict[str, Any]]:
        """Start all episodes, or those of `options["reset_mask"]`.

        Args:
            seed: slot i is seeded with `seed + i`; or one seed for each slot.
            options: `{"task": id}` pins all slots to one task, `{"task": [id, ...]}` each to its own.
        """
        rows, names = draw_episodes(self.catalogue, self._rngs, self._begun, seed, options)
        for row, name in zip(rows, names, strict=True):
            self._start(row, name)
        self._begun = True
        mask = np.isin(self._slots, rows)
        return self._states.copy(), self._infos(np.full(self.num_envs, None), None if mask.all() else mask)

    def _start(self, row: int, task: str) -> None:
        problem = self.catalogue.problem(task)
        self._after[row], self._bounds[row] = problem.after, problem.bounds
        self._admissible[row], self._terminal[row] = problem.mdp.admissible, problem.mdp.terminal
        self._outcome[row], self._length[row] = problem.outcome, problem.plan_length
        self._score[row], self._proxy[row] = problem.score, problem.proxy
        self._progress[row], self._needed[row] = problem.progress, problem.needed
        self._expert[row], self._listed[row] = problem.expert, problem.listed
        self._tasks[row], self._states[row] = task, problem.mdp.start.argmax()
        self._steps[row], self._over[row] = 0, False
        if self.family.branches > 1:
            self._chance_seeds[row] = draw_chance_seed(self._rngs[row])
            self._chances[row] = chances(int(self._chance_seeds[row]), 0)

    def step(  # type: ignore[override]
        self, actions: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """Take an action in every slot."""
        chosen = self._check(actions)
        waiting = np.flatnonzero(self._over).tolist()
        if waiting and self.autoreset_mode == AutoresetMode.DISABLED:
            raise ResetNeeded(f"{self.family.name}: the episodes of envs {waiting} are over")
        able = self._admissible[self._slots, self._states, chosen]
        after = self._after[self._slots, self._states, chosen]
        drawn = self._draw(chosen) if after.shape[1] > 1 else 0
        self._states = np.where(able, after[self._slots, drawn], self._states)
        failures = np.full(self.num_envs, None)
        failures[~able] = Failure.NOT_ADMISSIBLE
        self._steps += 1
        for row in waiting:
            failures[row] = None
            self._start(row, self.catalogue.draw(self._rngs[row], None))
        terminated = self._terminal[self._slots, self._states]
        truncated = self._steps >= self.max_episode_steps
        infos = self._infos(failures)
        rewards, observations = infos["reward_env"].copy(), self._states.copy()
        self._over = terminated | truncated
        if self.autoreset_mode == AutoresetMode.SAME_STEP and self._over.any():
            observations, infos = self._restart(observations, infos)
        return observations, rewards, terminated, truncated, infos

    def _draw(self, chosen: np.ndarray) -> np.ndarray:
        """Return which of the states that its action can lead to comes next in each slot, (N,)."""
        place = self._steps % BLOCK
        for row in np.flatnonzero((place == 0) & (self._steps > 0)).tolist():
            self._chances[row] = chances(int(self._chance_seeds[row]), int(self._steps[row]) // BLOCK)
        drawn = self._chances[self._slots, place]
        return (drawn[:, None] >= self._bounds[self._slots, self._states, chosen]).sum(axis=1)

    def _restart(self, observations: np.ndarray, infos: dict[str, Any]) -> tuple[np.ndarray, dict[str, Any]]:
        """Begin anew the episodes that ended in this step; say how they ended."""
        over, failures = self._over.copy(), infos["failure"].copy()
        final_obs = np.full(self.num_envs, None, dtype=object)
        final_info = _masked(infos, over)
        for row in np.flatnonzero(over).tolist():
            final_obs[row], failures[row] = observations[row], None
            self._start(row, self.catalogue.draw(self._rngs[row], None))
        ends = {"final_obs": final_obs, "_final_obs": over, "final_info": final_info, "_final_info": over.copy()}
        return self._states.copy(), ends | self._infos(failures)

    def _infos(self, failures: np.ndarray, mask: np.ndarray | None = None) -> dict[str, Any]:
        """Return the infos of all slots, or of those in `mask`, as columns.

        The lists of admissible actions are shared between steps: read them, do not change them.
        """
        here, there = (self._slots, self._states), np.ones(self.num_envs, dtype=bool)
        outcome, length = self._outcome[here], self._length[here]
        infos: dict[str, Any] = {
            "admissible_actions": self._listed[here],
            "is_success": length == 0,
            "failure": failures,
            "dead_end": length < 0,
            "plan_length": length,
            "expert_action": self._expert[here],
            "objective": self._score[here],
            "task": self._tasks.copy(),
            "task_type": np.full(self.num_envs, self._type, dtype=object),
            "reward_env": outcome.copy(),
        }
        infos["reward_terms"] = {"outcome": infos["reward_env"], "_outcome": there}
        infos |= {f"_{key}": there for key in infos}
        return infos if mask is None else _masked(infos, mask)

    def _check(self, actions: Any) -> np.ndarray:
        if not self._begun:
            raise ResetNeeded(f"{self.family.name}: call reset() before step()")
        if len(actions) != self.num_envs:
            raise ValueError(f"{len(actions)} actions were given for {self.num_envs} envs")
        plain = isinstance(actions, np.ndarray) and actions.ndim == 1 and actions.dtype.kind in "iu"
        if plain and actions.min() >= 0 and actions.max() < self._mdp.num_actions:
            return actions
        return np.array([check_action(action, self._mdp, self.family.name) for action in actions])

    @property
    def state(self) -> TabularState:
        """The privileged states of all slots, with arrays of shape (num_envs,)."""
        if not self._begun:
            raise ResetNeeded(f"{self.family.name}: call reset() first")
        here = self._slots, self._states
        return TabularState(
            self._states.copy(),
            self._steps.copy(),
            self._length[here],
            self._progress[here],
            self._needed.copy(),
            self._outcome[here],
            self._proxy[here],
        )


def _masked(infos: dict[str, Any], mask: np.ndarray) -> dict[str, Any]:
    """Return infos that tell of some slots only; the others' entries are empty."""
    found: dict[str, Any] = {}
    for key, value in infos.items():
        if isinstance(value, dict):
            found[key] = _masked(value, mask)
        else:
            found[key] = value.copy()
            found[key][~mask] = None if value.dtype == object else 0
    return found

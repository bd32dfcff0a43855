"""Many robot cells in one process on `mujoco.batch`: the fast path for training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from gymnasium.error import ResetNeeded
from gymnasium.utils import seeding
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from ..resets import draw_episodes
from .cell import Cell
from .checks import check_action, check_arguments
from .env import ManipulationEnv
from .failure import Failure
from .goals import own_target, paid_for
from .robot.scene import NUM_SUBSTEPS
from .spaces import action_space, observation_scale, observation_space
from .starts import open_starts
from .state import ManipulationState

__all__ = ["ManipulationVectorEnv"]


class ManipulationVectorEnv(VectorEnv[dict[str, np.ndarray], np.ndarray, np.ndarray]):
    """`num_envs` cells of one task, stepped together; equal to a loop over single envs, to the last bit.

    It is what `gymnasium.make_vec("guerdon:guerdon/Reach-v0", num_envs=64, vectorization_mode="vector_entry_point")`
    returns. Observations are dicts of arrays (num_envs, ...); slot i is seeded with `seed + i`.

    Args:
        num_envs: how many cells.
        robot_task, control, difficulty, split, cameras, image_size, randomise: as in `ManipulationEnv`. Pictures are
            drawn one after the other, in the thread that calls.
        num_threads: threads for the physics.
        max_episode_steps: steps after which an episode is truncated; None for the task's own number.
        autoreset_mode: "NextStep", "SameStep" or "Disabled", as in gymnasium.
        render_mode: None; use a single env to render.
    """

    metadata: ClassVar[dict[str, Any]] = {**ManipulationEnv.metadata, "autoreset_mode": AutoresetMode.NEXT_STEP}

    def __init__(
        self,
        num_envs: int = 1,
        robot_task: str = "Reach",
        control: str = "end_effector",
        difficulty: float = 0.5,
        split: str | None = None,
        num_threads: int = 1,
        max_episode_steps: int | None = None,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        render_mode: None = None,
        cameras: Sequence[str] = (),
        image_size: int = 84,
        randomise: float = 0.0,
    ):
        if num_envs < 1:
            raise ValueError(f"num_envs is {num_envs}, not at least 1")
        check_arguments(robot_task, control, difficulty, "front", cameras, image_size, randomise)
        self.num_envs, self.render_mode = num_envs, render_mode
        self.catalogue = open_starts(split)
        looks = tuple(cameras), int(image_size)
        self._cell = Cell(robot_task, control, difficulty, num_envs, num_threads, *looks, randomise)
        self.num_substeps = NUM_SUBSTEPS
        self.max_episode_steps = max_episode_steps or self._cell.task.steps
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        scale = observation_scale(self._cell.observation_size)
        self.metadata = {**self.metadata, "autoreset_mode": self.autoreset_mode, "observation_scale": scale}  # type: ignore[misc]
        self.single_observation_space = observation_space(self._cell.observation_size, *looks)
        self.single_action_space = action_space(self._cell.control.action_size)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._rngs = [seeding.np_random(None)[0] for _ in range(num_envs)]
        self._tasks = np.full(num_envs, None)
        self._steps = np.zeros(num_envs, dtype=int)
        self._over = np.ones(num_envs, dtype=bool)
        self._begun = False
        self._state: ManipulationState | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Return everything but the simulations' memory, which is made anew, and their states."""
        return {**self.__dict__, "_cell": self._cell.saved()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._cell = Cell.load(state["_cell"])

    @property
    def model(self) -> Any:
        """The compiled `mujoco.MjModel`; do not change it. It is the nominal one, whatever `randomise` is."""
        return self._cell.model

    def reset(  # type: ignore[override]
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Start all episodes, or those of `options["reset_mask"]`.

        Args:
            seed: slot i is seeded with `seed + i`; or one seed for each slot.
            options: `{"task": name}` pins all slots to one start, `{"task": [name, ...]}` each to its own;
                `{"target": (x, y, z)}` sets the target of all, in m.
        """
        rest, target = own_target(self._cell.task, self._cell.marked, options)
        rows, names = draw_episodes(self.catalogue, self._rngs, self._begun, seed, rest)
        self._start(rows, names, target)
        self._begun = True
        mask = np.isin(np.arange(self.num_envs), rows)
        return self._look(np.full(self.num_envs, None), None if mask.all() else mask)

    def _start(self, rows: Sequence[int], names: Sequence[str], target: np.ndarray | None = None) -> None:
        self._cell.start(rows, names, target)
        for row, name in zip(rows, names, strict=True):
            self._tasks[row] = name
        self._steps[list(rows)], self._over[list(rows)] = 0, False

    def step(  # type: ignore[override]
        self, actions: np.ndarray
    ) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """Do one control step in every cell."""
        if not self._begun:
            raise ResetNeeded(f"{self._cell.task.name}-v0: call reset() before step()")
        actions = check_action(actions, self.action_space.shape or ())
        waiting = np.flatnonzero(self._over).tolist()
        if waiting and self.autoreset_mode == AutoresetMode.DISABLED:
            raise ResetNeeded(f"{self._cell.task.name}-v0: the episodes of envs {waiting} are over")
        diverged = self._cell.step(actions)
        self._steps += 1
        if waiting:
            self._start(waiting, [self.catalogue.draw(self._rngs[row], None) for row in waiting])
            diverged[waiting] = False
        failures = np.full(self.num_envs, None)
        failures[diverged] = Failure.DIVERGED
        truncated = self._steps >= self.max_episode_steps
        observation, infos = self._look(failures)
        rewards = infos["reward_env"].copy()
        self._over = diverged | truncated
        if self.autoreset_mode == AutoresetMode.SAME_STEP and self._over.any():
            observation, infos = self._restart(observation, infos)
        return observation, rewards, diverged, truncated, infos

    def _restart(self, observation: dict[str, np.ndarray], infos: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Begin anew the episodes that ended in this step; say how they ended."""
        over = self._over.copy()
        final_obs = np.full(self.num_envs, None, dtype=object)
        for row in np.flatnonzero(over).tolist():
            final_obs[row] = {key: value[row] for key, value in observation.items()}
        final_info = _masked(infos, over)
        rows = np.flatnonzero(over).tolist()
        self._start(rows, [self.catalogue.draw(self._rngs[row], None) for row in rows])
        failures = infos["failure"].copy()
        failures[over] = None
        observation, infos = self._look(failures)
        ends = {"final_obs": final_obs, "_final_obs": over, "final_info": final_info, "_final_info": over.copy()}
        return observation, ends | infos

    def _look(
        self, failures: np.ndarray, mask: np.ndarray | None = None
    ) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        state = self._state = self._cell.read()
        success = state.success
        infos: dict[str, Any] = {
            "is_success": success > 0,
            "objective": success.copy(),
            "settled": (state.settled > 0) & (state.phase >= state.phases - 1),
            "failure": failures,
            "task": self._tasks.copy(),
            "task_type": np.full(self.num_envs, self._cell.task.name, dtype=object),
            "reward_env": success.copy(),
        }
        there = np.ones(self.num_envs, dtype=bool)
        infos["reward_terms"] = {"success": success.copy(), "_success": there}
        infos |= {f"_{key}": there for key in infos}
        return dict(self._cell.observe(state)), infos if mask is None else _masked(infos, mask)

    def compute_reward(self, achieved_goal: np.ndarray, desired_goal: np.ndarray, info: Any) -> Any:
        """See `ManipulationEnv.compute_reward`."""
        return paid_for(self._cell.task, achieved_goal, desired_goal, info)

    @property
    def state(self) -> ManipulationState:
        """The privileged states of all cells, with arrays of shape (num_envs, ...)."""
        if self._state is None:
            raise ResetNeeded(f"{self._cell.task.name}-v0: call reset() first")
        return self._state

    def close_extras(self, **kwargs: Any) -> None:
        """Free the renderer of the observed pictures; `close` calls this."""
        self._cell.close()


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

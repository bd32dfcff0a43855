"""`guerdon/<Task>-v0`: one robot arm at a table, as a Gymnasium env."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.error import ResetNeeded

from .cell import Cell
from .checks import check_action, check_arguments
from .failure import Failure
from .goals import own_target, paid_for
from .robot.scene import NUM_SUBSTEPS
from .spaces import action_space, observation_scale, observation_space
from .starts import open_starts
from .state import ManipulationState

__all__ = ["ManipulationEnv"]


class ManipulationEnv(gym.Env[dict[str, np.ndarray], np.ndarray]):
    """A seven-joint arm with a parallel gripper does one task on a table.

    ## Description
    The arm has the published kinematics, limits and masses of the Franka Emika Panda; the model is our own, made of
    primitives. Control runs at 20 Hz, physics at 200 Hz.

    ## Action space
    `Box(-1, 1)`. control="end_effector": (4,), displacement of the gripper along x, y, z and its opening (1 open, -1
    closed), the hand pointing down; "joint": (8,), displacement of each joint, and the opening.

    ## Observation space
    `Dict` as in gymnasium-robotics' goal envs, metres and seconds. observation (34,): joint positions (7) and
    velocities (7), opening, gripper position and velocity (3 + 3), object from gripper (3), object velocity (3), its x
    axis (3), touch of the left and the right pad, grasp, part of the aims that are reached;
    achieved_goal (3,): the object; desired_goal (3,): the target. Where there is no object, the gripper is it. A task
    with several aims shows the object and the target of the one that is due, and adds all T things from the gripper
    (3 T). Each of `cameras` adds what it sees, uint8 (image_size, image_size, 3) in [0, 255], under its name, with
    green marks at the targets.

    ## Rewards
    The env's own reward is 1.0 in every step in which the task counts as done, else 0.0. Other rewards are put on by
    `guerdon.make` or `guerdon.wrappers.spec_reward.SpecReward`.

    ## Starting state
    The ready pose; object and target as drawn by the task. `reset(options={"task": name})` pins a start,
    `{"target": (x, y, z)}` sets the target, in m, where it is a mark that can stand anywhere.

    ## Episode end
    The time limit truncates. Success does not end the episode: what counts is the last step. `terminated` only if the
    simulation diverged, which `info["failure"]` says; MuJoCo has put it to its defaults then.

    ## Info, at reset and at every step
    | key | type | meaning |
    |---|---|---|
    | is_success | bool | the task counts as done in this step |
    | objective | float | the same as a number |
    | settled | bool | all that success asks for, but for the distance of the object to the target |
    | failure | `Failure` or None | "diverged", or None |
    | task, task_type | str | the start's name; the task's |
    | reward_terms, reward_env | dict, float | the reward's named terms; the env's own reward |

    ## Arguments
    Args:
        robot_task: name of the task; the env id sets it.
        control: "end_effector" or "joint".
        difficulty: how varied the starts are, in [0, 1].
        split: "train" (10,000 starts), "eval" or "test" (200 each, others than those).
        render_mode: None or "rgb_array".
        camera: "front", "side" or "wrist"; what is rendered. None for what shows the task best.
        width, height: of that picture, in pixels.
        cameras: names of cameras ("front", "side", "wrist") whose pictures are added to the observation.
        image_size: width and height of an observed picture, in pixels.
        randomise: how much masses, frictions, dampings and servos vary from start to start, in [0, 1]; 0 not at all, 1
            by factors of 1.2 to 2: see `variation.Variation`. A start's name decides them.

    ## Version history
    * v0: initial version.
    """

    metadata: dict[str, Any] = {"render_modes": ["rgb_array"], "render_fps": 20}  # noqa: RUF012 - as gymnasium declares

    def __init__(
        self,
        robot_task: str,
        control: str = "end_effector",
        difficulty: float = 0.5,
        split: str | None = None,
        render_mode: str | None = None,
        camera: str | None = None,
        width: int = 480,
        height: int = 480,
        cameras: Sequence[str] = (),
        image_size: int = 84,
        randomise: float = 0.0,
    ):
        check_arguments(robot_task, control, difficulty, camera or "front", cameras, image_size, randomise)
        self.catalogue = open_starts(split)
        looks = tuple(cameras), int(image_size)
        self._cell = Cell(robot_task, control, difficulty, 1, None, *looks, randomise)
        self.num_substeps = NUM_SUBSTEPS
        self.observation_space = observation_space(self._cell.observation_size, *looks)  # type: ignore[assignment]
        self.action_space = action_space(self._cell.control.action_size)
        self.metadata = {**self.metadata, "observation_scale": observation_scale(self._cell.observation_size)}
        self.camera = camera or self._cell.task.camera
        self.render_mode, self.width, self.height = render_mode, width, height
        self.task = ""
        self._state: ManipulationState | None = None  # with one row
        self._over = True
        self._renderer: Any = None

    @property
    def model(self) -> Any:
        """The compiled `mujoco.MjModel`, shared by all envs of this task; do not change it.

        It is the nominal one: what `randomise` does to an episode's physics is not in it.
        """
        return self._cell.model

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Start an episode; see the class docstring for `options`."""
        super().reset(seed=seed)
        rest, target = own_target(self._cell.task, self._cell.marked, options)
        self.task = self.catalogue.draw(self.np_random, rest)
        self._cell.start([0], [self.task], target)
        self._over = False
        return self._look(None)

    def step(self, action: np.ndarray) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Do one control step. Raises `ResetNeeded` before the first reset and after a divergence."""
        if self._over:
            why = "call" if self._state is None else "the episode is over (the simulation diverged); call"
            raise ResetNeeded(f"{self._cell.task.name}-v0: {why} reset() before step()")
        action = check_action(action, self.action_space.shape or ())
        diverged = bool(self._cell.step(action[None])[0])
        self._over = diverged
        observation, info = self._look(Failure.DIVERGED if diverged else None)
        return observation, info["reward_env"], diverged, False, info

    def _look(self, failure: Failure | None) -> tuple[Any, dict[str, Any]]:
        state = self._state = self._cell.read()
        observation = {key: value[0] for key, value in self._cell.observe(state).items()}
        success = state.success.item()
        info = {
            "is_success": success > 0,
            "objective": success,
            "settled": state.settled.item() > 0 and state.phase.item() >= state.phases.item() - 1,
            "failure": failure,
            "task": self.task,
            "task_type": self._cell.task.name,
            "reward_terms": {"success": success},
            "reward_env": success,
        }
        return observation, info

    @property
    def goal_text(self) -> str:
        """What is to be done, in words."""
        return self._cell.task.goal

    def compute_reward(self, achieved_goal: np.ndarray, desired_goal: np.ndarray, info: Any) -> Any:
        """Return what the env itself would have paid if the desired goal had been another; for hindsight replay.

        Args:
            achieved_goal: where the object was, (3,), or (B, 3) of B steps.
            desired_goal: where it should have been, of the same shape.
            info: of the step, or B infos; `settled` is read.

        Returns:
            float, or an array (B,).
        """
        return paid_for(self._cell.task, achieved_goal, desired_goal, info)

    @property
    def state(self) -> ManipulationState:
        """The privileged state, a frozen dataclass."""
        if self._state is None:
            raise ResetNeeded(f"{self._cell.task.name}-v0: call reset() first")
        return self._state.row(0)

    @property
    def objective(self) -> float:
        """1.0 while the task counts as done, else 0.0."""
        return float(self.state.success)

    def snapshot(self) -> bytes:
        """Return the whole state of the episode and of the random generator as bytes, for `restore`."""
        if self._state is None:
            raise ResetNeeded(f"{self._cell.task.name}-v0: call reset() first")
        arrays = {
            "state": self._cell.simulations.state(0),
            "memory": self._cell.memory[0],
            "start": self._cell.start_positions[0].ravel(),
        }
        return json.dumps(
            {
                "task_type": self._cell.task.name,
                "task": self.task,
                "over": self._over,
                "rng": self.np_random.bit_generator.state,
                **{key: base64.b64encode(value.astype("<f8").tobytes()).decode() for key, value in arrays.items()},
            }
        ).encode()

    def restore(self, snapshot: bytes) -> tuple[Any, dict[str, Any]]:
        """Go back to a snapshot taken from an env of the same id and arguments; return its observation and info.

        Raises:
            ValueError: the bytes are no snapshot of such an env.
        """
        cell, like = self._cell, {"state": self._cell.simulations.state(0)}
        like |= {"memory": cell.memory[0], "start": cell.start_positions[0].ravel()}
        try:
            data = json.loads(snapshot)
            if data["task_type"] != cell.task.name:
                raise ValueError(f"it is of {data['task_type']!r}, not of {cell.task.name!r}")
            task, over = self.catalogue.check(data["task"]), bool(data["over"])
            arrays = {key: np.frombuffer(base64.b64decode(data[key]), dtype="<f8") for key in like}
            for key, array in arrays.items():
                if array.shape != like[key].shape:
                    raise ValueError(f"{key} has {len(array)} numbers, not {len(like[key])}")
            self.np_random.bit_generator.state = data["rng"]  # the last that can fail: nothing changes by halves
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"not a snapshot of {cell.task.name}-v0: {error}") from error
        cell.resume(0, task, arrays["state"])
        cell.memory[0], cell.start_positions[0] = arrays["memory"], arrays["start"].reshape(-1, 3)
        self.task, self._over = task, over
        return self._look(Failure.DIVERGED if over else None)

    def __getstate__(self) -> dict[str, Any]:
        """Return what `pickle` and `copy.deepcopy` take along: the simulation's state, not its model or renderer."""
        return {**self.__dict__, "_cell": self._cell.saved(), "_renderer": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._cell = Cell.load(state["_cell"])

    def render(self) -> Any:
        """Return what the camera sees, uint8 (height, width, 3)."""
        if self.render_mode != "rgb_array":
            return None
        if self._state is None:
            raise ResetNeeded(f"{self._cell.task.name}-v0: call reset() before render()")
        if self._renderer is None:
            from .robot.camera import open_renderer

            targets = [target for _, target in self._cell.task.aims]
            self._renderer = open_renderer(self.model, self.width, self.height, targets)
        self._renderer.update_scene(self._cell.simulations.data(0), self.camera)
        return self._renderer.render()

    def close(self) -> None:
        """Free the renderers."""
        self._cell.close()
        if self._renderer is not None:
            self._renderer.close()
            self._renderer = None

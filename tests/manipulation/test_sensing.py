"""What a state says of the simulation: places, touches, and a grasp that cannot be had by touch alone."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np

from guerdon.agents.scripted import SCRIPTED, find_scripted
from guerdon.envs.manipulation.cell import Cell
from guerdon.envs.manipulation.tasks.base import TASKS


def held(task: str, above: float, opening: float) -> Any:
    """Return the state after the hand was held above a task's object with a width between the pads, pressing down."""
    cell = Cell(task, "end_effector", 0.0)
    cell.start([0], ["train-00000"])
    for step in range(60):
        state = cell.read()
        way = (state.object - state.tcp)[0] + np.array([0.0, 0.0, above])
        down = -1.0 if step > 40 else 10 * way[2] if np.hypot(*way[:2]) < 0.01 or way[2] > 0 else 0.0
        cell.step(np.array([[*np.clip(10 * way[:2], -1, 1), down, opening]]))
    return cell.read()


def test_shut_fingers_that_stand_on_a_handle_touch_it_and_do_not_grasp_it() -> None:
    state = held("DrawerOpen", 0.04, -1.0)
    assert state.left_touch[0] == state.right_touch[0] == state.touched[0] == 1
    assert state.grasped[0] == state.secured[0] == 0


def test_a_cube_between_the_pads_is_grasped() -> None:
    expert, env = SCRIPTED["manipulation/pick-place-expert"](), gym.make("guerdon:guerdon/PickPlace-v0")
    seen, info = env.reset(seed=0)
    expert.reset(seen, info)
    for _ in range(60):
        seen, *_, info = env.step(expert.act(seen, info))
    state = env.unwrapped.state  # type: ignore[attr-defined]
    assert state.grasped == state.left_touch == state.right_touch == 1
    assert 0.036 < state.opening < 0.06  # 4 cm, or more where it lies askew


def test_the_aims_of_the_long_task_come_in_their_order() -> None:
    name = "guerdon:guerdon/DrawerPlace-v0"
    expert, env = SCRIPTED[find_scripted("expert", name)](), gym.make(name)
    seen, info = env.reset(seed=0)
    expert.reset(seen, info)
    phases, over = [], False
    while not over:
        seen, _, _, over, info = env.step(expert.act(seen, info))
        state = env.unwrapped.state  # type: ignore[attr-defined]
        phases.append(int(state.phase))
        assert seen["observation"][33] * 3 == state.phase
    assert [phase for i, phase in enumerate(phases) if i == 0 or phases[i - 1] != phase] == [0, 1, 2]
    assert info["is_success"]
    assert seen["observation"].shape == (34 + 6,)


def test_every_task_says_what_it_is() -> None:
    for task in (task for _, task in TASKS.items()):
        assert task.goal.endswith(".")
        assert 0 < task.near <= 0.1
        assert task.steps >= 40
        assert len(task.aims) >= 1

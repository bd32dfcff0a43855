"""The manipulation world: a robot arm at a table does tasks; MuJoCo, one simulation or many at once.

`env` is the Gymnasium env, `vector` the same for many cells on `mujoco.batch`. Below them: `cell` (N simulations of one
task), `tasks` (one file each), `robot` (arm, scene, kinematics, control), `physics` (simulations as arrays).
"""

import inspect

from .gl import choose_gl
from .tasks.base import TASKS

__all__ = ["ABOUT", "COMPARE", "ENVS", "IS_TEXT"]

choose_gl()

IS_TEXT = False
"""Whether its envs speak in words: then the scripted policies for every text env can play them."""

ENVS = {
    f"guerdon/{name}-v0": {
        "entry_point": "guerdon.envs.manipulation.env:ManipulationEnv",
        "vector_entry_point": "guerdon.envs.manipulation.vector:ManipulationVectorEnv",
        "max_episode_steps": task.steps,
        "kwargs": {"robot_task": name},
    }
    for name, task in TASKS.items()
}
"""The env ids of this world, as arguments of gymnasium's `register`: one for every task."""

HONEST = ("sparse", "distance", "staged", "tolerance", "staged-potential")
"""Rewards that are compared by default: those that want what the task wants."""

ABOUT = {f"guerdon/{name}-v0": inspect.cleandoc(type(task).__doc__ or "") for name, task in TASKS.items()}
"""What each env is about, where the docstring of its class does not say it."""

COMPARE = {
    f"guerdon/{name}-v0": {
        "rewards": tuple(f"manipulation/{reward}-v1" for reward in HONEST),
        "recommended": "manipulation/staged-v1",
        "agent": "robot-ppo",
        "steps": task.budget,
        "env_kwargs": {"split": "train"},
        "sets": {"test": {"split": "test"}},
    }
    for name, task in TASKS.items()
}
"""How each env is compared by default: on starts that were not trained on."""

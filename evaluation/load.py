"""Getting a policy to act, or the reward that it was trained by: by name, or from a run folder."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

from ..agents.actor import Actor
from ..agents.scripted import SCRIPTED, ScriptedActor, find_scripted
from ..core.files import write_atomic
from ..core.names import UnknownNameError
from ..reward_models import Reward, make_reward

__all__ = ["load_actor", "load_reward", "save_reward"]

LEARNED = "reward.pkl"
"""The file of a reward that has learned, in a run's folder of checkpoints."""


def load_actor(policy: str | Path, seed: int = 0, env_id: str | None = None) -> Actor:
    """Return an actor.

    Args:
        policy: a scripted policy's name, or a run folder that holds a policy below checkpoints/. Load only policies
            that you or people you trust have trained: the file format can carry code.
        seed: seeds a scripted policy.
        env_id: where it is to play; "expert", "random" and "lazy" mean the env's own ones then.

    Raises:
        UnknownNameError: it is neither; the message names the nearest scripted policies.
        ValueError: the folder is no finished run.
    """
    name = str(policy) if env_id is None else find_scripted(str(policy), env_id)
    if name in SCRIPTED:
        return ScriptedActor(name, seed)
    folder = Path(policy)
    if not (folder / "run.json").exists():
        raise UnknownNameError("policy", str(policy), SCRIPTED, "scripted policies and run folders")
    info = json.loads((folder / "run.json").read_text())
    if info["agent"].startswith("scripted/"):
        return ScriptedActor(info["agent"].removeprefix("scripted/"), seed)
    weights = folder / "checkpoints"
    if not any(weights.glob("policy.*")):
        raise ValueError(f"{folder}: the run is not finished, there is no policy in it")
    if info["agent"].startswith("recipe/"):
        from ..agents.recipe_learner import load_recipe_policy

        return load_recipe_policy(weights)
    from ..agents.sb3 import load_policy

    return load_policy(info["agent"], weights)


def save_reward(reward: Reward, weights: Path) -> Path:
    """Write a reward with all that it has learned into a run's folder of checkpoints."""
    return write_atomic(weights / LEARNED, pickle.dumps(reward))


def load_reward(reward: str | Path) -> Reward:
    """Return a reward: by its id or expression, or the one that a run was trained by, from the run's folder.

    A reward that learned on the way is the one of the end of the run, and learns no more. Load only run folders that
    you or people you trust have made: the file format can carry code.

    Raises:
        UnknownNameError: it is neither; the message names the nearest.
        ValueError: the expression cannot be read, or the run is not finished.
    """
    folder = Path(reward)
    if not (folder / "run.json").exists():
        return make_reward(str(reward))
    info = json.loads((folder / "run.json").read_text())
    learned = folder / "checkpoints" / LEARNED
    if learned.exists():
        return pickle.loads(learned.read_bytes())
    made = make_reward(info["reward_spec"])
    if made.learns and not info["agent"].startswith("scripted/"):
        raise ValueError(f"{folder}: the run is not finished, so what its reward has learned is not there")
    return made

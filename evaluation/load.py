"""Getting a policy to act: by the name of a scripted one, or from a run folder."""

from __future__ import annotations

import json
from pathlib import Path

from ..agents.actor import Actor
from ..agents.scripted import SCRIPTED, ScriptedActor, find_scripted
from ..core.names import UnknownNameError

__all__ = ["load_actor"]


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

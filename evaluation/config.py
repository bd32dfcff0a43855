"""What a cell of a comparison is: one env, one reward, one agent, one seed, one budget."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from ..reward_models import Reward, make_reward

__all__ = ["CellConfig", "check_world", "default_reward", "defaults_of"]


@dataclass(frozen=True)
class CellConfig:
    """One cell.

    Attributes:
        env, env_kwargs: the env that is trained in.
        reward: id or expression of what the agent is paid.
        agent: a named agent or algorithm, "recipe/NAME", or "scripted/NAME", which does not train.
        seed: seeds everything.
        steps: env steps to train for; rounded up to whole policy updates.
        agent_args: settings that override the agent's own.
        sets: evaluation sets by name: the env kwargs to change for each.
        episodes: tasks of each set that are played in the end; None for all.
        points: how often the learning curve is measured; 0 for never.
        curve_episodes: tasks of each set that are played for a point of the curve.
        video: whether to render an episode in the end.
    """

    env: str
    reward: str
    env_kwargs: Mapping[str, Any] = field(default_factory=dict)
    agent: str = "ppo"
    seed: int = 0
    steps: int = 100_000
    agent_args: Mapping[str, Any] = field(default_factory=dict)
    sets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    episodes: int | None = None
    points: int = 8
    curve_episodes: int = 64
    video: bool = False

    def __post_init__(self) -> None:
        for name, least in {"steps": 0, "episodes": 1, "points": 0, "curve_episodes": 1}.items():
            value = getattr(self, name)
            if value is not None and value < least:
                raise ValueError(f"{name} is {value}, not at least {least}")

    @property
    def scripted(self) -> str | None:
        """Name of the scripted policy, or None."""
        return self.agent.removeprefix("scripted/") if self.agent.startswith("scripted/") else None

    @property
    def recipe(self) -> str | None:
        """Name of the recipe, or None."""
        return self.agent.removeprefix("recipe/") if self.agent.startswith("recipe/") else None

    @property
    def hash(self) -> str:
        """8 hex digits over everything that the result depends on, the reward's code included."""
        plain = asdict(replace(self, video=False)) | {"reward_hash": make_reward(self.reward).hash}
        plain["files"] = [_digest(value) for value in self.env_kwargs.values() if _is_file(value)]
        return hashlib.sha256(json.dumps(plain, sort_keys=True, default=os.fspath).encode()).hexdigest()[:8]

    @property
    def discount(self) -> dict[str, float]:
        """{"gamma": the agent's discount}, or {} if neither the agent nor its settings name one."""
        if self.recipe is not None:
            from ..agents.recipe import make_recipe

            return {"gamma": make_recipe(self.recipe, self.agent_args).gamma}
        preset: Mapping[str, Any] = {}
        if self.scripted is None:
            from ..agents.sb3_settings import find_preset

            preset = find_preset(self.agent).hyper
        gamma = {**preset, **self.agent_args}.get("gamma")
        return {} if gamma is None else {"gamma": gamma}

    def made_reward(self) -> Reward:
        """Return the reward; one that was made for no particular discount takes the agent's."""
        return make_reward(self.reward, **self.discount)

    def folder(self, root: str | Path) -> Path:
        """Return the run folder below `root`."""
        name = self.env.rpartition(":")[2]
        return Path(root, *(_slug(part) for part in (name, self.reward, self.agent)), f"s{self.seed}-{self.hash}")


def _is_file(value: Any) -> bool:
    return isinstance(value, str | os.PathLike) and os.path.isfile(value)


def _digest(path: str | os.PathLike[str]) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def _slug(text: str, most: int = 120) -> str:
    """Return a text as the name of a folder; a long one is cut, and told apart by a digest."""
    name = re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-")
    return name if len(name) <= most else f"{name[: most - 9]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def defaults_of(env_id: str) -> dict[str, Any]:
    """Return how an env of the suite is compared by default: rewards, sets, steps, agent; {} for other envs.

    A world's package states it beside its ids, as `COMPARE`.
    """
    name = env_id.rpartition(":")[2]
    from ..envs.registration import world_of

    world = world_of(name)
    return {} if world is None else dict(importlib.import_module(world).COMPARE.get(name, {}))


def check_world(reward: Reward, env_id: str) -> None:
    """Refuse a reward that was written for another world than the env's.

    Raises:
        ValueError: naming both worlds, and a reward that fits.
    """
    from ..envs.registration import world_of, worlds

    here = (world_of(env_id.rpartition(":")[2]) or "").rpartition(".")[2]
    others = {name.rpartition(".")[2] for name in worlds()} - {here}
    for part in reward.parts:
        world = part.id.partition("/")[0]
        if here and world in others:
            fits = defaults_of(env_id).get("recommended", "")
            raise ValueError(f"{part.id} is for {world}, and {env_id} is of {here}; one that fits is {fits}")


def default_reward(env_id: str, plain: bool = False) -> str:
    """Return the reward that is used where none is named: the one that the env's world recommends for training.

    Args:
        env_id: the env.
        plain: the env's plain reward instead, the first of its default comparison.

    Raises:
        ValueError: the env states none.
    """
    own = defaults_of(env_id)
    if not own:
        raise ValueError(f"which reward? {env_id} has no default, so name one")
    return own["rewards"][0] if plain else own["recommended"]

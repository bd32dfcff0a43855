"""guerdon list: what there is: envs, rewards, reward models, agents, recipes, propositions.

Example:
    guerdon list rewards
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Annotated

import tyro

from guerdon.scripts.options import run

__all__ = ["List", "listing", "main"]

KINDS = ("envs", "rewards", "models", "agents", "recipes", "labels")


@dataclass
class List:
    """List the envs, rewards, models that can be fitted, agents, recipes or propositions, with one line on each.

    Example: guerdon list rewards
    """

    what: Annotated[str, tyro.conf.Positional] = ""
    """envs, rewards, models, agents, recipes or labels. Default: all of them."""


def listing(what: str) -> dict[str, str]:
    """Return name -> one sentence for everything of a kind, found by discovery."""
    from guerdon.core.names import check_name

    check_name("kind of thing to list", what, KINDS)
    if what == "envs":
        from guerdon.envs.registration import about_env, env_ids

        return {name: _first(about_env(name.rpartition(":")[2])) for name in env_ids()}
    if what == "rewards":
        from guerdon.reward_models import REWARDS

        return {name: _first(cls.__doc__) for name, cls in REWARDS.items()}
    if what == "models":
        from guerdon.reward_models.learned.base import MODELS

        return {name: _first(cls.__doc__) for name, cls in MODELS.items()}
    if what == "labels":
        from guerdon.reward_models.formal.labels.base import LABELLINGS

        every = [(world, name, text) for world, one in LABELLINGS.items() for name, text in one.about.items()]
        return {f"{world}: {name}": f"{text[0].upper()}{text[1:]}." for world, name, text in every}
    if what == "agents":
        from guerdon.agents.preset import PRESETS
        from guerdon.agents.scripted import SCRIPTED

        named = {name: preset.about for name, preset in PRESETS.items()}
        return named | {f"scripted/{name}": _first(cls.__doc__) for name, cls in SCRIPTED.items()}
    from guerdon.agents.recipe import RECIPES

    return {name: f"{_first(cls.__doc__)} {cls.source}." for name, cls in RECIPES.items()}


def _first(doc: str | None) -> str:
    return inspect.cleandoc(doc or "").partition("\n")[0]


def main(args: List) -> int:
    """Print the lists."""
    for what in [args.what] if args.what else KINDS:
        things = listing(what)
        print(what if things else f"{what}: none yet")
        width = max(map(len, things), default=0) + 2
        for name, about in things.items():
            print(f"  {name:<{width}}{about}")
        if what == "agents":
            print("  and any algorithm of Stable-Baselines3 and sb3-contrib, by its class name")
    return 0


if __name__ == "__main__":
    run(List, main)

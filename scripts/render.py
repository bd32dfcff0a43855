"""guerdon render: film episodes of a policy, with the reward terms drawn into the picture.

Example:
    guerdon render --policy expert --reward household/plan-distance-v1 --out videos
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

import tyro

from guerdon.scripts.options import EnvArgs, run

__all__ = ["Render", "main"]


@dataclass
class Render:
    """Film episodes of a trained or scripted policy as mp4, named by their outcome, with reward terms drawn in.

    Example: guerdon render --policy household/busy-exploit --reward household/busy-v1 --task train-0007
    """

    policy: str = "expert"
    """A run folder, or the name of a scripted policy."""
    env: str = "guerdon:guerdon/Household-v0"
    """Id of the env."""
    reward: str | None = None
    """Id or expression of the reward that is shown, or a run folder for what that run was trained by. Default: the one
    that the env's world recommends."""
    task: str | None = None
    """The task. Default: one that the seed draws."""
    episodes: int = 1
    """How many episodes; each draws its own task."""
    seed: int = 0
    """Seeds the tasks and the policy."""
    out: str = "videos"
    """Folder of the videos and their index.json."""
    caption: str = ""
    """A sentence at the foot of every page."""
    overrides: Annotated[EnvArgs, tyro.conf.arg(name="")] = field(default_factory=EnvArgs)


def main(args: Render) -> int:
    """Film and print the paths."""
    from guerdon.evaluation.config import default_reward
    from guerdon.evaluation.film import film
    from guerdon.evaluation.load import load_actor, load_reward

    actor = load_actor(args.policy, args.seed, args.env)
    reward = load_reward(args.reward or default_reward(args.env))
    for episode in range(args.episodes):
        print(
            film(
                actor,
                args.env,
                args.overrides.env_kwargs,
                reward,
                args.task,
                args.out,
                seed=args.seed + episode,
                caption=args.caption,
                episode=episode,
            )
        )
    return 0


if __name__ == "__main__":
    run(Render, main)

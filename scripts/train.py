"""guerdon train: train one agent in one env under one reward.

Example:
    guerdon train --env guerdon:guerdon/Household-v0 --reward household/plan-distance-v1 --steps 100000
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

import tyro

from guerdon.scripts.options import Overrides, run

__all__ = ["Train", "main"]


@dataclass
class Train:
    """Train one agent in one env under one reward, and evaluate it on tasks that it was not trained on.

    The run folder holds the policy, the learning curve, every episode and a video. A killed run goes on from its last
    checkpoint when the same command is given again.

    Example: guerdon train --reward household/plan-distance-v1 --steps 100000 --seed 1
    """

    env: str = "guerdon:guerdon/Household-v0"
    """Id of the env."""
    reward: str | None = None
    """Id or expression of what the agent is paid. Default: the one that the env's world recommends."""
    agent: str | None = None
    """A named agent (`guerdon list agents`) or any algorithm of Stable-Baselines3. Default: the env's own."""
    recipe: str | None = None
    """A recipe (`guerdon list recipes`) in the agent's place, such as pure or "pure(temperature=0.5)"."""
    seed: int = 0
    """Seeds everything."""
    steps: int | None = None
    """Env steps. Default: the env's own choice."""
    episodes: int | None = None
    """Tasks of each evaluation set that are played in the end. Default: the env's own choice."""
    points: int = 8
    """Points of the learning curve."""
    out: str = "runs"
    """Folder of the run store."""
    overrides: Annotated[Overrides, tyro.conf.arg(name="")] = field(default_factory=Overrides)


def main(args: Train) -> int:
    """Train; print where the run is and what it achieved."""
    from guerdon.core.episode_log import read_episodes
    from guerdon.evaluation.cell import run_cell
    from guerdon.evaluation.compare import CompareConfig
    from guerdon.evaluation.config import default_reward
    from guerdon.evaluation.progress import CellBoard

    if args.agent and args.recipe:
        raise ValueError(f"train: --agent {args.agent} and --recipe {args.recipe}: name one of them")
    reward = args.reward or default_reward(args.env)
    config = CompareConfig(
        env=args.env,
        rewards=(reward,),
        agent=args.agent,
        recipes=() if args.recipe is None else (args.recipe,),
        steps=args.steps,
        env_kwargs=args.overrides.env_kwargs,
        agent_args=args.overrides.agent_kwargs,
        episodes=args.episodes,
        points=args.points,
    )
    cell = config.cell(reward, args.seed)
    with CellBoard([cell]) as board:
        folder = run_cell(cell, args.out, lambda *news: board.update(cell, *news))
        board.finish(cell)
    rows = read_episodes(folder / "episodes.csv")
    for name in cell.sets:
        played = [row for row in rows if row.phase == name]
        solved = sum(row.is_success for row in played)
        print(f"{name:<10}{solved}/{len(played)} solved, mean return {sum(r.reward for r in played) / len(played):.2f}")
    print(f"run       {folder}")
    return 0


if __name__ == "__main__":
    run(Train, main)

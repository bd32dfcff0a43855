"""guerdon compare: train the same agent under several rewards, or several agents, and report what each really achieved.

Example:
    guerdon compare --reward household/success-v1 household/plan-distance-v1 --seeds 3 --steps 100000
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

import tyro

from guerdon.scripts.options import Overrides, run

__all__ = ["Compare", "main"]


@dataclass
class Compare:
    """Train the same agent under several rewards, or several agents or recipes, and report what each really achieved.

    Without arguments: the household under success, plan-distance and busy, 3 seeds, about four minutes on 2 cores.
    A killed comparison goes on where it was when the same command is given again.

    Several recipes are compared under one reward unless you name more. A recipe may bring constants that the others do
    not have: --recipe rloo "pure(scorer='paid')".

    Example: guerdon compare --reward household/success-v1 household/novelty-v1 --seeds 3 --steps 100000
    """

    env: str = "guerdon:guerdon/Household-v0"
    """Id of the env."""
    reward: tuple[str, ...] = ()
    """Ids or expressions, such as "household/success-v1 + 0.1 * household/novelty-v1". Default: the env's own,
    or the first of these if there are several agents."""
    agent: tuple[str, ...] = ()
    """Named agents (`guerdon list agents`) or algorithms of Stable-Baselines3 and sb3-contrib. Default: the
    env's own."""
    recipe: tuple[str, ...] = ()
    """Recipes (`guerdon list recipes`), such as pure or "pure(temperature=0.5)"; they join the agents."""
    seeds: int = 3
    """How many seeds for each reward and agent."""
    steps: int | None = None
    """Env steps for each cell."""
    episodes: int | None = None
    """Tasks of each evaluation set that are played in the end. Default: the env's own choice."""
    points: int = 8
    """Points of the learning curve."""
    out: str = "runs"
    """Folder of the runs and the report."""
    jobs: int | None = None
    """Cells trained at once. Default: one a CPU."""
    overrides: Annotated[Overrides, tyro.conf.arg(name="")] = field(default_factory=Overrides)


def main(args: Compare) -> int:
    """Run the comparison; print the table and the paths of page, numbers and videos."""
    from rich.console import Console

    from guerdon.evaluation.compare import CompareConfig, compare
    from guerdon.evaluation.report import print_table

    outcome = compare(
        CompareConfig(
            env=args.env,
            rewards=args.reward or None,
            agent=args.agent or None,
            recipes=args.recipe,
            seeds=args.seeds,
            steps=args.steps,
            env_kwargs=args.overrides.env_kwargs,
            agent_args=args.overrides.agent_kwargs,
            episodes=args.episodes,
            points=args.points,
            out=args.out,
            jobs=args.jobs,
        )
    )
    console = Console()
    print_table(outcome.comparison, console)
    console.print(f"report   {outcome.page}", soft_wrap=True, highlight=False)
    console.print(f"numbers  {outcome.json}", soft_wrap=True, highlight=False)
    for video in outcome.videos:
        console.print(f"video    {video}", soft_wrap=True, highlight=False)
    for folder, error in outcome.errors.items():
        console.print(f"[red]failed[/red]   {folder}: {error}", soft_wrap=True, highlight=False)
    return 1 if outcome.errors else 0


if __name__ == "__main__":
    run(Compare, main)

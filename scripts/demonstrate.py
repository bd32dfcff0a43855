"""guerdon demonstrate: record episodes of a scripted or trained policy, to learn a reward from.

Example:
    guerdon demonstrate --env guerdon:guerdon/Reach-v0 --policy expert --episodes 50 --out data/reach
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

import tyro

from guerdon.scripts.options import EnvArgs, run

__all__ = ["Demonstrate", "main"]


@dataclass
class Demonstrate:
    """Record episodes of a policy on training tasks, as a Minari data set that `guerdon fit` learns a reward from.

    Example: guerdon demonstrate --env guerdon:guerdon/Reach-v0 --episodes 50 --out data/reach
    """

    env: str = "guerdon:guerdon/Household-v0"
    """Id of the env."""
    policy: str = "expert"
    """A scripted policy (`guerdon list agents`) or a run folder; "expert:0.3" takes 30% random actions."""
    episodes: int = 50
    """How many."""
    solved: bool = False
    """Keep only episodes that reached the goal; up to four times as many are played to find enough."""
    columns: tuple[str, ...] = ()
    """Figures to keep for each step, such as state.gap or the id of a reward."""
    seed: int = 0
    """Seeds everything."""
    out: str = "data/demonstrations"
    """Folder to write; it must not exist."""
    overrides: Annotated[EnvArgs, tyro.conf.arg(name="")] = field(default_factory=EnvArgs)


def main(args: Demonstrate) -> int:
    """Record, save, and print what was recorded."""
    from guerdon.evaluation.datasets import Origin, demonstrate, save_trajectories, training_kwargs
    from guerdon.evaluation.folders import check_new
    from guerdon.evaluation.progress import WaitBar
    from guerdon.reward_models.learned.demo_features import save_demo_features

    check_new(args.out)
    kwargs = training_kwargs(args.env, args.overrides.env_kwargs)
    with WaitBar("recording", args.episodes) as bar:
        found = demonstrate(
            args.env,
            args.overrides.env_kwargs,
            args.policy,
            args.episodes,
            args.seed,
            solved=args.solved,
            on_episode=bar.advance,
            columns=args.columns,
        )
        save_trajectories(args.out, found, Origin(args.env, kwargs, args.policy, args.seed))
        save_demo_features(found, args.out)  # what learned/gail-v1 and learned/airl-v1 read
    solved, steps = sum(one.steps[-1].success for one in found), sum(map(len, found))
    print(f"recorded  {len(found)} episodes of {args.policy}, {steps} steps, {solved} solved")
    print(f"folder    {args.out}")
    return 0


if __name__ == "__main__":
    run(Demonstrate, main)

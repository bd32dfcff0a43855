"""guerdon prefer: pair segments of behaviour and say which is better, to learn a reward from.

Example:
    guerdon prefer --env guerdon:guerdon/Reach-v0 --pairs 500 --mistakes 0.1 --out data/reach-pairs
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

import tyro

from guerdon.scripts.options import EnvArgs, run

__all__ = ["Prefer", "main"]

TEACHERS = ("synthetic", "hierarchical", "none")


@dataclass
class Prefer:
    """Record good, middling and bad behaviour, cut segments, and have a teacher say which of two is better.

    The synthetic teacher compares sums of a score, with the faults that you give it; the hierarchical one goes down a
    ranking of factors; with "none" the pairs wait for your own answers.

    Example: guerdon prefer --env guerdon:guerdon/Reach-v0 --pairs 500 --mistakes 0.1 --out data/reach-pairs
    """

    env: str = "guerdon:guerdon/Household-v0"
    """Id of the env."""
    pairs: int = 500
    """How many pairs."""
    teacher: str = "synthetic"
    """synthetic, hierarchical or none."""
    by: str | None = None
    """What the synthetic teacher sums, such as success or the id of a reward. Default: the env's recommended reward."""
    beta: float = float("inf")
    """Rationality of the synthetic teacher; inf decides by the sign, lower values are noisier."""
    mistakes: float = 0.0
    """Probability of the opposite answer."""
    myopia: float = 1.0
    """Discount of the synthetic teacher towards the past; below 1 it minds most what happened last."""
    skip: float = 0.0
    """The synthetic teacher skips pairs of which neither is worth this share of the average."""
    equal: float = 0.0
    """The synthetic teacher calls segments equal that differ by less than this share of the average."""
    order: str | None = None
    """Ranking of the hierarchical teacher, by the name of a world. Default: the env's own."""
    policies: tuple[str, ...] = ("expert", "expert:0.3", "random")
    """Who plays, in equal shares: scripted policies or run folders, ":P" for a share P of random actions."""
    episodes: int = 150
    """Episodes of all policies together."""
    shortest: int = 1
    """Steps of a segment, at least."""
    longest: int = 25
    """Steps of a segment, at most."""
    same_task: bool = False
    """Compare segments of the same task only; easier to judge by eye."""
    columns: tuple[str, ...] = ()
    """More figures to keep for each step, such as state.gap or the id of a reward."""
    seed: int = 0
    """Seeds everything."""
    out: str = "data/preferences"
    """Folder to write; it must not exist."""
    overrides: Annotated[EnvArgs, tyro.conf.arg(name="")] = field(default_factory=EnvArgs)


def main(args: Prefer) -> int:
    """Record, ask the teacher, save, and print what it said."""
    import numpy as np

    from guerdon.evaluation.datasets import Origin, prefer, save_preferences, training_kwargs
    from guerdon.evaluation.folders import check_new
    from guerdon.evaluation.progress import WaitBar

    check_new(args.out)
    kwargs = training_kwargs(args.env, args.overrides.env_kwargs)
    teacher, columns = _teacher(args)
    with WaitBar("recording", args.episodes) as bar:
        found = prefer(
            args.env,
            args.overrides.env_kwargs,
            teacher,
            args.pairs,
            args.policies,
            args.episodes,
            args.seed,
            columns=list(dict.fromkeys([*columns, *args.columns])),
            shortest=args.shortest,
            longest=args.longest,
            same_task=args.same_task,
            on_episode=bar.advance,
        )
        save_preferences(args.out, found, Origin(args.env, kwargs, " + ".join(args.policies), args.seed))
    solved, ties = sum(one.steps[-1].success for one in found.trajectories), int((found.labels == 0.5).sum())
    print(f"recorded  {len(found.trajectories)} episodes of {', '.join(args.policies)}, {solved} solved")
    print(f"labels    {int(found.decided.sum())} of {len(found)} pairs, {ties} of them equal (teacher: {args.teacher})")
    if teacher is not None and np.isin(found.labels, (0.0, 1.0)).mean() < 0.2:
        print("          few pairs are decided: choose a --by that tells more, or longer segments")
    verb = "label" if teacher is None else "fit --model bradley-terry --data"
    print(f"folder    {args.out}\nnext      guerdon {verb} {args.out}")
    return 0


def _teacher(args: Prefer) -> tuple[Any, list[str]]:
    """Return who labels, and the figures that it reads."""
    from guerdon.core.names import check_name
    from guerdon.envs.registration import world_of
    from guerdon.evaluation.config import default_reward
    from guerdon.reward_models.learned.hierarchy import HierarchicalTeacher
    from guerdon.reward_models.learned.teachers import SyntheticTeacher

    check_name("teacher", args.teacher, TEACHERS, "guerdon prefer")
    if args.teacher == "none":
        return None, []
    if args.teacher == "hierarchical":
        world = world_of(args.env.rpartition(":")[2]) or ""
        ranked = HierarchicalTeacher(args.order or world.rpartition(".")[2])
        return ranked, [factor.name for factor in ranked.order if not isinstance(factor, str)]
    by = args.by or default_reward(args.env)
    faults = {"beta": args.beta, "gamma": args.myopia, "mistakes": args.mistakes, "skip": args.skip}
    return SyntheticTeacher(by=by, **faults, equal=args.equal, seed=args.seed), [by]


if __name__ == "__main__":
    run(Prefer, main)

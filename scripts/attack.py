"""guerdon attack: attack a reward with edits, with its own gradient, and with a policy that is trained on it alone.

Example:
    guerdon attack reasoning/verbose-scorer-v1 --env guerdon:guerdon/Calc-v0 --out attack
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

import tyro

from guerdon.scripts.options import EnvArgs, run

__all__ = ["Attack", "main"]


@dataclass
class Attack:
    """Attack a reward in three tiers: edits of episodes, the scorer's own gradient, a policy trained on it alone.

    The number is HackGap: how far what that policy is paid runs ahead of what it achieves, on average over the
    training. Without tier 3 it is the share of the edits that the scorer fails.

    Example: guerdon attack reasoning/verbose-scorer-v1 --env guerdon:guerdon/Calc-v0 --out attack
    """

    reward: Annotated[str, tyro.conf.Positional] = ""
    """Id or expression of the reward. Default: the one that the env's world recommends."""
    env: str = "guerdon:guerdon/Household-v0"
    """Id of the env."""
    model: str | None = None
    """File of a fitted reward model (`guerdon fit`), in the reward's place."""
    out: str = "attack"
    """Folder for attack.json, attack.md and attack.html."""
    tiers: tuple[int, ...] = (1, 2, 3)
    """Which tiers."""
    forms: tuple[Literal["sum", "min", "par"], ...] = ("sum",)
    """Tier 3: how step scores are paid; the first gives the number."""
    aggregate: Literal["sum", "min", "last", "mean"] = "sum"
    """Tier 1: what an episode is worth of its steps."""
    episodes: int = 24
    """Recorded of each of three policies."""
    iterations: int = 30
    """Tier 3: batches of 64 episodes."""
    seed: int = 0
    """Seeds everything."""
    overrides: Annotated[EnvArgs, tyro.conf.arg(name="")] = field(default_factory=EnvArgs)


def main(args: Attack) -> int:
    """Attack, write the report, print its headline."""
    from guerdon.evaluation.attacks import attack
    from guerdon.evaluation.attacks.page import save_attack_page
    from guerdon.evaluation.attacks.pursuit import Budget
    from guerdon.evaluation.config import default_reward
    from guerdon.reward_models.learned.base import load_model

    if args.reward and args.model:
        raise ValueError(f"attack: {args.reward} and --model {args.model}: name one of them")
    report = attack(
        load_model(args.model) if args.model else args.reward or default_reward(args.env),
        args.env,
        args.tiers,
        args.seed,
        env_kwargs=args.overrides.env_kwargs or None,
        aggregate=args.aggregate,
        episodes=args.episodes,
        forms=args.forms,
        budget=Budget(iterations=args.iterations),
    )
    out = Path(args.out)
    report.save(out / "attack.json")
    (out / "attack.md").write_text(report.markdown(), encoding="utf-8")
    print(report.headline)
    for one in report.edits:
        if not one.passed:
            print(f"  fails     {one.name}: {one.delta:+.2f}")
    print(f"number    {report.number:+.2f}")
    print(f"page      {save_attack_page(report, out / 'attack.html')}")
    return 0


if __name__ == "__main__":
    run(Attack, main)

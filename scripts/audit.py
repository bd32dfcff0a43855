"""guerdon audit: examine a reward before anything is trained on it.

Example:
    guerdon audit household/busy-v1 --env guerdon:guerdon/Household-v0 --json audit.json
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

import tyro

from guerdon.scripts.options import EnvArgs, run

__all__ = ["Audit", "main"]


@dataclass
class Audit:
    """Examine a reward: bounds, scale, invariances, who earns it without doing the task; and give a verdict.

    "honest": nothing was found. "hackable": some way to play earns like the expert and fails; it is named, and filmed
    for the page. "broken": the reward does not do what it says.

    Example: guerdon audit household/busy-v1 --json audit.json --html audit.html
    """

    reward: Annotated[str, tyro.conf.Positional] = ""
    """Id or expression of the reward. Default: the one that the env's world recommends."""
    env: str = "guerdon:guerdon/Household-v0"
    """Id of the env."""
    json: str | None = None
    """File for the report as JSON; its key "verdict" is honest, hackable or broken."""
    html: str | None = None
    """File for the report as a page."""
    budget: Literal["quick", "full"] = "quick"
    """"full" plays more tasks, searches more, and measures the distance to the env's own reward."""
    gamma: float = 0.99
    """The agent's discount."""
    seed: int = 0
    """Seeds everything."""
    strict: bool = False
    """End with exit code 1 unless the verdict is honest."""
    overrides: Annotated[EnvArgs, tyro.conf.arg(name="")] = field(default_factory=EnvArgs)


def main(args: Audit) -> int:
    """Examine, write what was asked for, print the verdict and why."""
    from guerdon.evaluation.audit import audit
    from guerdon.evaluation.audit.page import film_exploit, save_audit_page
    from guerdon.evaluation.config import default_reward
    from guerdon.reward_models import make_reward

    reward = args.reward or default_reward(args.env)
    report = audit(
        reward,
        args.env,
        args.overrides.env_kwargs or None,
        gamma=args.gamma,
        seed=args.seed,
        budget=args.budget,
    )
    print(f"{report.verdict}: {report.reward} in {args.env.rpartition(':')[2]} ({report.seconds:.0f} s)")
    for one in report.findings:
        if one.severity != "ok":
            print(f"  {one.severity:<9}{one.message}")
    if args.json:
        print(f"json      {report.save(args.json)}")
    if args.html:
        made = make_reward(reward, gamma=args.gamma)
        film = film_exploit(report, made, Path(args.html).with_suffix(""), args.seed)
        print(f"page      {save_audit_page(report, args.html, film)}")
    return int(args.strict and report.verdict != "honest")


if __name__ == "__main__":
    run(Audit, main)

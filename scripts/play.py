"""guerdon play: play a text env in the terminal, and see what each reward would have paid.

Example:
    guerdon play --reward household/plan-distance-v1 household/busy-v1
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Annotated, Any

import tyro

from guerdon.scripts.options import EnvArgs, run

__all__ = ["Play", "main"]


@dataclass
class Play:
    """Play a text env in the terminal.

    Type a command or the number of one; Enter repeats the list, "hint" asks the expert, "quit" ends.

    Example: guerdon play --reward household/plan-distance-v1 --env-arg task_types=2
    """

    env: str = "guerdon:guerdon/Household-v0"
    """Id of the env."""
    reward: str | None = None
    """Id or expression of the reward that is shown. Default: the one that the env's world recommends."""
    task: str | None = None
    """The task. Default: one that the seed draws."""
    seed: int | None = None
    """Seeds the task."""
    overrides: Annotated[EnvArgs, tyro.conf.arg(name="")] = field(default_factory=EnvArgs)


def main(args: Play) -> int:
    """Play one episode; returns 0 if the task was done."""
    import guerdon
    from guerdon.evaluation.config import default_reward

    env = guerdon.make(args.env, args.reward or default_reward(args.env), **args.overrides.env_kwargs)
    observation, info = env.reset(seed=args.seed, options=None if args.task is None else {"task": args.task})
    base = env.unwrapped
    if hasattr(base, "page_text"):
        print(base.goal_text)  # type: ignore[attr-defined]
    print(getattr(base, "page_text", observation), "\n", sep="")
    total, terminated, truncated = 0.0, False, False
    _show(info)
    while not (terminated or truncated):
        print("> ", end="", flush=True)
        words = sys.stdin.readline()
        command = words.strip()
        if not words or command in ("quit", "exit"):
            break
        if command in ("", "hint"):
            print(f"  expert: {info['expert_action']}") if command else _show(info)
            continue
        if command.isdecimal() and int(command) < len(info["admissible_actions"]):
            command = info["admissible_actions"][int(command)]
            print(f"  {command}")
        observation, reward, terminated, truncated, info = env.step(command)
        total += float(reward)
        why = f"  ({info['failure']})" if info["failure"] else ""
        terms = "  ".join(f"{name} {value:+.3f}" for name, value in info["reward_terms"].items())
        print(f"{getattr(base, 'page_text', observation)}{why}\n  reward {reward:+.3f} (so far {total:+.2f})   {terms}")
        if info["dead_end"]:
            print("  a dead end: the task cannot be done any more")
    print("The task is done." if info["is_success"] else "The task is not done.")
    return 0 if info["is_success"] else 1


def _show(info: dict[str, Any]) -> None:
    for number, action in enumerate(info["admissible_actions"]):
        print(f"  {number:>2}  {action}")


if __name__ == "__main__":
    run(Play, main)

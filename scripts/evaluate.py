"""guerdon evaluate: play a fixed list of tasks with a trained or scripted policy and report the objective.

Example:
    guerdon evaluate --policy expert --env-arg split=valid_unseen
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Annotated

import tyro

from guerdon.scripts.options import EnvArgs, run

__all__ = ["Evaluate", "main"]


@dataclass
class Evaluate:
    """Play a fixed list of tasks, each once, and report success and return by task type.

    Example: guerdon evaluate --policy runs/guerdon-Household-v0/.../s0-1a2b3c4d --env-arg split=valid_unseen
    """

    policy: str = "expert"
    """A run folder, or the name of a scripted policy (`guerdon list agents`)."""
    env: str = "guerdon:guerdon/Household-v0"
    """Id of the env."""
    reward: str | None = None
    """Id or expression under which the episodes are scored as well, or a run folder for what that run was trained by.
    Default: the env's plain one."""
    episodes: int | None = None
    """How many tasks, spread evenly over the env's list. Default: all."""
    seed: int = 0
    """Seeds the policy's draws."""
    overrides: Annotated[EnvArgs, tyro.conf.arg(name="")] = field(default_factory=EnvArgs)


def main(args: Evaluate) -> int:
    """Evaluate and print one line a task type."""
    from guerdon.evaluation.config import default_reward
    from guerdon.evaluation.evaluate import evaluate, task_list
    from guerdon.evaluation.load import load_actor, load_reward

    kwargs = args.overrides.env_kwargs
    actor = load_actor(args.policy, env_id=args.env)
    tasks = task_list(args.env, kwargs, args.episodes)
    reward = load_reward(args.reward or default_reward(args.env, plain=True))
    rows = evaluate(actor, args.env, kwargs, reward, tasks, args.seed)
    groups = defaultdict(list)
    for row in rows:
        groups[row.task_type].append(row)
    print(f"{'task type':<34}{'solved':>12}{'objective':>11}{'return':>9}{'steps':>8}")
    for name, some in [*sorted(groups.items()), ("all", rows)]:
        solved, count = sum(row.is_success for row in some), len(some)
        means = [sum(getattr(row, key) for row in some) / count for key in ("objective", "reward", "length")]
        print(f"{name:<34}{f'{solved}/{count}':>12}{means[0]:>11.2f}{means[1]:>9.2f}{means[2]:>8.1f}")
    return 0


if __name__ == "__main__":
    run(Evaluate, main)

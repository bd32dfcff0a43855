"""Measures whole training, playing and learning, by a recipe of our own against Stable-Baselines3 with equal settings.

    python scripts/bench_training.py [--quick] [--json docs/results/bench_training.json]

Both sides learn from the same number of env steps between updates, in minibatches of the same size, for as many epochs.
They take turns, so a busy machine disturbs both alike, and each ratio is of two stretches that follow each other. Time
is CPU time of one process with one thread, and wall time where "wall" is said. In the household "new games" is the
beginning of a training, where most episodes are the first of their game and much time goes into building it, on both
sides; "known games" is later, on a few games that have all been played.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from time import perf_counter, process_time
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch

from guerdon.agents.recipe_learner import RecipeLearner
from guerdon.agents.sb3 import Sb3Learner
from guerdon.agents.sb3_settings import find_preset
from guerdon.reward_models import make_reward
from guerdon.scripts.bench_figures import Figure, parser, report

__all__ = ["main", "measure"]

HOUSEHOLD = "guerdon:guerdon/Household-v0"
HOUSEHOLD_REWARD = "household/plan-distance-v1"
KNOWN: dict[str, Any] = {"split": "valid_seen", "task_types": (1, 2)}
ROBOTS = ("Reach-v0", "PickPlace-v0")


def measure(
    name: str,
    sides: tuple[Any, Any],
    repetitions: int,
    stretch: int,
    warm_up: int,
    target: tuple[str, float] | None = None,
) -> Iterator[Figure]:
    """Let two learners train in turns; yield their rates and the ratios of the first one's to the second one's.

    Args:
        name: of the env, for the table.
        sides: ours and theirs.
        repetitions: turns of each.
        stretch: env steps of a turn.
        warm_up: env steps of both before.
        target: of the ratio of rates by CPU time.
    """
    rates: dict[tuple[int, str], list[float]] = {(side, clock): [] for side in (0, 1) for clock in ("cpu", "wall")}
    for side in sides:
        side.learn(warm_up, _ignore)
    for _ in range(repetitions):
        for which, side in enumerate(sides):
            gc.collect()
            before, cpu, wall = side.steps, process_time(), perf_counter()
            side.learn(stretch, _ignore)
            cpu, wall = process_time() - cpu, perf_counter() - wall
            rates[which, "cpu"].append((side.steps - before) / cpu)
            rates[which, "wall"].append((side.steps - before) / wall)
    for which, side in enumerate(("recipe gae", "Stable-Baselines3")):
        yield Figure(f"{name}, {side}", "steps/CPU-s", rates[which, "cpu"])
        yield Figure(f"{name}, {side}, wall", "steps/s", rates[which, "wall"])
    ratios = {
        clock: [a / b for a, b in zip(rates[0, clock], rates[1, clock], strict=True)] for clock in ("cpu", "wall")
    }
    yield Figure(f"{name}, ours to theirs", "times", ratios["cpu"], target)
    yield Figure(f"{name}, ours to theirs, wall", "times", ratios["wall"])


def _ignore(info: Mapping[str, Any]) -> None:
    """Take no note of an episode."""


def _sides(
    agent: str, env: str, env_kwargs: Mapping[str, Any], reward: str, policy: Mapping[str, Any]
) -> tuple[Any, Any]:
    """Return the recipe "gae" with the numbers of a preset, and the preset."""
    preset = find_preset(agent)
    hyper = preset.hyper
    settings = {
        "num_envs": preset.num_envs,
        "segment": hyper["n_steps"],
        "minibatch": hyper["batch_size"],
        "epochs": hyper["n_epochs"],
        "learning_rate": hyper["learning_rate"],
        "gamma": hyper["gamma"],
        "lam": hyper["gae_lambda"],
        "entropy": hyper.get("ent_coef", 0.0),
        "max_grad_norm": 0.5,
        "policy": dict(policy),
    }
    made = make_reward(reward)
    ours = RecipeLearner("gae", env, env_kwargs, made, 0, settings, device="cpu")
    return ours, Sb3Learner(agent, env, env_kwargs, made, 0, {}, device="cpu")


def _figures(quick: bool) -> Iterator[Figure]:
    repetitions = 2 if quick else 11
    text = ("ppo", HOUSEHOLD)
    yield from measure(
        "Household, known games",
        _sides(*text, KNOWN, HOUSEHOLD_REWARD, {"width": 32}),
        repetitions,
        stretch=2048,
        warm_up=2048 if quick else 40960,
        target=(">=", 5.0),
    )
    yield from measure(
        "Household, new games", _sides(*text, {}, HOUSEHOLD_REWARD, {"width": 32}), repetitions, 2048, warm_up=2048
    )
    for robot in ROBOTS:
        sides = _sides("robot-ppo", f"guerdon:guerdon/{robot}", {}, "manipulation/staged-v1", {"log_std": -0.7})
        yield from measure(robot.removesuffix("-v0"), sides, repetitions, 4096, warm_up=4096, target=(">=", 1.5))


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table and, if asked to, write the figures."""
    args = parser(__doc__).parse_args(argv)
    torch.set_num_threads(1)
    report(_figures(args.quick), args, None, torch=torch.__version__)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Measures whole training, playing and learning, by a recipe of our own against Stable-Baselines3 with equal settings.

    python scripts/bench_training.py [--quick] [--json docs/results/bench_training.json]

Both sides learn from the same number of env steps between updates, in minibatches of the same size, for as many epochs.
They take turns, so a busy machine disturbs all alike, and each ratio is of stretches that follow each other. Time is
CPU time of one process with one thread, and wall time where "wall" is said. In the household "new games" is the
beginning of a training, where most episodes are the first of their game and much time goes into building it, on both
sides; "known games" is later, on a few games that have all been played.

The recipe also trains in two processes, on two cores. That is compared, in wall time, with Stable-Baselines3 on the
same cores with one or two threads of torch, whichever is faster in the median; and for robots also with two threads
that step the simulations, an argument of the env that helps any agent.
"""

from __future__ import annotations

import gc
import os
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from time import perf_counter, process_time
from typing import Any, NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch

from guerdon.agents.recipe_learner import RecipeLearner
from guerdon.agents.sb3 import Sb3Learner
from guerdon.agents.sb3_settings import find_preset
from guerdon.reward_models import make_reward
from guerdon.scripts.bench_figures import Figure, parser, report

__all__ = ["Side", "main", "measure"]

HOUSEHOLD = "guerdon:guerdon/Household-v0"
HOUSEHOLD_REWARD = "household/plan-distance-v1"
KNOWN: dict[str, Any] = {"split": "valid_seen", "task_types": (1, 2)}
ROBOTS = ("Reach-v0", "PickPlace-v0")


class Side(NamedTuple):
    """Who trains: a name for the table, a learner, and the threads that torch has in its turns."""

    name: str
    learner: Any
    threads: int = 1


OURS, TWO, THEIRS, THREADS, PHYSICS = (
    "recipe gae",
    "recipe gae in 2 processes",
    "Stable-Baselines3",
    "Stable-Baselines3, 2 torch threads",
    "Stable-Baselines3, 2 physics threads",
)


def measure(
    name: str,
    sides: Sequence[Side],
    repetitions: int,
    stretch: int,
    warm_up: int,
    target: float | None = None,
) -> Iterator[Figure]:
    """Let learners train in turns; yield their rates and the ratios of ours to theirs.

    Args:
        name: of the env, for the table.
        sides: ours, in one process and in two, and theirs; the same learner may come with several numbers of threads.
        repetitions: turns of each.
        stretch: env steps of a turn.
        warm_up: env steps of each learner before.
        target: of the ratios of rates, by CPU time in one process and by wall time in two.
    """
    rates: dict[tuple[str, str], list[float]] = {(side.name, clock): [] for side in sides for clock in ("cpu", "wall")}
    for learner in {id(side.learner): side.learner for side in sides}.values():
        learner.learn(warm_up, _ignore)
    for _ in range(repetitions):
        for side in sides:
            gc.collect()
            torch.set_num_threads(side.threads)
            before, cpu, wall = side.learner.steps, process_time(), perf_counter()
            side.learner.learn(stretch, _ignore)
            cpu, wall = process_time() - cpu, perf_counter() - wall
            rates[side.name, "cpu"].append((side.learner.steps - before) / cpu)
            rates[side.name, "wall"].append((side.learner.steps - before) / wall)
    torch.set_num_threads(1)
    for side in sides:
        if side.name in (OURS, THEIRS):  # what several threads or processes cost, the clock of one does not tell
            yield Figure(f"{name}, {side.name}", "steps/CPU-s", rates[side.name, "cpu"])
        yield Figure(f"{name}, {side.name}, wall", "steps/s", rates[side.name, "wall"])

    def ratio(ours: str, theirs: str, clock: str) -> list[float]:
        return [a / b for a, b in zip(rates[ours, clock], rates[theirs, clock], strict=True)]

    aim = None if target is None else (">=", target)
    yield Figure(f"{name}, ours to theirs", "times", ratio(OURS, THEIRS, "cpu"), aim)
    yield Figure(f"{name}, ours to theirs, wall", "times", ratio(OURS, THEIRS, "wall"))
    best = max((THEIRS, THREADS), key=lambda theirs: statistics.median(rates[theirs, "wall"]))
    yield Figure(f"{name}, 2 processes to theirs, wall", "times", ratio(TWO, best, "wall"), aim)
    if any(side.name == PHYSICS for side in sides):
        yield Figure(f"{name}, 2 processes to 2 physics threads, wall", "times", ratio(TWO, PHYSICS, "wall"))


def _ignore(info: Mapping[str, Any]) -> None:
    """Take no note of an episode."""


def _sides(
    agent: str,
    env: str,
    env_kwargs: Mapping[str, Any],
    reward: str,
    policy: Mapping[str, Any],
    physics: bool = False,
) -> list[Side]:
    """Return the recipe "gae" with the numbers of a preset, in one process and in two, and the preset."""
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
    ours, two = (
        RecipeLearner("gae", env, env_kwargs, made, 0, {**settings, "processes": many}, device="cpu") for many in (1, 2)
    )
    theirs = Sb3Learner(agent, env, env_kwargs, made, 0, {}, device="cpu")
    sides = [Side(OURS, ours), Side(TWO, two), Side(THEIRS, theirs), Side(THREADS, theirs, threads=2)]
    if physics:
        threaded = Sb3Learner(agent, env, {**env_kwargs, "num_threads": 2}, made, 0, {}, device="cpu")
        sides.append(Side(PHYSICS, threaded))
    return sides


def _figures(quick: bool) -> Iterator[Figure]:
    repetitions = 2 if quick else 11
    text = ("ppo", HOUSEHOLD)
    yield from measure(
        "Household, known games",
        _sides(*text, KNOWN, HOUSEHOLD_REWARD, {"width": 32}),
        repetitions,
        stretch=2048,
        warm_up=2048 if quick else 40960,
        target=5.0,
    )
    sides = _sides(*text, {}, HOUSEHOLD_REWARD, {"width": 32})
    yield from measure("Household, new games", sides, repetitions, 2048, warm_up=2048)
    for robot in ROBOTS:
        own, reward = {"log_std": -0.7}, "manipulation/staged-v1"
        sides = _sides("robot-ppo", f"guerdon:guerdon/{robot}", {}, reward, own, physics=True)
        yield from measure(robot.removesuffix("-v0"), sides, repetitions, 4096, warm_up=4096, target=1.5)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table and, if asked to, write the figures."""
    args = parser(__doc__).parse_args(argv)
    torch.set_num_threads(1)
    report(_figures(args.quick), args, None, torch=torch.__version__)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What a small language model judges by.

Judges of pairs favour a place or a letter (Zheng et al., arXiv 2306.05685, 2023; Wang et al., arXiv 2305.17926, 2023),
and log-probabilities favour fluent text (Holtzman et al., surface form competition, arXiv 2104.08315, 2021). Measured
here with SmolLM2-135M-Instruct on pairs whose better half is known: in the household and the web shop, an action of the
expert and an admissible one that brings success no nearer; with the robot that pushes, where things are after an
episode of the expert and after one of random actions, in words. Every other time the robot is told to keep the object
away from its target, which makes the better one the worse: who does not read the task is right in half of those pairs.

Accuracy is the share of pairs in which the better one wins; chance is 0.5. "A first" is the share of questions that
were answered A, and "alike" the share of pairs judged alike in both orders: without a bias they would be 0.5 and 1.
"Longer wins" and "fluent wins" are the shares of pairs in which the longer text is preferred, and the one that the
model finds likelier when it is not told the task. PMI is log P(text | task) - log P(text).

12 pairs of each kind for a seed, about 100 s of CPU a seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import gymnasium as gym
import numpy as np

from guerdon.core.random import derive_seed
from guerdon.core.trajectory import Step, Trajectory
from guerdon.evaluation.recording import record
from guerdon.reward_models.language.backend import LLMBackend, Message, Query
from guerdon.reward_models.language.opening import open_backend
from guerdon.reward_models.language.pairwise_judge import PairwiseJudge
from guerdon.reward_models.language.transcripts import ManipulationOutcome, TextTranscript, next_action_query

__all__ = ["finding", "measure"]

PAIRS = 12
WORLDS = {"household steps": "Household-v0", "web shop steps": "WebShop-v0", "robot outcomes": "Push-v0"}
ONE, BOTH, LIKELY, FLUENT, PMI = "A or B, one order", "A or B, both orders", "log P", "log P without the task", "PMI"
TO, AWAY = "bring the object to its target", "keep the object far away from its target"
Pair = tuple[Trajectory, Trajectory, int]
"""The better trajectory, the worse one, and the step where the segment begins that is judged."""


def measure(seeds: int) -> list[dict[str, Any]]:
    """Return a row for each kind of pair and each way to judge.

    Raises:
        LLMError: the weights are not there.
    """
    backend = open_backend("smollm2", mode="off")
    backend.ask([Query((Message("user", "hello"),), max_tokens=1)])  # says at once if it cannot be asked
    rows = []
    for world, name in WORLDS.items():
        runs = [_judged(backend, world, _pairs(name, seed)) for seed in range(seeds)]
        for how in runs[0]:
            figures = {what: [run[how][what] for run in runs] for what in runs[0][how]}
            rows.append({"world": world, "judged by": how, **figures})
    backend.close()
    return rows


def finding(rows: Sequence[dict[str, Any]]) -> str:
    """Say which biases appear, and what is left of the judgement."""
    mean = {
        (row["world"], row["judged by"]): {
            what: float(np.mean(value)) for what, value in row.items() if isinstance(value, list)
        }
        for row in rows
    }
    alike, first, one = ([mean[world, ONE][what] for world in WORLDS] for what in ("alike", "A first", "accuracy"))
    both = [mean[world, BOTH]["accuracy"] for world in WORLDS]
    told, blind = ([mean[world, how]["accuracy"] for world in WORLDS] for how in (LIKELY, FLUENT))
    biased = "decides" if np.mean(alike) < 0.5 else "does not decide"
    gained = np.mean(both) - np.mean(one)
    helps = "helps" if gained > 0.03 else "hardly changes it" if gained > -0.03 else "hurts"
    split = "appears" if min(told[:2]) > 0.6 and told[2] < 0.6 else "does not appear"
    each = ", ".join(f"{a:.2f} on {world} ({b:.2f})" for world, a, b in zip(WORLDS, told, blind, strict=True))
    return (
        f"Asked for A or B, the place {biased}: {np.mean(alike):.0%} of the pairs are judged alike in both orders, and "
        f"A is the answer to {min(first):.0%} to {max(first):.0%} of the questions. Averaging both orders {helps} "
        f"(accuracy {np.mean(one):.2f} with one order, {np.mean(both):.2f} with both). That log P works on actions and "
        f"not on outcomes {split}: its accuracy, in brackets that of the same without the task, is {each}."
    )


class _Outcome(ManipulationOutcome):
    """Outcomes for tasks that differ from trajectory to trajectory."""

    def task(self, trajectory: Trajectory) -> str:
        return trajectory.task_id


def _judged(backend: LLMBackend, world: str, pairs: Sequence[Pair]) -> dict[str, dict[str, float]]:
    outcome = _Outcome() if world == "robot outcomes" else None
    trajectories = [one for better, worse, _ in pairs for one in (better, worse)]
    segments = np.array(
        [
            [(2 * row, start, len(better)), (2 * row + 1, start, len(worse))]
            for row, (better, worse, start) in enumerate(pairs)
        ]
    )
    judge = PairwiseJudge(backend, transcript=outcome or TextTranscript(200, outcomes=False))
    margins = judge.margins(trajectories, segments)
    likely, fluent = (np.array(found) for found in _log_probabilities(backend, pairs, outcome))
    words = [[_words(one, start, outcome) for one in pair] for *pair, start in pairs]
    longer = np.array([float(np.sign(len(a) - len(b))) for a, b in words])

    def agree(margin: np.ndarray, other: np.ndarray) -> float:
        told = np.sign(other) != 0
        return float(np.mean(_won(margin[told] * np.sign(other[told])))) if told.any() else 0.5

    def row(margin: np.ndarray, **more: float) -> dict[str, float]:
        own = {"accuracy": float(np.mean(_won(margin))), "longer wins": agree(margin, longer)}
        return {**own, "fluent wins": agree(margin, fluent), **more}

    # In the first order the better one is A: half of the questions are asked the other way around.
    half = np.where(np.arange(len(pairs)) % 2 == 0, margins[:, 0], margins[:, 1])
    first = float(np.mean(np.concatenate([_won(margins[:, 0]), _won(-margins[:, 1])])))
    alike = float(np.mean(np.sign(margins[:, 0]) == np.sign(margins[:, 1])))
    return {
        ONE: row(half, **{"A first": first, "alike": alike}),
        BOTH: row(margins.mean(axis=1)),
        LIKELY: row(likely),
        FLUENT: row(fluent),
        PMI: row(likely - fluent),
    }


def _won(margin: np.ndarray) -> np.ndarray:
    """Return 1 where the margin is positive, 0 where it is negative, and half a win for a tie."""
    return 0.5 * (np.sign(margin) + 1.0)


def _log_probabilities(
    backend: LLMBackend, pairs: Sequence[Pair], tell: ManipulationOutcome | None
) -> tuple[list[float], list[float]]:
    """Return log P of the better less that of the worse, told the task and not told it."""
    queries = []
    for better, worse, start in pairs:
        options = (_words(better, start, tell), _words(worse, start, tell))
        if tell is None:
            queries.append(next_action_query(better, start, options, chars=200))
            bare = "What is the next action?"
        else:
            asked = f"Task of a robot: {tell.task(better)}.\nThe robot did it well. What is the outcome?"
            queries.append(Query((Message("user", asked),), options=options))
            bare = "What is the outcome?"
        queries.append(Query((Message("user", bare),), options=options))
    margins = [answer.logprobs[0] - answer.logprobs[1] for answer in backend.ask(queries)]
    return margins[::2], margins[1::2]


def _words(one: Trajectory, start: int, tell: ManipulationOutcome | None) -> str:
    return str(one.steps[start].action) if tell is None else tell(one, start, len(one))


def _pairs(name: str, seed: int) -> list[Pair]:
    env_id = f"guerdon:guerdon/{name}"
    if name == "Push-v0":
        good, bad = (record(env_id, None, who, PAIRS, seed, states=True) for who in ("expert", "random"))
        return [
            (replace(a, task_id=TO), replace(b, task_id=TO), len(a) - 1)
            if number % 2
            else (replace(b, task_id=AWAY), replace(a, task_id=AWAY), len(b) - 1)
            for number, (a, b) in enumerate(zip(good, bad, strict=True))
            if a.objective > b.objective
        ]
    env: Any = gym.make(env_id).unwrapped
    rng = np.random.default_rng(derive_seed(seed, name))
    found: list[Pair] = []
    while len(found) < PAIRS:
        pair = _step_pair(env, int(rng.integers(2**31)), rng)
        if pair is not None:
            found.append(pair)
    return found


def _step_pair(env: Any, seed: int, rng: np.random.Generator) -> Pair | None:
    """Return an episode of the expert up to a random step, and one with a useless last action; None if all help."""
    obs, info = env.reset(seed=seed)
    wanted, steps, worse = int(rng.integers(info["plan_length"])), [], None
    for number in range(wanted + 1):
        others = [action for action in info["admissible_actions"] if action != info["expert_action"]]
        action, offered, here = info["expert_action"], tuple(info["admissible_actions"]), env.snapshot()
        plan, before = info["plan_length"], obs
        if number == wanted:
            for other in rng.permutation(others).tolist():
                obs, _, over, _, info = env.step(other)
                if not 0 <= info["plan_length"] < plan:
                    worse = Step(before, other, obs, bool(over), admissible=offered)
                    break
                obs, info = env.restore(here)
            env.restore(here)
        obs, _, over, _, info = env.step(action)
        steps.append(Step(before, action, obs, bool(over), admissible=offered))
    if worse is None:
        return None
    return Trajectory("pair", seed, steps), Trajectory("pair", seed, [*steps[:-1], worse]), wanted

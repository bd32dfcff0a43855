"""Rewards written from an instruction and the documentation of the state.

Published (Text2Reward, Xie et al., 2023): code that a language model writes at the first try trains policies as good as
hand-written rewards do in 13 of 17 tasks, and a person's remark mends what is wrong with it. Measured here: answers of
a large language model that were recorded once (its author had read the suite's own rewards, so this is no test of a
first try), trained on with the same agent and budget as the hand-written and the sparse reward; and a reward that was
misspecified on purpose, before and after the answer to one remark. Success is that on held-out tasks. Where the
weights of the small model SmolLM2 (135M parameters) are there, it is asked for programs of four tasks, held to the JSON
schema, one for each seed: the share that can be read, that pass all checks, and that pass after one repair.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from guerdon.evaluation.evidence import gather
from guerdon.evaluation.writing.agreement import agreement
from guerdon.evaluation.writing.checking import Checker
from guerdon.evaluation.writing.request import Draft
from guerdon.evaluation.writing.text2reward import Text2Reward
from guerdon.evaluation.writing.training import CellTrainer
from guerdon.evaluation.writing.writers import LanguageWriter
from guerdon.evaluation.writing.written import Library
from guerdon.reward_models import make_reward
from guerdon.reward_models.language.opening import open_backend
from guerdon.reward_models.language.weights import SMOLLM2
from guerdon.reward_models.programs.written import recorded_answers

STEPS, DEMOS = 40_000, 4
CASES = {
    "Reach": ("reach",),
    "DrawerClose": ("drawer-close", "drawer-close-planted", "drawer-close-revision"),
}
HAND, SPARSE = "manipulation/staged-v1", "manipulation/sparse-v1"
SMALL = ("reach", "drawer-close", "push", "household")
ROLES = {"zero-shot": "written", "planted": "misspecified", "revision": "after one remark"}
BAND = 0.9


def measure(seeds: int) -> list[dict[str, Any]]:
    """Train on all rewards; ask the small model if it is there."""
    import torch

    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        rows = [row for task in CASES for row in _trained(task, seeds, Path(folder))]
        return [*rows, *_asked(seeds, Path(folder))]


def _trained(task: str, seeds: int, folder: Path) -> list[dict[str, Any]]:
    env = f"guerdon:guerdon/{task}-v0"
    evidence = gather(env, None, DEMOS, 0)
    checker, answers = Checker(evidence, Library(folder)), {one.name: one for one in recorded_answers()}
    rewards = {}
    for name in CASES[task]:
        rewards[ROLES[answers[name].role]] = checker(Draft(answers[name].form, answers[name].text)).reward
    rows = []
    for role, reward in {**rewards, "hand-written": HAND, "sparse": SPARSE}.items():
        made = make_reward(reward)
        passes = not checker.validator.check(made).failed
        correlation = agreement(made, evidence).correlation
        trained = [CellTrainer(env, STEPS, folder / "runs", seed=seed)([reward])[0] for seed in range(seeds)]
        rows.append(
            {
                "task": task,
                "reward": role,
                "passes all checks": "yes" if passes else "no",
                "agreement": round(correlation, 3),
                "success": [one.held_out or 0.0 for one in trained],
            }
        )
    return rows


def _asked(seeds: int, folder: Path) -> list[dict[str, Any]]:
    """Ask the small model."""
    if SMOLLM2.find() is None:
        return []
    answers = {one.name: one for one in recorded_answers()}
    backend = open_backend("smollm2", folder / "answers.jsonl")
    rows = []
    for name in SMALL:
        answer = answers[name]
        kwargs = {"task_types": (1,)} if "Household" in answer.env else None
        checker = Checker(gather(answer.env, kwargs, DEMOS, 0), Library(folder / name))
        row: dict[str, Any] = {"task": name, "reward": "SmolLM2", "can be read": [], "passes": [], "after a repair": []}
        for seed in range(seeds):
            writer = LanguageWriter(backend, "program", max_tokens=200)
            first, mended = (
                Text2Reward(writer, checker, repairs=repairs, seed=seed).write(answer.env, answer.goal)[0]
                for repairs in (0, 1)
            )
            row["can be read"].append(float(bool(first.reward)))
            row["passes"].append(float(first.ok))
            row["after a repair"].append(float(mended.ok))
        rows.append(row)
    backend.close()
    return rows


def finding(rows: Sequence[Mapping[str, Any]]) -> str:
    """Compare written with hand-written, and before with after."""
    success = {(row["task"], row["reward"]): float(np.mean(row["success"])) for row in rows if "success" in row}
    good = [
        task
        for task in CASES
        if success[task, "written"] > 0 and success[task, "written"] >= BAND * success[task, "hand-written"]
    ]
    said = ", ".join(
        f"{task}: {success[task, 'written']:.2f} against {success[task, 'hand-written']:.2f} (sparse "
        f"{success[task, 'sparse']:.2f})"
        for task in CASES
    )
    before, after = (success["DrawerClose", role] for role in ("misspecified", "after one remark"))
    hand = "the hand-written one's success"
    told = (
        f"The recorded rewards reach {BAND:.0%} of {hand} in {len(good)} of {len(CASES)} tasks"
        f" ({said}). One remark takes the misspecified reward from {before:.2f} to {after:.2f}"
        f"{'' if after > before else ', so it does not help'}."
    )
    small = [row for row in rows if "can be read" in row]
    if small:
        read, passes, mended = (
            float(np.mean([row[name] for row in small])) for name in ("can be read", "passes", "after a repair")
        )
        told += (
            f" Of SmolLM2's programs {read:.0%} can be read, {passes:.0%} pass all checks, {mended:.0%} after a repair."
        )
    return told

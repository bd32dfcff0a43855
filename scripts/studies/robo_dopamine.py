"""Progress by hops as a reward: Robo-Dopamine on the robot arm.

Published (arXiv 2512.23703, 2025): progress that is learned from demonstrations helps as potential-based shaping;
without the shaping form it is worst (43.7 points less), and one demonstration of a new task is better than none (21.8
points). Here: a network of three layers in place of a vision-language model, on 20 demonstrations of the scripted
expert, 50 on Reach, where it sees only the way to the target; PPO (robot-ppo); success on tasks that were not trained
on, early in training, when the reward without shaping has not solved the task yet. Success ends no episode here, so
that dwelling at the goal is what is wanted: the trap of progress as a reward needs an end. Nothing but the rows that
add manipulation/sparse-v1 sees the true success. VOC is the rank correlation of time and progress on ten episodes each.
For zero-shot and one-shot the model is of ButtonPress, and one
demonstration of DrawerClose is its reference, or what it is fine-tuned on. About three minutes of CPU a seed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from guerdon.evaluation.recording import record
from guerdon.evaluation.trial import trained_success
from guerdon.evaluation.voc import value_order
from guerdon.reward_models.learned.progress import HopProgressModel

__all__ = ["finding", "measure"]

TASK, OTHER, STEPS = "DrawerClose", "ButtonPress", 40_000
REACH_STEPS = 60_000
DEMOS, WAY = 20, "achieved_goal-desired_goal"
SPARSE, DENSE = "manipulation/sparse-v1", "manipulation/staged-v1"
SHAPED, GOLD = "sparse + shaping", "progress's own success + shaping"
DIFFERENCE, RAW = "sparse + difference", "progress itself"
ARMS: dict[str, str] = {
    "sparse": SPARSE,
    SHAPED: f"{SPARSE} + MODEL(path=PATH, form='shaping')",
    GOLD: "MODEL(path=PATH, form='progress')",
    DIFFERENCE: f"{SPARSE} + MODEL(path=PATH, form='difference')",
    RAW: "MODEL(path=PATH, form='reward')",
    "hand-written, dense": DENSE,
}
FILMS = "held-out demonstrations", "the same reversed", "random play"
ZERO, ONE = "zero-shot: sparse + shaping", "one-shot: sparse + shaping"


def measure(seeds: int) -> list[dict[str, Any]]:
    """Fit, score and train."""
    import torch

    torch.set_num_threads(1)
    rows = [*_voc(TASK, seeds), *_voc("Household", seeds)]
    models = {TASK: _fitted(TASK), "Reach": _fitted("Reach"), ZERO: _adapted(0), ONE: _adapted(500)}
    with tempfile.TemporaryDirectory() as folder:
        for task, steps in ((TASK, STEPS), ("Reach", REACH_STEPS)):
            for name, reward in ARMS.items():
                if task == TASK or name in ("sparse", SHAPED, RAW, "hand-written, dense"):
                    rows.append(_trained(task, steps, name, reward, models[task], seeds, folder))
        for name in (ZERO, ONE):
            rows.append(_trained(TASK, STEPS, name, ARMS[SHAPED], models[name], seeds, folder))
    return rows


Fitted = Callable[[int], HopProgressModel]


def _demos(task: str, seed: int, count: int = DEMOS) -> Any:
    return record(f"guerdon:guerdon/{task}-v0", {}, "expert", count, seed)


def _fitted(task: str) -> Fitted:
    def make(seed: int) -> HopProgressModel:
        model = HopProgressModel(only=WAY) if task == "Reach" else HopProgressModel()
        model.fit(_demos(task, seed, 50 if task == "Reach" else DEMOS), seed)
        return model

    return make


def _adapted(updates: int) -> Fitted:
    def make(seed: int) -> HopProgressModel:
        model = _fitted(OTHER)(seed)
        model.adapt(_demos(TASK, seed, 1), seed, updates)
        return model

    return make


def _trained(task: str, steps: int, name: str, reward: str, fitted: Fitted, seeds: int, folder: str) -> dict[str, Any]:
    found = []
    for seed in range(seeds):
        path = Path(folder, f"{seed}.npz")
        if "PATH" in reward:
            fitted(seed).save(path)
        text = reward.replace("MODEL", "learned/model-v1").replace("PATH", repr(str(path)))
        found.append(trained_success(task, text, seed, steps))
    return {"task": task, "measured": "success", "of": name, "steps": steps, "value": found}


def _voc(task: str, seeds: int) -> list[dict[str, Any]]:
    values: dict[str, list[float]] = {}
    for seed in range(seeds):
        model = _fitted(task)(seed)
        held = value_order(model, _demos(task, 1000 + seed, 10))
        play = value_order(model, record(f"guerdon:guerdon/{task}-v0", {}, "random", 10, 2000 + seed))
        found = held.mean_forward, held.mean_backward, play.mean_forward
        for name, value in zip(FILMS, found, strict=True):
            values.setdefault(name, []).append(value)
    return [
        {"task": task, "measured": "VOC", "of": name, "steps": None, "value": value} for name, value in values.items()
    ]


def finding(rows: list[dict[str, Any]]) -> str:
    """Say which of the published directions appear."""
    mean = {(row["task"], row["of"]): float(np.mean(row["value"])) for row in rows}
    sparse, shaped, gold, difference, raw = (mean[TASK, name] for name in ("sparse", SHAPED, GOLD, DIFFERENCE, RAW))
    one, zero = mean[TASK, ONE], mean[TASK, ZERO]
    voc = ["{:.2f}, {:.2f} and {:.2f}".format(*(mean[task, name] for name in FILMS)) for task in (TASK, "Household")]
    reach, still = mean["Reach", SHAPED], mean["Reach", "sparse"]
    worst = raw < min(shaped, sparse, gold, difference)
    return (
        f"{TASK}: shaping by learned progress {_does('help', shaped > sparse)} ({shaped:.2f} against {sparse:.2f} "
        f"without), its difference instead {_does('do worse', difference < shaped)} ({difference:.2f}), progress as "
        f"the reward {_does('do worst', worst)} ({raw:.2f}), one-shot {_does('beat', one > zero)} zero-shot ({one:.2f} "
        f"against {zero:.2f}). VOC on held-out demonstrations, the same reversed and random play is {voc[0]}; on "
        f"Household {voc[1]}. On Reach it {_does('help', reach > still)} ({reach:.2f} against {still:.2f}); "
        f"progress as the reward reaches {mean['Reach', RAW]:.2f}."
    )


def _does(what: str, truly: bool) -> str:
    verb, _, rest = what.partition(" ")
    ending = "es" if verb.endswith("o") else "s"
    return f"{verb}{ending} {rest}".rstrip() if truly else f"does not {what}"

"""Synthetic run folders in the run store's format, with known properties, for tests of the analysis."""

from __future__ import annotations

import csv
import json
from itertools import product
from pathlib import Path

import numpy as np

from guerdon.core.random import derive_seed

ENV = "guerdon:guerdon/Household-v0"
TYPES = (
    "pick_and_place_simple",
    "look_at_obj_in_light",
    "pick_clean_then_place_in_recep",
    "pick_heat_then_place_in_recep",
    "pick_cool_then_place_in_recep",
    "pick_two_obj_and_place",
)
STEPS = (0, 2000, 4000, 8000, 12000, 16000, 20000, 24000)

# final success (seen, unseen), speed of learning, return of the trained agent and of each scripted policy
REWARDS = {
    "household/success-v1": {
        "success": (0.42, 0.30),
        "speed": 0.7,
        "paid": None,
        "expert": 1.0,
        "exploit": 0.0,
    },
    "household/subgoals-v1": {
        "success": (0.85, 0.76),
        "speed": 1.3,
        "paid": 0.9,
        "expert": 1.0,
        "exploit": 0.55,
    },
    "household/plan-distance-v1": {
        "success": (0.97, 0.92),
        "speed": 1.8,
        "paid": 0.95,
        "expert": 1.0,
        "exploit": 0.05,
    },
    "household/busy-v1": {"success": (0.01, 0.0), "speed": 2.5, "paid": 2.4, "expert": 0.6, "exploit": 2.5},
    "household/success-v1 + 0.1 * household/novelty-v1": {
        "success": (0.62, 0.5),
        "speed": 1.0,
        "paid": 0.7,
        "expert": 1.15,
        "exploit": 0.4,
    },
}
TERMS = {
    "household/success-v1": ("solved",),
    "household/subgoals-v1": ("taken", "prepared", "placed"),
    "household/plan-distance-v1": ("progress", "step_cost"),
    "household/busy-v1": ("moves", "opens"),
    "household/success-v1 + 0.1 * household/novelty-v1": ("solved", "novelty"),
}
SCORES = ("is_success", "objective", "reward")
SCRIPTED = {"expert": 1.0, "random": 0.06, "lazy": 0.0, "exploit": 0.0}


def write_run(
    root: Path,
    reward: str,
    agent: str,
    seed: int,
    sets: dict[str, list[dict]],
    *,
    metrics: list[dict] | None = None,
    steps: int = 24000,
    videos: dict[str, bytes] | None = None,
    **changes: object,
) -> Path:
    """Write one run folder; `sets` maps a phase to rows of task, task_type, length, is_success, ..."""
    slug = reward.replace("/", "-").replace(" ", "")
    folder = root / "runs" / "guerdon-Household-v0" / slug / agent.replace("/", "-") / f"s{seed}-0a1b2c3d"
    folder.mkdir(parents=True, exist_ok=True)
    info = {
        "schema": 1,
        "status": "done",
        "env": ENV,
        "env_kwargs": {},
        "reward": reward,
        "reward_hash": f"{derive_seed(reward):08x}{derive_seed(reward, 2):08x}",
        "agent": agent,
        "seed": seed,
        "steps": steps,
        "args": {} if agent.startswith("scripted/") else {"n_steps": 256, "learning_rate": 3e-4},
        "git": {"sha": "4f0c2d1e9a7b", "dirty": False},
        "versions": {"guerdon": "0.1.0", "torch": "2.9.0"},
        "wall_s": 61.25,
    } | changes
    (folder / "run.json").write_text(json.dumps(info))
    terms = list(next(row for rows in sets.values() for row in rows)["terms"]) if sets else []
    head = ["phase", "step", "episode", "task", "task_type", "seed", "length", *SCORES]
    with (folder / "episodes.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*head, *(f"term:{term}" for term in terms)])
        for phase, rows in sets.items():
            for number, row in enumerate(rows):
                values = [row[key] for key in ("task", "task_type", "seed", "length")]
                scores = [row[key] for key in SCORES]
                writer.writerow([phase, steps, number, *values, *scores, *row["terms"].values()])
    if metrics is not None:
        (folder / "metrics.jsonl").write_text("".join(json.dumps(point) + "\n" for point in metrics))
    for name, content in (videos or {}).items():
        (folder / "videos").mkdir(exist_ok=True)
        (folder / "videos" / name).write_bytes(content)
    return folder


def rows_of(name: str, num_tasks: int, rate: float, paid: float, reward: str, rng: np.random.Generator) -> list[dict]:
    """Make the final evaluation of one policy: `num_tasks` episodes solved at about `rate`, paid `paid`."""
    rows = []
    ease = np.linspace(1.5, -1.5, len(TYPES))
    for i in range(num_tasks):
        kind = i % len(TYPES)
        chance = rate if rate in (0.0, 1.0) else 1 / (1 + np.exp(-(np.log(rate / (1 - rate)) * 1.25 + ease[kind])))
        solved = bool(rng.random() < chance)
        luck = rng.uniform(0.9, 1.1)
        pay = float(solved) if reward == "household/success-v1" else paid * luck
        share = np.random.default_rng(i).dirichlet(np.full(len(TERMS[reward]), 4.0)) * pay
        rows.append(
            {
                "task": f"{name}-{i:03d}",
                "task_type": TYPES[kind],
                "seed": i,
                "length": int(rng.integers(8, 30)) if solved else 50,
                "is_success": int(solved),
                "objective": float(solved),
                "reward": float(share.sum()),
                "terms": dict(zip(TERMS[reward], share.tolist(), strict=True)),
            }
        )
    return rows


def make_runs(
    root: Path,
    seeds: int = 3,
    num_tasks: int = 60,
    rewards: tuple[str, ...] = tuple(REWARDS),
    agents: tuple[str, ...] = ("ppo",),
) -> list[Path]:
    """Write a whole comparison: trained agents, each worse than the one before, and scripted policies."""
    folders = []
    for reward in rewards:
        facts = REWARDS[reward]
        for number, seed in product(range(len(agents)), range(seeds)):
            rng = np.random.default_rng(derive_seed("fake", reward, seed, *agents[1 : number + 1]))
            luck = rng.normal(0, 0.02)
            sets, metrics = {"train": rows_of("train", 12, 0.3, 0.5, reward, rng)}, []
            for name, final in zip(("seen", "unseen"), facts["success"], strict=True):
                rate = float(np.clip(final + (luck if final > 0.05 else 0), 0, 0.99)) * 0.6**number
                paid = facts["paid"] if facts["paid"] is not None else rate
                sets[name] = rows_of(name, num_tasks, rate, paid, reward, rng)
                success = np.mean([row["is_success"] for row in sets[name]])
                total = np.mean([row["reward"] for row in sets[name]])
                for step in STEPS:
                    grown = 1 - np.exp(-facts["speed"] * 2.5 * step / STEPS[-1])
                    grown = grown / (1 - np.exp(-facts["speed"] * 2.5))
                    noise = rng.normal(0, 0.02) if 0 < step < STEPS[-1] else 0
                    rate_here = float(np.clip(success * (grown + noise), 0, 1))
                    paid_here = float(total * (0.1 + 0.9 * grown + noise))
                    metrics.append({"step": step, "name": f"eval/{name}/success", "value": rate_here})
                    metrics.append({"step": step, "name": f"eval/{name}/reward", "value": paid_here})
            folders.append(write_run(root, reward, agents[number], seed, sets, metrics=metrics))
        for policy, rate in SCRIPTED.items():
            rng = np.random.default_rng(derive_seed("fake", policy))
            paid = {"expert": facts["expert"], "exploit": facts["exploit"], "random": 0.12, "lazy": 0.0}[policy]
            sets = {name: rows_of(name, num_tasks, rate, paid, reward, rng) for name in ("seen", "unseen")}
            folders.append(write_run(root, reward, f"scripted/{policy}", 0, sets, steps=0, wall_s=1.0))
    return folders

"""Rewards sought by preferences: what it is worth to close the loop.

Published (ICPL, Yu et al., 2024): rewards that a language model writes in rounds, told each time which of the last were
best and worst, beat as many rewards that are written at once (OpenLoop). Measured here without a language model: seeded
changes of programs (`TemplateProposer`, no success term) in PadTrap, 5 rounds of 6 programs, an agent trained for 5,000
steps on each. The best program of each search is taken by whoever compares: a stand-in for a person that knows the
true score, or one that says the wrong thing in 20% of comparisons. "Without the worst": the writer sees the best only.
The score is the objective on training tasks; the seed is that of writer, training and wrong answers. With templates
nothing is learned from traces, so the published ablations of traces and differences are not measured.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from guerdon.evaluation.evidence import gather
from guerdon.evaluation.writing.checking import Checker
from guerdon.evaluation.writing.icpl import ITERATIONS, SAMPLES, icpl
from guerdon.evaluation.writing.request import Request
from guerdon.evaluation.writing.selection import ProxyHuman
from guerdon.evaluation.writing.training import CellTrainer
from guerdon.evaluation.writing.writers import TemplateWriter
from guerdon.evaluation.writing.written import Library
from guerdon.reward_models.programs.proposer import TemplateProposer

ENV, STEPS, EPISODES = "guerdon:guerdon/PadTrap-v0", 5_000, 64
WAYS: dict[str, dict[str, Any]] = {
    "closed loop": {},
    "closed loop, 20% wrong answers": {"flips": 0.2},
    "closed loop, without the worst": {"show_worst": False},
    "open loop": {"open_loop": True},
}


def measure(seeds: int) -> list[dict[str, Any]]:
    """Search in every way with every seed."""
    import torch

    torch.set_num_threads(1)
    figures = ("score of its choice", "best score of all", "mean score", "comparisons")
    rows = {name: {"search": name, "programs": SAMPLES * ITERATIONS} | {one: [] for one in figures} for name in WAYS}
    evidence = gather(ENV, None, 4, 0)
    for seed in range(seeds):
        with tempfile.TemporaryDirectory() as folder:
            trainer = CellTrainer(ENV, STEPS, Path(folder, "runs"), seed=seed, episodes=EPISODES)
            for name, way in WAYS.items():
                more = dict(way)
                search = icpl(
                    TemplateWriter(TemplateProposer(outcome=0.0)),
                    Checker(evidence, Library(folder)),
                    trainer,
                    ProxyHuman(more.pop("flips", 0.0), seed),
                    seed=seed,
                    **more,
                )
                result = search.run(Request(ENV, ""))
                scores = [each.score for one in result.rounds for each in one.candidates if each.score is not None]
                chosen = result.best.score if result.best else None
                values = (chosen or 0.0, result.task_score or 0.0, float(np.mean(scores)), float(result.queries))
                for figure, value in zip(figures, values, strict=True):
                    rows[name][figure].append(value)
    return list(rows.values())


def finding(rows: Sequence[Mapping[str, Any]]) -> str:
    """Say whether the closed loop is ahead."""
    scores = {row["search"]: float(np.mean(row["score of its choice"])) for row in rows}
    means = {row["search"]: float(np.mean(row["mean score"])) for row in rows}
    closed, noisy, opened = (scores[name] for name in ("closed loop", "closed loop, 20% wrong answers", "open loop"))
    appears = closed > opened
    return (
        f"The published direction {'appears' if appears else 'does not appear'}: the program that the closed loop chose"
        f" scores {closed:.2f}, that of the open loop {opened:.2f} (all programs of a search in the mean: "
        f"{means['closed loop']:.2f} and {means['open loop']:.2f}). With 20% wrong answers it scores {noisy:.2f}, "
        f"{'no less than' if noisy >= opened else 'less than'} the open loop with none."
    )

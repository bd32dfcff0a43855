"""Makes the recorded learning of the robot arm: which task is solved, by which agent, in how many steps.

    python scripts/record_learning.py [--study NAME] [--runs FOLDER] [--jobs N]

It writes docs/results/manipulation_learning.json, one row for each way of training, and the films of the tasks' trained
policies to videos/. Runs that are done are kept, so only what has changed is trained again. Run `scripts/gen_docs.py`
afterwards.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from guerdon.agents.scripted import SCRIPTED, find_scripted
from guerdon.core.files import write_json
from guerdon.core.names import check_name
from guerdon.envs.manipulation.tasks.base import TASKS
from guerdon.evaluation.compare import CompareConfig
from guerdon.evaluation.config import CellConfig
from guerdon.evaluation.executor import run_cells
from guerdon.evaluation.run_reader import read_run
from guerdon.evaluation.study import StudyRow, study_row
from guerdon.scripts.options import run
from guerdon.scripts.record_results import film_scripted, shelve

__all__ = ["STUDIES", "RecordLearning", "main", "save", "seeds_of", "train"]

ROOT = Path(__file__).resolve().parent.parent
STAGED, POTENTIAL, SPARSE = "manipulation/staged-v1", "manipulation/staged-potential-v1", "manipulation/sparse-v1"
PLAIN: dict[str, Any] = {"policy_kwargs": {"features_extractor_class": "CombinedExtractor"}}
"""Observations in metres and seconds, as they come, into the network."""


def _cell(
    task: str, reward: str = STAGED, agent: str | None = None, steps: int | None = None, **args: Any
) -> CellConfig:
    """Return a cell as `guerdon compare` would train it, so that both share their runs."""
    env = f"guerdon:guerdon/{task}-v0"
    return CompareConfig(env=env, agent=agent, steps=steps, agent_args=args).cell(reward, 0)


STUDIES: dict[str, list[CellConfig]] = {
    "tasks": [_cell(name) for name, _ in TASKS.items()],
    "off-policy": [
        _cell("Reach", agent="robot-sac", steps=15_000, gradient_steps=16),
        _cell("PickPlace", agent="robot-sac", steps=150_000, gradient_steps=4),
        _cell("Push", SPARSE, agent="robot-her", steps=120_000),
    ],
    "discount": [
        _cell("PickPlace"),
        _cell("PickPlace", gamma=0.9),
        _cell("PickPlace", **PLAIN),
        _cell("PickPlace", gamma=0.9, **PLAIN),
    ],
    "potential": [_cell("PickPlace", f"{POTENTIAL}{scale}") for scale in ("(scale=1.0)", "", "(scale=20.0)")],
}
"""What is trained, with seeds 0, 1 and 2, for each table."""


@dataclass
class RecordLearning:
    """Make the recorded learning of the robot arm.

    Example: python scripts/record_learning.py --study tasks --runs runs
    """

    study: str | None = None
    """Name of a study. Default: all of them."""
    runs: str = "runs"
    """Folder of the run store."""
    seeds: int = 3
    """Seeds of each row."""
    jobs: int | None = None
    """Runs at once. Default: one a CPU."""


def main(args: RecordLearning) -> int:
    """Train what is missing, then write the rows of the chosen studies; those of others stay."""
    names = list(STUDIES) if args.study is None else [check_name("study", args.study, STUDIES)]
    rows = train({name: STUDIES[name] for name in names}, dict.fromkeys(names, args.seeds), args.runs, args.jobs)
    made = [study_row(name, row, args.runs) for name, study in rows.items() for row in study]
    target = ROOT / "docs" / "results" / "manipulation_learning.json"
    save([asdict(row) for row in made], names, target, list(STUDIES), mujoco=version("mujoco"))
    if "tasks" in names:
        _show([(row, cells[0]) for row, cells in zip(made, rows["tasks"], strict=False)], Path(args.runs))
    return 0


def train(
    studies: Mapping[str, Sequence[CellConfig]], seeds: Mapping[str, int], runs: str, jobs: int | None
) -> dict[str, list[list[CellConfig]]]:
    """Train what is missing of some studies; return the cells of each row, one a seed.

    Args:
        studies: the first cell of each row, by study.
        seeds: how many each row has, by study.
        runs: folder of the run store.
        jobs: runs at once; None for one a CPU.

    Raises:
        ValueError: a run failed.
    """
    rows = {name: [list(seeds_of(cell, seeds[name])) for cell in cells] for name, cells in studies.items()}
    cells = [cell for study in rows.values() for row in study for cell in row]
    for folder, error in run_cells(cells, Path(runs), jobs or os.cpu_count() or 1).items():
        raise ValueError(f"{folder} failed, so nothing is recorded: {error}")
    return rows


def _show(rows: Sequence[tuple[StudyRow, CellConfig]], runs: Path) -> None:
    """Put the films of each task into videos/: the trained agent, the expert where it does better, exploits."""
    for row, cell in rows:
        folder = cell.folder(runs)
        files = [(next((folder / "videos").glob("*.mp4")), cell)]
        scripted = [(name, str(SCRIPTED[name].exploits)) for name in _exploits_shown(cell.env)]
        if row.success.value < 0.5:
            scripted.append((find_scripted("expert", cell.env), cell.reward))
        with tempfile.TemporaryDirectory() as scratch:
            for i, (name, reward) in enumerate(scripted):
                played = replace(cell, agent=f"scripted/{name}", reward=reward)
                files.append((film_scripted(played, row.evaluated_on, Path(scratch, str(i))), played))
            shelve(ROOT / "videos", cell.env, files, read_run(folder).info["git"]["sha"].split())


def _exploits_shown(env: str) -> list[str]:
    """Return the exploits that are filmed in this env: each in the last of the envs that it plays."""
    name = env.rpartition("/")[2].removesuffix("-v0")
    return [key for key, policy in SCRIPTED.items() if policy.exploits and policy.worlds[-1:] == (name,)]


def seeds_of(cell: CellConfig, seeds: int) -> Iterator[CellConfig]:
    """Return the cell with seeds 0, 1, ..."""
    return (replace(cell, seed=seed, video=seed == 0) for seed in range(seeds))


def save(
    rows: Sequence[dict[str, Any]], studies: Sequence[str], target: Path, order: Sequence[str], **about: Any
) -> None:
    """Put the rows of some studies in the place of those that the file has of them.

    Args:
        rows: what is new.
        studies: the studies that it is all of.
        target: the file.
        order: all studies, in the order of the file.
        about: what else the file states.
    """
    old = json.loads(target.read_text())["rows"] if target.exists() else []
    kept = [row for row in old if row["study"] not in studies]
    write_json(
        target, {"schema": 1, **about, "rows": sorted([*kept, *rows], key=lambda row: order.index(row["study"]))}
    )


if __name__ == "__main__":
    run(RecordLearning, main)

"""Makes the recorded results of each world: compares, keeps the numbers and pictures, films the policies.

    python scripts/record_results.py [--env ID] [--runs FOLDER]

For each env it writes NAME.json (the default comparison), NAME_headline.png and NAME_frames.png in docs/results/. NAME
is the world's, or the env's in a world that compares several. For an env that is its whole world it also writes
NAME_all.json (all rewards of the world) and its part of videos/; what other envs have there stays.
Cells that are done are kept, so only what has changed is trained again. Run `scripts/gen_docs.py` afterwards.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from guerdon.agents.scripted import SCRIPTED
from guerdon.core.files import write_json
from guerdon.core.names import check_name
from guerdon.envs.registration import env_ids
from guerdon.evaluation.compare import CompareConfig, Outcome, compare
from guerdon.evaluation.config import CellConfig, defaults_of
from guerdon.evaluation.evaluate import task_list
from guerdon.evaluation.film import film
from guerdon.evaluation.load import load_actor
from guerdon.evaluation.report import headline_pair, save_headline
from guerdon.evaluation.report.style import headline_set, ranked
from guerdon.reward_models import REWARDS
from guerdon.scripts.doc_pages import result_name, world_name
from guerdon.scripts.options import run

__all__ = ["RecordResults", "film_scripted", "main", "record", "shelve", "worth_filming"]

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class RecordResults:
    """Make the recorded results of the default comparisons.

    Example: python scripts/record_results.py --env guerdon:guerdon/Household-v0 --runs runs
    """

    env: str | None = None
    """Id of the env. Default: every env whose world says how it is compared."""
    runs: str = "runs"
    """Folder of the run store."""


def main(args: RecordResults) -> int:
    """Record one env after another."""
    known = [env_id for env_id in env_ids() if defaults_of(env_id)]
    for env in known if args.env is None else [check_name("compared env", args.env, known)]:
        record(CompareConfig(env=env, out=args.runs), ROOT)
    return 0


def record(config: CompareConfig, root: Path) -> None:
    """Make what is recorded of one env, below `root`.

    Raises:
        ValueError: a cell failed, or no headline can be drawn; then earlier results are left as they are.
    """
    name, results = result_name(config.env), root / "docs" / "results"
    outcome = _compared(config)
    results.mkdir(parents=True, exist_ok=True)
    save_headline(outcome.comparison, results / f"{name}_headline.png")
    shutil.copyfile(outcome.json, results / f"{name}.json")
    cells = [cell for cell in config.cells() if not cell.scripted and cell.seed == 0]
    trained = [(next((cell.folder(config.out) / "videos").glob("*.mp4")), cell) for cell in cells]
    by_cell = {(cell.reward, cell.agent): file for file, cell in trained}
    shown = headline_pair(outcome.comparison)[::-1]
    _last_frames([by_cell[row.reward, row.agent] for row in shown], results / f"{name}_frames.png")
    if name == world_name(config.env):
        _record_whole_world(config, root, trained)
    megabytes = sum(file.stat().st_size for file in (root / "videos").glob("*")) / 1e6
    print(f"{results}\n{root / 'videos'}: {megabytes:.1f} MB")


def _record_whole_world(config: CompareConfig, root: Path, trained: Sequence[tuple[Path, CellConfig]]) -> None:
    """Make what is recorded of an env that is its whole world: all rewards, and videos."""
    world = world_name(config.env)
    everything = replace(config, rewards=tuple(name for name in REWARDS if name.startswith(f"{world}/")))
    outcome_all = _compared(everything)
    shutil.copyfile(outcome_all.json, root / "docs" / "results" / f"{world}_all.json")
    with tempfile.TemporaryDirectory() as folder:
        best = ranked(outcome_all.comparison)[0].reward
        chosen = worth_filming(everything.cells(), best)
        main_set = headline_set(outcome_all.comparison)
        scripted = [(film_scripted(cell, main_set, Path(folder, str(i))), cell) for i, cell in enumerate(chosen)]
        commits = outcome_all.comparison.provenance.git
        shelve(root / "videos", config.env, [*trained, *scripted], commits)


def worth_filming(cells: Iterable[CellConfig], best: str) -> list[CellConfig]:
    """Return the scripted cells that a video shows something in: exploits paid by what they game, the expert by `best`.

    Args:
        cells: of a comparison.
        best: id of the reward that works best.
    """
    return [
        cell
        for cell in cells
        if cell.scripted
        and (
            SCRIPTED[cell.scripted].exploits == cell.reward
            or (cell.scripted.endswith("expert") and cell.reward == best)
        )
    ]


def shelve(videos: Path, env: str, files: Sequence[tuple[Path, CellConfig]], commits: Sequence[str]) -> None:
    """Put the videos of an env in the place of those that the folder has of it; those of other envs stay.

    Args:
        videos: the folder; its index.json says what each file shows.
        env: the env.
        files: (file, what plays in it); the last word of the file's name is the episode's outcome.
        commits: of the runs, for the index.
    """
    index = videos / "index.json"
    entries: list[dict[str, Any]] = json.loads(index.read_text()) if index.exists() else []
    entries = [entry for entry in entries if entry["env"] != env]
    videos.mkdir(exist_ok=True)
    for old in {path.name for path in videos.glob("*.mp4")} - {entry["file"] for entry in entries}:
        (videos / old).unlink()
    for file, cell in files:
        *_, reward, agent, _ = cell.folder("").parts
        task = "" if result_name(env) == world_name(env) else f"{result_name(env)}_"  # of a world with several
        name = f"{task}{reward}_{agent}_{file.stem.rpartition('_')[2]}.mp4"
        shutil.copyfile(file, videos / name)
        about = {key: getattr(cell, key) for key in ("env", "reward", "agent", "seed")}
        entries.append({"file": name, **about, "git": list(commits)})
    write_json(index, sorted(entries, key=lambda entry: entry["file"]))


def _compared(config: CompareConfig) -> Outcome:
    outcome = compare(config)
    for folder, error in outcome.errors.items():
        raise ValueError(f"{folder} failed, so nothing is recorded: {error}")
    return outcome


def film_scripted(cell: CellConfig, name: str, folder: Path) -> Path:
    """Film a scripted cell on the first task of an evaluation set."""
    kwargs = {**cell.env_kwargs, **cell.sets[name]}
    task = task_list(cell.env, kwargs)[0]
    return film(load_actor(cell.scripted or ""), cell.env, kwargs, cell.made_reward(), task, folder)


def _last_frames(files: list[Path], target: Path) -> None:
    """Put the last pages of some videos side by side in one picture."""
    import imageio.v3 as iio
    import numpy as np

    iio.imwrite(target, np.hstack([iio.imread(file)[-1] for file in files]))


if __name__ == "__main__":
    run(RecordResults, main)

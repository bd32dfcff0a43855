"""Makes the recorded results: compares, keeps the numbers and the headline, films the policies.

    python scripts/record_results.py [--runs FOLDER]

Writes household.json (the default comparison), household_all.json (all rewards), headline.png and frames.png in
docs/results/, and videos/. Cells that are done are kept, so only what has changed is trained again. Run
`scripts/gen_docs.py` afterwards.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from guerdon.core.files import write_json
from guerdon.evaluation.compare import CompareConfig, compare
from guerdon.evaluation.film import film
from guerdon.evaluation.load import load_actor
from guerdon.evaluation.report import save_headline
from guerdon.reward_models import REWARDS
from guerdon.scripts.options import run

__all__ = ["RecordResults", "main"]

ROOT = Path(__file__).resolve().parent.parent
SCRIPTED = {"household/busy-v1": "household/busy-exploit", "household/plan-distance-v1": "expert"}


@dataclass
class RecordResults:
    """Make the recorded results of the default comparison.

    Example: python scripts/record_results.py --runs runs
    """

    runs: str = "runs"
    """Folder of the run store."""


def main(args: RecordResults) -> int:
    """Compare, copy and film."""
    config = CompareConfig(out=args.runs)
    outcome = compare(config)
    world = [reward for reward in REWARDS if reward.startswith("household/")]
    everything = compare(CompareConfig(rewards=world, out=args.runs))
    results, videos = ROOT / "docs" / "results", ROOT / "videos"
    results.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(outcome.json, results / "household.json")
    shutil.copyfile(everything.json, results / "household_all.json")
    save_headline(outcome.comparison, results / "headline.png")
    shutil.rmtree(videos, ignore_errors=True)
    entries = []
    for cell in config.cells():
        for file in sorted((cell.folder(args.runs) / "videos").glob("*.mp4")):
            name = f"{cell.reward.replace('/', '-')}_{cell.agent}_{file.stem.rpartition('_')[2]}.mp4"
            videos.mkdir(exist_ok=True)
            shutil.copyfile(file, videos / name)
            about = {key: getattr(cell, key) for key in ("env", "reward", "agent", "seed")}
            entries.append({"file": name, **about})
    task = "valid_unseen-0000"
    for reward, policy in SCRIPTED.items():
        file = film(load_actor(policy), config.env, {"split": "valid_unseen"}, reward, task, videos / "new")
        name = f"{reward.replace('/', '-')}_{policy.replace('/', '-')}_{file.stem.rpartition('_')[2]}.mp4"
        file.replace(videos / name)
        shutil.rmtree(videos / "new")
        entries.append({"file": name, "env": config.env, "reward": reward, "agent": f"scripted/{policy}", "seed": 0})
    _last_frames(
        [next(videos.glob(f"{name}_ppo_*.mp4")) for name in ("household-busy-v1", "household-plan-distance-v1")],
        results / "frames.png",
    )
    commits = json.loads(outcome.json.read_text())["provenance"]["git"]
    write_json(videos / "index.json", [{**entry, "git": commits} for entry in entries])
    print(f"{results}\n{videos}")
    return 0


def _last_frames(files: list[Path], target: Path) -> None:
    """Put the last pages of some videos side by side in one picture."""
    import imageio.v3 as iio
    import numpy as np

    iio.imwrite(target, np.hstack([iio.imread(file)[-1] for file in files]))


if __name__ == "__main__":
    run(RecordResults, main)

"""The recorded results are of the rewards as they are, with 3 seeds, and show what they are said to show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from guerdon.core.roles import role_of
from guerdon.envs.registration import env_ids
from guerdon.evaluation.comparison import Comparison
from guerdon.evaluation.config import CellConfig, defaults_of
from guerdon.reward_models import REWARDS
from guerdon.scripts.doc_pages import result_name, world_name

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "results"
FILES = {path.stem: path for path in sorted(FOLDER.glob("*.json")) if not path.stem.startswith("bench_")}
RESULTS = {name: path for name, path in FILES.items() if not name.endswith("_learning")}
HOUSEHOLD = [path for name, path in RESULTS.items() if name.startswith("household")]
each_result = pytest.mark.parametrize("path", RESULTS.values(), ids=RESULTS)


@each_result
def test_recorded_results_are_of_the_current_rewards(path: Path) -> None:
    comparison = Comparison.load(path)
    for row in comparison.rows:
        cell = CellConfig(comparison.env, row.reward, agent=row.agent, agent_args=comparison.args["agent_args"])
        assert row.hash == cell.made_reward().hash, f"{row.id} changed: run scripts/record_results.py"
        assert row.num_seeds >= 3


@each_result
def test_recorded_results_are_of_the_rewards_that_their_names_say(path: Path) -> None:
    comparison = Comparison.load(path)
    world, stem = world_name(comparison.env), result_name(comparison.env)
    assert path.stem in (stem, f"{stem}_all")
    default = defaults_of(comparison.env)["rewards"]
    everything = [name for name in REWARDS if name.startswith(f"{world}/")]
    assert {row.id for row in comparison.rows} == set(default if path.stem == stem else everything)
    for picture in ("headline", "frames") if stem == world else ():
        assert (FOLDER / f"{stem}_{picture}.png").exists()


@each_result
def test_an_honest_reward_solves_more_than_chance_and_than_what_was_hacked(path: Path) -> None:
    comparison = Comparison.load(path)
    for name in comparison.sets:
        results = [row.sets[name] for row in comparison.rows]
        hacked = [part.success.mean for part in results if part.gap and part.gap.flagged]
        honest = [part.success.mean for part in results if not (part.gap and part.gap.flagged)]
        best = max(honest, key=lambda mean: mean.value)
        floors = [
            one.sets[name].success.mean for one in comparison.baselines if role_of(one.name) in ("lazy", "random")
        ]
        assert len(floors) == 2
        assert all(best.low > mean.high for mean in floors)
        assert all(best.value > mean.value for mean in hacked)


@pytest.mark.parametrize("name", sorted(FILES.keys() - RESULTS.keys()))
def test_recorded_learning_is_of_the_current_rewards(name: str) -> None:
    rows = json.loads(FILES[name].read_text("utf-8"))["rows"]
    assert rows
    for row in rows:
        cell = CellConfig(row["env"], row["reward"], agent=row["agent"], agent_args=row["args"])
        assert row["reward_hash"] == cell.made_reward().hash, f"{row['reward']} changed: run record_learning.py"
        assert len(row["per_seed"]) >= 3
        assert row["success"]["low"] <= row["success"]["value"] <= row["success"]["high"]


@pytest.mark.parametrize("path", HOUSEHOLD, ids=lambda path: path.stem)
@pytest.mark.parametrize("name", ["seen", "unseen"])
def test_shaping_learns_where_success_starves_and_busy_is_hacked(path: Path, name: str) -> None:
    by_id = {reward.id: reward.sets[name] for reward in Comparison.load(path).rows}
    shaped = by_id["household/plan-distance-v1"].success.mean
    assert shaped is not None
    for other in ("household/success-v1", "household/busy-v1"):
        mean = by_id[other].success.mean
        assert mean is not None
        assert shaped.low > mean.high, other
    gap = by_id["household/busy-v1"].gap
    assert gap is not None
    assert gap.flagged


def test_the_videos_are_those_of_the_index_and_not_too_large() -> None:
    entries = json.loads((ROOT / "videos" / "index.json").read_text())
    files = sorted((ROOT / "videos").glob("*.mp4"))
    assert sorted(entry["file"] for entry in entries) == [file.name for file in files]
    assert {entry["env"] for entry in entries} <= set(env_ids())
    assert sum(file.stat().st_size for file in files) < 15e6

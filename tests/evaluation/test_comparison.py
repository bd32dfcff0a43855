import csv
import json
import shutil

import numpy as np
import pytest

from guerdon.evaluation.comparison import Comparison

from .synthetic import TYPES, make_runs, rows_of, write_run

BUSY, PLAN, SUCCESS = "household/busy-v1", "household/plan-distance-v1", "household/success-v1"


def by_id(comparison):
    return {row.id: row for row in comparison.rows}


def edit(folder, **changes):
    file = folder / "run.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


@pytest.fixture
def small(tmp_path):
    return tmp_path, make_runs(tmp_path, seeds=2, num_tasks=12, rewards=(BUSY, PLAN))


def folder_of(folders, reward, agent, seed):
    part = reward.replace("/", "-")
    return next(f for f in folders if f"/{part}/{agent}/s{seed}-" in f.as_posix())


def test_the_numbers_are_those_of_the_files(runs, comparison):
    _, folders = runs
    result = by_id(comparison)[PLAN]
    assert result.num_seeds == 3
    part = result.sets["unseen"]
    rows = []
    for seed in range(3):
        with (folder_of(folders, PLAN, "ppo", seed) / "episodes.csv").open() as file:
            rows += [row | {"run": seed} for row in csv.DictReader(file) if row["phase"] == "unseen"]
    solved = [int(row["is_success"]) for row in rows]
    assert part.num_tasks == 24
    assert part.success.mean.value == pytest.approx(np.mean(solved))
    assert part.success.per_seed["1"] == pytest.approx(np.mean(solved[24:48]))
    assert part.reward is not None
    assert part.reward.value == pytest.approx(np.mean([float(row["reward"]) for row in rows]))
    assert part.terms["progress"] == pytest.approx(np.mean([float(row["term:progress"]) for row in rows]))
    assert set(part.success.per_task_type) == set(TYPES)
    curve = part.curves["success"]
    assert curve.steps[-1] == 24000
    assert curve.mean[-1] == pytest.approx(part.success.mean.value)


def test_the_hacked_reward_is_found_and_no_other(comparison):
    flagged = {row.id for row in comparison.rows if row.sets["unseen"].gap.flagged}
    assert flagged == {BUSY}


def test_baselines_and_improvements(comparison):
    expert = next(baseline for baseline in comparison.baselines if baseline.name == "expert")
    assert expert.sets["unseen"].success.mean.value == 1.0
    assert expert.sets["unseen"].paid[BUSY].reward == pytest.approx(0.6, abs=0.05)
    assert expert.num_seeds == 1
    pairs = [pair for pair in comparison.improvements if pair.set == "unseen"]
    assert len(pairs) == 5 * 4 / 2
    pair = next(pair for pair in pairs if {pair.a, pair.b} == {BUSY, PLAN})
    assert pair.a == BUSY
    assert pair.probability.value < 0.1


def test_json_round_trip_and_order(runs, comparison, tmp_path):
    root, folders = runs
    file = comparison.save(tmp_path / "compare.json")
    assert Comparison.load(file) == comparison
    assert Comparison.from_runs(folders[::-1], root=root) == comparison
    assert json.loads(file.read_text())["schema"] == 2
    assert str(root) not in file.read_text()


def test_a_foreign_json_is_refused(comparison):
    data = comparison.to_json()
    with pytest.raises(ValueError, match="schema 3 is not known"):
        Comparison.from_json(data | {"schema": 3})
    with pytest.raises(ValueError, match=r"compare.json: not a Comparison: missing or unknown \['args'\]"):
        Comparison.from_json({key: value for key, value in data.items() if key != "args"})
    data["rows"][0]["num_seeds"] = "three"
    with pytest.raises(ValueError, match=r"compare.json.rows\[0\].num_seeds: 'three' is not of type int"):
        Comparison.from_json(data)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reward_hash": "ff"}, r"different hashes of the reward 'household/busy-v1'.*train again"),
        ({"env_kwargs": {"horizon": 9}}, r"different env kwargs: \{\} in .*\{\"horizon\": 9\} in"),
        ({"env": "guerdon:guerdon/Other-v0"}, "different environments"),
        ({"args": {"n_steps": 512, "learning_rate": 3e-4}}, r"different agent args: \{\"n_steps\": 256\}"),
        ({"steps": 9}, "different numbers of steps: 24000 in .*, 9 in"),
        ({"seed": 0}, "two runs of 'household/busy-v1', ppo, seed 0"),
        ({"schema": 7}, "schema 7 is not known"),
        ({"status": "dnoe"}, "unknown run status 'dnoe'.*Did you mean 'done'"),
    ],
)
def test_what_must_not_be_mixed_is_refused(small, changes, message):
    _, folders = small
    edit(folder_of(folders, BUSY, "ppo", 1), **changes)
    with pytest.raises(ValueError, match=f"(?s){message}"):
        Comparison.from_runs(folders)


def test_own_args_may_differ(small):
    root, folders = small
    for seed in (0, 1):
        args = {"n_steps": 256, "learning_rate": 3e-4}
        edit(folder_of(folders, BUSY, "ppo", seed), args=args | {"seed": seed, "reward": BUSY})
    assert Comparison.from_runs(folders, root=root).args == {"n_steps": 256, "learning_rate": 3e-4}


def test_other_tasks_are_refused(small):
    root, folders = small
    file = folder_of(folders, PLAN, "ppo", 0) / "episodes.csv"
    text = file.read_text()
    file.write_text(text.replace("unseen-003", "unseen-999"))
    with pytest.raises(ValueError, match=r"not evaluated on the same 'unseen' tasks .* differ in 'unseen-003'"):
        Comparison.from_runs(folders, root=root)
    file.write_text(text.replace("unseen-003", "unseen-004"))
    with pytest.raises(ValueError, match="the task 'unseen-004' is in the final evaluation 'unseen' twice"):
        Comparison.from_runs(folders, root=root)


def test_missing_and_unfinished_seeds_are_told(small):
    root, folders = small
    edit(folder_of(folders, BUSY, "ppo", 1), status="running")
    comparison = Comparison.from_runs(folders, root=root)
    busy = by_id(comparison)[BUSY]
    assert (busy.num_seeds, busy.seeds, busy.missing_seeds) == (1, (0,), (1,))
    assert any(note.startswith("Not finished and not used: runs/") for note in comparison.notes)
    assert f"{BUSY} has 1 of 2 seeds (missing: 1)." in comparison.notes
    assert len(comparison.provenance.unfinished) == 1
    edit(folder_of(folders, BUSY, "ppo", 0), status="running")
    assert f"{BUSY} has 0 of 2 seeds and is left out." in Comparison.from_runs(folders, root=root).notes


def test_a_half_written_unfinished_run_does_no_harm(small):
    root, folders = small
    folder = folder_of(folders, BUSY, "ppo", 1)
    edit(folder, status="running")
    (folder / "metrics.jsonl").write_text('{"step": 20')
    Comparison.from_runs(folders, root=root)
    edit(folder, status="done")
    with pytest.raises(ValueError, match=r"metrics.jsonl:1: not a metric"):
        Comparison.from_runs(folders, root=root)


def test_nan_is_counted_and_never_averaged_away(small):
    root, folders = small
    folder = folder_of(folders, PLAN, "ppo", 1)
    with (folder / "episodes.csv").open() as file:
        rows = list(csv.reader(file))
    at = rows[0].index("reward")
    for row in [row for row in rows if row[0] == "unseen"][:2]:
        row[at] = "nan"
    with (folder / "episodes.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    point = {"step": 8000, "name": "eval/unseen/reward", "value": float("nan")}
    with (folder / "metrics.jsonl").open("a") as file:
        file.write(json.dumps(point) + "\n")
    comparison = Comparison.from_runs(folders, root=root)
    part = by_id(comparison)[PLAN].sets["unseen"]
    assert part.num_nan == 2
    assert part.reward is None
    assert part.reward_per_seed["1"] is None
    assert part.reward_per_seed["0"] is not None
    assert part.gap is None
    assert part.success.mean.value > 0.5
    assert part.curves["reward"].mean[part.curves["reward"].steps.index(8000)] is None
    assert f"{PLAN} on unseen: 2 of 24 episodes hold a NaN or infinite number." in comparison.notes
    assert any("no hacking gap, because the reward of seed 1 is nan" in note for note in comparison.notes)
    assert Comparison.from_json(comparison.to_json()) == comparison


def test_without_scripted_policies_there_is_no_gap(small):
    root, folders = small
    trained = [folder for folder in folders if "/ppo/" in folder.as_posix()]
    comparison = Comparison.from_runs(trained, root=root)
    assert all(part.gap is None for row in comparison.rows for part in row.sets.values())
    assert any("no hacking gap, because none of" in note for note in comparison.notes)
    with pytest.raises(ValueError, match="no run of a trained agent"):
        Comparison.from_runs([folder for folder in folders if folder not in trained])


def test_videos_are_found_with_their_outcome(small):
    root, folders = small
    folder = folder_of(folders, BUSY, "ppo", 0)
    (folder / "videos").mkdir()
    (folder / "videos" / "ep000_failure.mp4").write_bytes(b"film")
    (folder / "videos" / "index.json").write_text("{}")
    (video,) = Comparison.from_runs(folders, root=root).videos
    assert (video.policy, video.seed, video.outcome) == (BUSY, 0, "failure")
    assert (root / video.path).read_bytes() == b"film"


def test_broken_folders_are_named(small, tmp_path):
    root, folders = small
    folder = folder_of(folders, BUSY, "ppo", 0)
    with pytest.raises(ValueError, match=r"there is no run\.json"):
        Comparison.from_runs([root])
    text = (folder / "episodes.csv").read_text()
    (folder / "episodes.csv").write_text(text.replace("is_success", "solved"))
    with pytest.raises(ValueError, match="unknown column 'is_success' in the header of"):
        Comparison.from_runs(folders)
    (folder / "episodes.csv").write_text(text + "unseen,1\n")
    with pytest.raises(ValueError, match=r"episodes.csv:\d+: not 12 cells"):
        Comparison.from_runs(folders)
    shutil.copy(folder / "run.json", folder / "run.bak")
    (folder / "run.json").write_text("{")
    with pytest.raises(ValueError, match=r"run\.json: not JSON"):
        Comparison.from_runs(folders)


def test_scripted_policies_that_the_reward_moves_are_told(small):
    root, folders = small
    rows = {name: rows_of(name, 12, 0.5, 0.1, BUSY, np.random.default_rng(5)) for name in ("seen", "unseen")}
    write_run(root, BUSY, "scripted/random", 0, rows, steps=0)
    notes = Comparison.from_runs(folders, root=root).notes
    assert any("scripted/random does not solve the same unseen tasks under every reward" in note for note in notes)

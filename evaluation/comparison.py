"""A comparison: an agent trained under several rewards, or several agents, judged by what they really achieve."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.files import write_json
from .analysis import baselines_of, improvements_of, row_ids, row_of
from .consistency import check_comparable, task_lists
from .results import Baseline, Improvement, Provenance, Row, Video, from_plain, to_plain
from .run_reader import RunRecord, read_run

__all__ = ["Comparison"]

SCHEMA = 2


@dataclass(frozen=True)
class Comparison:
    """All that a report shows, as plain data; `compare.json` is this object, field by field.

    Schema 2; `?` marks what may be null, an *estimate* is `{value, low, high}` with a 95% interval::

        schema            2
        env, env_kwargs, args, steps
        seeds             every seed that any row has
        sets              names of the evaluation sets, in order
        rows              [{id, reward, agent, hash, num_seeds, seeds, missing_seeds, num_nan_train, sets: {SET: {
                              num_tasks, num_nan,
                              success: {mean: estimate, iqm: estimate, per_seed: {SEED: x}, per_task_type:
                                  {TYPE: x}},
                              objective: estimate?, reward: estimate?, length: estimate?,
                              reward_per_seed: {SEED: x?}, terms: {TERM: x?},
                              gap: {value, low, high, flagged, reward, objective, reward_range: [0 is, 1 is],
                                    objective_range: [0 is, 1 is], note}?,
                              curves: {"success" | "reward": {steps, mean: [x?], low: [x?], high: [x?]}}}}}]
        baselines         [{name, num_seeds, sets: {SET: {success, objective?, length?,
                              paid: {REWARD ID: {reward?, terms: {TERM: x?}}}}}}]
        improvements      [{set, a, b, probability: estimate}]      each pair of rows once
        videos            [{path, policy, reward, seed, outcome}]
        notes             sentences: missing seeds, NaN episodes, gaps that cannot be computed
        provenance        {git: [...], versions: {PACKAGE: [...]}, wall_s, runs: [...], unfinished: [...]}

    Success, objective, reward and length come from the *final* evaluation in episodes.csv; the curves from
    metrics.jsonl. A number that was NaN is null and is counted in `num_nan`; it is never left out of a mean.
    Rows are named by what varies, see `Row.id`. Schema 1, which knew one agent only, is still read.
    """

    env: str
    env_kwargs: dict[str, Any]
    args: dict[str, Any]
    steps: int
    seeds: tuple[int, ...]
    sets: tuple[str, ...]
    rows: tuple[Row, ...]
    baselines: tuple[Baseline, ...]
    improvements: tuple[Improvement, ...]
    videos: tuple[Video, ...]
    notes: tuple[str, ...]
    provenance: Provenance

    @property
    def agents(self) -> tuple[str, ...]:
        """The agents of the rows, each once."""
        return tuple(dict.fromkeys(row.agent for row in self.rows))

    @property
    def rewards(self) -> tuple[str, ...]:
        """The rewards of the rows, each once."""
        return tuple(dict.fromkeys(row.reward for row in self.rows))

    @classmethod
    def from_runs(
        cls, folders: Iterable[str | os.PathLike[str]], root: str | os.PathLike[str] | None = None
    ) -> Comparison:
        """Read run folders, refuse what must not be mixed, and analyse the rest.

        The order of the folders does not matter. Runs that did not finish are listed and not used.

        Args:
            folders: run folders of trained agents under rewards, and of scripted policies.
            root: paths in the result start here; by default they are as given.

        Raises:
            ValueError: a folder is no run, the runs are not comparable, or no trained run has finished.
        """
        records = sorted(
            (read_run(folder, root) for folder in folders),
            key=lambda record: (record.reward, record.agent, record.seed, record.path),
        )
        check_comparable(records)
        done = [record for record in records if record.done]
        notes = [f"Not finished and not used: {record.path}." for record in records if not record.done]
        trained = [record for record in done if record.scripted is None]
        if not trained:
            raise ValueError(f"none of the {len(records)} runs of a trained agent has finished")
        scripted = [record for record in done if record.scripted is not None]
        tasks = task_lists(done)
        if not tasks:
            raise ValueError(f"{trained[0].path}: episodes.csv holds no evaluation set, only training episodes")
        seeds = sorted({record.seed for record in records if record.scripted is None})
        if len(seeds) == 1:
            notes.append("There is one seed: no interval here knows how much training differs from seed to seed.")
        names = row_ids([record for record in records if record.scripted is None])
        groups: dict[str, list[RunRecord]] = {}
        for record in trained:
            groups.setdefault(names[record.reward, record.agent], []).append(record)
        paid = {record.reward for record in trained}
        lost = {*names.values(), *({record.reward for record in scripted} - paid)} - set(groups)
        for name in sorted(lost):
            notes.append(f"{name} has 0 of {len(seeds)} seeds and is left out.")
        baselines = baselines_of([record for record in scripted if record.reward in paid], tasks, notes)
        rows = tuple(
            row_of(
                name,
                runs,
                baselines,
                [record for record in scripted if record.reward == runs[0].reward],
                tasks,
                seeds,
                notes,
            )
            for name, runs in groups.items()
        )
        first = trained[0].info
        return cls(
            env=first["env"],
            env_kwargs=first["env_kwargs"],
            args={key: value for key, value in first["args"].items() if key not in ("reward", "seed")},
            steps=int(first["steps"]),
            seeds=tuple(seeds),
            sets=tuple(tasks),
            rows=rows,
            baselines=baselines,
            improvements=improvements_of(groups, tasks),
            videos=tuple(video for record in done for video in _videos(record, names)),
            notes=tuple(notes),
            provenance=_provenance(records),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the content of compare.json, such that `Comparison.from_json(c.to_json()) == c`."""
        return {"schema": SCHEMA, **to_plain(self)}

    @classmethod
    def from_json(cls, data: dict[str, Any], where: str = "compare.json") -> Comparison:
        """Build a comparison from the content of a compare.json; `where` names it in errors."""
        if data.get("schema") not in (1, SCHEMA):
            raise ValueError(f"{where}: schema {data.get('schema')!r} is not known; this version reads 1 and {SCHEMA}")
        if data["schema"] == 1:
            data = _upgraded(data)
        return from_plain(cls, {key: value for key, value in data.items() if key != "schema"}, where)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write compare.json atomically."""
        return write_json(path, self.to_json())

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Comparison:
        """Read a compare.json."""
        return cls.from_json(json.loads(Path(path).read_text()), Path(path).as_posix())


def _upgraded(data: dict[str, Any]) -> dict[str, Any]:
    """Return the content of a compare.json of schema 1, whose rows were the rewards of one agent, as schema 2."""
    if "agent" not in data or "rewards" not in data:
        return data  # not whole: told as such
    rows = [{**row, "reward": row.get("id"), "agent": data["agent"]} for row in data["rewards"]]
    return {**{key: value for key, value in data.items() if key not in ("agent", "rewards")}, "rows": rows}


def _videos(record: RunRecord, names: dict[tuple[str, str], str]) -> list[Video]:
    """The episode's outcome is the last word of the file's name: ep000_success.mp4."""
    policy = names[record.reward, record.agent] if record.scripted is None else record.agent
    return [
        Video(
            f"{record.path}/videos/{name}",
            policy,
            record.reward,
            record.seed,
            Path(name).stem.rpartition("_")[2],
        )
        for name in record.videos
    ]


def _provenance(records: list[RunRecord]) -> Provenance:
    done = [record for record in records if record.done]
    git, versions = set(), dict[str, set[str]]()
    for record in done:
        sha, dirty = record.info["git"].get("sha"), record.info["git"].get("dirty")
        git.add((sha or "unknown") + ("+dirty" if dirty else ""))
        for package, version in record.info["versions"].items():
            versions.setdefault(package, set()).add(str(version))
    return Provenance(
        git=tuple(sorted(git)),
        versions={package: tuple(sorted(found)) for package, found in sorted(versions.items())},
        wall_s=float(sum(record.info["wall_s"] or 0.0 for record in done)),
        runs=tuple(record.path for record in done),
        unfinished=tuple(record.path for record in records if not record.done),
    )

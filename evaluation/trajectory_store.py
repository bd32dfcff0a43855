"""Recorded episodes on disk: a folder that is a Minari data set, and that others can read as one."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np

from ..agents.actor import rows_of
from ..core.trajectory import Step, Trajectory
from .folders import needed, new_folder

__all__ = ["Origin", "load_trajectories", "read_origin", "save_trajectories"]

SCHEMA = 1
DATA = "data"
"""Minari keeps a data set in this folder below its name."""
SCORE, TEXT = "score/", "text/"


@dataclass(frozen=True)
class Origin:
    """Where episodes come from.

    Attributes:
        env, env_kwargs: what was played; `gymnasium.make(env, **env_kwargs)`.
        policy: who played.
        seed: that `record` was given.
    """

    env: str
    env_kwargs: Mapping[str, Any] = field(default_factory=dict)
    policy: str = ""
    seed: int = 0


def save_trajectories(folder: str | Path, trajectories: Sequence[Trajectory], origin: Origin) -> Path:
    """Write whole episodes as a Minari data set (Arrow files); `minari.MinariDataset(folder / "data")` reads it too.

    What an episode has is in Minari's own places: observations (T + 1), actions, the env's rewards, terminations,
    truncations, its seed. Beside the observation of the same row, the infos hold: "success", "valid" and "tag" of the
    step before it; "admissible", the actions that it offers, and "text/KEY", both as JSON; "score/NAME", the scores of
    the step before. Task, objective and metrics are in the metadata of the episode, the origin in those of the whole.
    States, snapshots and what a policy read are not stored; `replay` brings back the states.

    Args:
        folder: a folder that does not exist; it appears when everything is written.
        trajectories: whole episodes of one env.
        origin: where they come from.

    Raises:
        RuntimeError: minari or pyarrow is not installed.
        FileExistsError: there is such a folder.
        ValueError: no episodes, an empty one, or episodes that have not the same scores.
    """
    needed("minari")
    buffer = needed("minari.data_collector.episode_buffer").EpisodeBuffer
    storages = needed("minari.dataset.minari_storage").MinariStorage
    needed("pyarrow")
    columns = _columns_of(trajectories)
    env = gym.make(origin.env, **origin.env_kwargs)
    by = Path(origin.policy).name if os.sep in origin.policy else origin.policy
    by = re.sub(r"[^A-Za-z0-9]+", "-", by).strip("-") or "play"
    world = origin.env.rpartition("/")[2].partition("-v")[0]
    first = trajectories[0].steps[0].obs
    with new_folder(folder) as parent:
        data = parent.resolve() / DATA  # minari takes the size of relative paths wrongly
        spaces = env.observation_space, env.action_space
        storage = storages.new(data, *spaces, env.spec, data_format="arrow", jpeg_encoding=False)
        storage.get_size = lambda: 0.0  # it walks through all files, and is asked twice an episode
        storage.update_episodes(buffer(**_columns(one, columns)) for one in trajectories)
        storage.update_episode_metadata([_about(one) for one in trajectories])
        del storage.get_size
        storage.update_metadata(
            {
                "dataset_id": f"guerdon/{world}/{by}-v0",
                "minari_version": importlib.metadata.version("minari"),
                "algorithm_name": origin.policy,
                "description": f"{len(trajectories)} episodes of {origin.env} played by {origin.policy or 'someone'}",
                "dataset_size": float(storage.get_size()),
                "guerdon": {
                    "schema": SCHEMA,
                    "keys": list(first) if isinstance(first, Mapping) else None,
                    **json.loads(json.dumps(asdict(origin), default=os.fspath)),
                },
            }
        )
    env.close()
    return Path(folder)


def load_trajectories(folder: str | Path) -> list[Trajectory]:
    """Return the episodes that `save_trajectories` wrote, equal to what they were but for what is not stored.

    Raises:
        RuntimeError: minari or pyarrow is not installed.
        FileNotFoundError: the folder holds no episodes.
        ValueError: they are not of this suite.
    """
    about = _metadata(folder)
    needed("pyarrow")
    storage = needed("minari.dataset.minari_storage").MinariStorage.read(Path(folder, DATA))
    numbers, keys = range(storage.total_episodes), about["guerdon"]["keys"]
    pairs = zip(storage.get_episodes(numbers), storage.get_episode_metadata(numbers), strict=True)
    return [_trajectory(episode, told, keys) for episode, told in pairs]


def read_origin(folder: str | Path) -> Origin:
    """Return where the episodes in a folder come from; see `load_trajectories` for errors."""
    told = _metadata(folder)["guerdon"]
    kwargs = {key: tuple(value) if isinstance(value, list) else value for key, value in told["env_kwargs"].items()}
    return Origin(told["env"], kwargs, told["policy"], told["seed"])


def _metadata(folder: str | Path) -> dict[str, Any]:
    file = Path(folder, DATA, "metadata.json")
    if not file.is_file():
        raise FileNotFoundError(f"{folder} holds no recorded episodes; `guerdon demonstrate` makes some")
    about = json.loads(file.read_text())
    if about.get("guerdon", {}).get("schema") != SCHEMA:
        raise ValueError(f"{folder} is a data set, but none that this version of guerdon has recorded")
    return about


def _columns_of(trajectories: Sequence[Trajectory]) -> list[str]:
    """Return the names of the scores that all steps have."""
    if not trajectories or not all(one.steps for one in trajectories):
        raise ValueError("no episodes to save, or one without steps")
    names = sorted(trajectories[0].steps[0].scores)
    for one in trajectories:
        for step in one.steps:
            if sorted(step.scores) != names:
                raise ValueError(f"the steps do not have the same scores: {names} and {sorted(step.scores)}")
    return names


def _columns(one: Trajectory, scores: Sequence[str]) -> dict[str, Any]:
    """Return an episode as Minari's buffer takes it."""
    steps = one.steps
    infos: dict[str, Any] = {
        "success": [False, *(step.success for step in steps)],
        "valid": [True, *(step.valid for step in steps)],
        "tag": ["", *(step.tag for step in steps)],
        "logp": [0.0, *(float(step.logp) for step in steps)],
        "admissible": [*(_json(step.admissible) for step in steps), "[]"],
    }
    for key in steps[0].text:
        infos[TEXT + key] = ["null", *(_json(step.text.get(key)) for step in steps)]
    for name in scores:
        infos[SCORE + name] = [0.0, *(float(step.scores[name]) for step in steps)]
    return {
        "seed": int(one.seed),
        "observations": _stacked([*(step.obs for step in steps), steps[-1].next_obs]),
        "actions": _stacked([step.action for step in steps]),
        "rewards": [float(step.reward) for step in steps],
        "terminations": [step.terminated for step in steps],
        "truncations": [step.truncated for step in steps],
        "infos": infos,
    }


def _about(one: Trajectory) -> dict[str, Any]:
    return {
        "task": one.task_id,
        "objective": float(one.objective),
        "metrics": {name: float(value) for name, value in one.metrics.items()},
        "truncated": bool(one.truncated),
        "last_value": float(one.last_value),
    }


def _trajectory(episode: Mapping[str, Any], about: Mapping[str, Any], keys: Sequence[str] | None) -> Trajectory:
    """Return an episode that was read; a dict's entries come in the order in which the env gives them."""
    seen, actions, infos = episode["observations"], rows_of(episode["actions"]), episode["infos"]
    seen = rows_of(seen if keys is None else {key: seen[key] for key in keys})
    texts = {key.removeprefix(TEXT): infos[key] for key in infos if key.startswith(TEXT)}
    scores = {key.removeprefix(SCORE): infos[key] for key in infos if key.startswith(SCORE)}
    steps = [
        Step(
            obs=seen[row],
            action=action,
            next_obs=seen[row + 1],
            terminated=bool(episode["terminations"][row]),
            truncated=bool(episode["truncations"][row]),
            success=bool(infos["success"][row + 1]),
            admissible=tuple(json.loads(str(infos["admissible"][row]))),
            valid=bool(infos["valid"][row + 1]),
            tag=str(infos["tag"][row + 1]),
            logp=float(infos["logp"][row + 1]),
            state_key=seen[row] if isinstance(seen[row], str | int) else None,
            reward=float(episode["rewards"][row]),
            text={key: json.loads(str(column[row + 1])) for key, column in texts.items()},
            scores={key: float(column[row + 1]) for key, column in scores.items()},
        )
        for row, action in enumerate(actions)
    ]
    told = {key: about[key] for key in ("objective", "metrics", "truncated", "last_value")}
    return Trajectory(task_id=about["task"], seed=about["seed"], steps=steps, **told)


def _stacked(values: Sequence[Any]) -> Any:
    """Return T values as Minari takes them: arrays by key, one array, or a list of strings."""
    if isinstance(values[0], Mapping):
        return {key: np.stack([one[key] for one in values]) for key in values[0]}
    return list(values) if isinstance(values[0], str) else np.stack(values)


def _json(value: Any) -> str:
    return json.dumps(value, default=lambda one: one.tolist() if hasattr(one, "tolist") else str(one))

"""Write the episode table from inside the env, so that any agent of any library leaves the same file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import gymnasium as gym
from gymnasium.core import ActType, ObsType

from ..core.episode_log import EpisodeLog, EpisodeRow, read_episodes

__all__ = ["TermRecorder"]


class TermRecorder(
    gym.Wrapper[ObsType, ActType, ObsType, ActType],
    gym.utils.RecordConstructorArgs,
):
    """Append one row to `episodes.csv` for every finished episode: success, objective, reward and its terms.

    Put it outside the reward wrapper, whose `info["reward_terms"]` it sums up. The columns are fixed by the
    first finished episode. Episodes given up by an early reset are not rows: their length says nothing.

    Args:
        env: any single env; `objective` is read from `env.unwrapped` and the rest from `info`.
        path: the file to write; it appears with the first finished episode.
        phase: "train", or the name of an evaluation set.
        resume: go on with an existing file: episodes and steps are numbered on. Otherwise it is refused.

    Raises:
        FileExistsError: the file exists and `resume` is off.
    """

    def __init__(
        self,
        env: gym.Env[ObsType, ActType],
        path: str | os.PathLike[str],
        phase: str = "train",
        resume: bool = False,
    ):
        gym.utils.RecordConstructorArgs.__init__(self, path=os.fspath(path), phase=phase, resume=resume)
        super().__init__(env)
        self.path, self.phase = Path(path), phase
        self._log: EpisodeLog | None = None
        self._episode = self._step = self._length = 0
        self._seed: int | None = None
        self._reward = 0.0
        self._terms: dict[str, float] = {}
        if self.path.exists():
            if not resume:
                raise FileExistsError(f"{self.path} exists. Choose another path, or pass resume=True.")
            rows = [row for row in read_episodes(self.path) if row.phase == phase]
            self._episode = len(rows)
            self._step = rows[-1].step if rows else 0

    @property
    def num_nan(self) -> int:
        """How many NaN values have been written."""
        return self._log.num_nan if self._log else 0

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the env and begin a new row."""
        self._length, self._reward, self._seed = 0, 0.0, seed
        self._terms = dict.fromkeys(self._terms, 0.0)
        return super().reset(seed=seed, options=options)

    def step(self, action: ActType) -> tuple[ObsType, Any, bool, bool, dict[str, Any]]:
        """Step the env; write the row when the episode ends."""
        observation, reward, terminated, truncated, info = super().step(action)
        self._length += 1
        self._step += 1
        self._reward += float(reward)
        for name, value in info.get("reward_terms", {}).items():
            self._terms[name] = self._terms.get(name, 0.0) + float(value)
        if terminated or truncated:
            self._write(info)
        return observation, reward, terminated, truncated, info

    def close(self) -> None:
        """Close the file and the env."""
        if self._log is not None:
            self._log.close()
        super().close()

    def _write(self, info: dict[str, Any]) -> None:
        if self._log is None:
            self._log = EpisodeLog(self.path, tuple(self._terms), resume=self.path.exists())
        is_success = bool(info.get("is_success", False))
        self._log.add(
            EpisodeRow(
                phase=self.phase,
                step=self._step,
                episode=self._episode,
                task=str(info.get("task", "")),
                task_type=str(info.get("task_type", "")),
                seed=self._seed,
                length=self._length,
                is_success=is_success,
                objective=float(getattr(self.unwrapped, "objective", is_success)),
                reward=self._reward,
                terms=self._terms,
            )
        )
        self._episode += 1

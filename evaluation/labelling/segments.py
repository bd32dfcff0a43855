"""What people are shown of a pair: two segments, played again and filmed, equally long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, repeat
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from ...core.trajectory import Trajectory
from ...envs.page import PANEL_LEFT, draw_page
from ...wrappers.text_page import TextPage
from ...wrappers.video import write_video
from ..film import open_filmed

__all__ = ["Film", "SegmentFilmer"]

SCALE = 2
TOP = 90  # of a page without a goal: its title is above
PAGES_PER_S = 1.0  # two pages are read at the same time
SHORTEST_S = 2.0  # few steps are shown slowly enough to be seen
SLOWEST_FPS = 2.0
ALIKE = 1e-6


@dataclass(frozen=True)
class Film:
    """What is known of two clips.

    Attributes:
        goals: what the agent was asked to do in either; empty if the world does not say.
        begins: what the first page of either episode says, where that is not in the clip; else empty.
        frames: pictures in each: one before the first step and one after each step. The shorter segment stands still at
            its end.
        fps: pictures a second.
    """

    goals: tuple[str, str]
    begins: tuple[str, str]
    frames: int
    fps: float


class SegmentFilmer:
    """Plays recorded episodes again, up to and through a segment, and films the segment.

    What is drawn is what a person may judge by: text worlds as the column of their page with action, observation and
    the steps before, others by their camera. The panel of the page stays away, and with it the reward, the choices and
    the badge that says whether the task was done, which the colour of the clock would say too: a label that was read
    off the objective would teach the objective.

    An env with a camera can only be used in the thread that made it, so make, use and close a filmer in one thread.

    Args:
        env_id, env_kwargs: what was played.
    """

    def __init__(self, env_id: str, env_kwargs: Mapping[str, Any]):
        self._env = open_filmed(env_id, env_kwargs)
        self._page: TextPage | None = None
        self._goal = self._begin = ""
        self._ended = False
        self._fps = float(self._env.metadata.get("render_fps") or 20)
        if isinstance(self._env.observation_space, gym.spaces.Text):
            self._env = self._page = TextPage(self._env, show_actions=False, scale=SCALE)
            self._fps = PAGES_PER_S

    def film(self, segments: Sequence[tuple[Trajectory, int, int]], files: Sequence[Path]) -> Film:
        """Write two segments (trajectory, start, stop) as mp4 files with the same number of frames.

        Raises:
            ValueError: an episode does not go as it was recorded: the env is not the same.
            InterruptedError: `stop` was called.
        """
        count = max(stop - start for _, start, stop in segments) + 1
        fps = max(min(self._fps, count / SHORTEST_S), min(self._fps, SLOWEST_FPS))
        goals, begins = [], []
        for segment, file in zip(segments, files, strict=True):
            write_video(file, islice(self._frames(*segment), count), fps)
            goals.append(self._goal)
            begins.append(self._begin if segment[1] else "")
        return Film((goals[0], goals[1]), (begins[0], begins[1]), count, fps)

    def stop(self) -> None:
        """End the film in the making, from any thread; nothing is left of it."""
        self._ended = True

    def close(self) -> None:
        """Close the env."""
        self._env.close()

    def _frames(self, trajectory: Trajectory, start: int, stop: int) -> Iterator[NDArray[np.uint8]]:
        """Yield the pictures of a segment, the last one for ever."""
        _, info = self._env.reset(seed=trajectory.seed, options={"task": trajectory.task_id})
        self._goal = self._goal_of(info)
        self._begin = "" if self._page is None else self._page.page.observation
        for step in trajectory.steps[:start]:
            self._env.step(step.action)
        yield self._draw()
        for step in trajectory.steps[start : stop - 1]:
            self._env.step(step.action)
            yield self._draw()
        last = trajectory.steps[stop - 1]
        obs, *_ = self._env.step(last.action)
        if not _alike(obs, last.next_obs):
            raise ValueError(
                f"the episode of task {trajectory.task_id!r} does not go as it was recorded: the env, its arguments or "
                f"its version are not the same"
            )
        yield from repeat(self._draw())

    def _draw(self) -> NDArray[np.uint8]:
        if self._ended:
            raise InterruptedError("filming was stopped")
        if self._page is None:
            return np.asarray(self._env.render())
        page = draw_page(replace(self._page.page, goal="", outcome="running"), SCALE)
        return page[TOP * SCALE :, : PANEL_LEFT * SCALE]

    def _goal_of(self, info: Mapping[str, Any]) -> str:
        if self._page is not None:
            return self._page.page.goal
        goal = info.get("goal") or getattr(self._env.unwrapped, "goal_text", "")
        return goal if isinstance(goal, str) else ""


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, str):
        return one == other
    return np.shape(one) == np.shape(other) and bool(np.allclose(one, other, rtol=0, atol=ALIKE))

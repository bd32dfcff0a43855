"""Render an env with a camera as a page: its picture, beside what the reward wrappers paid."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gymnasium as gym
from gymnasium.core import ActType, ObsType

from ..envs.page import Page, draw_page
from .action_text import action_text
from .page_log import SEPARATOR, PageLog, title_of

__all__ = ["CameraPage"]


class CameraPage(gym.Wrapper[ObsType, ActType, ObsType, ActType], gym.utils.RecordConstructorArgs):
    """Draw every step of an env as a page with the camera's picture, the action and bars for the reward terms.

    Put it outside the reward wrapper. Only `render` changes; `reset` and `step` pass through.

    Args:
        env: a single env made with render_mode "rgb_array". Pictures of any size are scaled to fit; twice
            `envs.page.PICTURE_SIZE` gives smooth edges.
        policy: who acts, for the label on the page.
        caption: a sentence for the foot of the page. Both may be set later, as attributes.
        title: the small line on top; by default the env's name and the task.
        scale: 1 for pages of 960 x 540 pixels, 2 for twice that.

    The line over the picture is `info["goal"]` or the env's `goal_text`; an env that states no goal has its name there,
    and the task alone on top. `render()` returns an array of shape (540 * scale, 960 * scale, 3), uint8, for
    "rgb_array", and whatever the env returns for any other mode.
    """

    def __init__(
        self,
        env: gym.Env[ObsType, ActType],
        policy: str = "",
        caption: str = "",
        title: str | None = None,
        scale: int = 1,
    ):
        gym.utils.RecordConstructorArgs.__init__(self, policy=policy, caption=caption, title=title, scale=scale)
        super().__init__(env)
        self.policy, self.caption, self.title, self.scale = policy, caption, title, scale
        self._log = PageLog()

    @property
    def page(self) -> Page:
        """The page of the last reset or step, as data and without its picture.

        Raises:
            gymnasium.error.ResetNeeded: the env was never reset.
        """
        return replace(self._log.page, policy=self.policy, caption=self.caption)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the env and begin a new series of pages."""
        observation, info = super().reset(seed=seed, options=options)
        title = title_of(self.env, info.get("task"))
        goal = info.get("goal") or getattr(self.unwrapped, "goal_text", "")
        if not isinstance(goal, str) or not goal:
            goal, _, title = title.partition(SEPARATOR)
        self._log.start(self.env, info, title=title if self.title is None else self.title, goal=goal)
        return observation, info

    def step(self, action: ActType) -> tuple[ObsType, Any, bool, bool, dict[str, Any]]:
        """Step the env and remember what the page needs."""
        observation, reward, terminated, truncated, info = super().step(action)
        self._log.add(action_text(action, ()), (float(reward), terminated, truncated, info))
        return observation, reward, terminated, truncated, info

    def render(self) -> Any:
        """Return the page of the last step, or what the env itself renders in another mode."""
        if self.render_mode != "rgb_array":
            return super().render()
        page = self.page  # refuses before the env does
        return draw_page(replace(page, picture=super().render()), self.scale)

"""Render a text env as a typeset page that also shows what the reward wrappers paid."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gymnasium as gym
from gymnasium.core import ActType

from ..envs.page import Page, draw_page
from .action_text import action_text
from .page_log import PageLog, title_of

__all__ = ["TextPage"]


class TextPage(gym.Wrapper[str, ActType, str, ActType], gym.utils.RecordConstructorArgs):
    """Draw every step of a text env as a page with the action, the observation and bars for the reward terms.

    Put it outside the reward wrapper and inside `History`, so that the page shows one observation and not
    the transcript. Only `render` changes; `reset` and `step` pass through.

    Args:
        env: a single text env made with render_mode "rgb_array" or "ansi".
        policy: who acts, for the label on the page.
        caption: a sentence for the foot of the page. Both may be set later, as attributes.
        title: the small line on top; by default the env's name and the task type.
        show_actions: list the admissible actions.
        scale: 1 for pages of 960 x 540 pixels, 2 for twice that.

    `render()` returns an array of shape (540 * scale, 960 * scale, 3), uint8, for "rgb_array", a plain text
    of the same content for "ansi", and whatever the env returns for any other mode.
    """

    def __init__(
        self,
        env: gym.Env[str, ActType],
        policy: str = "",
        caption: str = "",
        title: str | None = None,
        show_actions: bool = True,
        scale: int = 1,
    ):
        gym.utils.RecordConstructorArgs.__init__(
            self, policy=policy, caption=caption, title=title, show_actions=show_actions, scale=scale
        )
        super().__init__(env)
        self.policy, self.caption, self.title = policy, caption, title
        self.show_actions, self.scale = show_actions, scale
        self._log = PageLog()
        self._info: dict[str, Any] = {}

    @property
    def page(self) -> Page:
        """The page of the last reset or step, as data.

        Raises:
            gymnasium.error.ResetNeeded: the env was never reset.
        """
        return replace(self._log.page, policy=self.policy, caption=self.caption)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Reset the env and begin a new series of pages."""
        observation, info = super().reset(seed=seed, options=options)
        self._info = info
        self._log.start(
            self.env,
            info,
            title=title_of(self.env, info.get("task_type")) if self.title is None else self.title,
            goal=self._find_goal(observation, info),
            observation=self._shown(observation),
            actions=self._actions(info),
        )
        return observation, info

    def step(self, action: ActType) -> tuple[str, Any, bool, bool, dict[str, Any]]:
        """Step the env and remember what the page needs."""
        observation, reward, terminated, truncated, info = super().step(action)
        self._log.add(
            action_text(action, self._info.get("admissible_actions", ())),
            (float(reward), terminated, truncated, info),
            observation=self._shown(observation),
            actions=self._actions(self._info),
        )
        self._info = info
        return observation, reward, terminated, truncated, info

    def render(self) -> Any:
        """Return the page of the last step: an image, a text, or what the env itself renders."""
        if self.render_mode == "rgb_array":
            return draw_page(self.page, self.scale)
        return _plain(self.page) if self.render_mode == "ansi" else super().render()

    def _actions(self, info: dict[str, Any]) -> tuple[str, ...]:
        return tuple(info.get("admissible_actions", ())) if self.show_actions else ()

    def _shown(self, observation: str) -> str:
        """Return the page as the env lays it out for people, if it does."""
        return getattr(self.unwrapped, "page_text", observation)

    def _find_goal(self, observation: str, info: dict[str, Any]) -> str:
        """Return the goal from where the env states it: `info`, `goal_text` or the first observation."""
        for goal in (info.get("goal"), getattr(self.unwrapped, "goal_text", None)):
            if isinstance(goal, str) and goal:
                return goal
        _, mark, rest = observation.partition("Your task is to: ")
        goal = rest.split("\n")[0] if mark else str(info.get("task", ""))
        return goal[:1].upper() + goal[1:]


def _plain(page: Page) -> str:
    """Set a page as plain text: the action as a prompt line, the observation, then step and reward."""
    lines = [page.observation]
    if page.action is not None:
        lines.insert(0, f"> {page.action}" + (f"  [{page.failure}]" if page.failure else ""))
    status = [f"step {page.step}" + (f"/{page.max_steps}" if page.max_steps else "")]
    if page.reward_sum is not None:
        status.append(f"reward {page.reward:+g} (sum {page.reward_sum:+g})")
    status += [f"{name} {value:+g} (sum {total:+g})" for name, (value, total) in page.terms.items()]
    if page.outcome != "running":
        status.append(page.outcome.replace("_", " "))
    return "\n".join([*lines, "[" + ", ".join(status) + "]"])

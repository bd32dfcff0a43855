"""What the page of a step has to know of the steps before it: sums of the reward terms, the clock, the trail."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gymnasium as gym

from ..envs.page import Page

__all__ = ["SEPARATOR", "PageLog", "title_of"]

TRAIL = 6
SEPARATOR = " · "
"""What stands between the parts of a title."""


class PageLog:
    """Follows the episodes of one env and holds the `Page` of the last step, as data and without a picture."""

    def __init__(self) -> None:
        self._page: Page | None = None
        self._trail: list[tuple[str, str | None]] = []
        self._sums: dict[str, float] = {}

    @property
    def page(self) -> Page:
        """The page of the last reset or step.

        Raises:
            gymnasium.error.ResetNeeded: the env was never reset.
        """
        if self._page is None:
            raise gym.error.ResetNeeded("page: call reset before render")
        return self._page

    def start(
        self,
        env: gym.Env,
        info: dict[str, Any],
        *,
        title: str,
        goal: str,
        observation: str = "",
        actions: tuple[str, ...] = (),
    ) -> None:
        """Begin an episode: the page of a reset.

        Args:
            env: tells the time limit.
            info: what the reset returned; its `reward_terms` name the terms, which start at 0.
            title: the small line on top.
            goal: what the agent was asked to do.
            observation: what the env showed, as text.
            actions: the admissible actions.
        """
        self._trail = []
        self._sums = dict.fromkeys({**self._sums, **info.get("reward_terms", {})}, 0.0)
        self._page = Page(
            title=title,
            goal=goal,
            observation=observation,
            max_steps=env.spec.max_episode_steps if env.spec else None,
            outcome=_outcome(info, False, False),
            reward_sum=0.0,
            terms=dict.fromkeys(self._sums, (0.0, 0.0)),
            actions=actions,
        )

    def add(
        self,
        action: str,
        step: tuple[float, bool, bool, dict[str, Any]],
        *,
        observation: str = "",
        actions: tuple[str, ...] = (),
    ) -> None:
        """Turn to the page of one more step.

        Args:
            action: what was done, as text.
            step: what the env answered, as `step` returns it, without the observation.
            observation: what the env showed, as text.
            actions: the admissible actions that `action` was chosen from.
        """
        before = self.page
        if before.action is not None:
            self._trail.append((before.action, before.failure))
        reward, terminated, truncated, info = step
        paid = {name: float(value) for name, value in info.get("reward_terms", {}).items()}
        for name, value in paid.items():
            self._sums[name] = self._sums.get(name, 0.0) + value
        failure = info.get("failure")
        self._page = replace(
            before,
            observation=observation,
            step=before.step + 1,
            action=action,
            failure=None if failure is None else str(failure),
            outcome=_outcome(info, terminated, truncated),
            reward=float(reward),
            reward_sum=(before.reward_sum or 0.0) + float(reward),
            terms={name: (paid.get(name, 0.0), total) for name, total in self._sums.items()},
            actions=actions,
            trail=tuple(self._trail[-TRAIL:]),
        )


def title_of(env: gym.Env, detail: object = "") -> str:
    """Return the small line on top of a page: the env's name, and `detail` if there is one."""
    name = env.spec.name if env.spec else type(env.unwrapped).__name__
    return SEPARATOR.join(part for part in (name, str(detail or "").replace("_", " ")) if part)


def _outcome(info: dict[str, Any], terminated: bool, truncated: bool) -> str:
    if info.get("is_success", False):
        return "success"
    if terminated:
        return "failure"
    if truncated:
        return "out_of_time"
    return "dead_end" if info.get("dead_end", False) else "running"

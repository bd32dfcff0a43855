"""What the tabular envs share: playing a problem one step at a time, as a Gymnasium env."""

from __future__ import annotations

import json
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.error import ResetNeeded
from gymnasium.spaces import Discrete

from .catalogue import open_catalogue
from .chance import BLOCK, chances, draw_chance_seed
from .failure import Failure
from .mdp import TabularMDP
from .problem import Family, Problem
from .state import TabularState

__all__ = ["TabularEnv", "check_action", "spaces_of"]

METADATA: dict[str, Any] = {
    "render_modes": ["ansi", "rgb_array"],
    "render_fps": 4,
    "text_info": ("admissible_actions", "failure"),
}


class TabularEnv(gym.Env[np.int64, np.int64]):
    """One episode after another of a family of tabular tasks; the envs' own classes say which.

    Args:
        family: the tasks.
        split, fixed_task: which of them; see `open_catalogue`.
        render_mode: None, "ansi" or "rgb_array".
    """

    metadata: dict[str, Any] = METADATA

    def __init__(self, family: Family, split: str | None, fixed_task: str | None, render_mode: str | None):
        self.family = family
        self.catalogue = open_catalogue(family, split, fixed_task)
        self.observation_space, self.action_space = spaces_of(self.catalogue.problem(self.catalogue.tasks[0]))
        self.render_mode = render_mode
        self.task = ""
        self._problem: Problem | None = None
        self._state = self._steps = self._chance_seed = 0
        self._visited: tuple[int, ...] = ()
        self._last: tuple[int | None, Failure | None] = (None, None)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[np.int64, dict[str, Any]]:
        """Start an episode; `options={"task": id}` names its task."""
        super().reset(seed=seed)
        self.task = self.catalogue.draw(self.np_random, options)
        problem = self._problem = self.catalogue.problem(self.task)
        self._steps, self._last = 0, (None, None)
        if self.family.branches > 1:
            self._chance_seed = draw_chance_seed(self.np_random)
        self._state = int(problem.mdp.start.argmax())
        self._visited = (self._state,)
        return self._look()

    def step(self, action: int | np.int64) -> tuple[np.int64, float, bool, bool, dict[str, Any]]:
        """Take an action. Raises `ResetNeeded` before the first reset and after the end of an episode."""
        problem = self.problem
        if problem.mdp.terminal[self._state]:
            raise ResetNeeded(
                f"{self.family.name}: the episode is over (this is its last state); call reset() before step()"
            )
        number = check_action(action, problem.mdp, self.family.name)
        failure = None
        if problem.mdp.admissible[self._state, number]:
            self._state = int(problem.after[self._state, number, self._chosen(number)])
            self._visited += (self._state,)
        else:
            failure = Failure.NOT_ADMISSIBLE
        self._steps += 1
        self._last = number, failure
        observation, info = self._look()
        return observation, info["reward_env"], bool(problem.mdp.terminal[self._state]), False, info

    def _chosen(self, action: int) -> int:
        """Return which of the states that an action can lead to comes next."""
        bounds = self.problem.bounds[self._state, action]
        if not len(bounds):
            return 0
        block, place = divmod(self._steps, BLOCK)
        return int((chances(self._chance_seed, block)[place] >= bounds).sum())

    def _look(self) -> tuple[np.int64, dict[str, Any]]:
        problem, state = self.problem, self._state
        outcome, length = float(problem.outcome[state]), int(problem.plan_length[state])
        info = {
            "admissible_actions": problem.listed[state].copy(),
            "is_success": length == 0,
            "failure": self._last[1],
            "dead_end": length < 0,
            "plan_length": length,
            "expert_action": problem.expert[state],
            "objective": float(problem.score[state]),
            "task": self.task,
            "task_type": self.family.task_type,
            "reward_terms": {"outcome": outcome},
            "reward_env": outcome,
        }
        return np.int64(state), info

    @property
    def problem(self) -> Problem:
        """The task that is played; `ResetNeeded` if there is none."""
        if self._problem is None:
            raise ResetNeeded(f"{self.family.name}: call reset() first")
        return self._problem

    @property
    def mdp(self) -> TabularMDP:
        """The exact tables of the task that is played."""
        return self.problem.mdp

    @property
    def state(self) -> TabularState:
        """The privileged state, a frozen dataclass."""
        return TabularState.of(self.problem, self._state, self._steps)

    @property
    def objective(self) -> float:
        """The true score, in [0, 1], 1.0 exactly on success; 0 before the end of an episode in all but Hacks."""
        return float(self.problem.score[self._state])

    @property
    def goal_text(self) -> str:
        """What is to be done, in words."""
        return self.family.goal

    def admissible_actions(self) -> list[int]:
        """Return the numbers of the actions that can be taken here; none at the end of an episode."""
        return self.problem.listed[self._state].copy()

    def snapshot(self) -> bytes:
        """Return the whole state of the episode and of the random generator as bytes, for `restore`."""
        return json.dumps(
            {
                "family": repr(self.problem.family),
                "task": self.task,
                "visited": self._visited,
                "steps": self._steps,
                "chance_seed": self._chance_seed,
                "last": self._last,
                "rng": self.np_random.bit_generator.state,
            }
        ).encode()

    def restore(self, snapshot: bytes) -> tuple[np.int64, dict[str, Any]]:
        """Go back to a snapshot taken from an env of the same id and arguments; return its observation and info.

        Raises:
            ValueError: the bytes are no snapshot of such an env.
        """
        try:
            data = json.loads(snapshot)
            if data["family"] != repr(self.family):
                raise ValueError(f"it is of {data['family']}, not of {self.family}")
            problem, visited = self.catalogue.problem(data["task"]), tuple(map(int, data["visited"]))
            if not visited or not 0 <= min(visited) <= max(visited) < problem.mdp.num_states:
                raise ValueError(f"it has no states {visited}")
            action, failure = data["last"]
            last = action, None if failure is None else Failure(failure)
            task, steps, seed = str(data["task"]), int(data["steps"]), int(data["chance_seed"])
            self.np_random.bit_generator.state = data["rng"]  # the last that can fail: nothing changes by halves
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"not a snapshot of {self.family.name}: {error}") from error
        self._problem, self._visited, self._state, self._last = problem, visited, visited[-1], last
        self.task, self._steps, self._chance_seed = task, steps, seed
        return self._look()

    def render(self) -> Any:
        """Return the last step as text ("ansi") or as a picture ("rgb_array", uint8 (H, W, 3))."""
        if self.render_mode == "rgb_array":
            return self.family.draw(self.problem, self._state, self._visited)
        if self.render_mode != "ansi":
            return None
        names, (action, failure) = self.mdp, self._last
        done = "" if action is None else f"> {names.actions[action]}{f' ({failure})' if failure else ''}\n"
        choices = ", ".join(names.actions[a] for a in self.admissible_actions()) or "none, the episode is over"
        return f"{done}{names.states[self._state]}\nActions: {choices}"


def spaces_of(problem: Problem) -> tuple[Discrete, Discrete]:
    """Return the spaces of observations and actions, which all tasks of a family have in common."""
    return Discrete(problem.mdp.num_states), Discrete(problem.mdp.num_actions)


def check_action(action: Any, mdp: TabularMDP, name: str) -> int:
    """Return an action as an int; refuse what is no whole number, and numbers that no action has."""
    found = np.asarray(action) if isinstance(action, int | np.integer | np.ndarray) else None
    if found is None or found.ndim or found.dtype.kind not in "iu":
        raise TypeError(f"{name}: an action is a whole number such as 0 ({mdp.actions[0]}), not {action!r}")
    number = int(found)
    if not 0 <= number < mdp.num_actions:
        known = ", ".join(f"{index} {word}" for index, word in enumerate(mdp.actions))
        raise ValueError(f"{name}: there is no action {number}; there are {known}")
    return number

"""`guerdon/Household-v0`: household tasks in words, as a Gymnasium env."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import gymnasium as gym
from gymnasium.error import ResetNeeded

from ..page import Page, draw_page
from ..text import UnicodeText
from .catalogue import open_catalogue
from .failure import Failure, explain
from .game import Game
from .info import info_of
from .planner import expert_plan, plan
from .sentences import NOTHING
from .state import HouseholdState

__all__ = ["HouseholdEnv"]


class HouseholdEnv(gym.Env[str, str]):
    """An agent in a room reads, goes, opens, takes, treats and puts down, until the task is done.

    ## Description
    A native counterpart of ALFWorld (Shridhar et al., 2021; engine 0.4.2): the same rules and sentences byte
    for byte, quirks included, without its dependencies. Six task types: put an object somewhere, look at it
    under a lamp, clean / heat / cool it and put it somewhere, put two of a kind together.

    ## Action space
    `UnicodeText`: one command, exactly as in `info["admissible_actions"]`. Anything else is answered by
    "Nothing happens.", costs a step, and `info["failure"]` says why.

    ## Observation space
    `UnicodeText`: what the game prints. The first observation lists the receptacles and states the task.

    ## Rewards
    The env's own reward is 1.0 on the step that reaches the goal, else 0.0. Other rewards are put on by
    `guerdon.make` or `guerdon.wrappers.spec_reward.SpecReward`.

    ## Starting state
    A game drawn uniformly from the split, or exactly the one named by `reset(options={"task": id})`.

    ## Episode end
    `terminated` when the goal is reached. The time limit (50 steps) is in the spec and truncates. A dead end
    does not end the episode, as in ALFWorld; `info["dead_end"]` reports it.

    ## Info, at reset and at every step
    | key | type | meaning |
    |---|---|---|
    | admissible_actions | list of str | every command that does something now, in the engine's (sorted) order |
    | is_success | bool | the goal is reached |
    | failure | `Failure` or None | why the last command did nothing |
    | dead_end | bool | no plan reaches the goal any more |
    | plan_length | int | commands on a shortest plan from here; -1 at a dead end |
    | expert_action | str or None | first command of a shortest plan; None when solved or at a dead end |
    | objective | float | the true score: share of the subgoals reached in this episode; 1.0 exactly on success |
    | task, task_type | str | the game's id; its type |
    | reward_terms, reward_env | dict, float | the reward's named terms; the env's own reward |

    ## Arguments
    Args:
        games: None for the built-in generator; the path of a scene file (.jsonl, .jsonl.gz); or the folder of
            a user's ALFWorld data (`game.tw-pddl` files).
        split: "train" (default), "valid_seen", "valid_unseen", or a half of a protocol, "L2/train".
        task_types: task ids (1 to 6) or names to keep; None for all.
        dialect: "move" (ALFWorld >= 0.4: `move x to y`) or "put" (<= 0.3.5: `put x in/on y`, no help).
        render_mode: "ansi" (text) or "rgb_array" (a typeset page, uint8, (H, W, 3)).

    ## Version history
    * v0: initial version.
    """

    metadata: dict[str, Any] = {  # noqa: RUF012 - gymnasium declares it on the instance
        "render_modes": ["ansi", "rgb_array"],
        "render_fps": 2,
        "text_info": ("admissible_actions", "failure"),
        "text_memory": "household",
    }

    def __init__(
        self,
        games: str | Path | None = None,
        split: str | None = None,
        task_types: int | str | Iterable[int | str] | None = None,
        dialect: str = "move",
        render_mode: str | None = None,
    ):
        self.catalogue = open_catalogue(games, split, task_types, dialect)
        self.observation_space = UnicodeText(8192)
        self.action_space = UnicodeText(128)
        self.render_mode = render_mode
        self.task = ""
        self._game: Game | None = None
        self._last: tuple[str | None, str, Failure | None] = (None, "", None)
        self._steps = 0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Start an episode; see the class docstring for `options`."""
        super().reset(seed=seed)
        self.task = self.catalogue.draw(self.np_random, options)
        world = self.catalogue.world(self.task)
        self._game = Game(world)
        self._steps = 0
        self._last = (None, world.first_observation, None)
        return world.first_observation, self._info(None)

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Give one command. Raises `ResetNeeded` before the first reset and after the goal was reached."""
        game = self._game
        if game is None:
            raise ResetNeeded("Household-v0: call reset() before step()")
        if game.won:
            raise ResetNeeded("Household-v0: the episode is over (the goal is reached); call reset() before step()")
        if not isinstance(action, str):
            raise TypeError(f"Household-v0: an action is a string such as 'look', not {action!r}")
        observation, failure = game.step(action), None
        if observation is None:
            observation, failure = NOTHING, explain(game, action)
        self._steps += 1
        self._last = (action, observation, failure)
        return observation, float(game.won), game.won, False, self._info(failure)

    def _info(self, failure: Failure | None) -> dict[str, Any]:
        return info_of(self.game, failure)

    @property
    def game(self) -> Game:
        """The game in progress; `ResetNeeded` if there is none."""
        if self._game is None:
            raise ResetNeeded("Household-v0: call reset() first")
        return self._game

    @property
    def state(self) -> HouseholdState:
        """The privileged state, a frozen dataclass."""
        return HouseholdState.of(self.game)

    @property
    def objective(self) -> float:
        """The true score in [0, 1]: the share of subgoals reached in this episode; 1.0 exactly on success."""
        return self.game.progress

    def admissible_actions(self) -> list[str]:
        """Return every command that does something now, in the engine's order."""
        return self.game.choices.listed.copy()

    def expert_plan(self) -> list[str]:
        """Return one shortest plan from here."""
        return expert_plan(self.game)

    def snapshot(self) -> bytes:
        """Return the whole state of the episode and of the random generator as bytes, for `restore`."""
        game = self.game
        return json.dumps(
            {
                "task": self.task,
                "game": game.dump(),
                "steps": self._steps,
                "last": self._last,
                "rng": self.np_random.bit_generator.state,
            }
        ).encode()

    def restore(self, snapshot: bytes) -> tuple[str, dict[str, Any]]:
        """Go back to a snapshot taken from an env with the same games; return its observation and info.

        Raises:
            ValueError: the bytes are no snapshot of this env.
        """
        try:
            data = json.loads(snapshot)
            game = Game.load(self.catalogue.world(data["task"]), data["game"])
            action, observation, failure = data["last"]
            last = action, observation, None if failure is None else Failure(failure)
            task, steps = str(data["task"]), int(data["steps"])
            self.np_random.bit_generator.state = data["rng"]
        except (KeyError, TypeError, IndexError, UnicodeDecodeError, json.JSONDecodeError) as error:
            raise ValueError(f"not a snapshot of Household-v0: {error}") from error
        self._game, self._last, self.task, self._steps = game, last, task, steps
        return observation, self._info(last[2])

    def render(self) -> Any:
        """Return the last step as text ("ansi") or as a page ("rgb_array")."""
        action, observation, failure = self._last
        if self.render_mode == "ansi":
            return f"> {action}\n{observation}" if action is not None else observation
        if self.render_mode != "rgb_array":
            return None
        game = self.game
        goal = game.world.goal_text
        outcome = "success" if game.won else "dead_end" if plan(game)[0] < 0 else "running"
        return draw_page(
            Page(
                title=f"Household · {game.world.task_type.replace('_', ' ')}",
                goal=goal[:1].upper() + goal[1:],
                observation=observation,
                step=self._steps,
                max_steps=self.spec.max_episode_steps if self.spec else None,
                action=action,
                failure=failure,
                outcome=outcome,
                actions=tuple(game.choices),
            )
        )

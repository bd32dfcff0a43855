"""`guerdon/SearchQA-v0`: questions answered by looking things up, as a Gymnasium env."""

from __future__ import annotations

import json
from typing import Any

import gymnasium as gym
from gymnasium.error import ResetNeeded

from ..page import Page, draw_page
from ..text import UnicodeText
from .catalogue import open_catalogue
from .failure import Failure, explain
from .game import Game
from .info import info_of
from .planner import plan
from .state import SearchQAState

__all__ = ["NOTHING", "SPACES", "SearchQAEnv"]

SPACES = UnicodeText(8192), UnicodeText(512)
"""Of observations and of actions."""
NOTHING = "That cannot be done."


class SearchQAEnv(gym.Env[str, str]):
    """An agent is asked about an invented world, looks things up, and answers.

    ## Description
    Questions of one, two or three hops over a knowledge graph with a document a thing ("In which country does the
    birthplace of the founder of Bral Mills lie?"). One look-up names what is one fact away, so h hops need h of
    them, no fewer and no more; whatever is beyond that is over-retrieval. Some answers are lists, some yes or no.

    ## Action space
    `UnicodeText`, exactly as in `info["admissible_actions"]`:
    `search <thing>` shows its triples and the titles of documents about it; `read <title>` shows one of the documents
    that the last search found, its facts in sentences; `answer <name, value or list>` ends the episode. What can be
    named are at most 30 names: those in the question, and the ones read last; "yes" and "no" once what such a question
    is about has been looked up. Searches and reads are retrievals, of which an episode has 10; useless and repeated
    ones count too. Anything else is answered by "That cannot be done.", costs a step, and `info["failure"]` says why.

    ## Observation space
    `UnicodeText`: what was found. The first observation holds the question and the titles of three other documents.

    ## Rewards
    The env's own reward is the F1 of the answer (`scoring.f1`), in [0, 1], on the last step; else 0. Other rewards are
    put on by `guerdon.make` or `guerdon.wrappers.spec_reward.SpecReward`.

    ## Starting state
    A question drawn uniformly from the split, or exactly the one named by `reset(options={"task": id})`.

    ## Episode end
    `terminated` by any answer. The time limit (16 steps) is in the spec and truncates.

    ## Info, at reset and at every step
    | key | type | meaning |
    |---|---|---|
    | admissible_actions | list of str | searches, reads and answers, each in the order in which they came up |
    | retrievals | int | searches and reads so far |
    | is_success | bool | answered with an F1 of 1 |
    | failure | `Failure` or None | why the last action did nothing |
    | dead_end | bool | the right answer cannot be given any more |
    | plan_length | int | actions on a shortest plan to it; -1 at a dead end |
    | expert_action | str or None | the first of them; None when solved or at a dead end |
    | objective | float | the true score: F1 of the answer, 0 before it; 1.0 exactly on success |
    | task, task_type | str | the question's id; "1-hop", "2-hop" or "3-hop" |
    | reward_terms, reward_env | dict, float | the reward's named terms; the env's own reward |

    ## Arguments
    Args:
        split: "train" (default), "valid" or "test". No two splits share a thing, a name or a fact.
        hops: 1, 2 or 3 to ask only questions of so many hops; None for all, equally often.
        render_mode: "ansi" (text) or "rgb_array" (a typeset page, uint8, (H, W, 3)).

    ## Version history
    * v0: initial version.
    """

    metadata: dict[str, Any] = {  # noqa: RUF012 - gymnasium declares it on the instance
        "render_modes": ["ansi", "rgb_array"],
        "render_fps": 2,
        "text_info": ("admissible_actions", "failure", "retrievals"),
        "text_memory": "searchqa",
    }

    def __init__(self, split: str | None = None, hops: int | None = None, render_mode: str | None = None):
        self.catalogue = open_catalogue(split, hops)
        self.observation_space, self.action_space = SPACES
        self.render_mode = render_mode
        self.task = ""
        self._game: Game | None = None
        self._last: tuple[str | None, str, Failure | None] = (None, "", None)
        self._steps = 0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Start an episode; see the class docstring for `options`."""
        super().reset(seed=seed)
        self.task = self.catalogue.draw(self.np_random, options)
        self._game = Game(self.catalogue.question(self.task))
        observation = self._game.first_observation
        self._steps, self._last = 0, (None, observation, None)
        return observation, self._info(None)

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Do one action. Raises `ResetNeeded` before the first reset and after the answer."""
        game = self.game
        if game.answer >= 0:
            raise ResetNeeded("SearchQA-v0: the episode is over (an answer was given); call reset() before step()")
        if not isinstance(action, str):
            raise TypeError(f"SearchQA-v0: an action is a string such as 'answer yes', not {action!r}")
        observation, failure = game.step(action), None
        if observation is None:
            observation, failure = NOTHING, explain(game, action)
        self._steps += 1
        self._last = (action, observation, failure)
        return observation, game.f1, game.answer >= 0, False, self._info(failure)

    def _info(self, failure: Failure | None) -> dict[str, Any]:
        return info_of(self.game, self.task, failure)

    @property
    def game(self) -> Game:
        """The game in progress; `ResetNeeded` if there is none."""
        if self._game is None:
            raise ResetNeeded("SearchQA-v0: call reset() first")
        return self._game

    @property
    def goal_text(self) -> str:
        """The question."""
        return self.game.question.text

    @property
    def state(self) -> SearchQAState:
        """The privileged state, a frozen dataclass."""
        return SearchQAState.of(self.game)

    @property
    def objective(self) -> float:
        """The true score in [0, 1]: F1 of the answer, 0 before it; 1.0 exactly on success."""
        return self.game.f1

    def admissible_actions(self) -> list[str]:
        """Return every action that does something now."""
        return self.game.admissible.copy()

    def snapshot(self) -> bytes:
        """Return the whole state of the episode and of the random generator as bytes, for `restore`."""
        return json.dumps(
            {
                "env": "SearchQA-v0",
                "task": self.task,
                "game": self.game.dump(),
                "steps": self._steps,
                "last": self._last,
                "rng": self.np_random.bit_generator.state,
            }
        ).encode()

    def restore(self, snapshot: bytes) -> tuple[str, dict[str, Any]]:
        """Go back to a snapshot taken from an env with the same tasks; return its observation and info.

        Raises:
            ValueError: the bytes are no snapshot of this env.
        """
        try:
            data = json.loads(snapshot)
            if data["env"] != "SearchQA-v0":
                raise ValueError(f"not a snapshot of SearchQA-v0, but of {data['env']}")
            game = Game.load(self.catalogue.question(data["task"]), data["game"])
            action, observation, failure = data["last"]
            last = action, observation, None if failure is None else Failure(failure)
            task, steps = str(data["task"]), int(data["steps"])
            self.np_random.bit_generator.state = data["rng"]
        except (KeyError, TypeError, IndexError, UnicodeDecodeError, json.JSONDecodeError) as error:
            raise ValueError(f"not a snapshot of SearchQA-v0: {error}") from error
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
        over = game.answer >= 0
        outcome = "success" if game.won else "failure" if over else "dead_end" if plan(game)[0] < 0 else "running"
        return draw_page(
            Page(
                title=f"SearchQA · {game.question.hops}-hop",
                goal=self.goal_text,
                observation=observation,
                step=self._steps,
                max_steps=self.spec.max_episode_steps if self.spec else None,
                action=action,
                failure=failure,
                outcome=outcome,
                actions=tuple(game.admissible),
            )
        )

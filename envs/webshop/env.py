"""`guerdon/WebShop-v0`: shopping by words, as a Gymnasium env."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import gymnasium as gym
from gymnasium.error import ResetNeeded

from ...core.names import check_name
from ..page import Page, draw_page
from ..text import UnicodeText
from .catalogue import open_catalogue
from .failure import Failure
from .game import DONE, PAGES, Game
from .info import info_of
from .reading import page_text
from .state import WebShopState
from .view import ObservationMode, View

__all__ = ["SPACES", "WebShopEnv"]

SPACES = UnicodeText(131_072), UnicodeText(4096)
"""Of observations and of actions. Longer actions are answered too, see `failure.MAX_QUERY`."""


class WebShopEnv(gym.Env[str, str]):
    """An agent reads an instruction, searches, opens products, chooses options and buys.

    ## Description
    A native counterpart of WebShop (Yao et al., 2022; text env): the same pages, buttons, search ranking and score,
    quirks included, without its Java, downloads and web pages. The built-in catalogue is invented; a user's own
    WebShop files can be loaded.

    ## Action space
    `UnicodeText`: `search[words]` or `click[button]`; the argument may be in any case. A search is accepted on every
    page. Anything else does nothing, costs a step, and `info["failure"]` says why.

    ## Observation space
    `UnicodeText`: the page. "text": its pieces joined by " [SEP] "; "text_rich": a piece a line, buttons marked.

    ## Rewards
    The env's own reward is the score of the purchase, in [0, 1], on the last step; else 0. See `scoring.score`.
    Other rewards are put on by `guerdon.make` or `guerdon.wrappers.spec_reward.SpecReward`.

    ## Starting state
    A goal drawn by weight from the split, or exactly the one named by `reset(options={"task": id})`.

    ## Episode end
    `terminated` by buying. The time limit (50 steps; the original has none) is in the spec and truncates.

    ## Info, at reset and at every step
    | key | type | meaning |
    |---|---|---|
    | admissible_actions | list of str | what does something here: clicks, or searches suggested by the instruction |
    | clickables | list of str | what can be clicked, as the original lists it |
    | has_search_bar | bool | whether this is the start page |
    | is_success | bool | bought with a score of 1.0 |
    | failure | `Failure` or None | why the last action did nothing |
    | dead_end | bool | the goal's own product cannot be bought for 1.0 (any more) |
    | plan_length | int | actions on a shortest plan to that; -1 at a dead end |
    | expert_action | str or None | the first of them |
    | objective | float | the true score: of the purchase, 0 before it |
    | score | `Score` or None | the purchase with all its components |
    | task, task_type | str | the goal's id; the department of its product |
    | reward_terms, reward_env | dict, float | the reward's named terms; the env's own reward |

    ## Arguments
    Args:
        catalogue: a number of products for the built-in generator (default 1,000); a file of products (.jsonl,
            .jsonl.gz); or the folder (or `items_shuffle*.json`) of a user's WebShop files.
        goals: "human" (default), "synthetic" or "all"; or a file of goals.
        split: "train" (default), "eval", "test" or "all". Targets of one split are never targets of another. For a
            user's files the default is "all", and the parts are the original's: see `data.original`.
        observation_mode: "text" or "text_rich".
        compat: "webshop", the original's behaviour, or "fixed", which mends these faults of it:
            wanted options are compared as chosen ones are (synthetic goals with colours such as "black2626" cannot be
            met in the original); an attribute counts only if the product has it, not if the word is anywhere in the
            listing; chosen options are marked `[chosen]` on the product's page (in the original's "text" they cannot
            be seen); the last page does not print the score; a query does not decide where "< Prev" leads, nor do
            `<r>`, `<c>`, `<q>`, `<a>` at its head do anything; and with a user's WebShop files prices and bounds
            depend on the seed and the product alone, not on the order of loading.
        num_prev_obs, num_prev_actions: earlier observations and actions to put before the present one.
        show_attrs: whether product pages have a button that shows the hidden attributes.
        catalogue_seed: seeds the generator, or the draws of prices and bounds for a user's WebShop files.
        render_mode: "ansi" (text) or "rgb_array" (a typeset page, uint8, (H, W, 3)).

    ## Version history
    * v0: initial version.
    """

    metadata: dict[str, Any] = {  # noqa: RUF012 - gymnasium declares it on the instance
        "render_modes": ["ansi", "rgb_array"],
        "render_fps": 2,
        "text_info": ("admissible_actions", "clickables", "has_search_bar", "failure"),
        "text_memory": "webshop",
    }

    def __init__(
        self,
        catalogue: int | str | Path = 1000,
        goals: str | Path | None = None,
        split: str | None = None,
        observation_mode: ObservationMode = "text",
        compat: str = "webshop",
        num_prev_obs: int = 0,
        num_prev_actions: int = 0,
        show_attrs: bool = False,
        catalogue_seed: int | None = None,
        render_mode: str | None = None,
    ):
        check_name("observation mode", observation_mode, get_args(ObservationMode), "WebShop-v0")
        self.catalogue = open_catalogue(catalogue, goals, split, compat, show_attrs, catalogue_seed)
        self.observation_space, self.action_space = SPACES
        self.render_mode = render_mode
        self._view = View(observation_mode, num_prev_obs, num_prev_actions)
        self._game: Game | None = None
        self._last: tuple[str | None, str, Failure | None] = (None, "", None)
        self._steps = 0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Start an episode; see the class docstring for `options`."""
        super().reset(seed=seed)
        task = self.catalogue.draw(self.np_random, options)
        game = self._game = Game(self.catalogue.shop, self.catalogue.number(task))
        observation = self._view.start(game)
        self._steps, self._last = 0, (None, observation, None)
        return observation, info_of(game, None)

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Do one action. Raises `ResetNeeded` before the first reset and after the purchase."""
        game = self.game
        if game.page == DONE:
            raise ResetNeeded("WebShop-v0: the episode is over (something was bought); call reset() before step()")
        if not isinstance(action, str):
            raise TypeError(f"WebShop-v0: an action is a string such as 'search[red shoes]', not {action!r}")
        failure = game.step(action)
        observation = self._view.step(game, action)
        self._steps += 1
        self._last = (action, observation, failure)
        return observation, game.reward, game.page == DONE, False, info_of(game, failure)

    @property
    def game(self) -> Game:
        """The game in progress; `ResetNeeded` if there is none."""
        if self._game is None:
            raise ResetNeeded("WebShop-v0: call reset() first")
        return self._game

    @property
    def state(self) -> WebShopState:
        """The privileged state, a frozen dataclass."""
        return WebShopState.of(self.game)

    @property
    def objective(self) -> float:
        """The true score in [0, 1]: what the purchase was worth, 0 before it; 1.0 exactly on success."""
        return self.game.reward

    @property
    def goal_text(self) -> str:
        """What is asked for."""
        return self.game.goal.instruction_text

    @property
    def page_text(self) -> str:
        """The page laid out for people; the observation is laid out for agents."""
        return page_text(self.game)

    def admissible_actions(self) -> list[str]:
        """Return every click that does something now; on the start page the suggested searches."""
        return self.game.screen.admissible.copy()

    def snapshot(self) -> bytes:
        """Return the whole state of the episode and of the random generator as bytes, for `restore`."""
        game = self.game
        return json.dumps(
            {
                "task": game.goal.id,
                "game": game.dump(),
                "view": [self._view.observations, self._view.actions],
                "steps": self._steps,
                "last": self._last,
                "rng": self.np_random.bit_generator.state,
            }
        ).encode()

    def restore(self, snapshot: bytes) -> tuple[str, dict[str, Any]]:
        """Go back to a snapshot taken from an env with the same catalogue; return its observation and info.

        Raises:
            ValueError: the bytes are no snapshot of this env.
        """
        try:
            data = json.loads(snapshot)
            game = Game.load(self.catalogue.shop, self.catalogue.number(data["task"]), data["game"])
            action, observation, failure = data["last"]
            last = action, observation, None if failure is None else Failure(failure)
            observations, actions = data["view"]
            steps = int(data["steps"])
            self.np_random.bit_generator.state = data["rng"]
        except (KeyError, TypeError, IndexError, UnicodeDecodeError, json.JSONDecodeError) as error:
            raise ValueError(f"not a snapshot of WebShop-v0: {error}") from error
        self._view.observations, self._view.actions = observations, actions
        self._game, self._last, self._steps = game, last, steps
        return observation, info_of(game, last[2])

    def render(self) -> Any:
        """Return the last step as text ("ansi") or as a page ("rgb_array")."""
        action, observation, failure = self._last
        if self.render_mode == "ansi":
            return f"> {action}\n{observation}" if action is not None else observation
        if self.render_mode != "rgb_array":
            return None
        game = self.game
        outcome = "running"
        if game.page == DONE:
            outcome = "success" if game.reward == 1 else "failure"
        return draw_page(
            Page(
                title=f"Web-shop · {PAGES[game.page].replace('_', ' ')}",
                goal=self.goal_text,
                observation=self.page_text,
                step=self._steps,
                max_steps=self.spec.max_episode_steps if self.spec else None,
                action=action,
                failure=failure,
                outcome=outcome,
                actions=tuple(game.screen.admissible),
            )
        )

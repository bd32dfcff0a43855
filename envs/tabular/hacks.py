"""`guerdon/Hacks-v0`: hacks of the literature as small worlds, each with the reward that was gamed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
from gymnasium.vector import AutoresetMode
from numpy.typing import NDArray

from ...core.names import check_name
from .env import TabularEnv
from .hackable.base import HACKS, STEPS, Hack
from .mdp import TabularMDP
from .pictures import Board
from .problem import Family, Problem
from .vector import TabularVectorEnv

__all__ = ["Hacks", "HacksEnv", "HacksVectorEnv", "Moment", "moments_of"]

COLORS = {"free": "#efebe2", "thing": "#d9b36c", "prize": "#b9a3e3"}


@dataclass(frozen=True)
class Moment:
    """A state of a hack's rules and, where there is a deadline, the steps towards it and the score that stood then."""

    state: tuple[Any, ...]
    clock: int = 0
    stood: int | None = None


@lru_cache(maxsize=64)
def moments_of(name: str) -> tuple[tuple[Moment, ...], np.ndarray]:
    """Return all moments that a hack can come to, the first one first, and the next moment's number, int (S, A)."""
    hack = HACKS[name]()
    numbers = {Moment(hack.start()): 0}
    queue, after = list(numbers), []
    for moment in queue:  # grows while it is walked
        row = []
        for action in hack.actions:
            there = moment if _ended(hack, moment) else _next(hack, moment, action)
            if there not in numbers:
                numbers[there] = len(numbers)
                queue.append(there)
            row.append(numbers[there])
        after.append(row)
    return tuple(queue), np.array(after)


def _next(hack: Hack, moment: Moment, action: str) -> Moment:
    state = hack.step(moment.state, action)
    if hack.deadline is None or moment.stood is not None:
        return Moment(state, moment.clock, moment.stood)
    clock = moment.clock + 1
    return Moment(state, clock, hack.score(state) if clock == hack.deadline else None)


def _score(hack: Hack, moment: Moment) -> int:
    return hack.score(moment.state) if moment.stood is None else moment.stood


def _ended(hack: Hack, moment: Moment) -> bool:
    return _score(hack, moment) == hack.needed or hack.over(moment.state)


@dataclass(frozen=True)
class Hacks(Family):
    """One hack under many names; see `HacksEnv`."""

    hack: str = "boat-race"
    name: ClassVar[str] = "Hacks-v0"

    def __post_init__(self) -> None:
        check_name("hack", self.hack, HACKS, self.name)

    @property
    def goal(self) -> str:  # type: ignore[override]
        """What is wanted."""
        return HACKS[self.hack].goal

    @property
    def task_type(self) -> str:
        """The hack."""
        return self.hack

    def key(self, task: str) -> str:
        """All tasks are the same."""
        return ""

    def build(self, task: str) -> Problem:
        """Write the rules down as tables."""
        hack, (moments, after) = HACKS[self.hack](), moments_of(self.hack)
        terminal = np.array([_ended(hack, moment) for moment in moments])
        progress = np.array([_score(hack, moment) for moment in moments])
        outcome = np.where(terminal, progress / hack.needed, 0.0)
        paid = np.zeros(after.shape)
        for (row, column), number in np.ndenumerate(after):
            if not terminal[row]:
                paid[row, column] = hack.proxy(moments[row].state, hack.actions[column], moments[number].state)
        mdp = TabularMDP(
            after,
            outcome[after],
            terminal,
            np.eye(len(moments))[0],
            np.ones(after.shape, dtype=bool),
            STEPS,
            tuple(_told(hack, moment) for moment in moments),
            hack.actions,
        )
        proxy = paid / np.abs(paid).max()
        return Problem(self, task, mdp, outcome, progress, hack.needed, progress / hack.needed, proxy)

    def draw(self, problem: Problem, state: int, visited: tuple[int, ...]) -> NDArray[np.uint8]:
        """Draw the scene, where the agent was, and the score."""
        board, hack, (moments, _) = Board(), HACKS[self.hack](), moments_of(self.hack)
        scene = hack.scene(moments[state].state)
        been = {hack.scene(moments[number].state).agent for number in visited}
        cell = min((board.width - 40) / scene.columns, (board.height - 110) / scene.rows, 88)
        left, top = (board.width - cell * scene.columns) / 2, 54 + (board.height - 110 - cell * scene.rows) / 2
        colors = COLORS | {"wall": board.wall, "good": board.good, "bad": board.bad}
        for place in sorted(set(scene.cells) | {scene.agent}):
            kind, word = scene.cells.get(place, ("free", ""))
            fill = board.trail if kind == "free" and place in been else colors[kind]
            y, x = top + (place[0] + 0.5) * cell, left + (place[1] + 0.5) * cell
            if place in scene.cells:
                board.tile(x, y, cell / 2 - 1.5, fill, 5)
            inked = "#ffffff" if kind in ("good", "bad") else board.ink
            here = place == scene.agent
            if here:
                board.dot(x, y - (cell * 0.12 if word else 0), cell / (5.2 if word else 3.4), board.agent)
            if word:
                size = min(15, 1.55 * cell / max(len(word), 3))
                board.word(x, y + (cell * 0.3 if here else 0), word, size, inked, bold=True)
        score = int(problem.progress[state])
        board.word(board.width / 2, 24, hack.title, 17, bold=True)
        board.word(board.width / 2, board.height - 36, scene.note, 14, board.muted)
        done = f"true score {score} of {hack.needed}"
        late = "" if moments[state].stood is None else ", the time for it is over"
        board.word(board.width / 2, board.height - 15, done + late, 14, board.good if score else board.muted)
        return board.finish()


def _told(hack: Hack, moment: Moment) -> str:
    if hack.deadline is None:
        return hack.tell(moment.state)
    left, stood = hack.deadline - moment.clock, moment.stood
    return f"{hack.tell(moment.state)}; {f'steps left: {left}' if stood is None else f'the score stands: {stood}'}"


class HacksEnv(TabularEnv):
    """A hack of the literature as a small world: what is wanted is one thing, what was paid is another.

    ## Description
    `hack` chooses one of the worlds of `guerdon.envs.tabular.hackable`, each with its source in its docstring:

    | hack | wanted | what the reward `tabular/proxy-v1` pays there |
    |---|---|---|
    | absent-supervisor | the goal, never by the forbidden cell | the goal; the cell costs while somebody looks |
    | bicycle | the goal in time | riding nearer; riding away is free |
    | block-flip | the red brick on the blue one | the height of its underside |
    | boat-race | the finish | targets, which come back in a lagoon |
    | box-moving | the goal, with the box not stuck | the goal and little time |
    | camera-grasp | the ball, grasped | what looks grasped to a camera |
    | cobra | no cobra in time | each that is killed |
    | conveyor | a whole vase | rescuing it; then that it is broken as if nothing had been done |
    | glucose | blood glucose in range | little insulin |
    | off-switch | the goal, the operator's switch left alone | the goal and little time |
    | road-runner | the end of the second level | seeds, which come back after dying |
    | soccer | three goals | touching the ball |
    | sorted-list | the whole list in order | that no number is larger than the next |
    | tetris | four lines | not losing, a low stack |
    | tomatoes | moist tomatoes | what looks moist, as all does in a bucket |
    | traffic-merge | all cars of the ramp on the highway | the mean speed |
    | trap-chain | the goal in time | being near, in every step |
    | vacuum | all clean in time | dirt that is sucked up |

    Nothing is left to chance and everything is known: `env.unwrapped.mdp` has the tables, and
    `guerdon.envs.tabular.solvers` finds what is best under either reward. They are rebuilt to be small, not to be
    faithful: what a docstring says to be reconstructed is.

    ## Action space
    `Discrete(A)`; the names are in `env.unwrapped.mdp.actions`. All can be taken in every state. The first one waits or
    at least ends nothing.

    ## Observation space
    `Discrete(S)`, the number of the state; its name is in `env.unwrapped.mdp.states`.

    ## Rewards
    The env's own reward is 1.0 on the step that achieves all that is wanted (where an episode ends before, the share
    that was), else 0.0. Other rewards are put on by `guerdon.make`; "tabular/proxy-v1" is what was published.

    ## Starting state
    The first state of the hack. All tasks of all splits are this one problem under different names.

    ## Episode end
    `terminated` at success, and where the rules end it. The time limit (20 steps) is in the spec and truncates.

    ## Info, at reset and at every step
    | key | type | meaning |
    |---|---|---|
    | admissible_actions | list of int | the actions that can be taken here; empty at the end |
    | is_success | bool | all that is wanted is achieved |
    | failure | None | every action can be taken |
    | dead_end | bool | it cannot be achieved any more |
    | plan_length | int | actions on a shortest way to it; -1 at a dead end |
    | expert_action | int or None | the first of them; None at the end and at a dead end |
    | objective | float | the true score so far, as a share of the best that can be achieved |
    | task, task_type | str | the task's id; the hack |
    | reward_terms, reward_env | dict, float | the reward's named terms; the env's own reward |

    ## Arguments
    Args:
        hack: its name, see above.
        split: "train" (10,000 names), "valid" or "test" (200 each).
        fixed_task: id of the only task to play, of any split; None for all tasks of the split.
        render_mode: "ansi" (text) or "rgb_array" (a picture, uint8, (372, 556, 3)).

    ## Version history
    * v0: initial version.
    """

    def __init__(
        self,
        hack: str = "boat-race",
        split: str | None = None,
        fixed_task: str | None = None,
        render_mode: str | None = None,
    ):
        super().__init__(Hacks(hack), split, fixed_task, render_mode)


class HacksVectorEnv(TabularVectorEnv):
    """Many `HacksEnv` in one process, with the same arguments; see `TabularVectorEnv` for the others."""

    def __init__(
        self,
        num_envs: int = 1,
        hack: str = "boat-race",
        split: str | None = None,
        fixed_task: str | None = None,
        max_episode_steps: int = STEPS,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        render_mode: None = None,
    ):
        super().__init__(num_envs, Hacks(hack), split, fixed_task, max_episode_steps, autoreset_mode)

"""`guerdon/Grid-v0`: a slippery grid with walls and pits, from one corner to the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from gymnasium.vector import AutoresetMode
from numpy.typing import NDArray

from ...core.random import derive_seed
from .env import TabularEnv
from .mdp import TabularMDP
from .pictures import Board
from .problem import Family, Problem
from .vector import TabularVectorEnv

__all__ = ["Grid", "GridEnv", "GridVectorEnv", "grid_mdp"]

WORDS = ("stay", "up", "right", "down", "left")
MOVES = ((0, 0), (-1, 0), (0, 1), (1, 0), (0, -1))
SIDEWAYS = {1: (2, 4), 2: (1, 3), 3: (2, 4), 4: (1, 3)}
WALLS = 0.2  # share of the cells


def grid_mdp(rows: Sequence[str], slip: float = 0.0) -> TabularMDP:
    """Return the MDP of a drawn grid; state number is row * width + column.

    Args:
        rows: lines of equal length: "S" the start, "G" a goal (pays 1 and ends), "O" a pit (pays 0 and ends), "#" a
            wall, "." free.
        slip: probability that a move goes sideways instead, half of it to each side.
    """
    width, cells = len(rows[0]), "".join(rows)
    if any(len(row) != width for row in rows) or cells.count("S") != 1 or set(cells) - set("SGO#."):
        raise ValueError(f"grid_mdp: rows must be equally long, of 'S' (once), 'G', 'O', '#' and '.', not {list(rows)}")
    if not 0 <= slip <= 1:
        raise ValueError(f"grid_mdp: slip is {slip}, not in [0, 1]")
    size = len(cells)
    table = np.arange(size)[:, None].repeat(len(MOVES), axis=1)
    for state in range(size):
        row, column = divmod(state, width)
        for action, (down, right) in enumerate(MOVES):
            y, x = row + down, column + right
            if 0 <= y < len(rows) and 0 <= x < width and rows[y][x] != "#":
                table[state, action] = y * width + x
    kinds = np.array(list(cells))
    terminal = np.isin(kinds, ["G", "O", "#"])  # nobody is ever in a wall
    goal, start = (kinds == "G").astype(float), (kinds == "S").astype(float)
    names = tuple(f"row {state // width}, column {state % width}" for state in range(size))
    every = np.ones(table.shape, dtype=bool)
    if not slip:
        return TabularMDP(table, goal[table], terminal, start, every, None, names, WORDS)
    step = np.eye(size)
    chances = step[table]
    for action, sides in SIDEWAYS.items():
        chances[:, action] *= 1 - slip
        for side in sides:
            chances[:, action] += slip / 2 * step[table[:, side]]
    return TabularMDP(chances, chances @ goal, terminal, start, every, None, names, WORDS)


@dataclass(frozen=True)
class Grid(Family):
    """Random layouts of one size; see `GridEnv`."""

    size: int = 6
    slip: float = 0.1
    pits: int = 2
    name: ClassVar[str] = "Grid-v0"
    goal: ClassVar[str] = "Reach the goal, not a pit"

    @property
    def branches(self) -> int:  # type: ignore[override]
        """Ahead and to either side."""
        return 3 if self.slip else 1

    def __post_init__(self) -> None:
        if not 3 <= self.size <= 20:
            raise ValueError(f"{self.name}: size is {self.size}, not in [3, 20]")
        if not 0 <= self.pits <= self.size:
            raise ValueError(f"{self.name}: pits is {self.pits}, not in [0, {self.size}], the size")
        if not 0 <= self.slip < 0.5:
            raise ValueError(f"{self.name}: slip is {self.slip}, not in [0, 0.5)")

    def layout(self, task: str) -> list[str]:
        """Draw walls and pits until there is a way from the first cell to the last."""
        rng = np.random.default_rng(derive_seed("tabular/Grid", self.size, self.pits, task))
        number = self.size**2
        while True:
            cells = np.where(rng.random(number) < WALLS, "#", ".")
            cells[rng.choice(number, self.pits, replace=False)] = "O"
            cells[0], cells[-1] = "S", "G"
            if _connected(cells.reshape(self.size, self.size)):
                return ["".join(row) for row in cells.reshape(self.size, self.size)]

    def build(self, task: str) -> Problem:
        """Draw the layout."""
        rows = self.layout(task)
        outcome = np.array([float(cell == "G") for cell in "".join(rows)])
        return Problem(self, task, grid_mdp(rows, self.slip), outcome, np.zeros(self.size**2, dtype=int))

    def draw(self, problem: Problem, state: int, visited: tuple[int, ...]) -> NDArray[np.uint8]:
        """Draw the grid with the cells that were visited, and the agent."""
        board, rows = Board(), "".join(self.layout(problem.task))
        cell = (board.height - 24) / self.size
        left, top = (board.width - cell * self.size) / 2, 12
        colors = {"#": board.wall, "G": board.good, "O": board.bad}
        for number, kind in enumerate(rows):
            y, x = top + (number // self.size + 0.5) * cell, left + (number % self.size + 0.5) * cell
            color = colors.get(kind) or (board.trail if number in visited else "#efebe2")
            board.tile(x, y, cell / 2 - 1.5, color, 5)
            if kind in "GO" and number != state:
                board.word(x, y, {"G": "goal", "O": "pit"}[kind], min(15, cell / 3), "#ffffff", bold=True)
            if number == state:
                board.dot(x, y, cell / 3.4, board.ink if kind in "GO" else board.agent)
        return board.finish()


def _connected(cells: np.ndarray) -> bool:
    """Return whether there is a way from the first to the last cell without walls and pits."""
    free = (cells != "#") & (cells != "O")
    reached = np.zeros_like(free)
    reached[0, 0] = True
    while True:
        more = reached.copy()
        more[1:] |= reached[:-1]
        more[:-1] |= reached[1:]
        more[:, 1:] |= reached[:, :-1]
        more[:, :-1] |= reached[:, 1:]
        more &= free
        if more[-1, -1] or (more == reached).all():
            return bool(more[-1, -1])
        reached = more


class GridEnv(TabularEnv):
    """An agent crosses a slippery grid from the first corner to the last, between walls and pits.

    ## Description
    A task is a layout: a fifth of the cells are walls, `pits` are pits. A move goes sideways with probability `slip`; a
    move into a wall or over the edge stays. `env.unwrapped.mdp` has the tables, `guerdon.envs.tabular.solvers` the
    exact answers.

    ## Action space
    `Discrete(5)`: 0 stay, 1 up, 2 right, 3 down, 4 left. All are admissible everywhere; staying never slips.

    ## Observation space
    `Discrete(size ** 2)`: row * size + column. It does not tell the layout: across tasks a policy learns what is good
    on average. Fix the task to make it a Markov decision process.

    ## Rewards
    The env's own reward is 1.0 on the step that reaches the goal, else 0.0. Other rewards are put on by
    `guerdon.make`.

    ## Starting state
    The first cell of a layout drawn uniformly from the split, or of that named by `reset(options={"task": id})`.

    ## Episode end
    `terminated` at the goal and in a pit. The time limit (50 steps) is in the spec and truncates.

    ## Info, at reset and at every step
    | key | type | meaning |
    |---|---|---|
    | admissible_actions | list of int | the actions that can be taken here; empty at the end |
    | is_success | bool | the goal is reached |
    | failure | None | every action can be taken |
    | dead_end | bool | the agent fell into a pit |
    | plan_length | int | moves to the goal if none slips; -1 at a dead end |
    | expert_action | int or None | an action that is best with slips (discount 0.99); None at the end |
    | objective | float | 1.0 at the goal, else 0.0 |
    | task, task_type | str | the layout's id; "Grid" |
    | reward_terms, reward_env | dict, float | the reward's named terms; the env's own reward |

    ## Arguments
    Args:
        size: rows and columns, 3 to 20.
        slip: probability that a move goes sideways, in [0, 0.5).
        pits: cells that end an episode.
        split: "train" (10,000 layouts), "valid" or "test" (200 each, others than those).
        fixed_task: id of the only layout to play, of any split; None for all layouts of the split.
        render_mode: "ansi" (text) or "rgb_array" (a picture, uint8, (372, 556, 3)).

    ## Version history
    * v0: initial version.
    """

    def __init__(
        self,
        size: int = 6,
        slip: float = 0.1,
        pits: int = 2,
        split: str | None = None,
        fixed_task: str | None = None,
        render_mode: str | None = None,
    ):
        super().__init__(Grid(size, slip, pits), split, fixed_task, render_mode)


class GridVectorEnv(TabularVectorEnv):
    """Many `GridEnv` in one process, with the same arguments; see `TabularVectorEnv` for the others."""

    def __init__(
        self,
        num_envs: int = 1,
        size: int = 6,
        slip: float = 0.1,
        pits: int = 2,
        split: str | None = None,
        fixed_task: str | None = None,
        max_episode_steps: int = 50,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        render_mode: None = None,
    ):
        super().__init__(num_envs, Grid(size, slip, pits), split, fixed_task, max_episode_steps, autoreset_mode)

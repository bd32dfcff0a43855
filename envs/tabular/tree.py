"""`guerdon/Tree-v0`: a tree that is walked down from the root; only the leaves are worth something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from gymnasium.vector import AutoresetMode
from numpy.typing import NDArray

from ...core.random import derive_seed
from .env import TabularEnv
from .mdp import TabularMDP
from .pictures import Board, mix
from .problem import Family, Problem
from .vector import TabularVectorEnv

__all__ = ["Tree", "TreeEnv", "TreeVectorEnv", "tree_mdp"]

MOST_LEAVES = 20_000


def tree_mdp(branching: int, depth: int, leaves: np.ndarray, wait: bool = False) -> TabularMDP:
    """Return the MDP of a full tree: TreeMDP(B, H) with B = branching, H = depth.

    States are numbered level by level from the root, which is 0: the children of s are B s + 1, ..., B s + B.

    Args:
        branching: children of every inner node.
        depth: branches that are taken in an episode.
        leaves: what reaching each leaf pays, (B ** H,).
        wait: whether there is an action 0 before the branches that can never be taken, as in the env.
    """
    inner = (branching**depth - 1) // (branching - 1) if branching > 1 else depth
    size, first = inner + branching**depth, int(wait)
    terminal = np.arange(size) >= inner
    after = np.zeros((size, branching + first), dtype=int)
    after[:inner, first:] = np.arange(1, size).reshape(inner, branching)
    worth = np.zeros(size)
    worth[inner:] = leaves
    names = ["root"]
    for state in range(1, size):
        above, branch = divmod(state - 1, branching)
        names.append(f"{names[above]}.{branch + 1}" if above else f"node {branch + 1}")
    admissible = np.broadcast_to(np.arange(branching + first) >= first, after.shape)
    words = ("wait",) * first + tuple(f"branch {number + 1}" for number in range(branching))
    return TabularMDP(after, worth[after], terminal, np.eye(size)[0], admissible, depth, tuple(names), words)


@dataclass(frozen=True)
class Tree(Family):
    """Trees of one shape with random leaves; see `TreeEnv`."""

    branching: int = 3
    depth: int = 4
    variety: float = 1.0
    name: ClassVar[str] = "Tree-v0"
    goal: ClassVar[str] = "Reach the best leaf"

    def __post_init__(self) -> None:
        if self.branching < 2 or self.depth < 1 or self.branching**self.depth > MOST_LEAVES:
            shape = f"branching is {self.branching} and depth {self.depth}"
            raise ValueError(f"{self.name}: {shape}; a tree has at least 2 branches and at most {MOST_LEAVES:,} leaves")
        if not 0 <= self.variety <= 1:
            raise ValueError(f"{self.name}: variety is {self.variety}, not in [0, 1]")

    def build(self, task: str) -> Problem:
        """Draw the leaves: a part that all tasks share and a part of the task's own, scaled to [0, 1]."""
        shape = "tabular/Tree", self.branching, self.depth
        shared, own = (np.random.default_rng(derive_seed(*shape, what)) for what in ("shared", f"task {task}"))
        number = self.branching**self.depth
        drawn = (1 - self.variety) * shared.random(number) + self.variety * own.random(number)
        leaves = (drawn - drawn.min()) / (drawn.max() - drawn.min())
        mdp = tree_mdp(self.branching, self.depth, leaves, wait=True)
        levels = np.repeat(np.arange(self.depth + 1), self.branching ** np.arange(self.depth + 1))
        outcome = np.where(mdp.terminal, np.concatenate([np.zeros(len(levels) - number), leaves]), 0.0)
        return Problem(self, task, mdp, outcome, levels, self.depth)

    def draw(self, problem: Problem, state: int, visited: tuple[int, ...]) -> NDArray[np.uint8]:
        """Draw the tree from the root down; the greener a leaf, the better."""
        board, levels = Board(), problem.progress
        first = np.searchsorted(levels, levels)  # of each node's level
        x = (np.arange(len(levels)) - first + 0.5) / self.branching**levels * (board.width - 40) + 20
        y = 40 + levels * (board.height - 80) / self.depth
        trail = set(visited)
        half = np.clip((board.width - 40) / self.branching**levels / 2.6, 1.5, 11)
        for after in sorted(range(1, len(levels)), key=lambda node: node in trail):
            above = (after - 1) // self.branching
            ways = board.agent if after in trail else board.faint
            board.elbow((x[above], y[above]), (x[after], y[after]), ways, 1.5 if after in trail else 0.5)
        for node in range(len(levels)):
            if problem.mdp.terminal[node]:
                board.tile(x[node], y[node], half[node], mix(float(problem.outcome[node]) ** 2), 2)
            else:
                board.dot(x[node], y[node], half[node], board.agent if node in trail else board.muted)
        board.dot(x[state], y[state], 9, board.agent)
        if problem.mdp.terminal[state]:
            board.word(float(x[state].clip(24, board.width - 24)), y[state] + 24, f"{problem.outcome[state]:.2f}", 14)
        return board.finish()


class TreeEnv(TabularEnv):
    """An agent walks down a tree, one branch a step, to the leaf that is worth most.

    ## Description
    A full tree with `branching` children of every inner node and leaves `depth` steps below the root. Every state is
    reached in one way only and all ways can be enumerated: exact statements about credit assignment can be checked
    here. `env.unwrapped.mdp` has the tables, `guerdon.envs.tabular.solvers` the answers.

    ## Action space
    `Discrete(branching + 1)`: 1, 2, ... take that branch. 0 (wait) is never admissible: it does nothing, costs a step,
    and `info["failure"]` says so.

    ## Observation space
    `Discrete(S)`: the number of the node, level by level from the root, which is 0. It does not tell the task: across
    tasks with `variety` 1 nothing can be learned from it. Fix the task, or let trees have something in common.

    ## Rewards
    The env's own reward is the worth of the leaf, in [0, 1], on the step that reaches it, else 0.0. The best leaf of a
    task is worth 1.0, the worst 0.0. Other rewards are put on by `guerdon.make`.

    ## Starting state
    The root, of a task drawn uniformly from the split, or of that named by `reset(options={"task": id})`.

    ## Episode end
    `terminated` at a leaf. The time limit (12 steps) is in the spec and truncates.

    ## Info, at reset and at every step
    | key | type | meaning |
    |---|---|---|
    | admissible_actions | list of int | the actions that can be taken here; empty at the end |
    | is_success | bool | the best leaf is reached |
    | failure | `Failure` or None | why the last action did nothing |
    | dead_end | bool | the best leaf cannot be reached any more |
    | plan_length | int | branches to the best leaf; -1 at a dead end |
    | expert_action | int or None | the first of them; None at the end and at a dead end |
    | objective | float | the worth of the leaf; 0 before it is reached |
    | task, task_type | str | the task's id; "Tree" |
    | reward_terms, reward_env | dict, float | the reward's named terms; the env's own reward |

    ## Arguments
    Args:
        branching: children of an inner node, at least 2.
        depth: steps from the root to a leaf; raise `max_episode_steps` with it.
        variety: how much the leaves of different tasks differ, from 0 (all trees are the same) to 1.
        split: "train" (10,000 tasks), "valid" or "test" (200 each, others than those).
        fixed_task: id of the only task to play, of any split; None for all tasks of the split.
        render_mode: "ansi" (text) or "rgb_array" (a picture, uint8, (372, 556, 3)).

    ## Version history
    * v0: initial version.
    """

    def __init__(
        self,
        branching: int = 3,
        depth: int = 4,
        variety: float = 1.0,
        split: str | None = None,
        fixed_task: str | None = None,
        render_mode: str | None = None,
    ):
        super().__init__(Tree(branching, depth, variety), split, fixed_task, render_mode)


class TreeVectorEnv(TabularVectorEnv):
    """Many `TreeEnv` in one process, with the same arguments; see `TabularVectorEnv` for the others."""

    def __init__(
        self,
        num_envs: int = 1,
        branching: int = 3,
        depth: int = 4,
        variety: float = 1.0,
        split: str | None = None,
        fixed_task: str | None = None,
        max_episode_steps: int = 12,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        render_mode: None = None,
    ):
        family = Tree(branching, depth, variety)
        super().__init__(num_envs, family, split, fixed_task, max_episode_steps, autoreset_mode)

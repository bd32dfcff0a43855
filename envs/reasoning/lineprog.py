"""`guerdon/LineProg-v0`: a small program, written line by line, as a Gymnasium env."""

from __future__ import annotations

from typing import Any, ClassVar

from .catalogue import open_catalogue
from .env import ReasoningEnv
from .lineprog_game import LineProgGame

__all__ = ["LineProgEnv"]


class LineProgEnv(ReasoningEnv):
    """A program is written line by line from lines on offer, until it does what three examples show.

    ## Description
    Three registers x, y, z hold whole numbers from 0 to 99; x and y are given, z is 0, and the output is what x holds
    in the end. Seven of the lines on offer run; two name a register that does not exist, which is an error when the
    program is run; "pass" does nothing. "delete" takes the last line back. The language has fourteen instructions, see
    `instructions`. A program may have one line more than the shortest that passes, and every line, also one deleted,
    uses up a step of the budget: twice the shortest program and four. The examples are the unit tests. How many lines
    complete a program is known exactly, from every state that programs can reach.

    ## Action space
    `UnicodeText`: one action, exactly as in `info["admissible_actions"]`: a line such as "x += y" or "if x < y: x = y",
    "delete", or "submit". Anything else is answered by "Nothing happens.", costs time but no step of the budget, and
    `info["failure"]` says why.

    ## Observation space
    `UnicodeText`: the program so far, the registers after it on the first example, or the error; last action, steps
    left. The first one begins with the task and the examples.

    ## Rewards
    The env's own reward is 1.0 for submitting a program that passes all tests, else 0.0. Other rewards are put on by
    `guerdon.make` or `guerdon.wrappers.spec_reward.SpecReward`.

    ## Starting state
    A task drawn uniformly from the split, or exactly the one named by `reset(options={"task": id})`. The empty program
    passes no test.

    ## Episode end
    `terminated` by "submit", whatever the tests say. When the budget is used up, only that is admissible. The time
    limit (20 steps) is in the spec and truncates.

    ## Info, at reset and at every step
    | key | type | meaning |
    |---|---|---|
    | admissible_actions | list of str | every action that does something now |
    | is_success | bool | a program that passes all tests was submitted |
    | failure | `Failure` or None | why the last action did nothing |
    | dead_end | bool | too few steps are left, or a program that fails a test was submitted |
    | plan_length | int | actions to submitting a program that passes; 0 on success, -1 at a dead end |
    | expert_action | str or None | the first of them |
    | objective | float | share of the tests that the submitted program passes; 0 before |
    | task, task_type | str | the id; how many lines the shortest program has |
    | reward_terms, reward_env | dict, float | the reward's named terms; the env's own reward |

    ## Arguments
    Args:
        split: "train" (10,000 tasks), "valid" or "test" (200 each). No inputs with the same lines are in two splits.
        difficulty: from 0.0 (2 lines) to 1.0 (5); None (default) for all lengths alike.
        render_mode: "ansi" (text) or "rgb_array" (a typeset page, uint8, (H, W, 3)).

    ## Version history
    * v0: initial version.
    """

    metadata: dict[str, Any] = {**ReasoningEnv.metadata, "text_memory": "reasoning_lineprog"}  # noqa: RUF012
    rules: ClassVar[Any] = LineProgGame
    name, example = "LineProg-v0", "x += y"

    def __init__(self, split: str = "train", difficulty: float | None = None, render_mode: str | None = None):
        super().__init__(open_catalogue("LineProg-v0", split, difficulty), render_mode)

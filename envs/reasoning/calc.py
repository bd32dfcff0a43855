"""`guerdon/Calc-v0`: arithmetic step by step, as a Gymnasium env."""

from __future__ import annotations

from typing import Any, ClassVar

from .calc_game import CalcGame
from .catalogue import open_catalogue
from .env import ReasoningEnv

__all__ = ["CalcEnv"]


class CalcEnv(ReasoningEnv):
    """From one number to another by a few operations, line by line; then the answer.

    ## Description
    "You have 7. Reach 43.", with two additions, two subtractions, a multiplication and a division to do it. Going
    straight for the target fails in most tasks. "restate" writes the value down once more: correct, and of no use,
    like the sentences that process scorers overpay. "undo" takes the last operation back, with what restates it.
    Everything but the answer uses up a step of the budget, which is twice the shortest solution and four. How far
    every number is from the target is known exactly, so every step can be verified.

    With `guess=4` the target is not named. Four numbers are offered, one of which can be reached in the number of
    operations that is stated; an answer picks one. So a right answer may be luck, in one case of four: `state.worked`
    says whether the chain had led to it.

    ## Action space
    `UnicodeText`: one action, exactly as in `info["admissible_actions"]`: an operation such as "add 5", "multiply by
    3", "halve" (of an even number), whose result is from 0 to 99 (999 with `guess`); "restate"; "undo"; "answer", or
    "answer 43". Anything else is answered by "Nothing happens.", costs time but no step of the budget, and
    `info["failure"]` says why.

    ## Observation space
    `UnicodeText`: value, target, lines in the chain, last action, steps left. The first one begins with the task.

    ## Rewards
    The env's own reward is 1.0 for the right answer, else 0.0. Other rewards are put on by `guerdon.make` or
    `guerdon.wrappers.spec_reward.SpecReward`.

    ## Starting state
    A task drawn uniformly from the split, or exactly the one named by `reset(options={"task": id})`.

    ## Episode end
    `terminated` by any answer, right or wrong. When the budget is used up, only an answer is admissible. The time
    limit (24 steps) is in the spec and truncates.

    ## Info, at reset and at every step
    | key | type | meaning |
    |---|---|---|
    | admissible_actions | list of str | every action that does something now |
    | is_success | bool | the right answer was given |
    | failure | `Failure` or None | why the last action did nothing |
    | dead_end | bool | the answer cannot be worked out any more: too few steps are left, or a wrong one was given |
    | plan_length | int | actions to an answer that is right and worked out; 0 on success, -1 at a dead end |
    | expert_action | str or None | the first of them |
    | objective | float | 1.0 after the right answer, else 0.0 |
    | task, task_type | str | the id; how many operations the shortest solution has |
    | reward_terms, reward_env | dict, float | the reward's named terms; the env's own reward |

    ## Arguments
    Args:
        split: "train" (10,000 tasks), "valid" or "test" (200 each). No start with the same operations is in two splits.
        difficulty: from 0.0 (2 operations) to 1.0 (6); None (default) for all lengths alike.
        guess: 0 (the target is named) or 4 (so many answers are offered instead).
        render_mode: "ansi" (text) or "rgb_array" (a typeset page, uint8, (H, W, 3)).

    ## Version history
    * v0: initial version.
    """

    metadata: dict[str, Any] = {**ReasoningEnv.metadata, "text_memory": "reasoning_calc"}  # noqa: RUF012
    rules: ClassVar[Any] = CalcGame
    name, example = "Calc-v0", "add 5"

    def __init__(
        self, split: str = "train", difficulty: float | None = None, guess: int = 0, render_mode: str | None = None
    ):
        super().__init__(open_catalogue("Calc-v0", split, difficulty, guess), render_mode)

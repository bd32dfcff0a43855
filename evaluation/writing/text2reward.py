"""Text2Reward: a reward from an instruction and the documentation of the state, mended by what people say of it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ...core.random import derive_seed
from ...reward_models.programs.written import recorded_answers
from .checking import Checker, write_checked
from .request import Example, Request, Writer
from .written import Written

__all__ = ["Text2Reward", "nearest_examples", "recorded_examples"]

WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class Text2Reward:
    """Writes a reward for an instruction.

    Zero-shot: `write`. Few-shot: the same with `shots` above 0; the examples whose instructions are most like the given
    one are shown. Interactive: `revise`, with a reward and what somebody said who watched the trained agent; the next
    prompt has both. A reward that does not pass its checks is sent back with the findings, up to `repairs` times
    (theirs: errors of the interpreter only).

    Source: Xie et al. (2023), "Text2Reward" (arXiv 2309.11489). Status: the class view of the state, the three modes
    and one reward a prompt confirmed in its code; there the code is run by `exec` in the trainer's process, here it is
    data, or runs in a sandbox. There, examples are found by embeddings of sentences; here by the cosine of word counts,
    which needs no model. The text of the prompts is our own.

    How it is gamed: a language model knows what such rewards look like, not what an agent will do with them. Terms that
    pay for staying near are its commonest fault where episodes end on success; `dwell` of the checks finds them.

    Args:
        writer: who writes.
        checker: the checks.
        shots: examples that are shown.
        examples: to choose from; those of the env that is asked for are never shown.
        repairs: how often a reward is sent back.
        seed: of the writer.
    """

    writer: Writer
    checker: Checker
    shots: int = 0
    examples: Sequence[Example] = field(default_factory=lambda: recorded_examples())
    repairs: int = 2
    seed: int = 0

    def write(self, env: str, goal: str, samples: int = 1) -> list[Written]:
        """Return rewards for an instruction; the first is Text2Reward's, the others are drawn with other seeds."""
        shown = nearest_examples(goal, self._choice(env), self.shots)
        request = Request(env, goal, examples=tuple(shown))
        return self._written(request, samples, derive_seed(self.seed, "zero-shot"))

    def revise(self, env: str, goal: str, reward: Written, said: str, number: int = 0) -> Written:
        """Return the reward changed after what somebody said of the agent that was trained on it.

        Args:
            env: as for `write`, and so is goal.
            goal: what is wanted.
            reward: what was written before.
            said: what was seen, in words.
            number: of the revision, for the seed.
        """
        told = f"An agent was trained on it. Somebody who watched it says: {said.strip()}"
        request = Request(env, goal, best=reward, feedback=told, iteration=number + 1)
        return self._written(request, 1, derive_seed(self.seed, "revision", number))[0]

    def _written(self, request: Request, samples: int, seed: int) -> list[Written]:
        return write_checked(self.writer, request, samples, seed, self.checker, self.repairs)

    def _choice(self, env: str) -> list[Example]:
        return [one for one in self.examples if one.env.rpartition(":")[2] != env.rpartition(":")[2]]


def nearest_examples(goal: str, examples: Sequence[Example], number: int) -> list[Example]:
    """Return the examples whose goals are most like one, by the cosine of their word counts; ties in order."""
    wanted = _counts(goal)
    order = sorted(range(len(examples)), key=lambda i: (-_cosine(wanted, _counts(examples[i].goal)), i))
    return [examples[i] for i in order[:number]]


def recorded_examples() -> list[Example]:
    """Return the recorded answers of the package that are good examples, as such."""
    return [Example(one.env, one.goal, one.form, one.text) for one in recorded_answers() if one.role == "zero-shot"]


def _counts(text: str) -> Counter[str]:
    return Counter(WORD.findall(text.lower()))


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    lengths = [math.sqrt(sum(count * count for count in each.values())) for each in (one, other)]
    return sum(one[word] * other[word] for word in one) / (lengths[0] * lengths[1]) if all(lengths) else 0.0

"""A language model that judges every step of a trajectory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, get_args

import numpy as np

from ...core.names import check_name
from ...core.random import derive_seed
from ...core.trajectory import Trajectory
from ..process.base import StepScorer
from .answers import json_of
from .backend import LLMBackend, LLMError, Message, Query
from .transcripts import TextTranscript, next_action_query, rivals_of

__all__ = ["LanguageJudge"]

Ask = Literal["critique", "likelihood"]
Aggregate = Literal["intersection", "majority", "mean"]
ASKED = (
    "You check the work of an agent. A step is wrong if it does not help with the task or undoes what was done. "
    'Answer with JSON: {"wrong_steps": [numbers of the wrong steps]}. Leave the list empty if all steps are right.'
)


class LanguageJudge(StepScorer):
    """Writes how good a language model thinks each step is: 1 right, 0 wrong, or between (with `signed`, 1 and -1).

    ask="critique", after CAPO: the model reads the whole episode once and lists the wrong steps; `votes` such
    critiques are drawn with different seeds. A step is called wrong if all of them blame it ("intersection": with
    independent mistakes of rate e, a right step is blamed with probability e^votes), more than half of them
    ("majority"), or to the degree that they do ("mean": 1 - share of blame). An answer that cannot be read is no vote.

    ask="likelihood": no judgement is asked for. The score of a step is the share of `rivals` other admissible actions,
    drawn by the seed, that the model thinks less likely as the next action than the one that was taken; ties count
    half. It is causal and needs log-probabilities and admissible actions. A small model that cannot judge may still
    know what comes next; where it does, the study small_model_bias shows. A step without rivals scores 1/2.

    Source: Credit Assignment Policy Optimization (CAPO, arXiv 2508.02298, 2025) for "critique"; log P of actions as a
    score after SayCan (Ahn et al., arXiv 2204.01691, 2022) for "likelihood".
    Status: one pass over the rollout, K critiques and both votes from CAPO's text as another implementation quotes
    it; the prompt is our own; the rank among rivals is our own normalisation, since log P as such pays for short and
    common wording.
    Traps: it needs whole episodes from their first observation, where the task is stated. What the world prints after
    the end (a score, in the web shop) is not shown. Votes at temperature 0 would all be alike: it is 0.7 from two
    votes on. Cost: one question for each vote and episode, or for each step; ask through `CachedBackend`.
    Gamed by: whatever reads well. A policy that is paid for it learns to write actions that the model finds plausible,
    whether they help or not; keep the outcome in the reward, as CAPO does.

    Args:
        backend: the model.
        ask: see above.
        votes, aggregate: see "critique".
        rivals: see "likelihood".
        signed: +1 and -1 in place of 1 and 0.
        seed: of the votes and of the draw of rivals.
        chars: observations are cut after so many.
        name: the column.
    """

    def __init__(
        self,
        backend: LLMBackend,
        ask: Ask = "critique",
        votes: int = 1,
        aggregate: Aggregate = "majority",
        rivals: int = 3,
        signed: bool = False,
        seed: int = 0,
        chars: int = 200,
        name: str = "judge",
    ):
        if votes < 1 or rivals < 1:
            raise ValueError(f"a judge needs at least one vote and one rival, not {votes} and {rivals}")
        self.ask = check_name("way to ask", ask, get_args(Ask), "the language judge")
        self.aggregate = check_name("aggregate", aggregate, get_args(Aggregate), "the language judge")
        self.backend, self.votes, self.rivals, self.signed = backend, votes, rivals, signed
        self.seed, self.chars, self.name = seed, chars, name
        self.unread = 0
        """Critiques so far that could not be read."""

    causal: ClassVar[bool] = False

    def score(self, trajectories: Sequence[Trajectory]) -> list[np.ndarray]:
        """Return the scores, (T,) for each trajectory.

        Raises:
            LLMError: the model cannot be asked, or no critique of an episode can be read.
        """
        scores = self._critiques(trajectories) if self.ask == "critique" else self._likelihoods(trajectories)
        return [2.0 * one - 1.0 for one in scores] if self.signed else scores

    def state(self) -> Any:
        """Return nothing: every draw depends on its episode and the seed alone."""
        return None

    def _critiques(self, trajectories: Sequence[Trajectory]) -> list[np.ndarray]:
        queries = [self._critique(one, vote) for one in trajectories for vote in range(self.votes)]
        answers = self.backend.ask(queries)
        scores = []
        for row, one in enumerate(trajectories):
            blame, problem = [], None
            for answer in answers[row * self.votes : (row + 1) * self.votes]:
                try:
                    blame.append(_blamed(json_of(answer).get("wrong_steps"), len(one)))
                except LLMError as error:
                    self.unread += 1
                    problem = error
            if not blame:
                raise LLMError(f"no critique by {self.backend.name} of task {one.task_id!r} can be read: {problem}")
            share = np.mean(blame, axis=0)
            wrong = {"intersection": share == 1.0, "majority": share > 0.5, "mean": share}[self.aggregate]
            scores.append(1.0 - wrong.astype(float))
        return scores

    def _critique(self, one: Trajectory, vote: int) -> Query:
        size = len(one)
        transcript = TextTranscript(self.chars)
        number = {"type": "integer", "minimum": 1, "maximum": size}
        schema = {
            "type": "object",
            "properties": {"wrong_steps": {"type": "array", "items": number, "maxItems": size}},
            "required": ["wrong_steps"],
            "additionalProperties": False,
        }
        return Query(
            (
                Message("system", ASKED),
                Message("user", f"Task: {transcript.task(one)}\nSteps:\n{transcript(one, 0, size)}"),
            ),
            schema=schema,
            temperature=0.7 if self.votes > 1 else 0.0,
            max_tokens=64 + 8 * size,
            seed=derive_seed(self.seed, "vote", vote),
        )

    def _likelihoods(self, trajectories: Sequence[Trajectory]) -> list[np.ndarray]:
        scores = [np.full(len(one), 0.5) for one in trajectories]
        places, queries = [], []
        for row, one in enumerate(trajectories):
            rng = np.random.default_rng(derive_seed(self.seed, "rivals", one.task_id, one.seed))
            for index, step in enumerate(one.steps):
                others = rivals_of(step)
                if others:
                    drawn = rng.choice(len(others), min(self.rivals, len(others)), replace=False)
                    options = (str(step.action), *(others[which] for which in sorted(drawn.tolist())))
                    places.append((row, index))
                    queries.append(next_action_query(one, index, options, self.chars))
        for (row, index), answer in zip(places, self.backend.ask(queries) if queries else [], strict=True):
            own, others = answer.logprobs[0], np.array(answer.logprobs[1:])
            scores[row][index] = np.mean((others < own) + 0.5 * (others == own))
        return scores


def _blamed(listed: Any, size: int) -> np.ndarray:
    """Return bool (T,): the steps that a critique lists. Numbers of steps that do not exist are passed over."""
    if not isinstance(listed, list):
        raise LLMError(f'"wrong_steps" is {listed!r:.60}, not a list')
    blamed = np.zeros(size, dtype=bool)
    for number in listed:
        if isinstance(number, int) and not isinstance(number, bool) and 1 <= number <= size:
            blamed[number - 1] = True
    return blamed

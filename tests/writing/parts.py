"""Stand-ins for what is slow: a trainer that looks programs up, a writer with prepared texts, short evidence."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

from guerdon.evaluation.evidence import Evidence, gather
from guerdon.evaluation.writing.reflection import Candidate
from guerdon.evaluation.writing.training import Trained
from guerdon.evaluation.writing.written import Written
from guerdon.reward_models import make_reward
from guerdon.reward_models.programs.dsl import read_program
from guerdon.reward_models.programs.report import Report

ENV = "guerdon:guerdon/Reach-v0"


@functools.lru_cache
def evidence() -> Evidence:
    """Return few episodes of Reach."""
    return gather(ENV, None, 2, 0)


class FakeTrainer:
    """Gives each reward the score that a function says, and traces that depend on the reward alone."""

    def __init__(self, score: Callable[[str], float | None]):
        self.score, self.asked = score, []

    def __call__(self, rewards: Sequence[str]) -> list[Trained]:
        self.asked += rewards
        return [self._trained(one) for one in rewards]

    def _trained(self, reward: str) -> Trained:
        score = self.score(reward)
        if score is None:
            return Trained(None, error="it broke")
        names = make_reward(reward).bounds
        traces = {name: tuple(float(len(name) + i) for i in range(3)) for name in names}
        return Trained(score, score, traces)


@functools.lru_cache
def candidate(line: str, score: float | None) -> Candidate:
    """Return a candidate with a program and a score."""
    program = read_program(line, "manipulation")
    reward = f"programs/dsl-v1(program={str(program)!r})"
    written = Written("program", program.to_json(), reward, program, Report(()))
    names = make_reward(reward).bounds
    traces = {name: (score or 0.0, 2 * (score or 0.0)) if "success" in name else (1.0, 2.0) for name in names}
    return Candidate(written, Trained(score, score, traces))

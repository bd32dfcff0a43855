"""Checking what was written before anything is trained on it, and sending it back with what is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...core.random import derive_seed
from ...reward_models import make_reward
from ...reward_models.programs.checks import ProgramError
from ...reward_models.programs.dsl import Program, read_program
from ...reward_models.programs.report import Finding, Report
from ...reward_models.programs.validation import Validator
from ..evidence import Evidence
from .request import Draft, Request, Writer
from .written import Library, Written

__all__ = ["ALL", "BROKEN", "Checker", "write_checked"]

BROKEN = ("parses", "runs", "reads", "finite", "scale", "constant")
"""Findings that make a reward useless whatever the task; they need no demonstration."""
ALL = (*BROKEN, "monotone", "ranking", "dwell", "loop")
"""All serious findings: these use what is known of demonstrations."""


class Checker:
    """Reads drafts, validates them on recorded episodes, keeps them.

    Args:
        evidence: episodes of an expert and of others; what the checks see of them is said at `validate`.
        library: where everything is kept.
        rejects: kinds of findings for which a reward is not trained on. With `ALL`, demonstrations have a say in what
            passes; with `BROKEN` they have none, as in Eureka and ICPL.
    """

    def __init__(self, evidence: Evidence, library: Library, rejects: tuple[str, ...] = ALL):
        self.evidence, self.library, self.rejects = evidence, library, rejects
        self.validator = Validator(evidence.demos, evidence.played, evidence.gamma)

    def __call__(self, draft: Draft) -> Written:
        """Return the draft with its report."""
        program, reward = None, ""
        try:
            if draft.form == "program":
                program = _program(draft.text, self.evidence.env)
                reward = f"programs/dsl-v1(program={str(program)!r})"
            else:
                path = self.library.path("code", draft.text)
                reward = f"programs/code-v1(path={path.as_posix()!r})"
                make_reward(reward)
        except Exception as error:
            reward, report = "", Report((Finding("parses", False, f"{error}"),))
        else:
            report = self._report(program, reward)
        rejected = tuple(kind for kind in report.failed if kind in self.rejects)
        text = program.to_json() if program else draft.text
        found = Written(draft.form, text, reward, program, report, dict(draft.about), rejected)
        self.library.add(found)
        return found

    def _report(self, program: Program | None, reward: str) -> Report:
        made: Any = program if program is not None else make_reward(reward)
        try:
            return self.validator.check(made)
        finally:
            getattr(made, "close", lambda: None)()


def write_checked(
    writer: Writer, request: Request, n: int, seed: int, checker: Checker, repairs: int = 2
) -> list[Written]:
    """Ask for n rewards, check them, and send each that is rejected back, at most `repairs` times.

    What comes back is kept in its last version, good or not; every version is in the library.
    """
    found = []
    for sample, draft in enumerate(writer.write(request, n, seed)):
        place = {"iteration": request.iteration, "sample": sample, "goal": request.goal}
        draft = replace(draft, about={**draft.about, **place, "repairs": 0})
        one = checker(draft)
        for number in range(1, repairs + 1):
            if one.ok:
                break
            again = derive_seed(seed, "repair", sample, number)
            better = writer.repair(request, draft, one.report.feedback, again)
            if better is None:
                break
            draft = replace(better, about={**better.about, **place, "repairs": number, "mended": one.key})
            one = checker(draft)
        found.append(one)
    return found


def _program(text: str, env: str) -> Program:
    if text.strip().endswith(".json"):  # a text that a model wrote is no path to read
        raise ProgramError([f"not JSON: {text.strip()[:60]!r}"])
    return read_program(text, env)

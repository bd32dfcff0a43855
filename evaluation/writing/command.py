"""What `guerdon write-reward` does: one reward from start to end, printed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...core.files import write_json
from ...core.names import check_name
from ...reward_models.language.opening import open_backend
from ...reward_models.programs.documentation import document_state
from ..compare import CompareConfig
from ..config import default_reward
from ..evidence import Evidence, gather
from ..synthesis import SynthesisConfig, search_programs
from .agreement import agreement
from .checking import Checker
from .eureka import eureka
from .icpl import icpl
from .people import PersonJudge
from .request import Draft, Request, Writer
from .search import RewardSearch, Round
from .selection import ProxyHuman, most_queries
from .text2reward import Text2Reward
from .training import CellTrainer, Trained
from .writers import LanguageWriter, TemplateWriter
from .written import Form, Library, Written

__all__ = ["METHODS", "Job", "write_reward"]

METHODS = ("synth", "text2reward", "eureka", "icpl")
PUBLISHED = {"eureka": (16, 5), "icpl": (6, 5)}


@dataclass(frozen=True)
class Job:
    """What is to be written; the attributes are the options of `guerdon write-reward`."""

    env: str
    goal: str = ""
    model: str | None = None
    method: str | None = None
    form: Form = "program"
    shots: int = 0
    said: str = ""
    revise: str | None = None
    samples: int | None = None
    iterations: int | None = None
    repairs: int = 2
    judge: str = "proxy"
    flips: float = 0.0
    steps: int = 50_000
    episodes: int = 16
    seed: int = 0
    jobs: int = 1
    replay: bool = False
    out: str = "written"
    env_kwargs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def chosen(self) -> str:
        """The method."""
        return self.method or ("text2reward" if self.model else "synth")

    @property
    def wanted(self) -> str:
        """The goal, or what the env says of itself."""
        return self.goal or document_state(self.env).task.partition("\n\n")[0].replace("\n", " ")

    def trainer(self) -> CellTrainer:
        """Return who trains."""
        root = Path(self.out, "runs")
        return CellTrainer(self.env, self.steps, root, self.env_kwargs, seed=self.seed, jobs=self.jobs)


def write_reward(job: Job) -> int:
    """Write a reward, print it, its validation, its agreement with the objective and its score; 1 if it is no good.

    Raises:
        ValueError: options that do not go together.
    """
    _check(job)
    out, method = Path(job.out), job.chosen
    usual = CompareConfig(env=job.env, env_kwargs=job.env_kwargs).cell(default_reward(job.env), job.seed)
    evidence = gather(job.env, job.env_kwargs, job.episodes, job.seed, usual.discount.get("gamma", 0.99))
    checker = Checker(evidence, Library(out))
    print(f"env       {job.env}\ngoal      {job.wanted}\nmethod    {method}{_by(job)}", flush=True)
    trained: Trained | None = None
    if method == "synth":
        written = _synthesised(job, evidence, checker)
    elif method == "text2reward":
        written = _text2reward(job, checker)
    else:
        written, trained = _searched(job, checker)
    if written is None:
        print("no reward could be trained on; what was written is in", out)
        return 1
    _print_checks(written)
    if not written.reward:
        return 1
    found = agreement(written.made(), evidence)
    print(f"agreement rank correlation with the objective over scripted policies {_number(found.correlation)}")
    for name, (true, paid) in sorted(found.policies.items(), key=lambda item: -item[1][1]):
        print(f"            {name:<22} objective {true:5.2f}   return {paid:8.3f}")
    if written.ok and trained is None and job.steps:
        trained = job.trainer()([written.reward])[0]
    _print_score(job, written, trained)
    _keep(job, written, found.correlation, trained)
    return 0 if written.ok else 1


def _check(job: Job) -> None:
    method = check_name("method", job.chosen, METHODS, "write-reward")
    check_name("judge", job.judge, ("proxy", "human"), "write-reward")
    if method == "text2reward" and not job.model:
        raise ValueError("write-reward: the method text2reward needs --model; synth needs none")
    if method in PUBLISHED and not job.steps:
        raise ValueError(f"write-reward: {method} compares trained agents, so --steps cannot be 0")
    if method in PUBLISHED and not job.model and job.form == "code":
        raise ValueError("write-reward: without --model only programs are written, so --form code cannot be")
    if bool(job.revise) != bool(job.said):
        raise ValueError("write-reward: --revise FILE and --said TEXT go together")


def _writer(job: Job) -> Writer:
    if not job.model:
        return TemplateWriter()
    mode = "replay" if job.replay else "auto"
    return LanguageWriter(open_backend(job.model, Path(job.out, "answers.jsonl"), mode), job.form)


def _by(job: Job) -> str:
    if job.model:
        return f", by {job.model}"
    return ", seeded changes of programs (no model)" if job.chosen in PUBLISHED else ", without a language model"


def _synthesised(job: Job, evidence: Evidence, checker: Checker) -> Written:
    best = search_programs(evidence, SynthesisConfig(seed=job.seed))[0]
    about = {"writer": "synthesis", "seed": job.seed, "score": best.score, "figures": dict(best.figures)}
    return checker(Draft("program", best.program.to_json(), about))


def _text2reward(job: Job, checker: Checker) -> Written:
    system = Text2Reward(_writer(job), checker, job.shots, repairs=job.repairs, seed=job.seed)
    if not job.revise:
        found = system.write(job.env, job.wanted, job.samples or 1)
        return next((one for one in found if one.ok), found[0])
    text = Path(job.revise).read_text("utf-8")
    form: Form = "code" if job.revise.endswith(".py") else "program"
    return system.revise(job.env, job.wanted, checker(Draft(form, text, {"writer": "given"})), job.said)


def _searched(job: Job, checker: Checker) -> tuple[Written | None, Trained | None]:
    usual = PUBLISHED[job.chosen]
    samples, iterations = job.samples or usual[0], job.iterations or usual[1]
    print(f"plan      {samples} rewards x {iterations} rounds, {job.steps:,} steps each", flush=True)
    more: dict[str, Any] = {"seed": job.seed, "folder": job.out, "repairs": job.repairs, "on_round": _tell}
    search: RewardSearch
    if job.chosen == "eureka":
        search = eureka(_writer(job), checker, job.trainer(), samples, iterations, **more)
    else:
        judge = ProxyHuman(job.flips, job.seed)
        if job.judge == "human":
            judge = PersonJudge(Path(job.out, "comparisons"), job.env, job.env_kwargs, job.seed)
        search = icpl(_writer(job), checker, job.trainer(), judge, samples, iterations, **more)
    result = search.run(Request(job.env, job.wanted))
    if job.chosen == "icpl":
        print(f"queries   {result.queries} comparisons (at most {most_queries(samples, iterations)})")
    if result.best is None:
        return None, None
    return result.best.written, result.best.trained


def _tell(number: int, one: Round) -> None:
    failed = sum(each.score is None for each in one.candidates)
    best = one.best.score if one.best else None
    print(
        f"round {number + 1:<4}{len(one.candidates)} rewards, {failed} failed; best so far {_number(best)}", flush=True
    )


def _print_checks(written: Written) -> None:
    print(f"reward    {written.shown}" if written.program else f"reward\n{written.shown}")
    for one in written.report.findings:
        sign = "ok  " if one.passed else "FAIL" if one.serious else "note"
        print(f"  {sign} {one.kind:<9} {one.message}")


def _print_score(job: Job, written: Written, trained: Trained | None) -> None:
    if not written.ok:
        print("score     not trained on, as it does not pass")
    elif trained is None:
        print("score     not trained on (--steps 0)")
    elif trained.score is None:
        print(f"score     the training failed: {trained.error}")
    else:
        held = "" if trained.held_out is None else f", {trained.held_out:.0%} of held-out tasks solved"
        print(f"score     after {job.steps:,} steps: objective {trained.score:.2f} on training tasks{held}")
    if written.reward:
        print(f'use       guerdon train --env {job.env} --reward "{written.reward}"')


def _keep(job: Job, written: Written, correlation: float, trained: Trained | None) -> None:
    path = Library(job.out).add(written)
    plain = {
        "schema": 1,
        "env": job.env,
        "goal": job.wanted,
        "method": job.chosen,
        "reward": written.reward,
        "file": path.relative_to(job.out).as_posix(),
        "ok": written.ok,
        "correlation": None if math.isnan(correlation) else correlation,
        "score": trained.score if trained else None,
        "held_out": trained.held_out if trained else None,
        "steps": job.steps if trained else 0,
    }
    print(f"files     {path}, {write_json(Path(job.out, 'reward.json'), plain)}")


def _number(value: float | None) -> str:
    return "unknown" if value is None or math.isnan(value) else f"{value:.2f}"

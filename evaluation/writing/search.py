"""The loop that Eureka and ICPL share: write K rewards, train on each, choose, say what came of it, N times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...core.files import write_json
from ...core.random import derive_seed
from .checking import Checker, write_checked
from .reflection import Candidate
from .request import Request, Writer
from .selection import Choice, Selector
from .training import Trained, Trainer

__all__ = ["Feedback", "RewardSearch", "Round", "SearchResult"]

NOT_TRAINED = "not trained on: "


@dataclass(frozen=True)
class Round:
    """One iteration.

    Attributes:
        candidates: all that was written, those that failed too.
        choice: what the selector said of them.
        best: the best so far, after this round.
        feedback: what the writer is told next.
    """

    candidates: tuple[Candidate, ...]
    choice: Choice
    best: Candidate | None
    feedback: str


@dataclass(frozen=True)
class SearchResult:
    """What a search leaves.

    Attributes:
        best: the one that the selector prefers; None if no training succeeded.
        rounds: everything.
        queries: comparisons that were asked for.
    """

    best: Candidate | None
    rounds: tuple[Round, ...]

    @property
    def queries(self) -> int:
        """Comparisons that were asked for."""
        return sum(one.choice.queries for one in self.rounds)

    @property
    def best_scores(self) -> list[float | None]:
        """True score of the best so far after each round, as the selector has it."""
        return [one.best.score if one.best else None for one in self.rounds]

    @property
    def task_score(self) -> float | None:
        """The best true score of all that were trained on (ICPL's RTS), whatever the selector preferred."""
        scores = [one.score for each in self.rounds for one in each.candidates if one.score is not None]
        return max(scores, default=None)


Feedback = Callable[[Sequence[Candidate], Choice, Candidate | None], str]
"""(candidates of a round, what was chosen, the best before it) to what the writer is told."""


@dataclass(frozen=True)
class RewardSearch:
    """Parts of a search; see `icpl` and `eureka`.

    It is deterministic given its seed and the writer's answers, and goes on where it was if it is started again:
    trained cells are in the run store, answers of language models in their cache. A reward that cannot be read, that
    fails its checks or whose training fails is a failed candidate; the loop goes on.

    Args:
        writer: who writes.
        checker: who checks before training.
        trainer: trains an agent on each.
        selector: who chooses.
        feedback: what the writer is told.
        samples: K, rewards a round.
        iterations: N, rounds.
        repairs: how often a rejected reward is sent back.
        keep_past: earlier bests that the writer sees.
        show_worst: whether the writer sees the worst.
        open_loop: tell the writer nothing: N K rewards from the first prompt, an ablation.
        seed: of the writer.
        folder: where `search.json` is written after each round; None for nowhere.
    """

    writer: Writer
    checker: Checker
    trainer: Trainer
    selector: Selector
    feedback: Feedback
    samples: int
    iterations: int
    repairs: int = 2
    keep_past: int = 4
    show_worst: bool = True
    open_loop: bool = False
    seed: int = 0
    folder: Path | None = None
    on_round: Callable[[int, Round], None] = field(default=lambda *_: None)

    def run(self, request: Request) -> SearchResult:
        """Search, from a request that says env and goal."""
        rounds: list[Round] = []
        best: Candidate | None = None
        worst: Candidate | None = None
        past: list[Candidate] = []
        told = request.feedback
        for iteration in range(self.iterations):
            kept = 0 if self.open_loop else min(self.keep_past, len(past))
            asked = Request(
                request.env,
                request.goal,
                best.written if best and not self.open_loop else None,
                worst.written if worst and self.show_worst and not self.open_loop else None,
                tuple(one.written for one in past[len(past) - kept :]),
                request.feedback if self.open_loop else told,
                request.examples,
                iteration,
            )
            written = write_checked(
                self.writer,
                asked,
                self.samples,
                derive_seed(self.seed, "round", iteration),
                self.checker,
                self.repairs,
            )
            trained = iter(self.trainer([one.reward for one in written if one.ok]))
            candidates = tuple(
                Candidate(one, next(trained) if one.ok else Trained(None, error=f"{NOT_TRAINED}{one.report.feedback}"))
                for one in written
            )
            choice = self.selector.select(candidates, best)
            before = best
            if choice.best is not None and choice.improved:
                past += [best] if best else []
                best = candidates[choice.best]
            worst = candidates[choice.worst] if choice.worst is not None else None
            told = self.feedback(candidates, choice, before)
            rounds.append(Round(candidates, choice, best, told))
            self._save(rounds)
            self.on_round(iteration, rounds[-1])
        return SearchResult(best, tuple(rounds))

    def _save(self, rounds: Sequence[Round]) -> None:
        if self.folder is not None:
            plain = [_plain(one) for one in rounds]
            write_json(self.folder / "search.json", {"schema": 1, "writer": self.writer.name, "rounds": plain})


def _plain(one: Round) -> dict[str, Any]:
    return {
        "candidates": [
            {
                "key": each.written.key,
                "shown": each.written.shown,
                "rejected": list(each.written.rejected),
                "score": each.score,
                "held_out": each.trained.held_out,
                "error": each.trained.error,
                "run": each.trained.folder,
            }
            for each in one.candidates
        ],
        "best": one.choice.best,
        "worst": one.choice.worst,
        "improved": one.choice.improved,
        "queries": one.choice.queries,
        "best_so_far": one.best.written.key if one.best else None,
        "feedback": one.feedback,
    }

"""Train recipes side by side with several seeds and record what they achieved, for README.md and docs/recipes.md.

Example:
    python scripts/record_recipes.py --study hackable-scorer --runs runs
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from guerdon.core.names import check_name
from guerdon.evaluation.compare import CompareConfig
from guerdon.evaluation.config import CellConfig
from guerdon.evaluation.executor import run_cells
from guerdon.evaluation.study import study_row
from guerdon.scripts.options import run
from guerdon.scripts.record_learning import save, seeds_of

__all__ = ["STUDIES", "RecordRecipes", "main"]

ROOT = Path(__file__).resolve().parent.parent
OUTCOME, VERBOSE, VERIFIER = "reasoning/outcome-v1", "reasoning/verbose-scorer-v1", "reasoning/verifier-v1"
PROXY = f"{VERBOSE} + 3.0 * {OUTCOME}"
"""A proxy that is right about success and likes padding too."""
WARM: dict[str, Any] = {"warm_start": 20, "num_groups": 8, "policy": {"width": 32}}
"""A policy that has seen the expert a little, as the language models of the papers have been fine-tuned a little."""
HARD = {"split": "train", "difficulty": 1.0}
"""Only the longest tasks, of which that policy solves about one in five."""


def _cell(
    world: str, recipe: str, reward: str, steps: int, sets: Any = None, kwargs: Any = None, **args: Any
) -> CellConfig:
    """Return a cell as `guerdon compare --recipe` would train it, so that both share their runs."""
    env = f"guerdon:guerdon/{world}-v0"
    config = CompareConfig(
        env=env, agent=f"recipe/{recipe}", steps=steps, agent_args=args, sets=sets, env_kwargs=kwargs or {}
    )
    return config.cell(reward, 0)


def _calc(recipe: str, reward: str = OUTCOME, **args: Any) -> CellConfig:
    return _cell("Calc", recipe, reward, 40_000, kwargs=HARD, **{**WARM, **args})


def _household(recipe: str, reward: str, steps: int = 300_000, **args: Any) -> CellConfig:
    return _cell("Household", recipe, reward, steps, **args)


EXPERT: dict[str, Any] = {"warm_start": 3000, "anneal": True}
"""As many episodes of the expert as there are games, nearly."""
PLAN, SUCCESS = "household/plan-distance-v1", "household/success-v1"
L2: dict[str, Any] = {"kwargs": {"split": "L2/train"}, "sets": {"L2": {"split": "L2/eval"}}}
SEARCH: dict[str, Any] = {"kwargs": {"split": "train", "hops": 3}, "num_groups": 8, "policy": {"width": 32}}

STUDIES: dict[str, list[CellConfig]] = {
    "household": [
        _household("gae", PLAN, **EXPERT),
        _household("gae", PLAN, **EXPERT, **L2),
        _household("gae", PLAN, 600_000, anneal=True),
        _household("gae", SUCCESS, **EXPERT),
        _household("grpo", SUCCESS, **EXPERT),
        _household("gigpo", SUCCESS, **EXPERT),
    ],
    "hackable-scorer": [
        _calc("reinforce"),
        _calc("reinforce", f"{VERBOSE} + {OUTCOME}"),
        _calc("pure", VERBOSE, scorer="paid"),
        _calc("clip-delta", VERBOSE, scorer="paid"),
        _calc("clip-delta", VERBOSE, scorer="paid", threshold=0.5),
        _calc("reinforce", f"{VERIFIER} + {OUTCOME}"),
    ],
    "over-optimised-proxy": [
        _calc("par", PROXY, scorer="paid", shape="raw"),
        _calc("par", PROXY, scorer="paid", shape="tanh"),
        _calc("par", PROXY, scorer="paid"),
        _calc("rloo"),
    ],
    "noisy-judge": [
        _calc("grpo"),
        _calc("capo", flip=0.2, votes=1),
        _calc("capo", flip=0.2, votes=4),
        _calc("capo", flip=0.0, votes=1),
        _calc("capo", flip=0.2, votes=4, process=2.0),
    ],
    "no-step-labels": [
        _calc("rloo"),
        _calc("gigpo"),
        _calc("prime"),
        _calc("implicit-prm"),
        _calc("oprl"),
        _calc("spa-rl"),
        _calc("gae"),
        _calc("prl"),
        _calc("grpo", kl=0.01),
        _calc("pav", num_rollouts=2),
        _calc("pav", num_rollouts=2, prover="policy"),
        _calc("reinforce", f"{VERIFIER} + {OUTCOME}"),
    ],
    "retrieval": [
        _cell("SearchQA", "grpo", "searchqa/outcome-v1", 60_000, **SEARCH),
        _cell("SearchQA", "graphrag-r1", "searchqa/outcome-v1", 60_000, **SEARCH),
        _cell("SearchQA", "graphrag-r1", "searchqa/outcome-v1", 60_000, phases=[0, 0], **SEARCH),
        _cell("SearchQA", "graphrag-r1", "searchqa/outcome-v1", 60_000, phases=[0, 100_000], **SEARCH),
    ],
    "length": [
        _household("grpo-lambda", SUCCESS, 80_000, warm_start=500, share=0.0),
        _household("grpo-lambda", SUCCESS, 80_000, warm_start=500),
        _household("grpo-lambda", SUCCESS, 80_000, warm_start=500, share=1.0),
    ],
    "meta-reasoning": [
        _household("grpo", SUCCESS, 80_000, warm_start=500),
        _household("gigpo", SUCCESS, 80_000, warm_start=500),
        _household("rlvmr", SUCCESS, 80_000, warm_start=500),
    ],
}
"""What is trained for each table: the first seed of each row."""

SEEDS = {"household": 3}
"""Seeds of the rows of a study, where it is not five."""


@dataclass
class RecordRecipes:
    """Make the recorded comparison of recipes.

    Example: python scripts/record_recipes.py --study hackable-scorer --runs runs
    """

    study: str | None = None
    """Name of a study. Default: all of them."""
    runs: str = "runs"
    """Folder of the run store."""
    jobs: int | None = None
    """Runs at once. Default: one a CPU."""


def main(args: RecordRecipes) -> int:
    """Train what is missing, then write the rows of the chosen studies; those of others stay."""
    names = list(STUDIES) if args.study is None else [check_name("study", args.study, STUDIES)]
    rows = {name: [list(seeds_of(cell, SEEDS.get(name, 5))) for cell in STUDIES[name]] for name in names}
    cells = [cell for study in rows.values() for row in study for cell in row]
    for folder, error in run_cells(cells, Path(args.runs), args.jobs or os.cpu_count() or 1).items():
        raise ValueError(f"{folder} failed, so nothing is recorded: {error}")
    made = [asdict(study_row(name, row, args.runs)) for name, study in rows.items() for row in study]
    save(made, names, ROOT / "docs" / "results" / "recipes_learning.json", list(STUDIES))
    return 0


if __name__ == "__main__":
    run(RecordRecipes, main)

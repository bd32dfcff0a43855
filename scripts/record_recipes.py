"""Train recipes side by side with several seeds and record what they achieved, for README.md and docs/recipes.md.

Example:
    python scripts/record_recipes.py --study hackable-scorer --runs runs
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from guerdon.core.names import check_name
from guerdon.evaluation.compare import CompareConfig
from guerdon.evaluation.config import CellConfig
from guerdon.evaluation.study import study_row
from guerdon.scripts.options import run
from guerdon.scripts.record_learning import save, train

__all__ = ["STUDIES", "RecordRecipes", "main"]

ROOT = Path(__file__).resolve().parent.parent
OUTCOME, VERBOSE, VERIFIER = "reasoning/outcome-v1", "reasoning/verbose-scorer-v1", "reasoning/verifier-v1"
PROXY = f"3.0 * {VERBOSE} + {OUTCOME}"
"""A proxy that is right about success and likes padding even more: some of it is harmless, much uses up the steps."""
SMALL: dict[str, Any] = {"num_groups": 8, "policy": {"width": 32}}
"""A small policy that knows nothing yet: after a little imitation Calc is solved so soon that nothing shows."""


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
    return _cell("Calc", recipe, reward, 50_000, **{**SMALL, **args})


def _household(recipe: str, reward: str, steps: int = 300_000, **args: Any) -> CellConfig:
    return _cell("Household", recipe, reward, steps, **args)


def _taught(recipe: str, reward: str = "household/success-v1", **args: Any) -> CellConfig:
    """Return a cell whose policy has seen 300 episodes of the expert, and solves about a third of the tasks."""
    return _household(recipe, reward, 60_000, warm_start=300, **args)


def _asked(recipe: str, **args: Any) -> CellConfig:
    return _cell("SearchQA", recipe, "searchqa/outcome-v1", 40_000, **{**SMALL, **args})


def _proven(recipe: str, **args: Any) -> CellConfig:
    """Return a cell in the longest tasks of Calc, of which the taught policy solves about half."""
    kwargs = {"split": "train", "difficulty": 1.0}
    taught = {**SMALL, "warm_start": 20, "warm_updates": 60}
    return _cell("Calc", recipe, OUTCOME, 50_000, kwargs=kwargs, **{**taught, **args})


EXPERT: dict[str, Any] = {"warm_start": 3000, "anneal": True}
"""As many episodes of the expert as there are games, nearly."""
PLAN, SUCCESS = "household/plan-distance-v1", "household/success-v1"
L2: dict[str, Any] = {"kwargs": {"split": "L2/train"}, "sets": {"L2": {"split": "L2/eval"}}}

ROLES: dict[str, Any] = {"policy": {"text_memory": "household_roles"}}
"""A reader that knows what a thing is for in the task, and which appliance treats how."""

STUDIES: dict[str, list[CellConfig]] = {
    "household": [
        _household("gae", PLAN, **EXPERT),
        _household("gae", PLAN, **EXPERT, **L2),
        _household("gae", PLAN, 150_000, **EXPERT, **ROLES, **L2),
        _household("gae", PLAN, 150_000, **EXPERT, **ROLES),
        _household("gae", PLAN, 600_000, anneal=True),
        _household("gae", SUCCESS, **EXPERT),
        _household("gigpo", SUCCESS, **EXPERT),
        _household("gae", SUCCESS, 150_000, **EXPERT, **ROLES),
        _cell("WebShop", "gae", "webshop/best-ahead-v1", 100_000, warm_start=1000, expert="webshop/rule", anneal=True),
    ],
    "step-credit": [
        _taught("gae", PLAN),
        _taught("gae"),
        _taught("rloo"),
        _taught("grpo"),
        _taught("gigpo"),
        _taught("prl"),
        _taught("spa-rl"),
        _taught("spa-rl", beta=0.0),
        _taught("spa-rl", cap=10),
        _taught("implicit-prm"),
        _taught("prime"),
        _taught("oprl"),
        _taught("oprl", weight=0.3),
        _taught("rlvmr"),
        _taught("capo"),
        _taught("capo", flip=0.2),
        _taught("pure"),
    ],
    "length": [
        _household("grpo-lambda", SUCCESS, 60_000, **EXPERT, **ROLES, share=0.0),
        _household("grpo-lambda", SUCCESS, 60_000, **EXPERT, **ROLES),
        _household("grpo-lambda", SUCCESS, 60_000, **EXPERT, **ROLES, share=1.0),
    ],
    "hackable-scorer": [
        _calc("reinforce"),
        _calc("reinforce", f"{VERBOSE} + {OUTCOME}"),
        _calc("pure", VERBOSE, scorer="paid"),
        _calc("clip-delta", VERBOSE, scorer="paid"),
        _calc("clip-delta", VERBOSE, scorer="paid", threshold=0.5),
        _calc("reinforce", f"{VERIFIER} + {OUTCOME}"),
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
        _calc("gae"),
        _calc("prl"),
        _calc("spa-rl"),
        _calc("implicit-prm"),
        _calc("prime", low=0.1, high=0.9),
        _calc("oprl"),
        _calc("reinforce", f"{VERIFIER} + {OUTCOME}"),
    ],
    "prover": [
        _proven("rloo"),
        _proven("pav", num_rollouts=2),
        _proven("pav", num_rollouts=2, best_of=1),
        _proven("pav", num_rollouts=2, best_of=32),
        _proven("pav", num_rollouts=2, prover="policy"),
    ],
    "over-optimised-proxy": [
        _calc("par", PROXY, scorer="paid", shape="raw", warm_start=60),
        _calc("par", PROXY, scorer="paid", shape="tanh", warm_start=60),
        _calc("par", PROXY, scorer="paid", warm_start=60),
        _calc("rloo", warm_start=60),
    ],
    "retrieval": [
        _asked("grpo"),
        _asked("graphrag-r1"),
        _asked("graphrag-r1", phases=[0, 0]),
        _asked("graphrag-r1", phases=[0, 100_000]),
    ],
}
"""What is trained for each table: the first seed of each row."""

EVERY_SET = ("household",)
"""Studies that show every evaluation set; the others show the last, which is the furthest from training."""
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
    seeds = {name: SEEDS.get(name, 5) for name in names}
    rows = train({name: STUDIES[name] for name in names}, seeds, args.runs, args.jobs)
    made = [
        asdict(study_row(name, row, args.runs, on))
        for name, study in rows.items()
        for row in study
        for on in (list(row[0].sets) if name in EVERY_SET else list(row[0].sets)[-1:])
    ]
    save(made, names, ROOT / "docs" / "results" / "recipes_learning.json", list(STUDIES))
    return 0


if __name__ == "__main__":
    run(RecordRecipes, main)

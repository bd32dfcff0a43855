"""The recipes made of transforms and group advantages: their parts fit together, and name a test that exists."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from guerdon.agents.recipe import RECIPES, Context
from guerdon.core.names import UnknownNameError

from .batches import batch, episode

NAMES = ("capo", "clip-delta", "gae", "gigpo", "graphrag-r1", "grpo", "grpo-lambda", "par", "pure", "reinforce")
NAMES += ("rloo", "rlvmr")
CONTEXT = Context(policy=None, env_id="guerdon:guerdon/Tree-v0", env_kwargs={}, seed=0)  # type: ignore[arg-type]


def played(outcome: float, steps: int, task: str):
    return episode(
        steps,
        outcome,
        task,
        tag=["explore"] * steps,
        state_key=list(range(steps)),
        paid=[0.0] * (steps - 1) + [outcome],
        value=np.zeros(steps),
        plan_before=np.arange(steps, 0, -1),
        plan_after=np.arange(steps - 1, -1, -1) if outcome else [-1] * steps,
    )


def finished(**settings: Any):
    return batch(*([played(r, n, task) for r, n in ((1.0, 3), (0.0, 2), (1.0, 5))] for task in "ab"), **settings)


@pytest.mark.parametrize("name", NAMES)
def test_the_parts_of_a_recipe_credit_every_step(name: str) -> None:
    parts, members = RECIPES[name]().parts(CONTEXT), finished(iteration=50)
    for scorer in parts.scorers:
        scorer.write(members)
    payments = parts.transform(members)
    credit = parts.advantage(members, payments)
    for one, paid, values in zip(members.trajectories, payments, credit, strict=True):
        assert paid.shape == values.shape == (len(one),)
        assert np.isfinite(values).all()
    assert np.abs(np.concatenate(credit)).max() > 0.01
    assert credit[0].mean() > credit[1].mean()


@pytest.mark.parametrize("name", NAMES)
def test_a_recipe_says_where_it_comes_from_and_what_checks_it(name: str) -> None:
    recipe = RECIPES[name]
    assert recipe.source
    assert recipe.status
    path, test = recipe.checked.split("::")
    assert f"def {test}(" in (Path(__file__).parents[2] / path).read_text()
    page = inspect.getdoc(recipe) or ""
    assert "How it can be gamed" in page
    assert "Compare with" in page


@pytest.mark.parametrize("name", ["capo", "clip-delta", "par", "pure"])
def test_step_scores_come_from_a_judge_or_from_the_run_s_reward(name: str) -> None:
    paid = RECIPES[name](scorer="paid").parts(CONTEXT)  # type: ignore[call-arg]
    judged = RECIPES[name]().parts(CONTEXT)
    assert len(judged.scorers) == len(paid.scorers) + 1
    assert "state" in judged.scorers[0].reads
    with pytest.raises(UnknownNameError, match=f"unknown scorer 'jugde' in recipe '{name}'. Did you mean 'judge'"):
        RECIPES[name](scorer="jugde").parts(CONTEXT)  # type: ignore[call-arg]


def test_the_recipes_do_not_import_torch() -> None:
    code = f"import sys\nfrom guerdon.agents.recipe import RECIPES\n[RECIPES[name] for name in {NAMES}]\n"
    code += "assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)

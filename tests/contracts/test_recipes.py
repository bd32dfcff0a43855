"""What holds for every recipe: it says what it is, it trains, and a break in a run changes nothing."""

from __future__ import annotations

import ast
import inspect
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import torch

from guerdon.agents.recipe import RECIPES, Recipe, make_recipe
from guerdon.agents.recipe_learner import RecipeLearner
from guerdon.evaluation.config import default_reward
from guerdon.reward_models import make_reward
from guerdon.scripts.recipe_page import recipe_arguments

ROOT = Path(__file__).resolve().parents[2]
SMALL: dict[str, Any] = {
    "num_groups": 3,
    "group_size": 4,
    "num_envs": 8,
    "epochs": 1,
    "minibatch": 32,
    "warm_start": 10,
}
OWN: dict[str, dict[str, Any]] = {"implicit-prm": {"offline": 1}, "prime": {"low": 0.0, "high": 1.0}}
"""Constants without which three iterations would not show what a recipe does."""
WORLDS = {"graphrag-r1": ("SearchQA", {"split": "train"})}
"""Worlds of the recipes that are made for one; all others are tried in Calc, where one guess in four is right."""
each_recipe = pytest.mark.parametrize("name", RECIPES)


@each_recipe
def test_it_says_what_it_is(name: str) -> None:
    cls = RECIPES[name]
    prose = inspect.cleandoc(cls.__doc__ or "")
    assert cls.name == name
    assert prose.partition("\n")[0].endswith(".")
    assert "\n\n    " in prose, "no equation"
    assert "How it can be gamed: " in prose
    assert "Compare with: " in prose
    assert any(year in cls.source for year in map(str, range(1980, 2030))), "the source has no year"
    assert cls.status.startswith(("confirmed", "reconstructed"))
    meanings = recipe_arguments(cls)
    assert sorted(one.name for one in fields(cls)) == sorted(name for names in meanings for name in names.split(", "))
    assert all(meanings.values())


@each_recipe
def test_the_test_that_shows_its_equation_exists(name: str) -> None:
    path, _, function = RECIPES[name].checked.partition("::")
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


class Run(NamedTuple):
    """Weights after one iteration and after three, without and with a break; and what was logged."""

    first: dict[str, torch.Tensor]
    last: dict[str, torch.Tensor]
    first_again: dict[str, torch.Tensor]
    resumed: dict[str, torch.Tensor]
    steps: tuple[int, int]
    figures: dict[str, float]


def learner(name: str, seed: int = 0) -> RecipeLearner:
    """Return a small learner of a recipe in the world that suits it."""
    own: Recipe = make_recipe(name, {})
    small = {"segment": min(own.segment, 8), "policy": {**own.policy, "width": 8}, **OWN.get(name, {})}
    small |= {"flip": 0.3} if hasattr(own, "flip") else {}  # then judges draw
    world, kwargs = WORLDS.get(name, ("Calc", {"split": "train", "difficulty": 0.0, "guess": 4}))
    env = f"guerdon:guerdon/{world}-v0"
    reward = make_reward(default_reward(env), gamma=own.gamma)
    return RecipeLearner(name, env, kwargs, reward, seed, SMALL | small, "cpu")


@cache
def run_of(name: str) -> Run:
    """Train a recipe for three iterations, twice, the second time with a checkpoint after the first."""
    whole, broken, rest = learner(name), learner(name), learner(name)

    def iterate(one: RecipeLearner) -> dict[str, torch.Tensor]:
        one.learn(1, lambda _: None, 10_000)
        figures.update(one.figures)
        return {key: value.clone() for key, value in one.policy.state_dict().items()}

    figures: dict[str, float] = {}
    for one in (whole, broken):
        one.learn(1, lambda _: None, 10_000)  # the warm start is longer
    first, again = iterate(whole), iterate(broken)
    rest.resume(broken.checkpoint())
    last, resumed = [(iterate(one), iterate(one))[1] for one in (whole, rest)]
    return Run(first, last, again, resumed, (whole.steps, rest.steps), figures)


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    """Whether all weights are equal to the bit."""
    return one.keys() == other.keys() and all(torch.equal(one[key], other[key]) for key in one)


@each_recipe
def test_it_trains(name: str) -> None:
    run = run_of(name)
    assert all(torch.isfinite(value).all() for value in run.last.values())
    assert all(value == value and abs(value) < float("inf") for value in run.figures.values()), run.figures
    assert not same(run.first, run.last)


@each_recipe
def test_equal_seeds_give_equal_weights(name: str) -> None:
    assert same(run_of(name).first, run_of(name).first_again)


@each_recipe
def test_a_run_goes_on_from_a_checkpoint_as_if_it_had_not_stopped(name: str) -> None:
    run = run_of(name)
    assert same(run.last, run.resumed)
    assert run.steps[0] == run.steps[1]


def test_other_seeds_give_other_weights() -> None:
    one, other = learner("rloo"), learner("rloo", seed=1)
    assert not same(one.policy.state_dict(), other.policy.state_dict())

"""What is told of a world's state to who writes programs, the schema of the language, and the proposer of changes."""

from __future__ import annotations

import json
import re
from dataclasses import fields

import gymnasium as gym
import numpy as np
import pytest

from guerdon.envs.registration import env_ids
from guerdon.reward_models.programs.documentation import document_state
from guerdon.reward_models.programs.proposer import SearchContext, TemplateProposer
from guerdon.reward_models.programs.schema import program_schema
from guerdon.reward_models.programs.state_fields import fields_of, oracle_of, state_class, world_named

from .json_schema import fits

WORLDS = ("household", "manipulation", "reasoning", "searchqa", "tabular", "webshop")
every_world = pytest.mark.parametrize("world", WORLDS)


def numbers_of(world: str) -> list[str]:
    return [name for name, field in fields_of(world).items() if field.kind == "number"]


@every_world
def test_the_document_lists_every_field_that_can_be_read_and_no_oracle(world: str) -> None:
    document = document_state(world)
    cls = state_class(world)
    public = {field.name for field in fields(cls) if not field.name.startswith("_")}
    assert oracle_of(world), "every world has an objective that stands in its state"
    assert oracle_of(world) <= {*public, *dir(cls)}
    assert public - oracle_of(world) <= set(document.fields)
    assert not set(document.fields) & oracle_of(world)
    for name, field in document.fields.items():
        assert f"\n    {name}: " in document.text
        assert field.about in document.text
    for name in oracle_of(world):
        assert f"\n    {name}: " not in document.text
    assert document.language in document.prompt


@pytest.mark.parametrize("env_id", env_ids())
def test_the_document_is_true_of_real_states(env_id: str) -> None:
    env = gym.make(env_id)
    env.reset(seed=0)
    state = env.unwrapped.state  # type: ignore[attr-defined]
    stack = type(state).stack([state, state])
    assert type(state) is state_class(world_named(env_id))
    for name, field in document_state(env_id).fields.items():
        value = np.asarray(getattr(stack, name), dtype=float)
        assert value.shape == ((2, 3) if field.size == 3 else (2,)), name
        if field.flag:
            assert np.isin(value, (0.0, 1.0)).all(), name
        if field.low is not None and field.high is not None:
            assert (value >= field.low - 1e-3).all(), name
            assert (value <= field.high + 1e-3).all(), name
    assert document_state(env_id).task


def test_states_of_a_household_stack_row_by_row() -> None:
    env = gym.make("guerdon:guerdon/Household-v0")
    env.reset(seed=0)
    states = [env.unwrapped.state]  # type: ignore[attr-defined]
    for _ in range(3):
        *_, _info = env.step(env.unwrapped.admissible_actions()[0])  # type: ignore[attr-defined]
        states.append(env.unwrapped.state)  # type: ignore[attr-defined]
    assert len({state.location for state in states}) > 1, "the agent has to go somewhere"
    stack = type(states[0]).stack(states)
    assert stack.location.tolist() == [state.location for state in states]
    assert stack.plan_length.tolist() == [state.plan_length for state in states]


@every_world
def test_the_schema_offers_exactly_the_documented_names(world: str) -> None:
    schema = program_schema(world)
    text = json.dumps(schema)
    for name in fields_of(world):
        assert f'"{name}' in text
    for name in oracle_of(world):
        assert f'"{name}"' not in re.sub('"const": "[a-z]+"', "", text)
    wrong = {"name": "a", "kind": "near", "a": "nope", "scale": 1.0, "weight": 1}
    assert not fits({"world": world, "terms": [wrong]}, schema)
    assert fits({"world": world, "terms": [wrong | {"a": numbers_of(world)[0]}]}, schema)
    assert not fits({"world": world, "terms": []}, schema)
    assert not fits({"world": world, "terms": [{"name": "a", "kind": "success", "weight": 1, "b": 2}]}, schema)


def test_the_template_proposer_is_seeded_valid_and_moves_from_the_best() -> None:
    proposer = TemplateProposer()
    first = proposer.propose(SearchContext("manipulation"), 6, np.random.default_rng(0))
    again = proposer.propose(SearchContext("manipulation"), 6, np.random.default_rng(0))
    assert first == again
    assert len({program.to_json() for program in first}) == 6
    best, worst = first[0], first[1]
    context = SearchContext("manipulation", best=best, worst=worst, past=tuple(first[2:4]))
    later = proposer.propose(context, 20, np.random.default_rng(1))
    assert len({program.to_json() for program in later}) == 20
    assert best not in later
    kept = {(term.kind, term.a, term.b) for term in best.terms}
    shared = [len(kept & {(term.kind, term.a, term.b) for term in program.terms}) for program in later]
    assert np.mean(shared) >= len(kept) - 1, "most of the best program is kept"
    for program in [*first, *later]:
        assert program.terms[-1].kind == "success"


@every_world
def test_the_template_proposer_serves_every_world(world: str) -> None:
    assert len(TemplateProposer().propose(SearchContext(world), 4, np.random.default_rng(2))) == 4

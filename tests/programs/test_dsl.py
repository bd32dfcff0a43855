"""The reward language: what programs pay, how they are written, which are refused, and what is told of the state."""

from __future__ import annotations

import copy
import json
import math
import pickle
from dataclasses import fields
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.core.transition import HiddenFieldError, Transition
from guerdon.evaluation.recording import record
from guerdon.reward_models import make_reward
from guerdon.reward_models.base import RewardError
from guerdon.reward_models.programs.checks import ProgramError
from guerdon.reward_models.programs.dsl import Program, read_program
from guerdon.reward_models.programs.dsl_reward import DslReward
from guerdon.reward_models.programs.interpreter import evaluate, level_bounds, levels
from guerdon.reward_models.programs.payout import Recorded
from guerdon.reward_models.programs.proposer import random_term
from guerdon.reward_models.programs.schema import program_schema
from guerdon.reward_models.programs.state_fields import fields_of, state_class
from guerdon.reward_models.programs.term import Term, with_names
from guerdon.wrappers.spec_reward import SpecReward, SpecRewardVector

from .json_schema import fits

WORLDS = ("household", "manipulation", "reasoning", "searchqa", "tabular", "webshop")
every_world = pytest.mark.parametrize("world", WORLDS)
LINE = (
    "manipulation: 0.25*near[tcp, object, 0.2] + 0.75*near[gap, 0.1] if grasped + 0.5*gain[touched, 1]"
    " - 0.1*step[] + success[] - near[opening, 0.02, 0.01] unless touched + 3*value[object.z, 0.5] + flag[secured]"
)


def arm_states(size: int, seed: int) -> Any:
    """Return random states of the arm."""
    rng = np.random.default_rng(seed)
    values = {}
    for field in fields(state_class("manipulation")):
        known = fields_of("manipulation").get(field.name)
        shape = (size, 3) if known and known.size == 3 else (size,)
        flag = known is None or known.flag
        values[field.name] = rng.integers(0, 2, shape).astype(float) if flag else rng.normal(size=shape)
    return state_class("manipulation")(**values)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    world = draw(st.sampled_from(WORLDS))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    flags = [name for name, field in fields_of(world).items() if field.kind == "flag"]
    terms = []
    for _ in range(draw(st.integers(1, 6))):
        term = random_term(world, ("near", "progress", "gain", "value"), rng)
        number = st.floats(1e-3, 99, allow_nan=False)
        weight = draw(number) * draw(st.sampled_from([-1, 1]))
        gate = draw(st.sampled_from(["", *flags, *(f"not {flag}" for flag in flags)]))
        terms.append(Term(term.kind, term.a, term.b, draw(number), weight, gate))
    if draw(st.booleans()):
        terms.append(Term("success"))
    return Program(world, with_names(terms))


@given(programs())
@settings(deadline=None, max_examples=60)
def test_text_and_json_give_the_program_back(program: Program) -> None:
    assert read_program(str(program)) == program
    assert read_program(program.to_json()) == program
    assert read_program(json.loads(program.to_json())) == program
    assert pickle.loads(pickle.dumps(program)) == program
    assert fits(json.loads(program.to_json()), program_schema(program.world))


def test_names_of_the_text_form_survive() -> None:
    program = read_program("household: gain[hold] as picked_up + success[]  as done")
    assert [term.name for term in program.terms] == ["picked_up", "done"]
    assert read_program(str(program)) == program
    assert [term.name for term in read_program("manipulation: near[gap, .1] + near[gap, .2]").terms] == [
        "near_gap",
        "near_gap_2",
    ]


def test_round_brackets_and_keywords_are_read_too() -> None:
    program = read_program("near(tcp, object, scale=0.2) + flag(grasped)", "guerdon:guerdon/Push-v0")
    assert str(program) == "manipulation: near[tcp, object, 0.2] + flag[grasped]"


def test_terms_pay_what_the_formulas_say() -> None:
    before, after = arm_states(7, 0), arm_states(7, 1)
    success = np.array([True, False] * 3 + [True])
    paid = evaluate(read_program(LINE), before, after, success, 7)
    gap = np.linalg.norm(after.object - after.target, axis=1)
    reach = np.linalg.norm(after.tcp - after.object, axis=1)
    touched = np.maximum(after.left_touch, after.right_touch)
    np.testing.assert_allclose(paid["near_tcp_object"], 0.25 * (1 - np.tanh(reach / 0.2)))
    np.testing.assert_allclose(paid["near_gap_if_grasped"], 0.75 * (1 - np.tanh(gap / 0.1)) * after.grasped)
    was = np.maximum(before.left_touch, before.right_touch)
    np.testing.assert_allclose(paid["gain_touched"], 0.5 * (touched - was))
    np.testing.assert_allclose(paid["step"], -0.1)
    np.testing.assert_allclose(paid["success"], success)
    fits = 1 - np.tanh(np.abs(after.opening - 0.02) / 0.01)
    np.testing.assert_allclose(paid["near_opening_0_02_if_not_touched"], -fits * (1 - touched))
    np.testing.assert_allclose(paid["value_object_z"], 3 * np.clip(after.object[:, 2] / 0.5, -1, 1))
    np.testing.assert_allclose(paid["flag_secured"], after.secured)
    moved = evaluate(read_program("manipulation: 2*progress[tcp, object, 0.5]"), before, after, None, 7)
    old = np.linalg.norm(before.tcp - before.object, axis=1)
    np.testing.assert_allclose(moved["progress_tcp_object"], 2 * np.clip((old - reach) / 0.5, -1, 1))


@given(programs(), st.integers(0, 1000))
@settings(deadline=None, max_examples=60)
def test_payments_and_potentials_are_within_exact_bounds_and_row_by_row(program: Program, seed: int) -> None:
    if program.world != "manipulation":
        program = Program(
            "manipulation", (Term("progress", "gap", None, 0.1, -2.0, "grasped"), Term("near", "opening"))
        )
    before, after = arm_states(5, seed), arm_states(5, seed + 1)
    success = np.array([True, False, True, False, True])
    for found, bounds in (
        (evaluate(program, before, after, success, 5), program.bounds),
        (levels(program, after, success, 5), level_bounds(program)),
    ):
        assert list(found) == list(bounds)
        for name, (low, high) in bounds.items():
            assert low - 1e-12 <= found[name].min()
            assert found[name].max() <= high + 1e-12
    alone = [
        evaluate(program, before.pick(np.array([i])), after.pick(np.array([i])), success[i : i + 1], 1)
        for i in range(5)
    ]
    for name, values in evaluate(program, before, after, success, 5).items():
        assert values.tolist() == [float(one[name][0]) for one in alone]


def test_bounds_are_reached() -> None:
    low, high = read_program("manipulation: -2*progress[gap, 0.1]").bounds["progress_gap"]
    assert (low, high) == (-2.0, 2.0)
    assert read_program("manipulation: 2*step[] if grasped").bounds["step_if_grasped"] == (0.0, 2.0)
    assert read_program("manipulation: 2*step[]").bounds["step"] == (2.0, 2.0)
    assert read_program("webshop: 3*value[options]").bounds["value_options"] == (0.0, 3.0)
    assert read_program("webshop: 3*value[kind]").bounds["value_kind"] == (-3.0, 3.0)


WRONG = {
    "manipulation: near[gapp, 0.1]": ["unknown field 'gapp'", "term 'near_gapp'", "'gap'"],
    "manipulation: neer[gap]": ["unknown kind 'neer'", "'near'"],
    "manipulation: near[success]": ["'success' is not for rewards to read", "kind 'success'"],
    "household: near[plan_length, 5]": ["'plan_length' is not for rewards to read"],
    "household: gain[goal]": ["'goal' is not for rewards to read"],
    "webshop: value[best_ahead]": ["'best_ahead' is not for rewards to read"],
    "manipulation: near[tcp, tcp_velocity]": ["'tcp' (vector, m) cannot be compared with 'tcp_velocity' (vector, m/s)"],
    "manipulation: near[tcp, gap]": ["cannot be compared"],
    "manipulation: near[tcp, 0.1, 0.2]": ["is a vector, so b cannot be a number"],
    "manipulation: near[gap, gap, 0.2]": ["always 0"],
    "manipulation: flag[gap]": ["'gap' is a number, not a flag", "grasped"],
    "manipulation: gain[tcp]": ["write tcp.x, tcp.y or tcp.z"],
    "manipulation: near[tcp.w]": ["unknown part of tcp 'w'"],
    "manipulation: near[gap.x]": ["has no part 'x'"],
    "manipulation: near[gap] if opening": ["when is 'opening'", "grasped"],
    "manipulation: near[gap] if graspd": ["unknown field 'graspd'", "'grasped'"],
    "manipulation: near[gap, 0]": ["scale is 0.0, not above 0"],
    "manipulation: 0*near[gap]": ["weight is 0.0"],
    "manipulation: 101*near[gap]": ["weight is 101.0"],
    "manipulation: near[]": ["needs a"],
    "manipulation: flag[grasped, touched]": ["more than flag has"],
    "manipulation: near[gap] as a + near[reach] as a": ["two terms are called 'a'"],
    "manipulation: near[gap": ["cannot read the program from 'near[gap'"],
    "manipulation: near[gap] near[reach]": ["cannot read the program from 'near[reach]'"],
    "manipulation: ": ["1 to 12 terms, not 0"],
    "manipulatoin: near[gap]": ["unknown world 'manipulatoin'", "'manipulation'"],
    "near[gap]": ["unknown world ''"],
    '{"world": "manipulation", "terms": [{"kind": "near", "a": "gap", "scal": 1}]}': ["unknown key 'scal'", "'scale'"],
    '{"world": "manipulation", "terms": [{"kind": "flag", "a": "grasped", "scale": 2}]}': ["has no 'scale'"],
    '{"world": "manipulation", "terms": [{"kind": "near", "a": 3}]}': ["a is 3, not a text"],
    '{"world": "manipulation", "terms": [{"kind": "near", "a": "gap", "scale": "wide"}]}': ["scale is 'wide'"],
    '{"world": "manipulation", "terms": [{"kind": "near", "a": "gap", "weight": NaN}]}': ["weight is nan"],
    '{"world": "manipulation", "terms": [{"kind": "near", "a": "gap", "name": "a b"}]}': ["not a word"],
    '{"world": "manipulation", "terms": [3]}': ["term 1 is 3"],
    '{"world": "manipulation", "terms": 3}': ["a program is"],
    '{"world": "manipulation", "term": [], "terms": []}': ["no 'term'"],
    "{nope": ["not JSON"],
}


@pytest.mark.parametrize("source", WRONG)
def test_wrong_programs_are_refused_with_the_term_and_the_nearest_name(source: str) -> None:
    with pytest.raises(ProgramError) as caught:
        read_program(source)
    for part in WRONG[source]:
        assert part in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ProgramError) as caught:
        read_program("manipulation: near[gapp] + flag[gap] + neer[gap]")
    assert len(caught.value.mistakes) == 3


def test_a_program_for_another_world_is_refused() -> None:
    with pytest.raises(ProgramError, match="for the world 'household', not for 'manipulation'"):
        read_program("household: gain[hold]", "guerdon:guerdon/Push-v0")
    env = SpecReward(gym.make("guerdon:guerdon/Household-v0"), DslReward("manipulation: near[gap]"))
    env.reset(seed=0)
    with pytest.raises(RewardError, match="for the world 'manipulation', but the env's state is HouseholdState"):
        env.step("look")


def test_files_are_read_and_the_hash_is_of_the_program_alone(tmp_path: Path) -> None:
    program = read_program(LINE)
    texts = {"text": str(program), "json": program.to_json(), "spaced": json.dumps(program.plain(), indent=2)}
    files = {}
    for name, text in texts.items():
        files[name] = tmp_path / f"{name}.json"
        files[name].write_text(text)
    rewards = [DslReward(text) for text in texts.values()] + [DslReward(str(path)) for path in files.values()]
    assert len({reward.hash for reward in rewards}) == 1
    files["text"].write_text(str(program).replace("0.25", "0.26"))
    assert DslReward(str(files["text"])).hash != rewards[0].hash
    assert DslReward(LINE, form="shaping").hash != rewards[0].hash
    with pytest.raises(FileNotFoundError, match=r"nothing\.json"):
        DslReward("nothing.json")


def test_the_reward_stands_in_expressions_and_is_plain_data() -> None:
    reward = make_reward("household/success-v1 + 0.5 * programs/dsl-v1(program='household: 0.25*gain[hold]')")
    assert reward.reads == {"state", "outcome"}
    again = make_reward(json.loads(json.dumps(reward.spec)))
    assert again.hash == reward.hash
    with pytest.raises(ValueError, match="program"):
        make_reward("programs/dsl-v1")


def test_only_a_success_term_sees_the_outcome() -> None:
    assert DslReward("manipulation: near[gap]").reads == {"state"}
    assert DslReward("manipulation: success[]").reads == {"outcome"}
    assert DslReward("manipulation: success[] if grasped").reads == {"state", "outcome"}
    state, nothing = arm_states(2, 0), np.zeros(2, dtype=bool)
    step = Transition(None, None, None, nothing, nothing, nothing, state, state, rows=np.arange(2))
    blind = DslReward("manipulation: near[gap]")
    blind._parsed = read_program("manipulation: success[]")
    with pytest.raises(HiddenFieldError, match="success"):
        blind(step.only(blind.reads, blind.id))


def test_shaping_telescopes_and_keeps_its_bounds() -> None:
    reward = DslReward(LINE, form="shaping", gamma=0.9)
    assert "outcome" in reward.reads
    states = [arm_states(1, seed) for seed in range(12)]
    no, yes = np.zeros(1, dtype=bool), np.ones(1, dtype=bool)
    reward.begin(Transition(None, None, None, no, no, no, states[0], states[0]))
    total = 0.0
    for t in range(11):
        step = Transition(None, None, None, no, yes if t == 10 else no, no, states[t], states[t + 1])
        paid, terms = reward.pay(step)
        total += 0.9**t * float(paid[0])
        for name, (low, high) in reward.bounds.items():
            assert low - 1e-12 <= terms[name][0] <= high + 1e-12
    phi = [sum(v[0] for v in levels(reward.parsed, s, no, 1).values()) for s in (states[0], states[11])]
    assert math.isclose(total, 0.9**11 * phi[1] - phi[0], abs_tol=1e-9)


def test_bounds_of_shaping_are_exact() -> None:
    reward = DslReward("manipulation: 2*flag[grasped] - near[gap, 0.1]", form="shaping", gamma=0.5)
    assert reward.bounds == {"flag_grasped": (-2.0, 1.0), "near_gap": (-0.5, 1.0)}


def test_it_is_paid_in_an_env_and_copies_are_independent() -> None:
    for form in ("reward", "shaping"):
        env = SpecReward(gym.make("guerdon:guerdon/Push-v0"), DslReward(LINE, form=form))
        env.reset(seed=1)
        env.action_space.seed(1)
        state = env.unwrapped.state  # type: ignore[attr-defined]
        other = copy.deepcopy(env.reward)
        _, paid, _, _, info = env.step(env.action_space.sample())
        assert paid == pytest.approx(sum(info["reward_terms"].values()))
        if form == "reward":
            stack = type(state).stack
            after = env.unwrapped.state  # type: ignore[attr-defined]
            found = evaluate(read_program(LINE), stack([state]), stack([after]), np.array([info["is_success"]]), 1)
            assert info["reward_terms"] == {name: float(value[0]) for name, value in found.items()}
        assert pickle.loads(pickle.dumps(other)).hash == env.reward.hash


@pytest.mark.parametrize("form", ["reward", "shaping"])
def test_many_envs_are_paid_like_one_and_relabelling_like_online(form: Any) -> None:
    reward = DslReward("household: 0.25*gain[hold] + flag[hands_full] + 0.1*near[location] + success[]", form=form)
    kwargs = {"task_types": (1,), "max_episode_steps": 5}
    many = SpecRewardVector(gym.make_vec("guerdon:guerdon/Household-v0", 3, **kwargs), reward)
    singles = [SpecReward(gym.make("guerdon:guerdon/Household-v0", **kwargs), reward) for _ in range(3)]
    many.reset(seed=4)
    infos = [env.reset(seed=4 + i)[1] for i, env in enumerate(singles)]
    over, paid = [False] * 3, []
    for _ in range(14):
        actions = [info["expert_action"] or "look" for info in infos]
        expected = []
        for i, env in enumerate(singles):
            if over[i]:
                infos[i], value, over[i] = env.reset()[1], 0.0, False
            else:
                _, value, terminated, truncated, infos[i] = env.step(actions[i])
                over[i] = terminated or truncated
            expected.append(value)
        assert many.step(actions)[1].tolist() == expected
        paid += expected
    assert len(set(paid)) > 3
    for one in record("guerdon:guerdon/Household-v0", {"task_types": (1,)}, episodes=2, states=True, columns=()):
        (side_by_side,) = Recorded([one]).pay(reward)
        np.testing.assert_array_equal(side_by_side.totals, reward.relabel(one))

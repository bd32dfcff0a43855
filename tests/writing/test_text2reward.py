from __future__ import annotations

import math
from pathlib import Path

import pytest

from guerdon.evaluation.evidence import gather
from guerdon.evaluation.writing.agreement import agreement
from guerdon.evaluation.writing.checking import Checker
from guerdon.evaluation.writing.prompts import writing_messages
from guerdon.evaluation.writing.request import Draft, Example, Request
from guerdon.evaluation.writing.text2reward import Text2Reward, nearest_examples, recorded_examples
from guerdon.evaluation.writing.writers import LanguageWriter
from guerdon.evaluation.writing.written import Library
from guerdon.reward_models import make_reward
from guerdon.reward_models.language.scripted import ScriptedBackend
from guerdon.reward_models.programs.documentation import document_state
from guerdon.reward_models.programs.state_fields import oracle_of
from guerdon.reward_models.programs.written import recorded_answers

from .parts import ENV, evidence

ANSWERS = {one.name: one for one in recorded_answers()}


def test_the_prompt_lists_every_readable_field_and_no_oracle() -> None:
    for form in ("program", "code"):
        text = writing_messages(Request(ENV, "Reach it."), form)[1].content
        assert "Reach it." in text
        assert all(f"    {name}: " in text for name in document_state(ENV).fields)
        assert not any(f"    {name}: " in text for name in oracle_of("manipulation"))


def test_examples_are_those_whose_goals_are_most_alike_and_never_the_env_itself() -> None:
    some = [Example("a", goal, "program", goal) for goal in ("stack the cubes", "open the drawer", "shut the drawer")]
    assert [one.goal for one in nearest_examples("shut that drawer", some, 2)] == ["shut the drawer", "open the drawer"]
    backend = ScriptedBackend([ANSWERS["reach"].text])
    system = Text2Reward(LanguageWriter(backend), Checker(evidence(), Library("unused")), shots=9)
    assert {one.env for one in system._choice(ENV)} == {one.env for one in recorded_examples()} - {ENV}


def test_interactive_shows_the_former_reward_and_what_was_said(tmp_path: Path) -> None:
    planted, revision = ANSWERS["drawer-close-planted"], ANSWERS["drawer-close-revision"]
    checker = Checker(gather(planted.env, None, 2, 0), Library(tmp_path))
    backend = ScriptedBackend([revision.text])
    former = checker(Draft(planted.form, planted.text))
    fixed = Text2Reward(LanguageWriter(backend), checker).revise(planted.env, planted.goal, former, revision.said)
    assert "gap" not in str(former.program)
    assert "gap" in str(fixed.program)
    assert fixed.ok
    last = backend.asked[0].messages
    assert last[-2].content == former.text
    assert revision.said in last[-1].content


@pytest.mark.parametrize("name", sorted(name for name, one in ANSWERS.items() if one.role == "zero-shot"))
def test_recorded_answers_pass_the_checks_and_agree_with_the_objective(name: str, tmp_path: Path) -> None:
    answer = ANSWERS[name]
    kwargs = {"task_types": (1,)} if "Household" in answer.env else None
    found = gather(answer.env, kwargs, 3, 0)
    written = Checker(found, Library(tmp_path))(Draft(answer.form, answer.text))
    assert written.ok, written.report.feedback
    assert agreement(written.made(), found).correlation > 0.5
    assert len(answer.provenance["prompt_sha256"]) == 64


def test_agreement_is_minus_that_of_the_opposite_and_unknown_for_a_constant() -> None:
    found = evidence()
    right = agreement(make_reward("programs/dsl-v1(program='manipulation: near[gap, 0.1]')"), found)
    wrong = agreement(make_reward("programs/dsl-v1(program='manipulation: -1*near[gap, 0.1]')"), found)
    assert right.correlation == pytest.approx(-wrong.correlation)
    assert right.correlation > 0.5
    constant = agreement(make_reward("programs/dsl-v1(program='manipulation: step[]')"), found)
    assert math.isnan(constant.correlation)

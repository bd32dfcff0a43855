"""What is asked: as many look-ups as hops, answers that follow from the facts, splits that share nothing."""

from __future__ import annotations

import pytest

from guerdon.core.names import UnknownNameError
from guerdon.envs.searchqa.catalogue import SPLITS, open_catalogue
from guerdon.envs.searchqa.game import Game
from guerdon.envs.searchqa.planner import plan
from guerdon.envs.searchqa.questions import open_question
from guerdon.envs.searchqa.region import open_region

QUESTIONS = [open_question(region, number) for region in (0, 20, 51, 57) for number in range(50)]


def test_answers_follow_from_the_facts() -> None:
    for question in QUESTIONS:
        region, at = question.region, question.chain[0]
        for hop, label in enumerate(question.labels):
            assert at == question.chain[hop]
            nodes = region.facts[at][label]
            at = nodes[0] if len(nodes) == 1 else region.list_node(nodes)
        if question.polar:
            assert region.names[question.gold] == ("yes" if question.other == at else "no")
        else:
            assert question.gold == at


def test_hops_come_in_turn_and_are_the_least_number_of_look_ups() -> None:
    for question in QUESTIONS:
        assert question.hops == question.number % 3 + 1 == len(set(question.chain))
        assert plan(Game(question))[0] == question.hops + 1
        assert all(question.far[thing] >= question.hops for thing in (*question.named, *question.shelf))
        assert len({*question.named, *question.shelf}) == len(question.named) + 3


def test_names_in_the_question_are_those_it_says() -> None:
    for question in QUESTIONS:
        names = question.region.names[: question.region.num_things]
        found = {thing for thing, name in enumerate(names) if name in question.text}
        assert found == set(question.named)
        assert question.text[0].isupper()
        assert question.text.endswith("?")
        assert "{" not in question.text


def test_all_kinds_of_answers_are_asked_for() -> None:
    kinds = {
        "yes or no" if q.polar else "list" if ", " in q.region.names[q.gold] else q.gold < q.region.num_things
        for q in QUESTIONS
    }
    assert kinds == {"yes or no", "list", True, False}
    answers = [q.region.names[q.gold] for q in QUESTIONS if q.polar]
    assert 0.25 < answers.count("yes") / len(answers) < 0.75


def test_splits_are_large_enough_and_share_no_thing() -> None:
    sizes = {split: len(open_catalogue(split).tasks) for split in SPLITS}
    assert sizes == {"train": 6000, "valid": 200, "test": 200}
    things: dict[str, set[str]] = {}
    for split, (regions, _) in SPLITS.items():
        things[split] = {name for n in regions for name in open_region(n).names[: open_region(n).num_things]}
    assert not things["train"] & things["valid"]
    assert not things["train"] & things["test"]
    assert not things["valid"] & things["test"]
    texts = [open_catalogue(split).question(task).text for split in SPLITS for task in open_catalogue(split).tasks]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("hops", [1, 2, 3])
def test_hops_can_be_chosen(hops: int) -> None:
    catalogue = open_catalogue("valid", hops)
    assert {catalogue.question(task).hops for task in catalogue.tasks} == {hops}
    assert set(catalogue.tasks) < set(open_catalogue("valid").tasks)
    assert all(catalogue.question(task) is open_catalogue("valid").question(task) for task in catalogue.tasks)


@pytest.mark.parametrize("hops", [0, 4, True, "2", 1.5])
def test_impossible_hops_get_one_clear_error(hops: object) -> None:
    with pytest.raises(ValueError, match=rf"hops is {hops!r}, not 1, 2, 3 or None"):
        open_catalogue("train", hops)  # type: ignore[arg-type]


def test_unknown_splits_and_tasks_get_one_clear_error() -> None:
    with pytest.raises(UnknownNameError, match=r"split 'tests' in SearchQA-v0. Did you mean 'test'"):
        open_catalogue("tests")
    with pytest.raises(UnknownNameError, match=r"task 'valid-00017x'.*Did you mean 'valid-00017'"):
        open_catalogue("valid").question("valid-00017x")

"""The rules, and the oracle against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.envs.searchqa.failure import Failure, explain
from guerdon.envs.searchqa.game import MAX_RETRIEVALS, Game
from guerdon.envs.searchqa.planner import plan
from guerdon.envs.searchqa.questions import MAX_LISTED
from guerdon.envs.searchqa.scoring import f1
from guerdon.envs.searchqa.state import SearchQAState

from .walks import TASKS, at, copy_of, question_of, shortest

games = st.builds(at, st.sampled_from(TASKS), st.lists(st.integers(0, 99), max_size=12), st.booleans())


@settings(max_examples=60, deadline=None)
@given(games)
def test_the_shortest_plan_is_what_brute_force_finds(game: Game) -> None:
    length, most = plan(game)[0], 3
    found = shortest(game, most)
    assert found == length if 0 <= length <= most else found == -1


@pytest.mark.parametrize("task", TASKS[:3])
def test_brute_force_agrees_at_the_start(task: str) -> None:
    game = Game(question_of(task))
    assert shortest(game, 3) == (plan(game)[0] if game.question.hops < 3 else -1)


@given(games)
def test_following_the_oracle_takes_as_many_actions_as_it_says(game: Game) -> None:
    before = plan(game)[0]
    while plan(game)[1] is not None:
        assert game.step(str(plan(game)[1])) is not None
        assert plan(game)[0] == before - 1
        before -= 1
    assert game.won == (before == 0)


@given(games)
def test_no_action_shortens_the_plan_by_more_than_one(game: Game) -> None:
    length = plan(game)[0]
    for action in game.admissible if game.answer < 0 else ():
        one = copy_of(game)
        assert one.step(action) is not None
        after = plan(one)[0]
        assert after == -1 or after >= length - 1 >= 0


@pytest.mark.parametrize("task", TASKS)
def test_the_expert_finds_all_facts_by_one_look_up_a_hop(task: str) -> None:
    game = Game(question_of(task))
    while plan(game)[1] is not None:
        game.step(str(plan(game)[1]))
    assert game.won
    assert game.retrievals == game.question.hops == game.facts_found
    assert game.repeats == 0


@given(games)
def test_exactly_what_is_listed_does_something(game: Game) -> None:
    assert len(set(game.admissible)) == len(game.admissible) <= 2 * MAX_LISTED + 3
    region = game.question.region
    for action in [f"{verb} {name}" for verb in ("search", "read", "answer") for name in region.names[::5]]:
        if game.answer >= 0:
            break
        one = copy_of(game)
        assert (one.step(action) is not None) == (action in game.admissible)
        if action not in game.admissible:
            assert isinstance(explain(game, action), Failure)
            assert one.dump() == game.dump()


@given(games)
def test_a_dumped_game_goes_on_like_its_original(game: Game) -> None:
    one = copy_of(game)
    assert (one.dump(), one.admissible, one.f1, plan(one)) == (game.dump(), game.admissible, game.f1, plan(game))
    if game.answer < 0:
        assert one.step(one.admissible[-1]) == game.step(game.admissible[-1])
        assert one.dump() == game.dump()


@given(st.lists(games, min_size=1, max_size=4))
def test_states_of_many_are_the_states_of_each(several: list[Game]) -> None:
    many, stacked = SearchQAState.of_many(several), SearchQAState.stack([SearchQAState.of(game) for game in several])
    for name in SearchQAState.__dataclass_fields__:
        if not name.startswith("_"):
            np.testing.assert_array_equal(getattr(many, name), getattr(stacked, name))
    single = SearchQAState.of(several[0])
    assert single.retrievals + single.retrievals_left == MAX_RETRIEVALS
    assert single.retrievals == len(single.looked_up) + single.repeats
    assert single.f1 == (f1(single.answer, single.gold) if single.answered else 0.0)
    assert sum(thing in single.looked_up for thing, _ in single.chain) == single.facts_found
    with pytest.raises(AttributeError, match=r"read texts from env.state"):
        many.gold  # noqa: B018
    assert many.pick(np.array([0])).hops.tolist() == [single.hops]


def test_retrievals_run_out_and_leave_answers() -> None:
    game = Game(question_of(next(task for task in TASKS if question_of(task).hops == 3)))
    first = game.admissible[0]
    for count in range(1, MAX_RETRIEVALS + 1):
        assert game.step(first) is not None, "a repeated search is allowed"
        assert (game.retrievals, game.repeats, game.left) == (count, count - 1, MAX_RETRIEVALS - count)
        assert (plan(game)[0] < 0) == (game.left < 2)
    assert game.step(first) is None
    assert explain(game, first) == Failure.NO_RETRIEVALS_LEFT
    assert all(action.startswith("answer ") for action in game.admissible)
    assert plan(game) == (-1, None)
    assert game.step(game.admissible[0]) is not None


def test_yes_and_no_can_be_answered_once_the_subject_was_looked_up() -> None:
    question = next(question_of(task) for task in TASKS if question_of(task).polar)
    game, names = Game(question), question.region.names
    assert game.step("answer yes") is game.step("answer no") is None
    game.step(f"search {names[question.other]}")
    assert "answer yes" not in game.admissible
    game.step(f"search {names[question.chain[0]]}")
    assert {"answer yes", "answer no"} < set(game.admissible)
    game.step("answer no" if names[question.gold] == "yes" else "answer yes")
    assert (game.f1, plan(game)) == (0.0, (-1, None))


def test_a_part_of_a_list_is_worth_a_part() -> None:
    question = next(q for q in map(question_of, TASKS) if ", " in q.region.names[q.gold])
    game, gold = Game(question), question.region.names[question.gold]
    while plan(game)[0] > 1:
        game.step(str(plan(game)[1]))
    assert f"answer {gold}" in game.admissible
    game.step(f"answer {gold.split(', ')[0]}")
    assert 0.0 < game.f1 < 1.0
    assert not game.won


@pytest.mark.parametrize(
    ("action", "why"),
    [
        ("look", Failure.NOT_AN_ACTION),
        ("search", Failure.NOT_AN_ACTION),
        ("", Failure.NOT_AN_ACTION),
        ("search Nowhere", Failure.NOT_NAMED),
        ("search yes", Failure.NOT_A_THING),
        ("answer Nowhere", Failure.NOT_NAMED),
        ("read {start}", Failure.NOT_FOUND),
        ("SEARCH {start}", Failure.NOT_EXACT),
        ("search  {start}.", Failure.NOT_EXACT),
        ("search {far}", Failure.NOT_NAMED),
    ],
)
def test_failures_say_why(action: str, why: Failure) -> None:
    game = Game(question_of(TASKS[1]))
    region = game.question.region
    far = next(name for node, name in enumerate(region.names) if node not in game.listed)
    action = action.format(start=region.names[game.question.chain[0]], far=far)
    assert game.step(action) is None
    assert explain(game, action) == why


def test_spaces_around_an_action_do_not_matter() -> None:
    game = Game(question_of(TASKS[0]))
    assert game.step(f"  {game.admissible[0]} ") is not None


def test_names_read_last_are_kept_and_those_of_the_question_too() -> None:
    for task in TASKS[:20]:
        game = Game(question_of(task))
        while game.left:
            things = [node for node in game.listed if node < game.question.region.num_things]
            thing = things[-1 - game.retrievals % 2]
            game.step(f"search {game.question.region.names[thing]}")
            shown = game.question.region.shown[thing]
            named = [node for node in shown if node not in game.question.named]
            assert [node for node in game.listed if node in named] == named, "in the order of reading"
            assert set(list(game.listed)[-len(shown) :]) == set(shown), "what was read last stands last"
            assert set(game.question.named) <= set(game.listed)
            assert len(game.listed) <= MAX_LISTED

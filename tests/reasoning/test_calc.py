"""Calc: the rules, exact distances, disjoint splits, and the choice of answers."""

from __future__ import annotations

from functools import cache

import gymnasium as gym
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.envs.reasoning.calc_game import CalcGame
from guerdon.envs.reasoning.calc_task import FAR, OPERATIONS, CalcTask, apply_operation
from guerdon.envs.reasoning.catalogue import SPLITS, open_catalogue
from guerdon.envs.reasoning.failure import Failure

CALC = "guerdon:guerdon/Calc-v0"
CATALOGUES = [("valid", 0), ("test", 0), ("valid", 4)]


def small(offered: tuple[int, ...] = ()) -> CalcTask:
    """From 7 to 43: (7 + 9) * 3 - 5."""
    operations = ("add 9", "add 2", "subtract 5", "subtract 4", "multiply by 3", "halve")
    return CalcTask("small", 7, 43, operations, offered, 99)


@cache
def by_hand(task: CalcTask) -> dict[int, int]:
    """Return the distances to the target by a search that knows nothing of tables."""
    before: dict[int, list[int]] = {}
    for value in range(task.most + 1):
        for operation in task.operations:
            result = apply_operation(operation, value, task.most)
            if result is not None:
                before.setdefault(result, []).append(value)
    found, front = {task.target: 0}, [task.target]
    while front:
        front = [value for there in front for value in before.get(there, []) if value not in found and
                 not found.update({value: found[there] + 1})]  # fmt: skip
    return found


def brute(game: CalcGame, depth: int) -> int:
    """Return the fewest actions to a worked answer by trying all sequences of at most `depth`; -1 if there is none."""
    answer = next(a for a in game.task.answers if a in ("answer", f"answer {game.task.target}"))
    front = [game.dump()]
    for steps in range(1, depth + 1):
        after = []
        for data in front:
            for action in CalcGame.load(game.task, data).listed:
                one = CalcGame.load(game.task, data)
                one.step(action)
                if action == answer and one.won and one.worked:
                    return steps
                if not one.over:
                    after.append(one.dump())
        front = after
    return -1


def test_operations_are_arithmetic_within_the_range() -> None:
    assert apply_operation("add 5", 7, 99) == 12
    assert apply_operation("subtract 8", 7, 99) is None
    assert apply_operation("multiply by 4", 25, 99) is None
    assert apply_operation("halve", 7, 99) is None
    assert apply_operation("halve", 8, 99) == 4
    assert apply_operation("divide by 3", 9, 99) == 3
    assert apply_operation("divide by 0", 9, 99) is apply_operation("think", 9, 99) is None


def test_an_episode_written_out() -> None:
    game = CalcGame(small())
    assert game.text == (
        "You have 7. Reach 43.\nOperations: add 9, add 2, subtract 5, subtract 4, multiply by 3, halve.\n"
        "Value: 7. Target: 43. Lines: 0. Last: none. Steps left: 10."
    )
    assert game.listed == ["add 9", "add 2", "subtract 5", "subtract 4", "multiply by 3", "restate", "answer"]
    assert game.plan == (4, "add 9")
    seen = []
    for action in ("add 9", "restate", "add 2", "undo", "multiply by 3", "subtract 5"):
        assert game.step(action) is None
        seen.append((game.value, game.lines, game.length, game.padded))
    assert seen == [
        (16, 1, 3, False),
        (16, 2, 3, True),
        (18, 3, 4, False),
        (16, 2, 3, False),
        (48, 3, 2, False),
        (43, 4, 1, False),
    ]
    assert game.text == "Value: 43. Target: 43. Lines: 4. Last: subtract 5. Steps left: 4."
    assert game.step("answer") is None
    assert (game.won, game.worked, game.over, game.plan) == (True, True, True, (0, None))
    assert game.text.startswith("Your answer 43 is right.")


def test_a_wrong_answer_ends_the_episode_for_nothing() -> None:
    env = gym.make(CALC, split="valid")
    env.reset(seed=0)
    _, paid, terminated, truncated, info = env.step("answer")
    assert (paid, terminated, truncated) == (0.0, True, False)
    assert (info["is_success"], info["dead_end"], info["plan_length"], info["objective"]) == (False, True, -1, 0.0)


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("halve", Failure.NOT_WHOLE),
        ("undo", Failure.NOTHING_TO_UNDO),
        ("Add 9.", Failure.NOT_EXACT),
        ("add 8", Failure.NOT_OFFERED),
        ("answer 43", Failure.NOT_OFFERED),
        ("think hard", Failure.NOT_AN_ACTION),
    ],
)
def test_what_does_nothing_says_why_and_leaves_the_budget_alone(action: str, reason: Failure) -> None:
    game = CalcGame(small())
    assert game.step(action) is reason
    assert (game.value, game.steps_left, game.length, game.did) == (7, 10, 4, False)
    assert game.text.startswith("Nothing happens. Value: 7.")


def test_results_stay_in_the_range() -> None:
    game = CalcGame(small())
    for action in ("multiply by 3", "multiply by 3"):
        game.step(action)
    assert game.step("multiply by 3") is Failure.OUT_OF_RANGE


def test_when_the_budget_is_used_up_only_an_answer_is_left() -> None:
    game = CalcGame(small())
    lengths = []
    while game.steps_left:
        game.step("restate")
        lengths.append(game.length)
    assert lengths == [4] * 7 + [-1] * 3
    assert game.listed == ["answer"]
    assert game.step("undo") is Failure.NO_STEPS_LEFT


@pytest.mark.parametrize(("split", "guess"), CATALOGUES)
def test_tasks_are_as_long_as_their_type_says_and_distances_are_exact(split: str, guess: int) -> None:
    catalogue = open_catalogue("Calc-v0", split, None, guess)
    lengths = set()
    for name in catalogue.tasks[:: 1 if not guess else 9]:
        task = catalogue.task(name)
        exact = by_hand(task)
        assert [min(exact.get(value, FAR), FAR) for value in range(task.most + 1)] == list(task.distances)
        assert task.kind == f"{exact[task.start]} operations"
        assert len(task.operations) == 6
        lengths.add(task.length)
    assert lengths == set(OPERATIONS)


@given(number=st.integers(0, 199), choices=st.lists(st.integers(0, 20), max_size=14), guess=st.sampled_from([0, 4]))
def test_the_plan_is_a_shortest_one(number: int, choices: list[int], guess: int) -> None:
    """It leads to a worked answer in as many actions as it says; each action changes its length by one at most."""
    catalogue = open_catalogue("Calc-v0", "valid", None, guess)
    game = CalcGame(catalogue.task(catalogue.tasks[number]))
    for choice in choices:
        before, action = game.length, game.listed[choice % len(game.listed)]
        if action.startswith("answer"):
            continue
        game.step(action)
        assert game.length in (before - 1, before, before + 1, -1)
        if action == "restate":
            assert game.length in (before, -1)
    distance = min(by_hand(game.task).get(value, FAR) + back for back, value in enumerate(reversed(game.chain)))
    assert game.length == (distance + 1 if distance <= game.steps_left else -1)
    steps = game.length
    while game.command is not None:
        game.step(game.command)
        steps -= 1
        assert game.length == steps
    assert game.worked == (steps == 0)


@pytest.mark.parametrize("number", [0, 1, 5, 6])
@pytest.mark.parametrize("choice", [0, 3, 5])
def test_plans_equal_brute_force(number: int, choice: int) -> None:
    catalogue = open_catalogue("Calc-v0", "test")
    game = CalcGame(catalogue.task(catalogue.tasks[number]))
    game.step(game.listed[choice])
    depth = 4
    assert brute(game, depth) == (game.length if game.length <= depth else -1)


def test_no_task_is_in_two_splits() -> None:
    seen: dict[tuple, str] = {}
    for split in SPLITS:
        catalogue = open_catalogue("Calc-v0", split)
        for name in catalogue.tasks[:2000]:
            task = catalogue.task(name)
            assert seen.setdefault((task.start, *sorted(task.operations)), split) == split


def greedy(game: CalcGame) -> bool:
    """Go as near to the target as one operation leads, while that is nearer; then answer. Return the success."""
    task = game.task
    while True:
        able = [o for o in task.operations if o in game.listed]
        best = min(able, key=lambda o: abs(task.steps[o][game.value] - task.target), default=None)
        if best is None or abs(task.steps[best][game.value] - task.target) >= abs(game.value - task.target):
            break
        game.step(best)
    game.step("answer")
    return game.won


def test_going_straight_for_the_target_fails_in_most_tasks() -> None:
    """Greedy solves under half of the tasks, and the fewer the longer the solution is."""
    catalogue = open_catalogue("Calc-v0", "train")
    solved: dict[int, list[bool]] = {length: [] for length in OPERATIONS}
    for name in catalogue.tasks[:1000]:
        game = CalcGame(catalogue.task(name))
        solved[game.task.length].append(greedy(game))
    share = {length: float(np.mean(won)) for length, won in solved.items()}
    assert 0.2 < float(np.mean(list(share.values()))) < 0.4
    assert share[2] > 0.45
    assert share[6] < 0.25


def test_one_of_four_answers_can_be_reached_and_guessing_is_right_one_time_in_four() -> None:
    catalogue = open_catalogue("Calc-v0", "train", None, 4)
    rng, won = np.random.default_rng(0), []
    for name in catalogue.tasks[:400]:
        game = CalcGame(catalogue.task(name))
        task = game.task
        assert len(set(task.offered)) == 4
        assert task.target in task.offered
        assert f"in {task.length} operations" in task.goal_text
        game.step(game.task.answers[int(rng.integers(4))])
        won.append(game.won)
        assert not game.worked
        assert game.plan == ((0, None) if game.won else (-1, None))
    assert 0.18 < np.mean(won) < 0.32


def test_only_one_offered_number_is_within_reach() -> None:
    catalogue = open_catalogue("Calc-v0", "valid", None, 4)
    for name in catalogue.tasks[:60]:
        task = catalogue.task(name)
        front = {task.start}
        reached = set(front)
        for _ in range(task.length):
            front = {task.steps[o][v] for o in task.operations for v in front} - reached - {-1}
            reached |= front
        assert reached & set(task.offered) == {task.target}


def test_the_lucky_answer_and_the_worked_one() -> None:
    lucky, worked = CalcGame(small((40, 43, 47, 50))), CalcGame(small((40, 43, 47, 50)))
    assert "Which of 40, 43, 47, 50 can be reached in 3 operations?" in lucky.text
    assert "Target" not in lucky.text
    lucky.step("answer 43")
    for action in ("add 9", "multiply by 3", "subtract 5"):
        worked.step(action)
    assert worked.plan == (1, "answer 43")
    worked.step("answer 43")
    assert (lucky.won, lucky.worked, worked.won, worked.worked) == (True, False, True, True)


@pytest.mark.parametrize(("difficulty", "length"), [(0.0, 2), (0.25, 3), (0.5, 4), (1, 6)])
def test_the_difficulty_chooses_the_length_and_changes_no_task(difficulty: float, length: int) -> None:
    easy, every = open_catalogue("Calc-v0", "valid", difficulty), open_catalogue("Calc-v0", "valid")
    assert len(easy.tasks) == 40
    for name in easy.tasks[:5]:
        one, other = easy.task(name), every.task(name)
        assert one.length == length
        assert (one.start, one.target, one.operations) == (other.start, other.target, other.operations)


def test_impossible_arguments_get_one_clear_error() -> None:
    with pytest.raises(ValueError, match=r"unknown split 'trian' in Calc-v0. Did you mean 'train'"):
        gym.make(CALC, split="trian")
    with pytest.raises(ValueError, match="difficulty is 3"):
        gym.make(CALC, difficulty=3)
    with pytest.raises(ValueError, match="guess is 3, not 0 or 4"):
        gym.make(CALC, guess=3)


def test_a_task_is_the_same_for_ever() -> None:
    task = open_catalogue("Calc-v0", "train").task("train-00017")
    assert (task.start, task.target) == (26, 53)
    assert task.operations == ("subtract 8", "multiply by 2", "add 3", "divide by 3", "subtract 9", "add 4")

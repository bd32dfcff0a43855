"""LineProg: the language, the rules, exact distances and disjoint splits."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.envs.reasoning.catalogue import SPLITS, open_catalogue
from guerdon.envs.reasoning.failure import Failure
from guerdon.envs.reasoning.instructions import FORMS, draw_line, read_line
from guerdon.envs.reasoning.lineprog_game import LineProgGame
from guerdon.envs.reasoning.lineprog_task import FAR, LINES, NUM_TESTS, LineProgTask, pack

START = np.array([[3, 5, 9], [4, 2, 9], [0, 0, 0]])


def small() -> LineProgTask:
    """Outputs x + y, doubled; two lines are the shortest program, three may be written."""
    outputs, lines = (14, 14, 36), ("x += y", "x *= 2", "x = w", "y -= 9", "pass")
    done = np.array([[14, 14, 36], START[1], START[2]])
    half = np.array([[7, 7, 18], START[1], START[2]])
    ways = {int(pack(s)[0]): way for s, way in ((START, (2, 0)), (half, (1, 1)), (done, (0, -1)))}
    return LineProgTask("small", START, outputs, lines, 3, ways)


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("x += y", (10, 3, 50)),
        ("x += 9", (16, 3, 50)),
        ("x -= y", (4, 3, 50)),
        ("y -= x", (7, 0, 50)),
        ("x *= y", (21, 3, 50)),
        ("z *= 2", (7, 3, 99)),
        ("x //= 2", (3, 3, 50)),
        ("x %= 4", (3, 3, 50)),
        ("x = z", (50, 3, 50)),
        ("swap x z", (50, 3, 7)),
        ("if x < z: x = z", (50, 3, 50)),
        ("if x > y: x = y", (3, 3, 50)),
        ("if y is odd: y += 1", (7, 4, 50)),
        ("pass", (7, 3, 50)),
    ],
)
def test_every_instruction(line: str, after: tuple[int, int, int]) -> None:
    run, unknown = read_line(line)
    registers = np.array([[7], [3], [50]])
    assert run is not None
    assert not unknown
    run(registers)
    assert tuple(registers[:, 0].tolist()) == after


def test_there_are_fourteen_instructions() -> None:
    assert len({*FORMS, "pass"}) == 14


def test_lines_that_cannot_be_run() -> None:
    assert read_line("x += w") == (None, "w")
    assert read_line("swap v x") == (None, "v")
    for text in ("", "x", "x ++ y", "x //= 0", "x %= y", "if x < y: z = y", "if x is odd: y += 1", "X += y"):
        assert read_line(text) == (None, "")


@given(seed=st.integers(0, 2**32 - 1), unknown=st.sampled_from(["", "w"]))
def test_drawn_lines_are_lines_and_stay_in_the_range(seed: int, unknown: str) -> None:
    rng = np.random.default_rng(seed)
    line = draw_line(rng, unknown)
    run, missing = read_line(line)
    assert missing == unknown
    if run is None:
        return
    registers = rng.integers(0, 100, (3, 5))
    many = registers.astype(np.int16)
    run(registers)
    run(many)
    assert (registers == many).all()
    assert registers.min() >= 0
    assert registers.max() <= 99


def test_an_episode_written_out() -> None:
    game = LineProgGame(small())
    assert game.text == (
        "Write a program of at most 3 lines that leaves the output in x.\nExamples:\n"
        "x=3 y=4 z=0 -> x=14\nx=5 y=2 z=0 -> x=14\nx=9 y=9 z=0 -> x=36\n"
        "Program: empty\nFirst example: x=3 y=4 z=0\nLast: none. Steps left: 8."
    )
    assert game.listed == ["x += y", "x *= 2", "x = w", "y -= 9", "pass", "submit"]
    assert game.plan == (3, "x += y")
    game.step("x += y")
    assert game.text == "Program: 1 x += y\nFirst example: x=7 y=4 z=0\nLast: x += y. Steps left: 7."
    game.step("x = w")
    assert "First example: error in line 2, w is not defined" in game.text
    assert (game.plan, game.value, game.padded) == ((3, "delete"), 0, False)
    game.step("delete")
    game.step("pass")
    assert (game.plan, game.padded) == ((2, "x *= 2"), True)
    game.step("x *= 2")
    assert (game.plan, game.value, game.listed) == ((1, "submit"), 3, ["delete", "submit"])
    assert game.step("pass") is Failure.PROGRAM_FULL
    game.step("submit")
    assert (game.won, game.over, game.score, game.plan) == (True, True, 1.0, (0, None))
    assert game.text.startswith("3 of 3 tests pass.")


def test_an_early_submission_scores_the_share_of_tests_and_is_paid_nothing() -> None:
    env = gym.make("guerdon:guerdon/LineProg-v0", split="valid")
    scores = set()
    for seed in range(40):
        _, info = env.reset(seed=seed)
        while info["plan_length"] > 2:
            *_, info = env.step(info["expert_action"])
        _, paid, terminated, _, info = env.step("submit")
        assert (paid, terminated, info["dead_end"]) == (0.0, True, True)
        scores.add(round(3 * info["objective"]))
        assert info["objective"] < 1
    assert scores >= {0, 1}


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("delete", Failure.NOTHING_TO_UNDO),
        ("X += Y", Failure.NOT_EXACT),
        ("x -= z", Failure.NOT_OFFERED),
        ("x = v", Failure.NOT_OFFERED),
        ("print x", Failure.NOT_AN_ACTION),
    ],
)
def test_what_does_nothing_says_why(action: str, reason: Failure) -> None:
    game = LineProgGame(small())
    assert game.step(action) is reason
    assert (game.lines, game.steps_left) == (0, 8)


def completion(task: LineProgTask, program: tuple[str, ...], depth: int) -> int:
    """Return the fewest further lines after which all tests pass, by running every program; FAR if there is none."""
    registers = task.start.copy()
    for line in program:
        run = read_line(line)[0]
        if run is None:
            return FAR
        run(registers)
    fronts = [registers]
    for more in range(depth + 1):
        if any((one[0] == task.wanted).all() for one in fronts):
            return more
        after = []
        for one in fronts:
            for line in task.lines:
                run = read_line(line)[0]
                if run is not None and line != "pass":
                    after.append(one.copy())
                    run(after[-1])
        fronts = after
    return FAR


@pytest.mark.parametrize("number", range(16))
def test_plans_equal_brute_force(number: int) -> None:
    catalogue = open_catalogue("LineProg-v0", "test")
    task = catalogue.task(catalogue.tasks[number])
    if task.length > 3:
        assert completion(task, (), 2) == FAR  # the whole tree of a long task is too large to run here
        return
    assert completion(task, (), task.length) == task.length
    rng = np.random.default_rng(number)
    for _ in range(6):
        game = LineProgGame(task)
        for _ in range(int(rng.integers(1, 5))):
            able = [action for action in game.listed if action != "submit"]
            game.step(able[int(rng.integers(len(able)))])
        program = tuple(game.program)
        ways = [
            back + completion(task, program[: len(program) - back], task.most_lines - len(program) + back)
            for back in range(len(program) + 1)
        ]
        assert game.length == (min(ways) + 1 if min(ways) <= game.steps_left else -1)


@given(number=st.integers(0, 199), choices=st.lists(st.integers(0, 20), max_size=12))
def test_the_plan_leads_to_success_in_as_many_actions_as_it_says(number: int, choices: list[int]) -> None:
    catalogue = open_catalogue("LineProg-v0", "valid")
    game = LineProgGame(catalogue.task(catalogue.tasks[number]))
    for choice in choices:
        before, action = game.length, game.listed[choice % len(game.listed)]
        if action != "submit":
            game.step(action)
            assert game.length in (before - 1, before, before + 1, -1)
    steps = game.length
    while game.command is not None:
        game.step(game.command)
        steps -= 1
        assert game.length == steps
    assert game.won == (steps == 0)


def test_tasks_are_as_they_should_be_and_no_task_is_in_two_splits() -> None:
    seen: dict[tuple, str] = {}
    lengths = set()
    for split in SPLITS:
        catalogue = open_catalogue("LineProg-v0", split)
        for name in catalogue.tasks[:200]:
            task = catalogue.task(name)
            lengths.add(task.length)
            game = LineProgGame(task)
            assert game.value == 0, "the empty program passes no test"
            assert len(set(task.outputs)) > 1, "no constant does it"
            assert sum(run is None for run in task.runs.values()) == 2
            assert len(task.lines) == 10
            assert len(task.outputs) == NUM_TESTS
            assert task.most_lines == task.length + 1
            key = (task.start.tobytes(), *sorted(task.lines))
            assert seen.setdefault(key, split) == split
    assert lengths == set(LINES)


def test_a_task_is_the_same_for_ever() -> None:
    task = open_catalogue("LineProg-v0", "train").task("train-00017")
    assert (task.start.tolist(), task.outputs) == ([[9, 20, 1], [6, 15, 6], [0, 0, 0]], (99, 99, 12))
    assert task.lines[:5] == ("z = y", "swap x w", "if x > w: x = w", "x *= z", "x = y")
    assert task.lines[5:] == ("swap z x", "y *= 2", "x //= 2", "y //= 2", "pass")

"""The notes of a Calc and of a LineProg episode: what follows from the text, and nothing else."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import pytest

from guerdon.wrappers.text_memory import MEMORIES, TextMemory

CALC, LINEPROG = MEMORIES["reasoning_calc"], MEMORIES["reasoning_lineprog"]
FIRST = (
    "You have 7. Reach 43.\nOperations: add 9, add 2, subtract 5, subtract 4, multiply by 3, halve.\n"
    "Value: 7. Target: 43. Lines: 0. Last: none. Steps left: 10."
)
PROGRAM = (
    "Write a program of at most 3 lines that leaves the output in x.\nExamples:\n"
    "x=3 y=4 z=0 -> x=14\nx=5 y=2 z=0 -> x=14\nx=9 y=9 z=0 -> x=36\n"
    "Program: {}\nFirst example: x=3 y=4 z=0\nLast: none. Steps left: 8."
)


def known(memory: TextMemory, action: str) -> dict[str, float]:
    return dict(zip(type(memory).FLAGS, memory.flags(action), strict=True))


def test_calc_does_the_sums() -> None:
    memory = CALC(FIRST)
    assert memory.goal == ("wanted 43",)
    assert memory.situation() == ("value 7", "wanted 43", "below", "below 2^6", "odd 1", "left 10")
    assert memory.describe("add 9")[:3] == ("add", "add nearer", "then below 2^5")
    assert "then 16" in memory.describe("add 9")
    flags = known(memory, "add 9")
    assert (flags["nearer"], flags["hits"], flags["been"], flags["one_more"]) == (1, 0, 0, 0)
    assert known(memory, "subtract 4")["nearer"] == 0


def test_calc_keeps_the_chain() -> None:
    memory = CALC(FIRST)
    memory.update("add 9", "Value: 16. Target: 43. Lines: 1. Last: add 9. Steps left: 9.")
    assert memory.held == ("last add 9",)
    assert known(memory, "multiply by 3")["one_more"] == 1
    assert "then 7" in memory.describe("undo")
    assert known(memory, "undo")["been"] == 1
    memory.update("multiply by 3", "Value: 48. Target: 43. Lines: 2. Last: multiply by 3. Steps left: 8.")
    assert known(memory, "subtract 5")["hits"] == 1
    assert known(memory, "answer")["hits"] == 0
    memory.update("subtract 5", "Value: 43. Target: 43. Lines: 3. Last: subtract 5. Steps left: 7.")
    assert known(memory, "answer")["hits"] == 1
    memory.update("undo", "Value: 48. Target: 43. Lines: 2. Last: undo. Steps left: 6.")
    assert memory.situation()[0] == "value 48"
    assert known(memory, "subtract 5")["tried"] == 1


def test_calc_knows_the_offered_numbers_and_not_which_is_right() -> None:
    memory = CALC("Operations: add 9.\nValue: 40. Offered: 40, 43, 49, 50. Lines: 0. Last: none. Steps left: 10.")
    assert memory.goal == ("wanted 40", "wanted 43", "wanted 49", "wanted 50")
    assert known(memory, "add 9")["hits"] == 1
    assert [known(memory, f"answer {number}")["hits"] for number in (40, 43)] == [1, 0]


def test_lineprog_runs_the_program_on_the_examples() -> None:
    memory = LINEPROG(PROGRAM.format("empty"))
    assert known(memory, "pass") == {"runs": 1, "idle": 1, "met": 0, "nearer": 0, "gap": pytest.approx(47 / 297),
                                     "tried": 0, "left": pytest.approx(8 / 14)}  # fmt: skip
    assert known(memory, "x += w")["runs"] == 0
    assert known(memory, "x += y")["nearer"] == 1
    memory.update("x += y", PROGRAM.format("1 x += y"))
    flags = known(memory, "x *= 2")
    assert (flags["met"], flags["gap"], flags["idle"]) == (1, 0, 0)
    assert memory.describe("x *= 2")[:4] == ("r *= 2 meets 3", "x *= 2", "r *= 2", "meets 3")
    assert known(memory, "submit")["met"] == 0
    memory.update("x = w", PROGRAM.format("1 x += y; 2 x = w"))
    assert memory.situation()[-1] == "error"
    assert known(memory, "delete")["runs"] == 1
    assert known(memory, "x *= 2")["runs"] == 0


@pytest.mark.parametrize(("env_id", "memory", "kwargs"), [
    ("guerdon:guerdon/Calc-v0", CALC, {}),
    ("guerdon:guerdon/Calc-v0", CALC, {"guess": 4}),
    ("guerdon:guerdon/LineProg-v0", LINEPROG, {}),
])  # fmt: skip
def test_what_is_noted_is_true(env_id: str, memory: type[TextMemory], kwargs: dict[str, Any]) -> None:
    env = gym.make(env_id, split="valid", **kwargs)
    for seed in range(12):
        obs, info = env.reset(seed=seed)
        notes, over = memory(obs, info["admissible_actions"]), False
        while not over:
            game = env.unwrapped.game  # type: ignore[attr-defined]
            if memory is CALC:
                assert notes._chain == game.chain  # type: ignore[attr-defined]
                chosen = info["expert_action"]
            else:
                assert list(notes._program) == game.program  # type: ignore[attr-defined]
                assert known(notes, "submit")["met"] == pytest.approx(game.value / 3)
                chosen = info["expert_action"]
            for action in info["admissible_actions"]:
                assert len(notes.describe(action)) <= memory.ACTION
                assert all(0 <= flag <= 1 for flag in notes.flags(action))
            odd = info["admissible_actions"][seed % len(info["admissible_actions"])]
            first = game.lines == 0 and not game.over and game.last == "none"
            action = odd if first and not odd.startswith(("answer", "submit")) else chosen
            obs, _, terminated, truncated, info = env.step(action)
            notes.update(action, obs, info["admissible_actions"])
            over = terminated or truncated
        assert info["is_success"]

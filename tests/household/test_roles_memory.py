"""The household read by roles: equal words for equal purposes, and what is done is done."""

from __future__ import annotations

import gymnasium as gym
import pytest

from guerdon.wrappers.text_memory import MEMORIES

ENV = "guerdon:guerdon/Household-v0"
Memory = MEMORIES["household_roles"]


def follow(task_type: int, seed: int = 0) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Play the expert's plan; return what the memory says of the situation and of the expert's action at each step."""
    env = gym.make(ENV, split="valid_unseen", task_types=task_type)
    observation, info = env.reset(seed=seed)
    memory, told = Memory(observation), []
    while info["expert_action"]:
        action = info["expert_action"]
        told.append(((*memory.held, *memory.situation()), memory.describe(action)))
        observation, _, _, _, info = env.step(action)
        memory.update(action, observation)
    return told


def treatment(task_type: int, seed: int) -> tuple[str, ...]:
    return next(words for _, words in follow(task_type, seed) if words[1].startswith("verb treat"))


@pytest.mark.parametrize("seed", range(3))
def test_all_treatments_read_alike_but_for_the_appliance(seed: int) -> None:
    told = [treatment(task_type, seed) for task_type in (3, 4, 5)]
    assert {words[:3] for words in told} == {("treat wanted needed tool", "verb treat wanted", "thing needed")}
    assert [words[3] for words in told] == ["place sinkbasin", "place microwave", "place fridge"]


@pytest.mark.parametrize("task_type", [1, 2, 3, 4, 5, 6])
def test_the_expert_only_handles_what_is_needed(task_type: int) -> None:
    roles = {words[2] for _, words in follow(task_type) if words[1] in ("verb take", "verb put", "verb use")}
    assert roles <= {"thing needed", "thing lamp"}


def test_a_raw_thing_becomes_ready() -> None:
    holds = [situation[1] for situation, _ in follow(5) if situation[0] == "hold needed"]
    assert holds[0] == "hold raw"
    assert holds[-1] == "hold ready"


def test_the_second_of_two_belongs_where_the_first_one_is() -> None:
    memory = Memory("You see a desk 2, a desk 1, and a shelf 1.\n\nYour task is to: put two cd in desk.")
    memory.update("go to desk 2", "You arrive at desk 2. On the desk 2, you see a cd 1, and a cd 3.")
    assert memory.describe("take cd 1 from desk 2")[0].startswith("take needed")
    memory.update("take cd 1 from desk 2", "You pick up the cd 1 from the desk 2.")
    assert [memory.flags(f"go to desk {number}")[6] for number in (1, 2)] == [1.0, 1.0]
    memory.update("move cd 1 to desk 1", "You move the cd 1 to the desk 1.")
    assert [memory.flags(f"go to desk {number}")[6] for number in (1, 2)] == [1.0, 0.0]
    assert memory.describe("take cd 1 from desk 1")[0].startswith("take other")
    assert memory.describe("take cd 3 from desk 2")[0].startswith("take needed")
    assert memory.flags("go to desk 2")[3] == 1.0

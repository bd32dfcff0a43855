"""The notes of a household episode: what a reader of the text alone can know, in both dialects."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import gymnasium as gym
import numpy as np
import pytest

from guerdon.wrappers.text_encoder import EncodeTextVector
from guerdon.wrappers.text_memory import MEMORIES, TextMemory, words

HOUSEHOLD = "guerdon:guerdon/Household-v0"
HouseholdMemory = MEMORIES["household"]
FLAGS = tuple(HouseholdMemory.FLAGS)
FIRST = (
    "-= Welcome to TextWorld, ALFRED! =-\n\nYou are in the middle of a room. Looking quickly around you, you see a "
    "drawer 1, and a shelf 1.\n\nYour task is to: put a clean mug in drawer."
)
TAKE = "take mug 1 from shelf 1"


class Dialect(NamedTuple):
    arrived: str
    put: str
    done: str


DIALECTS = {
    "move": Dialect("shelf 1", "move mug 1 to drawer 1", "You move the mug 1 to the drawer 1."),
    "put": Dialect("loc 4", "put mug 1 in/on drawer 1", "You put the mug 1 in/on the drawer 1."),
}
every_dialect = pytest.mark.parametrize("dialect", list(DIALECTS))


def known(memory: TextMemory, action: str) -> dict[str, float]:
    return dict(zip(FLAGS, memory.flags(action), strict=True))


def test_words_are_lower_case_and_without_numbers() -> None:
    assert words("Take mug 12 from shelf 1.\nNow!") == ("take", "mug", "from", "shelf", "now")
    assert words("7") == ()


def test_the_goal_is_what_the_task_says() -> None:
    assert HouseholdMemory(FIRST).goal == ("put", "a", "clean", "mug", "in", "drawer")
    assert HouseholdMemory("Leave the room.").goal == ("leave", "the", "room")


def test_nothing_is_known_at_first_but_the_words() -> None:
    memory = HouseholdMemory(FIRST)
    assert memory.held == ()
    assert memory.flags("look") == (0, 0, 0, 0, 0, 0)
    assert memory.flags(TAKE) == (0, 0, 0, pytest.approx(1 / 3), 0, 0)
    assert memory.flags("clean mug 1 with sinkbasin 1")[3] == pytest.approx(2 / 3)  # of clean, mug, drawer


@every_dialect
def test_an_episode_written_out(dialect: str) -> None:
    memory, says = HouseholdMemory(FIRST), DIALECTS[dialect]
    memory.update("go to shelf 1", f"You arrive at {says.arrived}. On the shelf 1, you see a mug 1, and a mug 2.")
    third = pytest.approx(1 / 3)
    assert memory.flags(TAKE) == (0, 0, 1, third, third, 0)
    assert memory.flags("go to shelf 1") == (1, third, 1, 0, third, 0)
    assert memory.flags("go to drawer 1") == (0, 0, 0, third, 0, 0)
    memory.update(TAKE, "You pick up the mug 1 from the shelf 1.")
    assert memory.held == ("mug",)
    assert known(memory, says.put) == {
        "tried": 0,
        "tried_often": 0,
        "place_seen": 0,
        "goal_words": pytest.approx(2 / 3),
        "goal_words_there": 0,
        "held_words": 1,
    }
    assert known(memory, "go to shelf 1")["held_words"] == 0
    memory.update(says.put, says.done)
    assert memory.held == ()
    assert known(memory, "open drawer 1")["place_seen"] == 1


def test_what_is_tried_again_and_again_is_counted_up_to_three() -> None:
    memory, shares = HouseholdMemory(FIRST), []
    for _ in range(5):
        memory.update("look", "You are facing the shelf 1.")
        shares.append(known(memory, "look")["tried_often"])
    assert shares == pytest.approx([1 / 3, 2 / 3, 1, 1, 1])


def test_a_command_that_did_nothing_is_tried_but_teaches_nothing() -> None:
    memory = HouseholdMemory(FIRST)
    memory.update(TAKE, "Nothing happens.")
    assert memory.held == ()
    assert known(memory, TAKE) == {**dict.fromkeys(FLAGS, 0), "tried": 1, "tried_often": 1 / 3, "goal_words": 1 / 3}


@every_dialect
@pytest.mark.parametrize("task_type", [1, 2, 3, 4, 5, 6])
def test_the_hand_is_that_of_the_game(dialect: str, task_type: int) -> None:
    env = gym.make(HOUSEHOLD, split="valid_seen", task_types=task_type, dialect=dialect)
    observation, info = env.reset(seed=task_type)
    memory, held = HouseholdMemory(observation), set()
    while info["expert_action"] is not None:
        action = info["expert_action"]
        observation, _, _, _, info = env.step(action)
        memory.update(action, observation)
        game = env.unwrapped.game  # type: ignore[attr-defined]
        name = game.world.obj_names[game.held] if game.held >= 0 else ""
        assert memory.held == words(name)
        held.add(name)
        assert all(0 <= flag <= 1 for choice in info["admissible_actions"] for flag in memory.flags(choice))
    assert len(held) > 1


@pytest.mark.parametrize(
    ("dialect", "task_types", "digest"),
    [
        ("move", (1, 2, 3), "309b10f120b6be9c47043c9887ce9f5e7e71e7a5a30face024c75d75bbab9cc2"),
        ("put", (4, 5, 6), "357289207b52a5e1a8fe915e66503ed7be1ae13f67f4148a1f210c5520a30f71"),
    ],
)
def test_the_arrays_of_an_episode_are_for_ever(dialect: str, task_types: tuple[int, ...], digest: str) -> None:
    # Saved policies and recorded results depend on every byte: names, types, shapes and content.
    settings = {"split": "valid_seen", "task_types": task_types, "dialect": dialect, "max_episode_steps": 20}
    env = EncodeTextVector(gym.make_vec(HOUSEHOLD, num_envs=3, autoreset_mode="NextStep", **settings))
    rng, found = np.random.default_rng(7), hashlib.sha256()
    obs, _ = env.reset(seed=11)
    for _ in range(60):
        for key in sorted(obs):
            value = np.asarray(obs[key])
            found.update(f"{key}{value.dtype}{value.shape}".encode() + value.tobytes())
        obs, *_ = env.step([int(rng.choice(np.flatnonzero(mask))) for mask in env.action_masks()])
    assert found.hexdigest() == digest

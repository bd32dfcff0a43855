"""Which memory an env gets, what every memory promises, and that saved policies find theirs again."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.registration import load_env_creator
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from guerdon.core.names import UnknownNameError
from guerdon.envs.registration import env_ids
from guerdon.envs.text import UnicodeText
from guerdon.wrappers.text_encoder import EncodeText, EncodeTextVector, TextEncoder, TextSpace
from guerdon.wrappers.text_memory import MEMORIES

from .fake_env import FakeText

HEAD = "Instruction: [SEP] a red mug, and price lower than 9.00 dollars [SEP] "
RESULTS = f"{HEAD}Back to Search [SEP] Page 1 (Total results: 1) [SEP] Next > [SEP] B01 [SEP] Big Mug [SEP] $8.5"
ITEM = f"{HEAD}Back to Search [SEP] < Prev [SEP] color [SEP] red [SEP] blue [SEP] Big Mug [SEP] Price: $8.5"
ITEM += " [SEP] Rating: N.A. [SEP] Description [SEP] Features [SEP] Reviews [SEP] Buy Now"
SHOP = [
    ("", f"WebShop [SEP] {HEAD}Search", ["search[a mug]"]),
    ("search[a mug]", RESULTS, ["click[back to search]", "click[next >]", "click[b01]"]),
    ("click[b01]", ITEM, ["click[< prev]", "click[buy now]", "click[red]", "click[blue]"]),
    ("click[buy now]", "Thank you for shopping with us! [SEP] Your code: [SEP] None", []),
]
every_memory = pytest.mark.parametrize("name", list(MEMORIES))


def play(encoder: TextEncoder, steps: Sequence[tuple[str, str, list[str]]], row: int = 0) -> None:
    for i, (action, observation, admissible) in enumerate(steps):
        if i == 0 and not action:
            encoder.start(row, observation, admissible)
        else:
            encoder.step(row, action, observation, admissible)


def test_an_env_says_which_memory_reads_it() -> None:
    assert EncodeText(gym.make("guerdon:guerdon/Household-v0", split="valid_seen")).encoder.memory.name == "household"
    env = FakeText()
    assert EncodeText(env).encoder.memory.name == "plain"
    env.metadata = {**env.metadata, "text_memory": "webshop"}
    assert EncodeText(env).encoder.memory.name == "webshop"
    assert EncodeText(env, memory="household").encoder.memory.name == "household"
    env.metadata = {**env.metadata, "text_memory": "webshp"}
    with pytest.raises(UnknownNameError, match="Did you mean 'webshop'"):
        EncodeText(env)


def test_the_memory_of_an_env_of_the_suite_reads_its_world() -> None:
    for env_id in env_ids():
        creator: Any = load_env_creator(gym.spec(env_id.partition(":")[2]).entry_point)  # type: ignore[arg-type]
        named = creator.metadata.get("text_memory")
        assert named is None or any(world in env_id for world in MEMORIES[named].worlds)


def test_a_vector_env_is_encoded_by_the_memory_of_its_envs() -> None:
    env = gym.make_vec("guerdon:guerdon/Household-v0", num_envs=2, autoreset_mode="Disabled", split="valid_seen")
    assert EncodeTextVector(env).encoder.memory.name == "household"
    assert EncodeTextVector(env, memory="plain").encoder.memory.name == "plain"


@every_memory
def test_the_sizes_are_those_of_the_memory(name: str) -> None:
    kind, space = MEMORIES[name], TextEncoder(1, max_actions=7, max_words=5, memory=name).space
    assert all(kind.FLAGS.values()), "every flag says what it means"
    shapes = {key: box.shape for key, box in space.spaces.items()}
    assert shapes == {
        "goal": (kind.GOAL,),
        "hand": (kind.HELD,),
        "observation": (5,),
        "actions": (7, kind.ACTION),
        "flags": (7, len(kind.FLAGS)),
        "mask": (7,),
    }


def test_plain_keeps_what_was_tried_and_the_first_observation() -> None:
    memory = MEMORIES["plain"]("Find the exit.", ["go", "look"])
    assert memory.goal == memory.situation() == ("find", "the", "exit")
    memory.update("look", "It is dark.", ["go", "look"])
    assert memory.goal == ("find", "the", "exit")
    assert memory.situation() == ("it", "is", "dark")
    assert memory.flags("go") == (0.0, 0.0)
    assert memory.flags("look") == (1.0, pytest.approx(1 / 3))
    assert memory.held == ()
    assert memory.describe("take mug 1") == ("take mug", "take", "mug")


@every_memory
def test_what_is_saved_in_mid_episode_goes_on_alike(name: str) -> None:
    for cut in range(1, len(SHOP)):
        encoder = TextEncoder(2, max_actions=5, memory=name)
        play(encoder, SHOP[:cut], row=1)
        again = pickle.loads(pickle.dumps(encoder))
        for one in (encoder, again):
            play(one, SHOP[cut:], row=1)
        for key, value in encoder.arrays.items():
            assert_array_equal(value, again.arrays[key])


@every_memory
def test_where_nothing_can_be_done_nothing_is_left_in_the_arrays(name: str) -> None:
    encoder = TextEncoder(1, max_actions=5, memory=name)
    play(encoder, SHOP)
    assert not any(encoder.arrays[key].any() for key in ("actions", "flags", "mask"))


PIECES = [
    *("WebShop", "Instruction:", "Back to Search", "< Prev", "Next >", "Page 1 (Total results: 3)", "Search", "B01"),
    *("Price: $5", "Buy Now", "$5.0 to $9.0", "red [chosen]", "Page ٣ (Total results:", "price lower than 5 dollars"),
    *("Thank you for shopping with us!", "Your code:", "", "under $1,0,", "Price: $", "Your task is to: put a mug."),
]
odd_texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=9).map(" [SEP] ".join)
odd_actions = st.lists(
    st.sampled_from(["click[b01]", "click[red]", "click[buy now]", "click[", "search[]", "search[a]", "", "click[]]"])
    | st.text(max_size=8),
    max_size=5,
)


@every_memory
@given(steps=st.lists(st.tuples(odd_texts, odd_actions, st.integers(0, 4)), min_size=1, max_size=5))
def test_no_text_is_too_odd(name: str, steps: list[tuple[str, list[str], int]]) -> None:
    kind, encoder, before = MEMORIES[name], TextEncoder(1, max_actions=5, memory=name), list[str]()
    for i, (observation, admissible, index) in enumerate(steps):
        if i == 0:
            encoder.start(0, observation, admissible)
        else:
            encoder.step(0, before[index] if index < len(before) else "", observation, admissible)
        assert encoder.space.contains({key: value[0] for key, value in encoder.arrays.items()})
        assert encoder.arrays["flags"].shape[-1] == len(kind.FLAGS)
        before = admissible


class Shop(gym.Env[str, str]):
    """The one way through `SHOP`, whatever is chosen."""

    metadata: dict[str, Any] = {"render_modes": [], "text_memory": "webshop"}  # noqa: RUF012

    def __init__(self) -> None:
        self.observation_space = self.action_space = UnicodeText(1000)
        self.at = 0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        super().reset(seed=seed)
        self.at = 0
        return SHOP[0][1], {"admissible_actions": SHOP[0][2]}

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        self.at += 1
        _, observation, admissible = SHOP[self.at]
        return observation, 0.0, self.at == 3, False, {"admissible_actions": admissible}


def test_a_saved_policy_finds_its_memory_again(tmp_path: Any) -> None:
    from sb3_contrib import MaskablePPO

    from guerdon.agents.policies.sb3_text import MaskableTextPolicy
    from guerdon.agents.sb3_actor import Sb3Actor

    env = EncodeText(Shop(), max_actions=6, vocabulary=100, max_words=9)
    settings = {"n_steps": 4, "batch_size": 4, "n_epochs": 1, "device": "cpu"}
    MaskablePPO(MaskableTextPolicy, env, policy_kwargs={"width": 4}, **settings).learn(8).save(tmp_path / "policy")
    model = MaskablePPO.load(tmp_path / "policy", device="cpu")
    assert isinstance(model.observation_space, TextSpace)
    assert model.observation_space.memory == "webshop"
    actor = Sb3Actor(model)
    _, observation, admissible = SHOP[0]
    assert actor.act([observation], {"admissible_actions": [admissible]}, np.array([True])) == ["search[a mug]"]
    obs, _ = env.reset()
    assert actor._encoder is not None
    for key, value in actor._encoder.arrays.items():
        assert_array_equal(value[0], obs[key])

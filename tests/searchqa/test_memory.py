"""The notes of a question episode: a reader of the text alone can answer everything, with no look-up too many."""

from __future__ import annotations

import gymnasium as gym
import pytest

from guerdon.envs.searchqa.catalogue import SPLITS, open_catalogue
from guerdon.envs.searchqa.region import open_region
from guerdon.envs.searchqa.texts import document_text, search_text
from guerdon.wrappers.text_encoder import EncodeTextVector
from guerdon.wrappers.text_memory import MEMORIES, TextMemory
from guerdon.wrappers.text_memory.searchqa_reading import asked_in_order, read_facts

Memory = MEMORIES["searchqa"]
FLAGS = tuple(Memory.FLAGS)
FIRST = "Question: Where was the founder of Bral Mills born?\nDocuments: Osk; Orla Venn"
MILLS = "Bral Mills | founded by | Tam Derter\nBral Mills | makes | tea\nDocuments: Bral Mills; Orla Venn"
DERTER = "Tam Derter\nLittle else is certain. Norby is the birthplace of Tam Derter. Tam Derter works for Bral Mills."
NAMES = ["Bral Mills", "Osk", "Orla Venn", "Tam Derter", "tea", "Norby"]


def actions(count: int) -> list[str]:
    found = [name for name in NAMES[:count] if name != "tea"]
    return [f"search {name}" for name in found] + [f"answer {name}" for name in NAMES[:count]]


def known(memory: TextMemory, action: str) -> dict[str, float]:
    return dict(zip(FLAGS, memory.flags(action), strict=True))


def test_a_way_grows_by_what_the_question_asks_for() -> None:
    memory = Memory(FIRST, actions(3))
    assert memory.goal == ("where", "was", "the", "founder", "of", "born")
    assert memory.held == ("founded", "by")
    assert known(memory, "search Bral Mills")["next"] == known(memory, "search Bral Mills")["in_question"] == 1.0
    assert known(memory, "search Osk")["next"] == 0.0
    memory.update("search Bral Mills", MILLS, actions(5))
    assert memory.held == ("born", "in")
    person, tea = known(memory, "search Tam Derter"), known(memory, "answer tea")
    assert (person["way"], person["next"], person["asked"], person["read_last"]) == (0.5, 1.0, 1.0, 1.0)
    assert (tea["way"], tea["asked"], tea["whole"]) == (0.0, 0.0, 0.0)
    assert known(memory, "search Bral Mills")["looked_up_often"] == pytest.approx(1 / 3)
    memory.update("read Tam Derter", DERTER, actions(6))
    town = known(memory, "answer Norby")
    assert (town["way"], town["whole"], town["part"], town["used"]) == (1.0, 1.0, 0.0, 0.2)
    assert known(memory, "answer Bral Mills")["whole"] == 0.0
    assert memory.describe("answer Norby") == ("answer by born in", "answer", "by born in")
    assert "missing:0" in memory.situation()


def test_what_does_nothing_is_not_noted() -> None:
    memory = Memory(FIRST, actions(3))
    before = [memory.flags(action) for action in actions(3)]
    memory.update("search Nowhere", "That cannot be done.", actions(3))
    assert [memory.flags(action) for action in actions(3)] == before


def test_the_order_of_relations_is_read_from_every_question() -> None:
    for split in SPLITS:
        catalogue = open_catalogue(split)
        for task in catalogue.tasks[::3] if split == "train" else catalogue.tasks:
            question = catalogue.question(task)
            names = [question.region.names[thing] for thing in question.named]
            assert asked_in_order(question.text, names[0], names) == question.labels, question.text


@pytest.mark.parametrize("number", [3, 55])
def test_documents_say_what_triples_say(number: int) -> None:
    region = open_region(number)
    for thing in range(region.num_things):
        names = [region.names[node] for node in region.shown[thing]]
        told = [read_facts(text(region, thing), names) for text in (search_text, document_text)]
        triples, sentences = ({(f.relation, frozenset(f.objects), f.whole) for f in facts} for facts in told)
        assert triples == sentences


def test_following_the_notes_answers_every_question_with_no_look_up_too_many() -> None:
    env = gym.make("guerdon:guerdon/SearchQA-v0", split="test")
    worth = {"stated": 20.0, "whole": 10.0, "next": 5.0, "part": 2.0, "search": 1.0}
    for task in open_catalogue("test").tasks:
        obs, info = env.reset(options={"task": task})
        memory, over = Memory(obs, info["admissible_actions"]), False
        polar = obs.startswith("Question: Is ")
        while not over:
            notes = {action: known(memory, action) for action in info["admissible_actions"]}
            usable = {**worth, "whole": 0.0} if polar else worth
            action = max(notes, key=lambda one: sum(usable[flag] * notes[one][flag] for flag in usable))
            obs, _, over, _, info = env.step(action)
            memory.update(action, obs, info["admissible_actions"])
        assert info["is_success"], task
        assert info["retrievals"] == int(info["task_type"][0])


def test_all_actions_fit_the_encoder() -> None:
    env = EncodeTextVector(gym.make_vec("guerdon:guerdon/SearchQA-v0", num_envs=4, autoreset_mode="Disabled"))
    assert env.encoder.memory.name == "searchqa"
    env.reset(seed=0)
    for index in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9):
        obs = env.step([index] * 4)[0]
    assert env.single_observation_space.contains({key: value[0] for key, value in obs.items()})

"""Judges that read: votes, both orders, ranks, and what they are not shown."""

from __future__ import annotations

import dataclasses
import itertools
import json
from types import SimpleNamespace
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.agents.recipes.capo import CAPORecipe
from guerdon.core.preferences import Labeler, PreferenceSet
from guerdon.core.trajectory import Step, Trajectory
from guerdon.envs.manipulation.state import ManipulationState
from guerdon.reward_models.language.backend import Answer, LLMError, Query
from guerdon.reward_models.language.gguf_backend import GGUFBackend
from guerdon.reward_models.language.pairwise_judge import PairwiseJudge
from guerdon.reward_models.language.ranking import borda
from guerdon.reward_models.language.scripted import ScriptedBackend
from guerdon.reward_models.language.step_judge import LanguageJudge
from guerdon.reward_models.language.transcripts import ManipulationOutcome, task_of


def played(*actions: str, task: str = "put the mug away", admissible: tuple[str, ...] = ()) -> Trajectory:
    texts = [f"A kitchen.\n\nYour task is to: {task}.", *(f"After {action}." for action in actions)]
    steps = [
        Step(obs=before, action=action, next_obs=after, admissible=admissible)
        for action, (before, after) in zip(actions, itertools.pairwise(texts), strict=True)
    ]
    steps[-1].terminated = True
    return Trajectory(task, 0, steps)


def whole(*trajectories: Trajectory) -> np.ndarray:
    return np.array([[(index, 0, len(one)) for index, one in enumerate(trajectories)]])


def blaming(*steps: Any) -> str:
    return json.dumps({"wrong_steps": list(steps)})


VOTES = [blaming(1, 2), f"Sure!\n```json\n{blaming(2)}\n```", blaming(2, 3), blaming(1, 2)]


@pytest.mark.parametrize(
    ("aggregate", "expected"),
    [("intersection", [1, 0, 1]), ("majority", [1, 0, 1]), ("mean", [0.5, 0.0, 0.75])],
)
def test_votes_are_put_together(aggregate: Any, expected: list[float]) -> None:
    backend = ScriptedBackend(VOTES)
    (scores,) = LanguageJudge(backend, votes=4, aggregate=aggregate).score([played("a", "b", "c")])
    assert scores.tolist() == expected
    assert len({query.seed for query in backend.asked}) == 4
    assert all(query.temperature > 0 for query in backend.asked)  # or all votes would be one
    (signed,) = LanguageJudge(ScriptedBackend(VOTES), "critique", 4, aggregate, signed=True).score([played(*"abc")])
    assert signed.tolist() == [2 * one - 1 for one in expected]


def test_a_right_step_is_blamed_by_all_of_four_as_rarely_as_capo_says() -> None:
    rng = np.random.default_rng(0)
    one = played(*["wait"] * 2000)
    backend = ScriptedBackend(lambda query: blaming(*(np.flatnonzero(rng.random(2000) < 0.4) + 1).tolist()))
    (scores,) = LanguageJudge(backend, votes=4, aggregate="intersection").score([one])
    assert abs((1 - scores).mean() - 0.4**4) < 0.012


def test_votes_that_cannot_be_read_are_none() -> None:
    one = played("a", "b")
    odd = [Answer("{", about={"finish_reason": "length"}), '{"wrong_steps": "all"}', blaming(0, 2, 9, -1, True, "1")]
    judge = LanguageJudge(ScriptedBackend(odd), votes=3, aggregate="intersection")
    assert judge.score([one])[0].tolist() == [1.0, 0.0]
    assert judge.unread == 2
    with pytest.raises(LLMError, match=r"no critique by scripted of task 'put the mug away' can be read: .*no JSON"):
        LanguageJudge(ScriptedBackend(["I think all is well."])).score([one])


def test_a_critique_reads_the_whole_episode_but_not_the_score_after_it() -> None:
    one = played("go to shelf", "put mug")
    one.steps[-1].next_obs = "Your score (min 0.0, max 1.0) [SEP] 1.0"
    backend = ScriptedBackend([blaming()])
    LanguageJudge(backend).score([one])
    shown = backend.asked[0].messages[-1].content
    assert shown == (
        "Task: put the mug away\nSteps:\n"
        "Seen: A kitchen. Your task is to: .\n1. go to shelf -> After go to shelf.\n2. put mug"
    )
    assert backend.asked[0].temperature == 0.0


@pytest.mark.parametrize(("env_id", "goal"), [("Household-v0", "put"), ("WebShop-v0", "i ")])
def test_tasks_are_read_from_the_worlds(env_id: str, goal: str) -> None:
    env = gym.make(f"guerdon:guerdon/{env_id}")
    obs, info = env.reset(seed=3)
    action = info["expert_action"] or info["admissible_actions"][0]
    task = task_of(Trajectory("t", 3, [Step(obs, action, obs)]))
    assert task.lower() in str(obs).lower()
    assert 5 < len(task) < 200
    assert goal in task.lower()
    assert "SEP" not in task
    env.close()


def by_words(**logp: float) -> ScriptedBackend:
    """log P of an option is that of its first word."""
    return ScriptedBackend(lambda query: Answer("", tuple(logp[option.split()[0]] for option in query.options)))


def test_a_step_scores_the_share_of_its_rivals_that_are_less_likely() -> None:
    offered = ("take mug", "go away", "wait", "look")
    backend = by_words(take=-1.0, go=-2.0, wait=-2.0, look=-3.0)
    one = played("go away", "take mug", "look", "wait", admissible=offered)
    one.steps[-1].admissible = ()
    (scores,) = LanguageJudge(backend, "likelihood", rivals=3).score([one])
    assert scores.tolist() == [(1 + 0.5) / 3, 1.0, 0.0, 0.5]
    assert "Done: go away; take mug\nSeen: After take mug." in backend.asked[2].messages[0].content
    drawn = LanguageJudge(by_words(take=-1.0, go=-2.0, wait=-2.0, look=-3.0), "likelihood", rivals=1, seed=4)
    assert np.array_equal(drawn.score([one])[0], drawn.score([one, one])[1])  # draws do not depend on the company


def biased(quality: dict[str, float], bias: float) -> ScriptedBackend:
    """A model that is for A by the difference in quality, and by a bias whatever A is."""

    def reply(query: Query) -> Answer:
        text = query.messages[-1].content
        told = text.split("\n\n")
        a, b = (next(value for word, value in quality.items() if word in part) for part in told[1:3])
        if query.options:
            return Answer("", (a - b + bias, 0.0))
        return Answer(json.dumps({"better": "A" if a - b + bias > 0 else "B"}))

    return ScriptedBackend(reply)


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-20, 20))
def test_the_mean_of_both_orders_is_rid_of_a_bias_and_one_order_is_not(good: float, bad: float, bias: float) -> None:
    both = [played("good"), played("bad")]
    judge = PairwiseJudge(biased({"good": good, "bad": bad}, bias))
    margins = judge.margins(both, whole(*both))
    assert margins[0].tolist() == pytest.approx([good - bad + bias, good - bad - bias])
    soft = PairwiseJudge(judge.backend, soft=True).label(both, whole(*both))
    assert soft[0] == pytest.approx(1 / (1 + np.exp(bad - good)), abs=1e-6)
    if abs(good - bad) > 1e-9:
        assert judge.label(both, whole(*both))[0] == float(good > bad)
    PreferenceSet(both, whole(*both), soft, "judge")


def test_orders_that_contradict_each_other_are_a_tie() -> None:
    both = [played("good"), played("bad")]
    sure = PairwiseJudge(biased({"good": 2.0, "bad": 0.0}, 1.0), "answer")
    assert sure.margins(both, whole(*both)).tolist() == [[1.0, 1.0]]
    unsure = PairwiseJudge(biased({"good": 2.0, "bad": 0.0}, 9.0), "answer")
    assert unsure.margins(both, whole(*both)).tolist() == [[1.0, -1.0]]
    assert unsure.label(both, whole(*both)).tolist() == [0.5]
    equal = PairwiseJudge(ScriptedBackend(['{"better": "equal"}'] * 2), "answer")
    assert equal.label(both, whole(*both)).tolist() == [0.5]


def test_segments_of_two_tasks_are_told_apart() -> None:
    both = [played("good"), played("bad", task="heat an egg")]
    backend = biased({"good": 1.0, "bad": 0.0}, 0.0)
    PairwiseJudge(backend).label(both, whole(*both))
    assert backend.asked[0].messages[0].content.startswith("Task of A: put the mug away\nTask of B: heat an egg\n\nA:")


def test_likelihood_compares_means_over_steps() -> None:
    both = [played("take mug", "wait"), played("wait", "wait", "wait")]
    judge = PairwiseJudge(by_words(take=-1.0, wait=-2.0), "likelihood")
    assert judge.margins(both, whole(*both)).tolist() == [[0.5, 0.5]]
    assert judge.label(both, np.array([[(0, 1, 2), (1, 0, 3)]])).tolist() == [0.5]


def test_robots_need_words_and_success_is_not_among_them() -> None:
    near, far = np.zeros(3), np.array([0.3, 0.0, 0.0])
    values = {field.name: 0.0 for field in dataclasses.fields(ManipulationState)}
    state = ManipulationState(**{**values, "tcp": far, "object": near, "target": far, "start": far})  # type: ignore[arg-type]
    step = Step(np.zeros(3), np.zeros(2), np.zeros(3), next_state=state)
    one = Trajectory("reach", 0, [step])
    tell = ManipulationOutcome()
    told = tell(one, 0, 1)
    assert "30 cm from the object, which is not held. The object was moved by 30 cm and is 30 cm from" in told
    step.next_state = dataclasses.replace(state, success=1.0)
    assert tell(one, 0, 1) == told
    backend = by_words(A=-1.0, B=-2.0)
    judge = PairwiseJudge(backend, transcript=tell)
    assert judge.reads == {"state"}
    assert judge.label([one, one], whole(one, one)).tolist() == [0.5]
    with pytest.raises(ValueError, match="the observations are ndarray, not texts; give the judge a transcript"):
        PairwiseJudge(backend).label([one, one], whole(one, one))


class ByValue(Labeler):
    """Prefers the larger value, except where told."""

    def __init__(self, values: list[float], told: dict[tuple[int, int], float] | None = None):
        self.values, self.told, self.asked = values, told or {}, 0

    def label(self, trajectories: Any, pairs: np.ndarray) -> np.ndarray:
        self.asked += len(pairs)
        rows = pairs[:, :, 0].tolist()
        return np.array([self.told.get((a, b), float(self.values[a] > self.values[b])) for a, b in rows])


@given(st.permutations(range(6)), st.integers(1, 5))
def test_borda_finds_an_order_and_asks_as_often_as_it_says(order: list[int], rivals: int) -> None:
    trajectories = [played("wait")] * 6
    full = ByValue([float(one) for one in order])
    assert borda(full, trajectories).tolist() == pytest.approx([one / 5 for one in order])
    assert full.asked == 15
    some = ByValue(full.values)
    wins = borda(some, trajectories, rivals, seed=1)
    assert 6 * rivals / 2 <= some.asked <= min(15, 6 * (rivals + 1) / 2)
    assert wins[order.index(5)] == 1.0
    assert wins[order.index(0)] == 0.0


def test_borda_averages_what_is_no_order_and_passes_over_what_is_skipped() -> None:
    three = [played("wait")] * 3
    assert borda(ByValue([0.0] * 3, {(0, 1): 1.0, (1, 2): 1.0, (0, 2): 0.0}), three).tolist() == [0.5] * 3
    skipped = {(0, 1): np.nan, (0, 2): np.nan, (1, 2): 1.0}
    assert borda(ByValue([0.0] * 3, skipped), three).tolist() == [0.5, 1.0, 0.0]
    assert borda(ByValue([]), three[:1]).tolist() == [0.5]


def test_recipes_can_take_a_language_model_for_a_judge() -> None:
    recipe = CAPORecipe(scorer="language", model="http://127.0.0.1:9/v1#toy")
    column, (judge,) = recipe.scores(SimpleNamespace(seed=0))  # type: ignore[arg-type]
    assert isinstance(judge, LanguageJudge)
    assert (column, judge.name, judge.votes, judge.aggregate, judge.signed) == (
        "judge",
        "judge",
        4,
        "intersection",
        True,
    )
    assert judge.backend.name == "openai:toy"
    assert not judge.reads  # it is no oracle


def test_a_real_model_judges_steps_and_pairs(real: GGUFBackend) -> None:
    offered = ("take mug 1 from shelf 1", "go to bed 1", "look")
    one = played("take mug 1 from shelf 1", "look", admissible=offered)
    judge = LanguageJudge(real, "likelihood")
    (scores,) = judge.score([one])
    assert ((scores >= 0) & (scores <= 1)).all()
    assert np.array_equal(judge.score([one])[0], scores)
    assert LanguageJudge(real, "critique").score([one])[0].shape == (2,)
    both = [one, played("go to bed 1")]
    first, second = PairwiseJudge(real).margins(both, whole(*both))[0]
    swapped = PairwiseJudge(real).margins(both, whole(*both)[:, ::-1])[0]
    assert swapped.tolist() == [-second, -first]

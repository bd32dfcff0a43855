"""The web-shop's rewards on episodes worked out by hand, what they promise, and the policy that games one."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import guerdon
from guerdon.agents.scripted import SCRIPTED, ScriptedActor
from guerdon.evaluation.evaluate import evaluate
from guerdon.wrappers.spec_reward import SpecReward

from .small_shop import files, goal, product

ENV = "guerdon:guerdon/WebShop-v0"
ASKED = "find me a tall red mug that is large"
MUG = product(
    "A000000001",
    "Tall Red Mug",
    options={"color": ("red", "blue"), "size": ("small", "large")},
    attributes=("easy clean", "bpa free"),
)
CUP = product("A000000002", "Tall Red Cup", attributes=("easy clean",), price=30.0)
SPOON = product("A000000003", "Tall Spoon", query="spoon", product_category="Tools", attributes=("bpa free",))
BOWLS = [product(f"B{number:09d}", "Plain Bowl", query="bowl", product_category="Dishes") for number in range(12)]
GOAL = goal(
    MUG,
    "mug",
    instruction_text=ASKED,
    goal_options=("red", "large"),
    attributes=("easy clean", "bpa free"),
    price_upper=20.0,
    name_nouns=("tall", "red", "mug", "for", "tea"),
)
# Scores as they are: the mug 3/5, the cup 1/5 (half of the attributes, too dear), the spoon 0.5 * 2/5, bowls 0.

OPEN_MUG, OPEN_CUP, OPEN_SPOON = (f"click[{one.asin.lower()}]" for one in (MUG, CUP, SPOON))
Paid = list[dict[str, float]]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return files(tmp_path_factory.mktemp("rewards"), [MUG, CUP, SPOON, *BOWLS], [GOAL])


def play(env: gym.Env, actions: list[str]) -> tuple[list[float], Paid, bool]:
    """Play actions from a reset; return what was paid, its terms, and whether the episode is over."""
    env.reset(options={"task": "mug"})
    totals, terms, over = [], [], False
    for action in actions:
        _, reward, terminated, truncated, info = env.step(action)
        totals.append(float(reward))
        terms.append(info["reward_terms"])
        assert reward == pytest.approx(sum(info["reward_terms"].values()))
        over = terminated or truncated
    return totals, terms, over


def paid(shop: dict[str, Any], reward: str, actions: list[str], term: str, **kwargs: Any) -> list[float]:
    """Return what one term paid, step by step."""
    _, terms, _ = play(guerdon.make(ENV, reward, **shop, **kwargs), actions)
    return [one[term] for one in terms]


def wander(env: gym.Env, numbers: list[int]) -> Paid:
    """Play admissible actions and a few others by number, then buy what is at hand or what the expert buys."""
    _, info = env.reset(options={"task": "mug"})
    terms, over = [], False
    for number in [*numbers, *[-1] * 9]:
        if over:
            break
        if number >= 0:
            choices = [
                *info["admissible_actions"],
                "search[tall]",
                "search[bowl]",
                "search[mug search_results]",
                "look",
            ]
            action = choices[number % len(choices)]
        else:
            buy = "click[buy now]"
            action = buy if buy in info["admissible_actions"] else info["expert_action"]
        _, _, over, _, info = env.step(action)
        terms.append(info["reward_terms"])
    assert over
    return terms


WALKS = st.lists(st.integers(0, 99), max_size=30)


def test_purchase_pays_the_score_on_the_last_step(shop: dict[str, Any]) -> None:
    for actions, score in (
        (["search[tall]", OPEN_MUG, "click[red]", "click[large]", "click[buy now]"], 1.0),
        (["search[tall]", OPEN_MUG, "click[red]", "click[blue]", "click[buy now]"], 3 / 5),
        (["search[tall]", OPEN_CUP, "click[buy now]"], 1 / 5),
        (["search[tall]", OPEN_SPOON, "look", "click[buy now]"], 0.5 * 2 / 5),
        (["search[bowl]", "click[b000000000]", "click[buy now]"], 0.0),
        (["search[tall]", OPEN_MUG], 0.0),
    ):
        totals, _, over = play(guerdon.make(ENV, "webshop/purchase-v1", **shop), actions)
        assert totals == pytest.approx([0.0] * (len(actions) - 1) + [score])
        assert totals == play(gym.make(ENV, **shop), actions)[0], "it is the env's own reward"
        assert over == (actions[-1] == "click[buy now]")


def test_stepwise_pays_what_is_better_than_before(shop: dict[str, Any]) -> None:
    back = "click[< prev]"
    look = ["search[tall]", OPEN_SPOON, back, OPEN_CUP, back, OPEN_MUG]
    choose = ["click[red]", "click[blue]", "click[red]", "click[large]"]
    actions = [*look, *choose, "click[features]", back, "click[buy now]"]
    env = guerdon.make(ENV, "webshop/stepwise-v1", **shop)
    _, terms, _ = play(env, actions)
    found = {name: [one[name] for one in terms] for name in terms[0]}
    # The spoon: factor 0.5, half of the attributes, in bounds. The cup: half of the attributes, too dear.
    assert found["attributes"] == pytest.approx([0, 0.025, 0, 0.025, 0, 0.05, 0, 0, 0, 0, 0, 0, 0])
    assert found["affordable"] == pytest.approx([0, 0.05, 0, 0, 0, 0.05, 0, 0, 0, 0, 0, 0, 0])
    assert found["options"] == pytest.approx([0, 0, 0, 0, 0, 0, 0.05, 0, 0, 0.05, 0, 0, 0])
    assert found["purchase"] == [0.0] * 12 + [1.0]
    assert play(env, actions)[1] == terms, "a new episode begins anew"


@settings(max_examples=60)
@given(numbers=WALKS, weight=st.sampled_from([0.1, 0.5]))
def test_stepwise_pays_each_part_once_at_most(shop: dict[str, Any], numbers: list[int], weight: float) -> None:
    terms = wander(guerdon.make(ENV, f"webshop/stepwise-v1(weight={weight})", **shop), numbers)
    for name in ("attributes", "options", "affordable"):
        assert all(0 <= one[name] <= weight for one in terms)
        assert sum(one[name] for one in terms) <= weight + 1e-9


def test_stepwise_cannot_be_farmed(shop: dict[str, Any]) -> None:
    actions = ["search[tall]", *[OPEN_MUG, "click[red]", "click[blue]", "click[< prev]"] * 10]
    totals, _, _ = play(guerdon.make(ENV, "webshop/stepwise-v1", **shop), actions)
    assert sum(totals) == pytest.approx(0.1 + 0.05 + 0.1)
    assert sum(totals[4:]) == 0


def test_retrieval_cost_charges_for_every_look_up(shop: dict[str, Any]) -> None:
    charged = [
        ("search[bowl]", 1),
        ("click[next >]", 1),
        ("click[nonsense]", 0),
        ("click[< prev]", 1),
        ("click[b000000003]", 1),
        ("click[description]", 0),
        ("click[< prev]", 0),
        ("click[< prev]", 0),
        ("click[back to search]", 0),
        ("search[bowl]", 1),
        ("search[bowl]", 1),
        ("click[next >]", 1),
        ("search[tall]", 1),
        ("search[]", 0),
        (OPEN_MUG, 1),
        ("click[red]", 0),
        ("search[tall]", 1),
        (OPEN_CUP, 1),
        ("click[buy now]", 0),
    ]
    actions = [action for action, _ in charged]
    for cost in (0.02, 0.5):
        env = guerdon.make(ENV, f"webshop/retrieval-cost-v1(cost={cost})", **shop)
        totals, terms, _ = play(env, actions)
        assert [one["retrieval"] for one in terms] == pytest.approx([-cost * count for _, count in charged])
        assert sum(totals) == pytest.approx(1 / 5 - cost * sum(count for _, count in charged))


HAND = [
    # action, best score ahead, score of buying as it is
    ("search[bowl]", 0.0, 0.0),
    ("search[tall]", 1.0, 0.6),
    (OPEN_CUP, 0.2, 0.2),
    ("click[< prev]", 1.0, 0.6),
    (OPEN_MUG, 1.0, 0.6),
    ("click[red]", 1.0, 0.8),
    ("click[blue]", 0.8, 0.6),
    ("click[reviews]", 0.8, 0.6),
    ("click[< prev]", 0.8, 0.6),
    ("click[red]", 1.0, 0.8),
    ("click[large]", 1.0, 1.0),
    ("click[nonsense]", 1.0, 1.0),
    ("click[buy now]", 0.0, 0.0),
]


@pytest.mark.parametrize(("scale", "blend", "gamma"), [(1.0, 0.5, 0.99), (2.0, 0.0, 1.0), (0.3, 1.0, 0.9)])
def test_best_ahead_by_hand(shop: dict[str, Any], scale: float, blend: float, gamma: float) -> None:
    reward = f"webshop/best-ahead-v1(scale={scale}, blend={blend}, gamma={gamma})"
    phi = [0.0, *(scale * ((1 - blend) * ahead + blend * now) for _, ahead, now in HAND)]
    actions = [action for action, _, _ in HAND]
    assert paid(shop, reward, actions, "shaping") == pytest.approx([gamma * new - old for old, new in pairwise(phi)])
    assert paid(shop, reward, actions, "purchase") == pytest.approx([0.0] * 12 + [1.0])


@settings(max_examples=80)
@given(numbers=WALKS, gamma=st.sampled_from([0.9, 0.99, 1.0]))
def test_best_ahead_leaves_the_discounted_return_as_it_is(
    shop: dict[str, Any], numbers: list[int], gamma: float
) -> None:
    """The start is worth 0, so for every way that ends by buying the shaping sums to 0: not one policy is favoured."""
    env = guerdon.make(ENV, f"webshop/best-ahead-v1(gamma={gamma})", **shop)
    terms = wander(env, numbers)
    discounts = gamma ** np.arange(len(terms))
    assert discounts @ [one["shaping"] for one in terms] == pytest.approx(0.0, abs=1e-12)
    assert all(-1 <= one["shaping"] <= 1 for one in terms)


def test_best_ahead_where_time_runs_out(shop: dict[str, Any]) -> None:
    """A cut episode keeps the potential of its last state, which the agent's own estimate stands for."""
    actions = ["search[tall]", OPEN_MUG, "click[red]"]
    for rule, last in (("bootstrap", 0.9), ("zero", 0.0)):
        reward = f"webshop/best-ahead-v1(scale=1, blend=0.5, gamma=1.0, at_truncation='{rule}')"
        shaping = paid(shop, reward, actions, "shaping", max_episode_steps=3)
        assert sum(shaping) == pytest.approx(last)
    with pytest.raises(ValueError, match="blend"):
        guerdon.make(ENV, "webshop/best-ahead-v1(blend=1.5)", **shop)


@pytest.mark.parametrize("mode", ["text", "text_rich"])
def test_keywords_pay_for_every_opening(shop: dict[str, Any], mode: str) -> None:
    """Six words are asked for (find, tall, red, mug, that, large); the mug has three, the cup two, the bowl none."""
    actions = ["search[tall]", OPEN_MUG, "click[reviews]", "click[< prev]", "click[red]", "click[< prev]", OPEN_MUG,
               "click[< prev]", OPEN_CUP, "search[bowl]", "click[b000000000]", "search[tall]", OPEN_SPOON,
               "click[buy now]"]  # fmt: skip
    found = paid(shop, "webshop/keywords-v1(bonus=0.6)", actions, "matching", observation_mode=mode)
    assert found == pytest.approx([0, 0.3, 0, 0, 0, 0, 0.3, 0, 0.2, 0, 0, 0, 0.1, 0])
    bought = paid(shop, "webshop/keywords-v1", actions, "purchase", observation_mode=mode)
    assert bought == pytest.approx([0] * 13 + [0.2])


def result(shop: dict[str, Any], policy: str, reward: str) -> Any:
    return evaluate(ScriptedActor(policy), ENV, shop, reward, ["mug"])[0]


def test_the_exploit_earns_more_than_the_expert_and_fails(shop: dict[str, Any]) -> None:
    exploit = result(shop, "webshop/keywords-exploit", "webshop/keywords-v1")
    expert = result(shop, "expert", "webshop/keywords-v1")
    assert (expert.objective, expert.reward) == (1.0, pytest.approx(1.0 + 3 / 6))
    assert (exploit.objective, exploit.length) == (0.0, 50)
    assert exploit.reward == pytest.approx(25 * 3 / 6), "a search, then the mug at every other step"
    assert exploit.reward > 3 * expert.reward
    assert SCRIPTED["webshop/keywords-exploit"].exploits == "webshop/keywords-v1"


@pytest.mark.parametrize("reward", ["webshop/purchase-v1", "webshop/stepwise-v1", "webshop/retrieval-cost-v1"])
def test_the_exploit_gains_nothing_elsewhere(shop: dict[str, Any], reward: str) -> None:
    exploit, expert = (result(shop, policy, reward) for policy in ("webshop/keywords-exploit", "expert"))
    assert exploit.reward < 0.5 * expert.reward
    assert exploit.objective == 0


def test_the_rule_chooses_what_is_named_and_buys(shop: dict[str, Any]) -> None:
    rule, expert = (result(shop, policy, "webshop/purchase-v1") for policy in ("webshop/rule", "expert"))
    assert (rule.objective, rule.length) == (1.0, 5)
    assert expert.length == 5


def test_the_rule_reads_whole_words_only(tmp_path: Any) -> None:
    cap = product("A000000001", "Bored Cap", options={"color": ("red", "bored red"), "size": ("l", "9 | wide")})
    asked = goal(cap, "mug", instruction_text="a bored cap, 9 | wide, not too large", goal_options=("9 wide",))
    env = SpecReward(gym.make(ENV, **files(tmp_path, [cap], [asked])), "webshop/purchase-v1")
    obs, info = env.reset()
    rule, taken, over = SCRIPTED["webshop/rule"](), [], False
    rule.reset(obs, info)
    while not over:
        taken.append(rule.act(obs, info))
        obs, _, over, _, info = env.step(taken[-1])
    assert taken == [
        "search[a bored cap, 9 | wide, not too large]",
        "click[a000000001]",
        "click[9 | wide]",
        "click[buy now]",
    ]
    assert info["objective"] == 1.0

"""Who labels captions, and what captions say in each world."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from guerdon.core.names import UnknownNameError
from guerdon.reward_models import make_reward
from guerdon.reward_models.language.backend import Answer
from guerdon.reward_models.language.caption_annotator import LanguageAnnotator
from guerdon.reward_models.language.scripted import ScriptedBackend
from guerdon.reward_models.learned.annotators import KeywordAnnotator, NoisyAnnotator
from guerdon.reward_models.learned.captions import CAPTIONS, find_captions
from guerdon.wrappers.spec_reward import SpecReward

from .captioned import Recorder, oni, walk
from .steps import batch, begin

# -- who labels --------------------------------------------------------------------------------------------------------


def test_mistakes_have_their_rate_and_do_not_depend_on_order() -> None:
    captions = [f"{'good' if i % 2 else 'bad'} {i}" for i in range(2000)]
    right, wrong = KeywordAnnotator("good"), NoisyAnnotator(KeywordAnnotator("good"), 0.2, seed=3)
    assert np.mean(right.label(captions) != wrong.label(captions)) == pytest.approx(0.2, abs=0.03)
    np.testing.assert_array_equal(wrong.label(captions[::-1]), wrong.label(captions)[::-1])
    pairs = list(zip(captions, captions[7:] + captions[:7], strict=True))
    swapped = [(b, a) for a, b in pairs]
    assert np.mean(right.compare(pairs) != wrong.compare(pairs)) == pytest.approx(0.2, abs=0.03)
    np.testing.assert_array_equal(wrong.compare(swapped), 1 - wrong.compare(pairs))


def test_a_language_model_is_asked_and_what_cannot_be_read_is_no_label() -> None:
    backend = ScriptedBackend(
        ['{"helpful": true}', '{"helpful": false}', "perhaps", '{"better": "B"}', '{"better": 3}']
    )
    who = LanguageAnnotator(backend, "An agent cooks.")
    np.testing.assert_array_equal(who.label(["a", "b", "c"]), [1.0, 0.0, np.nan])
    np.testing.assert_array_equal(who.compare([("a", "b"), ("b", "a")]), [0.0, np.nan])
    assert who.unread == 2
    likely = ScriptedBackend([Answer("", (-1.0, -2.0)), Answer("", (-3.0, -2.0)), Answer("", (-1.0, -2.0))])
    chooser = LanguageAnnotator(likely, "An agent cooks.", ask="choice")
    np.testing.assert_array_equal(chooser.label(["a", "b"]), [1.0, 0.0])
    np.testing.assert_array_equal(chooser.compare([("a", "b")]), [1.0])
    assert [query.options for query in likely.asked] == [("yes", "no")] * 2 + [("A", "B")]
    assert "An agent cooks." in backend.asked[0].messages[0].content
    assert '{"helpful": true} or {"helpful": false}' in backend.asked[0].messages[1].content
    reward, _ = oni("beta=0")
    walk(reward.use(LanguageAnnotator(ScriptedBackend(["perhaps", '{"helpful": true}']), "x")), "a", "b")
    assert walk(reward, "a", "b") == [0.0, 1.0], "and it is not asked again"


def test_a_model_named_in_the_reward_is_opened_when_something_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    model = ScriptedBackend(['{"helpful": true}'])
    monkeypatch.setattr("guerdon.reward_models.language.opening.open_backend", {"smollm2": model}.__getitem__)
    reward: Any = make_reward("learned/oni-v1(labeler='smollm2', captions='household', every=1, beta=0)")
    begin(reward, ["Your task is to: put a mug in desk."])
    assert walk(reward, "You pick up the mug 1.", "You pick up the mug 2.") == [0.0, 1.0]
    assert "You pick up the *mug." in model.asked[0].messages[1].content
    assert "chore" in model.asked[0].messages[0].content


@pytest.mark.parametrize(
    ("settings", "error", "match"),
    [
        ("mode='hashing'", UnknownNameError, "hashing"),
        ("captions='kitchen'", UnknownNameError, "kitchen"),
        ("beta=-1", ValueError, "beta at least 0"),
        ("batch=0", ValueError, "batch is 0"),
    ],
)
def test_bad_settings_are_named(settings: str, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        make_reward(f"learned/oni-v1({settings})")


def test_the_hash_covers_how_steps_are_told_and_who_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    rewards = [
        make_reward(f"learned/oni-v1({one})") for one in ("seed=0", "captions='household'", "captions='webshop'")
    ]
    rewards.append(make_reward("learned/oni-v1(labeler='smollm2')"))
    before = [one.hash for one in rewards]
    assert len(set(before)) == 4
    monkeypatch.setattr("guerdon.reward_models.learned.oni.code_of", lambda thing: f"other {thing.__module__}")
    after = [one.hash for one in rewards]
    assert not set(before) & set(after)


# -- captions of the worlds ----------------------------------------------------------------------------------------


def test_household_captions_are_of_kinds_and_mark_what_is_asked_for() -> None:
    first = "You are in a room.\n\nYour task is to: clean some mug and put it in desk."
    captions = find_captions(first)
    assert captions is CAPTIONS["household"]
    who = KeywordAnnotator(captions.helpful)
    task = captions.task(first)
    for text, caption, helpful in (
        ("You pick up the mug 2 from the desk 1.", "You pick up the *mug from the *desk.", True),
        ("You pick up the pen 2 from the desk 1.", "You pick up the pen from the *desk.", False),
        ("You clean the mug 2 using the sinkbasin 1.", "You *clean the *mug using the sinkbasin.", True),
        ("You move the mug 2 to the desk 1.", "You move the *mug to the *desk.", True),
        ("You move the mug 2 to the shelf 1.", "You move the *mug to the shelf.", False),
        ("Nothing happens.", "Nothing happens.", False),
    ):
        (said,) = captions.tell(batch(["x"], ["go"], [text]), [task])
        assert said == caption
        assert who.label([said])[0] == helpful


def test_web_shop_captions_say_what_was_clicked() -> None:
    page = "Instruction: [SEP] find me a red cotton shirt, and price lower than 40.00 dollars [SEP] Back to Search"
    item = f"{page} [SEP] < Prev [SEP] Soft Cotton Shirt [SEP] Price: $4.0 [SEP] Buy Now"
    captions = find_captions("WebShop [SEP] " + page)
    assert captions is CAPTIONS["webshop"]
    task, who = captions.task(page), KeywordAnnotator(captions.helpful)
    for before, action, after, caption, helpful in (
        (page, "search[shirt]", page, "You search for *shirt.", False),
        (page, "click[bcc0]", item, "You open Soft *Cotton *Shirt.", True),
        (item, "click[cotton]", item, "You choose *cotton.", True),
        (item, "click[buy now]", "Thank you", "You buy Soft *Cotton *Shirt.", True),
        (item, "click[< prev]", page, "You press < prev.", False),
        (item, "nonsense", item, "", False),
    ):
        (said,) = captions.tell(batch([before], [action], [after]), [task])
        assert (said, bool(who.label([said])[0])) == (caption, helpful)


@pytest.mark.parametrize(
    ("env_id", "settings", "begins"),
    [
        ("SearchQA-v0", "", "search"),
        ("Calc-v0", "", "Value:"),
        ("Grid-v0", "", "You are in state"),
        ("Reach-v0", "", "The goal is less than"),
    ],
)
def test_every_world_has_captions(env_id: str, settings: str, begins: str) -> None:
    reward: Any = make_reward(f"learned/oni-v1(every=1{settings})").use(who := Recorder())  # type: ignore[attr-defined]
    env: Any = SpecReward(gym.make(f"guerdon:guerdon/{env_id}"), reward)
    _, info = env.reset(seed=0)
    env.action_space.seed(0)
    for _ in range(2):
        *_, info = env.step(
            info["admissible_actions"][0] if "admissible_actions" in info else env.action_space.sample()
        )
    del who
    said = [one for one in env.reward._book._met if one.startswith(begins)]
    assert said


def test_the_arm_is_told_by_what_began_and_what_ceased() -> None:
    from guerdon.agents.scripted import SCRIPTED

    reward: Any = make_reward("learned/oni-v1(captions='manipulation', every=1)")
    assert reward.reads == {"state"}
    env: Any = SpecReward(gym.make("guerdon:guerdon/PickPlace-v0"), reward)
    obs, info = env.reset(seed=0)
    (name,) = [
        name
        for name, policy in SCRIPTED.items()
        if name.endswith("-expert") and policy.plays("guerdon:guerdon/PickPlace-v0")
    ]
    expert = SCRIPTED[name]()
    expert.reset(obs, info)
    for _ in range(60):
        obs, _, terminated, truncated, info = env.step(expert.act(obs, info))
        if terminated or truncated:
            break
    labels = env.reward._book.labels
    assert any(y == 1.0 and "Now: both fingers hold it." in one for one, y in labels.items())
    assert len(labels) < 30, "steps in which nothing begins or ceases have no caption"

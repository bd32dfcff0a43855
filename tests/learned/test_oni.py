"""What captions with labels promise: the queue, the labels, the decay, the three ways to learn from them, the end."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.reward_models import make_reward
from guerdon.reward_models.learned.annotators import KeywordAnnotator
from guerdon.reward_models.learned.caption_book import CaptionBook

from .captioned import Recorder, oni, walk
from .steps import begin, pay

# -- the queue -----------------------------------------------------------------------------------------------------


def test_an_unseen_caption_pays_nothing_and_is_asked_about_once() -> None:
    reward, who = oni("beta=0")
    assert walk(reward, "a good one") == [0.0]
    assert walk(reward, "a good one", "a good one", "bad", "bad", "bad") == [1.0, 1.0, 0.0, 0.0, 0.0]
    assert who.asked == [["a good one"], ["bad"]]


def test_a_caption_that_waits_is_not_queued_again() -> None:
    book = CaptionBook()
    book.offer(["a", "b", "a", ""])
    book.offer(["b", "a"])
    assert len(book) == 2
    assert book.take(9) == ["a", "b"]
    book.offer(["a"])
    assert len(book) == 0, "what is being asked about does not wait"


def test_the_latest_batch_comes_first() -> None:
    book = CaptionBook()
    for captions in (["a", "b"], ["c"], ["d", "e"]):
        book.offer(captions)
    assert book.take(3) == ["d", "e", "c"]
    book.offer(["f"])
    assert book.take(1) == ["f"]
    assert book.take(9) == ["a", "b"]


def test_a_full_queue_forgets_the_oldest_and_they_may_come_again() -> None:
    book = CaptionBook(room=3)
    book.offer(["a", "b"])
    book.offer(["c", "d"])
    assert len(book) == 3
    book.offer(["a"])
    assert book.take(9) == ["a", "c", "d"]


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=5), max_size=8), st.integers(1, 6), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_every_caption_is_taken_at_most_once_and_the_room_is_kept(
    batches: list[list[str]], room: int, most: int
) -> None:
    book, taken = CaptionBook(room=room), []
    for number, captions in enumerate(batches):
        book.offer(captions)
        assert len(book) <= room
        if number % 2:
            taken += book.take(most)
    taken += book.take(100)
    assert len(taken) == len(set(taken)) <= len({one for some in batches for one in some})


def test_what_was_asked_without_an_answer_waits_in_a_copy_and_after_a_failure() -> None:
    book = CaptionBook()
    book.offer(["a", "b"])
    book.take(1)
    assert pickle.loads(pickle.dumps(book)).take(9) == ["a", "b"]
    book.give_back()
    assert book.take(9) == ["a", "b"]
    reward, who = oni()
    who.broken = True
    with pytest.raises(OSError, match="no answer"):
        walk(reward, "good")
    who.broken = False
    walk(reward, "bad")
    assert who.asked == [["bad", "good"]]


# -- payments ------------------------------------------------------------------------------------------------------


def test_a_label_is_shared_by_all_slots() -> None:
    reward, who = oni(slots=3)
    assert pay(reward, ["x"] * 3, ["go"] * 3, ["good", "good", "bad"]).tolist() == [0.0, 0.0, 0.0]
    assert who.asked == [["good", "bad"]]
    assert pay(reward, ["x"] * 3, ["go"] * 3, ["bad", "other", "good"]).tolist() == [0.0, 0.0, 1.0]


@given(st.floats(0, 4), st.integers(2, 8), st.floats(0.1, 4))
@settings(max_examples=25, deadline=None)
def test_repeats_in_an_episode_pay_less_and_a_reset_restores(beta: float, repeats: int, alpha: float) -> None:
    reward, _ = oni(f"beta={beta}, alpha={alpha}")
    walk(reward, "good")
    begin(reward, ["start"])
    paid = walk(reward, *["good"] * repeats)
    np.testing.assert_allclose(paid, alpha / np.arange(1, repeats + 1) ** beta, rtol=1e-12)
    begin(reward, ["start"])
    assert walk(reward, "good", "another")[0] == pytest.approx(alpha)


def test_each_slot_counts_its_own_repeats() -> None:
    reward, _ = oni(slots=2)
    pay(reward, ["x"] * 2, ["go"] * 2, ["good", "bad"])
    assert pay(reward, ["x"] * 2, ["go"] * 2, ["good", "good"]).tolist() == [0.5, 1.0]


def test_nothing_said_is_paid_nothing_and_never_asked() -> None:
    reward, who = oni("keywords='.*'")
    assert walk(reward, "", "", "") == [0.0] * 3
    assert who.asked == []


# -- learning --------------------------------------------------------------------------------------------------------

THINGS = [f"{a}{b}" for a in ("cup", "pen", "box", "key", "hat", "jar") for b in ("ter", "lid", "man", "ory", "uss")]


def told(things: Sequence[str]) -> list[str]:
    return [f"You {verb} the *{one}." for one in things for verb in ("pick up", "look at", "walk past")]


@pytest.mark.parametrize("mode", ["retrieval", "classification", "ranking"])
def test_networks_generalise_to_captions_that_nobody_labelled_and_retrieval_does_not(mode: str) -> None:
    reward: Any = make_reward(f"learned/oni-v1(captions='plain', every=20, beta=0, mode='{mode}')")
    reward.use(KeywordAnnotator("pick up"))
    begin(reward, ["start"] * 60)
    known, unseen = told(THINGS[:20]), told(THINGS[20:])
    for _ in range(3):
        pay(reward, ["x"] * 60, ["go"] * 60, known)
    begin(reward, ["start"] * 60)
    right = np.array(["pick up" in one for one in unseen])
    paid = pay(reward.frozen(), ["x"] * 30, ["go"] * 30, unseen) > 0
    accuracy = float(np.mean(paid == right))
    assert (accuracy == 2 / 3 and not paid.any()) if mode == "retrieval" else accuracy >= 0.95
    known_right = np.array(["pick up" in one for one in known])
    assert np.mean((pay(reward.frozen(), ["x"] * 60, ["go"] * 60, known) > 0) == known_right) >= 0.95


def test_a_ranking_pays_the_standardised_score_above_epsilon() -> None:
    reward, _ = oni("mode='ranking', beta=0, updates=8")
    words = ["good a", "bad b", "bad c", "so so", "good d", "bad e"] * 5
    walk(reward, *words)
    scores = reward._scores(words[:6])
    standard = (scores - reward._moments.mean[0]) / reward._moments.std[0]
    expected = np.where(standard > 0.5, standard, 0.0)
    np.testing.assert_allclose(walk(reward.frozen(), *words[:6]), np.minimum(expected, 5.0), rtol=1e-9)  # type: ignore[arg-type]
    assert expected[0] > 0.0
    assert expected[1] == 0.0


def test_pairs_are_of_two_captions_and_a_tie_is_a_half() -> None:
    reward, who = oni("mode='ranking', updates=1")
    walk(reward, "good a", "bad b", "bad c", "good d")
    assert all(one != other for asked in who.pairs for one, other in asked)
    expected = {(a, b): 0.5 + ("good" in a) / 2 - ("good" in b) / 2 for a, b, _ in reward._book.pairs}
    assert all(y == expected[a, b] for a, b, y in reward._book.pairs)
    assert {0.0, 0.5, 1.0} == {y for *_, y in reward._book.pairs}


def test_the_cosine_needs_nobody() -> None:
    reward: Any = make_reward("learned/oni-v1(mode='cosine', every=1, beta=0, epsilon=0.4)")
    begin(reward, ["You are in a room.\n\nYour task is to: put a mug in desk."])
    words = ["You move the mug 1 to the desk 2.", "You open the fridge 1.", "Nothing happens."]
    paid = walk(reward, *words)
    assert paid == [0.0, 0.0, 0.0], "two of six and five words: below epsilon"
    reward.epsilon = 0.2
    assert walk(reward, *words)[0] == pytest.approx(2 / (6 * 5) ** 0.5)


@pytest.mark.parametrize(("mode", "at", "expected"), [("classification", 0.01, 1.0), ("ranking", 0.51, 0.51)])
def test_what_is_just_above_the_line_is_paid_and_what_is_just_below_is_not(
    mode: str, at: float, expected: float
) -> None:
    reward, _ = oni(f"mode='{mode}', beta=0, updates=1")
    walk(reward, "good", "bad", "so so")
    mean, std = (reward._moments.mean[0], reward._moments.std[0]) if mode == "ranking" else (0.0, 1.0)
    still: Any = reward.frozen()
    still._known = {"above": mean + at * std, "below": mean + (at - 0.02) * std}
    np.testing.assert_allclose(walk(still, "above", "below"), [expected, 0.0])


@pytest.mark.parametrize("mode", ["retrieval", "classification", "ranking"])
def test_no_more_labels_are_asked_for_than_may_be(mode: str) -> None:
    reward, who = oni(f"mode='{mode}', max_labels=7, updates=1", slots=10)
    pay(reward, ["x"] * 10, ["go"] * 10, [f"good {i}" for i in range(10)])
    asked = sum(map(len, who.pairs)) if mode == "ranking" else sum(map(len, who.asked))
    assert asked == reward._book.count
    assert 5 <= asked <= 7


@pytest.mark.parametrize("mode", ["retrieval", "classification", "ranking"])
def test_at_the_cap_nothing_is_asked_or_learned(mode: str) -> None:
    reward, who = oni(f"mode='{mode}', beta=0, max_labels=7, batch=2, updates=2")
    walk(reward, *(f"good {i}" if i % 2 else f"bad {i}" for i in range(20)))
    assert reward._book.count == 7
    asked, pairs = len(who.asked), len(who.pairs)
    before = pickle.dumps((reward._book, reward._moments, reward._net and reward._net.values(["good 1"])))
    walk(reward, *(f"good {i}" for i in range(40, 60)))
    assert (len(who.asked), len(who.pairs)) == (asked, pairs)
    assert pickle.dumps((reward._book, reward._moments, reward._net and reward._net.values(["good 1"]))) == before


@pytest.mark.parametrize("mode", ["retrieval", "classification", "ranking"])
def test_it_is_deterministic_and_goes_on_exactly_after_pickling(mode: str) -> None:
    words = [f"{'good' if i % 3 else 'bad'} thing {i % 11}" for i in range(60)]
    whole, _ = oni(f"mode='{mode}', every=4, updates=4, noise=0.2")
    again, _ = oni(f"mode='{mode}', every=4, updates=4, noise=0.2")
    paid = walk(whole, *words)
    first = walk(again, *words[:31])
    taken_up = pickle.loads(pickle.dumps(again))
    assert first + walk(taken_up, *words[31:]) == paid
    assert any(paid)


# -- the thread --------------------------------------------------------------------------------------------------------


def test_the_thread_labels_without_being_waited_for() -> None:
    class Slow(Recorder):
        go = threading.Event()

        def label(self, captions: Sequence[str]) -> np.ndarray:
            assert self.go.wait(10)
            return super().label(captions)

    who, reward = Slow(), oni("asynchronous=True, beta=0")[0]
    reward.use(who)
    assert walk(reward, "good", "good", "bad") == [0.0, 0.0, 0.0], "the agent goes on"
    who.go.set()
    reward.wait()
    assert walk(reward, "good", "bad") == [1.0, 0.0]
    reward.wait()
    assert sorted(one for asked in who.asked for one in asked) == ["bad", "good"]


def test_the_thread_begins_anew_in_a_copy_and_ends_with_its_reward() -> None:
    before = set(threading.enumerate())
    reward, _ = oni("asynchronous=True, beta=0")
    walk(reward, "good")
    reward.wait()
    copy = pickle.loads(pickle.dumps(reward))
    assert copy._thread is None
    walk(copy, "good two")
    copy.wait()
    assert walk(copy, "good two", "good") == [1.0, 1.0]
    assert walk(reward, "good two") == [0.0], "each has a book of its own"
    assert walk(copy.frozen(), "good") == [1.0]
    threads = set(threading.enumerate()) - before
    assert len(threads) == 2
    del reward, copy
    for one in threads:
        one.join(10)
    assert not any(one.is_alive() for one in threads)


def test_what_goes_wrong_in_the_thread_is_raised_where_steps_are_paid() -> None:
    reward, who = oni("asynchronous=True")
    who.broken = True
    walk(reward, "good")
    with pytest.raises(OSError, match="no answer"):
        reward.wait()
    with pytest.raises(OSError, match="no answer"):
        walk(reward, "good")

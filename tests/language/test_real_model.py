"""The real client, the real server and a real model on one port of this computer."""

from __future__ import annotations

import json
import math
import pickle
from pathlib import Path

import pytest

from guerdon.reward_models.language.answers import json_of
from guerdon.reward_models.language.backend import LLMBackend, LLMError, Message, Query
from guerdon.reward_models.language.cache import CachedBackend
from guerdon.reward_models.language.gguf_backend import GGUFBackend

FRIDGE = (Message("user", "Task: put an apple in the fridge. You hold the apple. What is the next action?"),)


def test_it_answers_the_same_to_the_last_digit_whatever_was_asked_before(real: GGUFBackend) -> None:
    words = Query(FRIDGE, max_tokens=8)
    options = Query(FRIDGE, options=("open the fridge", "go to bed"))
    first = real.ask([words, options])
    real.ask([Query((Message("user", "Count to ten."),), max_tokens=8, temperature=1.0, seed=5)])
    assert real.ask([options, words]) == first[::-1]
    # Not every machine computes other last digits from a prompt that is reused in part, so this is looked at as well.
    assert real._backend().extra == {"cache_prompt": False}
    assert isinstance(real, LLMBackend)


def test_log_probabilities_are_those_of_the_next_token(real: GGUFBackend) -> None:
    (told,) = real.ask([Query(FRIDGE, max_tokens=1)])
    (scored,) = real.ask([Query(FRIDGE, options=(told.text, "zebra"))])
    assert -3.0 < scored.logprobs[0] < 0.0  # the likeliest token of all
    assert scored.logprobs[1] < scored.logprobs[0]
    assert scored.text == told.text
    (letters,) = real.ask([Query(FRIDGE, options=("A", "B", "C", "D"))])
    assert sum(math.exp(one) for one in letters.logprobs) <= 1.0


def test_a_schema_is_kept(real: GGUFBackend) -> None:
    schema = {
        "type": "object",
        "properties": {"better": {"type": "string", "enum": ["A", "B"]}},
        "required": ["better"],
        "additionalProperties": False,
    }
    (answer,) = real.ask([Query(FRIDGE, schema=schema, max_tokens=64)])
    assert json_of(answer)["better"] in ("A", "B")
    (short,) = real.ask([Query(FRIDGE, schema=schema, max_tokens=2)])
    with pytest.raises(LLMError, match="cut off by max_tokens"):
        json_of(short)


def test_a_seed_decides_what_is_drawn(real: GGUFBackend) -> None:
    drawn = [Query(FRIDGE, max_tokens=8, temperature=1.5, seed=seed) for seed in (1, 1, 2)]
    first, again, other = real.ask(drawn)
    assert first == again
    assert first.text != other.text


def test_a_prompt_that_is_too_long_is_refused(real: GGUFBackend) -> None:
    long = (Message("user", "word " * 5000),)
    for query in (Query(long), Query(long, options=("A",))):
        with pytest.raises(LLMError, match="exceeds the available context size"):
            real.ask([query])


def test_a_copy_has_no_model_of_its_own_before_it_is_asked(real: GGUFBackend) -> None:
    real.ask([Query(FRIDGE, max_tokens=1)])
    copy = pickle.loads(pickle.dumps(real))
    assert copy.name == real.name
    assert copy._running is None


def test_what_it_said_is_replayed_without_it(real: GGUFBackend, tmp_path: Path) -> None:
    query = Query(FRIDGE, options=("open the fridge", "go to bed"))
    path = tmp_path / "answers.jsonl"
    said = CachedBackend(real, path).ask([query])
    absent = GGUFBackend(tmp_path / "nothing.gguf", real._expected)
    assert CachedBackend(absent, path, "replay").ask([query]) == said
    line = json.loads(path.read_text())
    assert line["backend"] == "gguf:b179c9523d0e6a0f"
    assert str(Path.home()) not in path.read_text()

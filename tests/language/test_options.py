"""Log-probabilities of options, in each way that a server may offer."""

from __future__ import annotations

from typing import Any

import pytest

from guerdon.reward_models.language.backend import LLMError, Message, Query
from guerdon.reward_models.language.http_backend import HTTPBackend

from .conftest import FakeServer

VOCABULARY = ["<s>", "Q", "go", " up", " down", "stay"]
LOGP = {2: -1.0, 3: -0.5, 4: -2.5, 5: -3.0}


def llama(fake: FakeServer) -> None:
    """A llama.cpp server with six tokens."""

    def tokenize(body: Any) -> tuple[int, Any]:
        tokens, rest = [0] if body["add_special"] else [], body["content"]
        while rest:
            token = next(i for i, text in enumerate(VOCABULARY) if rest.startswith(text))
            tokens, rest = [*tokens, token], rest[len(VOCABULARY[token]) :]
        return 200, {"tokens": tokens}

    def complete(body: Any) -> tuple[int, Any]:
        ((token, bias),) = body["logit_bias"]
        assert bias >= 1e3
        assert body["n_predict"] == body["n_probs"] == 1
        return 200, {"completion_probabilities": [{"id": token, "logprob": LOGP[token]}]}

    fake.routes |= {
        "/apply-template": lambda body: (200, {"prompt": body["messages"][-1]["content"]}),
        "/tokenize": tokenize,
        "/completion": complete,
    }


def asked(*options: str) -> Query:
    return Query((Message("user", "Q"),), options=options)


def test_tokens_are_forced_one_by_one_and_averaged(fake: FakeServer, client: HTTPBackend) -> None:
    llama(fake)
    (answer,) = client.ask([asked("stay", "go up", "go down")])
    assert answer.logprobs == (-3.0, (-1.0 - 0.5) / 2, (-1.0 - 2.5) / 2)
    assert answer.text == "go up"
    asks = [body for path, body, _ in fake.requests if path == "/completion"]
    assert [body["prompt"] for body in asks] == [[0, 1], [0, 1], [0, 1, 2], [0, 1, 2]]  # "go" is asked once
    assert [body["cache_prompt"] for body in asks] == [False, True, True, True]


def test_the_prompt_is_computed_anew_for_each_query(fake: FakeServer, client: HTTPBackend) -> None:
    llama(fake)
    client.ask([asked("stay"), asked("stay")])
    assert [body["cache_prompt"] for path, body, _ in fake.requests if path == "/completion"] == [False, False]


def test_a_server_that_does_not_force_is_not_believed(fake: FakeServer, client: HTTPBackend) -> None:
    llama(fake)
    fake.routes["/completion"] = lambda body: (200, {"completion_probabilities": [{"id": 1, "logprob": 0.0}]})
    with pytest.raises(LLMError, match="was told to answer token 5"):
        client.ask([asked("stay")])


def test_a_prompt_that_is_too_long_is_that_and_not_a_missing_way(fake: FakeServer, client: HTTPBackend) -> None:
    llama(fake)
    fake.routes["/completion"] = lambda body: (400, {"error": "exceeds the context size"})
    with pytest.raises(LLMError, match="exceeds the context size"):
        client.ask([asked("stay")])


def echo(body: Any) -> tuple[int, Any]:
    """One token a character, each as likely as exp(-its place from the end of the prompt)."""
    text = body["prompt"] + "!"
    start = text.index("assistant:") + len("assistant:")
    values = [None, *(float(-max(place - start, 0)) for place in range(1, len(text)))]
    about = {"tokens": list(text), "token_logprobs": values, "text_offset": list(range(len(text)))}
    return 200, {"choices": [{"text": text, "logprobs": about}], "usage": {"total_tokens": len(text)}}


def test_an_echo_is_read_where_the_option_stands(fake: FakeServer, client: HTTPBackend) -> None:
    fake.routes["/v1/completions"] = echo
    (answer,) = client.ask([asked("go", "stay")])
    assert answer.logprobs == ((0 - 1 - 2) / 3, (0 - 1 - 2 - 3 - 4) / 5)  # with the space before
    client.ask([asked("go")])
    assert fake.paths() == ["/apply-template", *["/v1/completions"] * 3]  # what is missing is remembered


def letters(*listed: tuple[str, float]) -> Any:
    top = [{"token": token, "logprob": logprob} for token, logprob in listed]
    return lambda body: (
        200,
        {"choices": [{"message": {"content": "A"}, "logprobs": {"content": [{"top_logprobs": top}]}}]},
    )


def test_letters_are_found_among_the_likeliest_tokens(fake: FakeServer, client: HTTPBackend) -> None:
    fake.routes["/v1/completions"] = lambda body: (200, {"choices": [{"text": "no echo"}]})
    fake.routes["/v1/chat/completions"] = letters(("B", -0.1), (" A", -2.0), ("A", -2.5), ("The", -4.0))
    assert client.ask([asked("A", "B")])[0].logprobs == (-2.0, -0.1)
    assert client.ask([asked("A", "C")])[0].logprobs == (-2.0, -4.0)  # at most as likely as the last that is listed


@pytest.mark.parametrize("options", [("go to the fridge",), ("X", "Y")])
def test_what_no_way_can_score_is_an_error_that_says_what_is_missing(
    fake: FakeServer, client: HTTPBackend, options: tuple[str, ...]
) -> None:
    fake.routes["/v1/chat/completions"] = letters(("A", -0.1))
    with pytest.raises(LLMError, match=r"openai:toy: .*/apply-template.*echo and logprobs.*top_logprobs"):
        client.ask([asked(*options)])


def test_an_empty_option_has_no_probability(client: HTTPBackend) -> None:
    with pytest.raises(LLMError, match="option ' ' has no text"):
        client.ask([asked("A", " ")])

"""The HTTP client against a server that misbehaves in every way that servers do."""

from __future__ import annotations

import logging
import pickle
import traceback

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.reward_models.language.backend import Answer, LLMBackend, LLMError, Message, Query
from guerdon.reward_models.language.budget import Budget
from guerdon.reward_models.language.endpoint import Endpoint, RefusedError
from guerdon.reward_models.language.http_backend import HTTPBackend

from .conftest import FakeServer, chat

ASKED = Query((Message("system", "be short"), Message("user", "hello")), seed=3, max_tokens=9)


def test_a_query_becomes_a_request_and_an_answer_comes_back(fake: FakeServer, client: HTTPBackend) -> None:
    fake.say(chat("hi", tokens=12))
    assert client.ask([ASKED]) == [Answer("hi", (), 12, {"finish_reason": "stop"})]
    path, body, _ = fake.requests[0]
    assert path == "/v1/chat/completions"
    assert body == {
        "model": "toy",
        "messages": [{"role": "system", "content": "be short"}, {"role": "user", "content": "hello"}],
        "temperature": 0.0,
        "max_tokens": 9,
        "seed": 3,
    }
    assert isinstance(client, LLMBackend)


@pytest.mark.parametrize(
    ("given_url", "path"),
    [("", "/v1/chat/completions"), ("/v1/", "/v1/chat/completions"), ("/api/openai", "/api/openai/chat/completions")],
)
def test_the_address_may_name_the_path_of_the_api(fake: FakeServer, given_url: str, path: str) -> None:
    fake.say(chat("hi"))
    backend = HTTPBackend(fake.url + given_url, "toy")
    backend.ask([ASKED])
    assert fake.paths() == [path]
    backend.close()


def test_a_schema_is_sent_and_extra_fields_override_and_remove(fake: FakeServer) -> None:
    fake.say(chat("{}"))
    backend = HTTPBackend(fake.url, "toy", extra={"temperature": None, "top_p": 0.5})
    backend.ask([Query(ASKED.messages, schema={"type": "object"})])
    body = fake.requests[0][1]
    assert body["response_format"]["json_schema"]["schema"] == {"type": "object"}
    assert body["top_p"] == 0.5
    assert "temperature" not in body
    assert backend.name != HTTPBackend(fake.url, "toy").name  # they make other answers
    backend.close()


def test_many_workers_keep_the_order(fake: FakeServer) -> None:
    fake.routes["/v1/chat/completions"] = lambda body: (200, chat(body["messages"][0]["content"]))
    backend = HTTPBackend(fake.url, "toy", workers=4)
    queries = [Query((Message("user", str(number)),)) for number in range(20)]
    assert [answer.text for answer in backend.ask(queries)] == [str(number) for number in range(20)]
    backend.close()


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_busy_server_is_asked_again_after_longer_and_longer(
    fake: FakeServer, client: HTTPBackend, waits: list[float], status: int
) -> None:
    fake.say({"error": "busy"}, status).say({"error": "busy"}, status).say(chat("at last"))
    assert client.ask([ASKED])[0].text == "at last"
    assert waits == [0.01, 0.02]


def test_the_server_says_how_long_to_wait_but_not_more_than_a_minute(
    fake: FakeServer, client: HTTPBackend, waits: list[float]
) -> None:
    fake.say("", 429, Retry_After="7").say("", 429, Retry_After="86400").say(chat("hi"))
    client.ask([ASKED])
    assert waits == [7.0, 60.0]


@pytest.mark.parametrize("broken", ["<html>busy</html>", '{"choices": [', "DROP"])
def test_a_broken_answer_is_asked_for_again_and_named_when_it_stays(
    fake: FakeServer, client: HTTPBackend, waits: list[float], broken: str
) -> None:
    fake.say(broken).say(chat("hi")).say(broken)
    assert client.ask([ASKED])[0].text == "hi"
    with pytest.raises(LLMError, match=r"gave up after 3 attempts; (the answer is not JSON|no connection)"):
        client.ask([ASKED])
    assert len(fake.requests) == 5


@pytest.mark.parametrize("client", [{"timeout": 0.2, "retries": 0}], indirect=True)
def test_a_server_that_does_not_answer_is_given_up(fake: FakeServer, client: HTTPBackend) -> None:
    fake.say("HANG")
    with pytest.raises(LLMError, match=r"gave up after one attempt; no answer within 0\.2 s"):
        client.ask([ASKED])


def test_a_server_that_is_not_there_is_named(waits: list[float]) -> None:
    with pytest.raises(LLMError, match=r"http://127\.0\.0\.1:9/v1/chat/completions: gave up after 3 attempts"):
        HTTPBackend("http://127.0.0.1:9", "toy", retries=2).ask([ASKED])


@pytest.mark.parametrize(("status", "hint"), [(400, "refused"), (401, "key"), (404, "no such model"), (302, "refused")])
def test_a_refusal_is_final(fake: FakeServer, client: HTTPBackend, waits: list[float], status: int, hint: str) -> None:
    fake.say({"error": "no"}, status, Location="http://127.0.0.1:9/elsewhere")
    with pytest.raises(RefusedError, match=f"HTTP {status}, .*{hint}") as caught:
        client.ask([ASKED])
    assert len(fake.requests) == 1
    assert not waits
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.status, str(again)) == (status, str(caught.value))


@pytest.mark.parametrize("odd", [[], {}, {"choices": []}, {"choices": [{}]}, {"choices": [{"message": "text"}]}, 3])
def test_json_that_is_no_completion_is_an_error_that_shows_it(
    fake: FakeServer, client: HTTPBackend, odd: object
) -> None:
    fake.say(odd)
    with pytest.raises(LLMError, match="not a chat completion"):
        client.ask([ASKED])


def test_a_refusal_of_the_model_is_an_error(fake: FakeServer, client: HTTPBackend) -> None:
    fake.say({"choices": [{"message": {"content": None, "refusal": "I cannot help"}}]})
    with pytest.raises(LLMError, match="refuses to answer: I cannot help"):
        client.ask([ASKED])


def test_the_budget_of_requests_counts_repetitions(fake: FakeServer, waits: list[float]) -> None:
    fake.say("", 500)
    budget = Budget(requests=2)
    backend = HTTPBackend(fake.url, "toy", retries=5, budget=budget)
    with pytest.raises(LLMError, match=r"the budget of 2 requests is spent \(2 used\)"):
        backend.ask([ASKED])
    assert len(fake.requests) == budget.spent_requests == 2
    backend.close()


def test_the_budget_of_tokens_stops_the_next_request(fake: FakeServer) -> None:
    fake.say(chat("hi", tokens=60))
    budget = Budget(tokens=100)
    backend = HTTPBackend(fake.url, "toy", budget=budget)
    with pytest.raises(LLMError, match=r"the budget of 100 tokens is spent \(120 used\)"):
        backend.ask([ASKED] * 3)
    assert len(fake.requests) == 2
    assert pickle.loads(pickle.dumps(budget)) == budget
    backend.close()


def test_tokens_are_estimated_where_the_server_does_not_count(fake: FakeServer, client: HTTPBackend) -> None:
    fake.say({"choices": [{"message": {"content": "x" * 400}}]})
    assert 100 <= client.ask([ASKED])[0].tokens <= 110


def test_the_key_is_sent_and_shows_nowhere_else(
    fake: FakeServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, waits: list[float]
) -> None:
    key = "sk-very-secret-1234567890"
    monkeypatch.setenv("TOY_KEY", key)
    caplog.set_level(logging.DEBUG)
    backend = HTTPBackend(fake.url, "toy", key_variable="TOY_KEY", retries=1)
    fake.say({"error": f"invalid key {key}"}, 401).say(f"bad gateway for Bearer {key}").say(f"{key} again", 500)
    shown = [backend.name, repr(backend), repr(vars(backend)), pickle.dumps(backend).decode("latin-1")]
    for _ in range(2):
        with pytest.raises(LLMError, match=r"\*\*\*") as caught:
            backend.ask([ASKED])
        shown += [str(caught.value), "".join(traceback.format_exception(caught.value))]
    assert all(headers["Authorization"] == f"Bearer {key}" for _, _, headers in fake.requests)
    assert not any(key in text for text in [*shown, caplog.text])
    backend.close()


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda key: not key.isascii() or " " in key)
)
def test_a_key_that_no_header_can_carry_is_not_shown(key: str) -> None:
    endpoint = Endpoint("http://127.0.0.1:9", key=lambda: "sk-" + key, retries=0)
    with pytest.raises(LLMError) as caught:
        endpoint.post("/v1", {})
    assert "no header may carry" in str(caught.value)
    assert "sk-" not in "".join(traceback.format_exception(caught.value))


def test_no_key_no_header(fake: FakeServer, client: HTTPBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GUERDON_LLM_KEY", raising=False)
    fake.say(chat("hi"))
    client.ask([ASKED])
    assert "Authorization" not in fake.requests[0][2]


@pytest.mark.parametrize(
    "url", ["http://me:secretword@host/v1", "https://host/v1?key=secretword", "https://me:secretword@host/v1#toy"]
)
def test_an_address_with_a_key_in_it_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(LLMError, match="keys belong in the environment") as caught:
        HTTPBackend(url, "toy")
    assert "secretword" not in str(caught.value)


@pytest.mark.parametrize("url", ["ftp://host", "host:80", ""])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(LLMError, match="not the address of a server"):
        HTTPBackend(url, "toy")


def test_proxies_are_not_used_for_this_computer(
    fake: FakeServer, client: HTTPBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    fake.say(chat("hi"))
    assert client.ask([ASKED])[0].text == "hi"
    assert httpx.__version__

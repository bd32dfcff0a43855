"""Answers are kept: exactly, whole lines only, by any number of processes, and nothing secret among them."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.core.names import UnknownNameError
from guerdon.reward_models.language.backend import Answer, LLMError, Message, Query
from guerdon.reward_models.language.cache import CachedBackend, query_key
from guerdon.reward_models.language.http_backend import HTTPBackend
from guerdon.reward_models.language.opening import open_backend
from guerdon.reward_models.language.scripted import ScriptedBackend

from .conftest import FakeServer, chat


def asked(text: str = "hello", **changes: object) -> Query:
    return Query((Message("user", text),), **changes)  # type: ignore[arg-type]


def test_a_question_is_asked_once_and_replayed_by_another_process(tmp_path: Path) -> None:
    inner = ScriptedBackend([Answer("one", (-0.1, -1e-17), 5, {"finish_reason": "stop"}), "two"])
    cached = CachedBackend(inner, tmp_path / "deep" / "answers.jsonl")
    first = cached.ask([asked("a"), asked("b"), asked("a")])
    assert [answer.text for answer in first] == ["one", "two", "one"]
    assert cached.ask([asked("b")]) == [first[1]]
    assert len(inner.asked) == 2
    silent = CachedBackend(ScriptedBackend([]), cached.path, "replay")
    assert silent.ask([asked("a"), asked("b"), asked("a")]) == first


def test_replay_refuses_to_ask(tmp_path: Path) -> None:
    inner = ScriptedBackend(["never"])
    with pytest.raises(LLMError, match=r"1 of 1 answers of scripted are not in .*the one to 'hello'"):
        CachedBackend(inner, tmp_path / "answers.jsonl", "replay").ask([asked()])
    assert not inner.asked
    assert not (tmp_path / "answers.jsonl").exists()


def test_off_asks_every_time_and_writes_nothing(tmp_path: Path) -> None:
    cached = CachedBackend(ScriptedBackend(["one", "two"]), tmp_path / "answers.jsonl", "off")
    assert [cached.ask([asked()])[0].text for _ in range(2)] == ["one", "two"]
    assert not cached.path.exists()
    with pytest.raises(UnknownNameError, match="Did you mean 'replay'"):
        CachedBackend(cached.inner, cached.path, "reply")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1},
        {"temperature": 0.5},
        {"max_tokens": 1},
        {"schema": {"type": "object"}},
        {"options": ("A",)},
        {"messages": (Message("system", "hello"),)},
        {"messages": (Message("user", "hello"), Message("user", ""))},
    ],
)
def test_the_key_covers_the_backend_and_all_of_the_query(change: dict[str, object]) -> None:
    plain = {"messages": (Message("user", "hello"),)}
    assert query_key("m", Query(**plain)) != query_key("m", Query(**{**plain, **change}))  # type: ignore[arg-type]
    assert query_key("m", Query(**plain)) != query_key("n", Query(**plain))
    assert query_key("m", asked(schema={"a": 1, "b": 2})) == query_key("m", asked(schema={"b": 2, "a": 1}))


@given(st.text(), st.lists(st.floats(allow_nan=False, max_value=0), max_size=4), st.text())
def test_answers_come_back_to_the_last_digit(text: str, logprobs: list[float], said: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        answer = Answer(said, tuple(logprobs), 3)
        path = Path(folder, "answers.jsonl")
        CachedBackend(ScriptedBackend([answer]), path).ask([asked(text)])
        assert CachedBackend(ScriptedBackend([]), path, "replay").ask([asked(text)]) == [answer]


def test_a_torn_line_is_passed_over_and_does_not_spoil_the_next(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    CachedBackend(ScriptedBackend(["one", "two"]), path).ask([asked("a"), asked("b")])
    path.write_bytes(path.read_bytes()[:-20])
    again = CachedBackend(ScriptedBackend(["three"]), path)
    assert [answer.text for answer in again.ask([asked("a"), asked("b")])] == ["one", "three"]
    silent = CachedBackend(ScriptedBackend([]), path, "replay")
    assert [answer.text for answer in silent.ask([asked("a"), asked("b")])] == ["one", "three"]


def test_of_two_answers_in_the_file_the_first_counts(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.jsonl", "b.jsonl", "both.jsonl")]
    for path, said in zip(paths[:2], ("one", "two"), strict=True):
        CachedBackend(ScriptedBackend([said]), path).ask([asked()])
    paths[2].write_bytes(b"".join(path.read_bytes() for path in paths[:2]))
    assert CachedBackend(ScriptedBackend([]), paths[2], "replay").ask([asked()])[0].text == "one"


def test_what_was_answered_before_an_error_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    replies = [str(number) for number in range(16)] + [LLMError("gone")]
    queries = [asked(str(number)) for number in range(20)]
    with pytest.raises(LLMError, match="gone"):
        CachedBackend(ScriptedBackend(replies), path).ask(queries)
    rest = ScriptedBackend(lambda query: query.messages[0].content)
    assert [answer.text for answer in CachedBackend(rest, path).ask(queries)] == [str(n) for n in range(20)]
    assert len(rest.asked) == 4


def work(path: str, own: str, results: multiprocessing.Queue[list[str]]) -> None:
    cached = CachedBackend(ScriptedBackend(lambda query: own + query.messages[0].content), path)
    results.put([cached.ask([asked(str(number))])[0].text for number in range(40)])


def test_processes_share_one_file_and_agree_on_every_answer(tmp_path: Path) -> None:
    path = str(tmp_path / "answers.jsonl")
    context = multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn")
    results = context.Queue()
    workers = [context.Process(target=work, args=(path, own, results)) for own in "abc"]
    for worker in workers:
        worker.start()
    found = [results.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join()
    assert found[0] == found[1] == found[2]
    lines = [json.loads(line) for line in Path(path).read_text().splitlines()]
    assert len({line["key"] for line in lines}) == len(lines) == 40


def test_no_key_and_no_address_in_the_file(fake: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUERDON_LLM_KEY", "sk-secret-987")
    fake.say(chat("hi"))
    backend = HTTPBackend(fake.url, "toy")
    cached = CachedBackend(backend, tmp_path / "answers.jsonl")
    cached.ask([asked()])
    text = cached.path.read_text()
    assert fake.requests[0][2]["Authorization"].endswith("sk-secret-987")
    assert "secret" not in text
    assert "127.0.0.1" not in text
    assert "Authorization" not in text
    cached.close()


def test_one_text_opens_any_model(tmp_path: Path) -> None:
    file = tmp_path / "toy.gguf"
    file.write_bytes(b"GGUF")
    assert open_backend("smollm2").name == "gguf:b179c9523d0e6a0f"
    assert open_backend(str(file)).name == "gguf:" + hashlib.sha256(b"GGUF").hexdigest()[:16]
    assert open_backend("http://127.0.0.1:9/v1#qwen").name == "openai:qwen"
    with pytest.raises(LLMError, match="name the model too"):
        open_backend("http://127.0.0.1:9/v1")
    with pytest.raises(LLMError, match="'gpt' is no language model: it is smollm2, "):
        open_backend("gpt")

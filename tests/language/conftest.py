"""A server with prepared answers, and the real one with the real weights."""

from __future__ import annotations

import importlib.util
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from guerdon.reward_models.language.endpoint import Endpoint
from guerdon.reward_models.language.gguf_backend import GGUFBackend
from guerdon.reward_models.language.http_backend import HTTPBackend
from guerdon.reward_models.language.weights import SMOLLM2

WEIGHTS: Path | None = SMOLLM2.find()
"""Found before the tests get a cache folder of their own."""


@dataclass
class FakeServer:
    """Answers each request with the next of `replies`: (status, body, headers); the last one again and again."""

    replies: list[tuple[int, Any, dict[str, str]]] = field(default_factory=list)
    requests: list[tuple[str, Any, dict[str, str]]] = field(default_factory=list)
    routes: dict[str, Callable[[Any], tuple[int, Any]]] = field(default_factory=dict)
    hold: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def say(self, body: Any, status: int = 200, **headers: str) -> FakeServer:
        self.replies.append((status, body, {name.replace("_", "-"): value for name, value in headers.items()}))
        return self

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.requests]

    def reply(self, path: str, body: Any) -> tuple[int, Any, dict[str, str]]:
        if path in self.routes:
            return (*self.routes[path](body), {})
        if self.routes and not self.replies:
            return 404, {"error": "no such path"}, {}
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


def chat(text: str, tokens: int = 7) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return {"choices": [choice], "usage": {"total_tokens": tokens}}


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    state = FakeServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            state.requests.append((self.path, json.loads(raw), dict(self.headers)))
            status, body, headers = state.reply(self.path, json.loads(raw))
            if body == "HANG":
                state.hold.wait(10)
            if body in ("HANG", "DROP"):
                self.close_connection = True
                return
            data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield state
    state.hold.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(fake: FakeServer, request: pytest.FixtureRequest) -> Iterator[HTTPBackend]:
    settings = {"timeout": 5.0, "retries": 2, "backoff": 0.01} | getattr(request, "param", {})
    backend = HTTPBackend(fake.url, "toy", **settings)
    yield backend
    backend.close()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Waiting takes no time; how long it would have been."""
    found: list[float] = []
    monkeypatch.setattr(f"{Endpoint.__module__}.time.sleep", found.append)
    return found


@pytest.fixture(scope="session")
def real() -> Iterator[GGUFBackend]:
    """SmolLM2 behind the real client and the real server."""
    if importlib.util.find_spec("xllamacpp") is None:
        pytest.skip('the real language model is not tested: pip install "guerdon[local-llm]"')
    if WEIGHTS is None:
        pytest.skip("the real language model is not tested: its weights are not there; `guerdon weights` fetches them")
    backend = GGUFBackend(WEIGHTS, SMOLLM2.sha256)
    yield backend
    backend.close()

"""The page's server: what it serves, and everything that it refuses."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from guerdon.evaluation.labelling.server import LabelServer
from guerdon.evaluation.labelling.session import LabelSession
from guerdon.evaluation.preference_store import read_answers

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def session(recorded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabelSession]:
    """One sitting for all tests: each leaves it without an answer."""
    made = LabelSession(shutil.copytree(recorded, tmp_path_factory.mktemp("served") / "pairs"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def server(session: LabelSession) -> Iterator[LabelServer]:
    with LabelServer(session) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def ask(
    server: LabelServer, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
) -> tuple[int, Any, bytes]:
    """Send exactly this, without the tidying that a client would do."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    told = {"Host": f"127.0.0.1:{server.server_port}", **(headers or {})}
    connection.putrequest(method, path, skip_host=True)
    raw = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    if raw is not None and "Content-Length" not in told:
        told["Content-Length"] = str(len(raw))
    for name, value in told.items():
        connection.putheader(name, value)
    connection.endheaders(raw)
    response = connection.getresponse()
    found = response.status, response.headers, response.read()
    connection.close()
    return found


def test_it_listens_on_this_machine_only(server: LabelServer) -> None:
    assert server.socket.getsockname()[0] == "127.0.0.1"
    assert server.url == f"http://127.0.0.1:{server.server_port}/"


def test_the_page_may_load_nothing_from_elsewhere(server: LabelServer) -> None:
    status, headers, page = ask(server, "GET", "/")
    policy = headers["Content-Security-Policy"]
    assert status == 200
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http" not in policy
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    assert page.decode().count(f'nonce="{nonce}"') == 2
    assert nonce not in ask(server, "GET", "/")[1]["Content-Security-Policy"]


def test_a_pair_from_the_question_to_the_answer(server: LabelServer, session: LabelSession) -> None:
    state = json.loads(ask(server, "GET", "/api/state")[2])
    pair = json.loads(ask(server, "GET", f"/api/pair/{state['upcoming'][0]}")[2])
    for side in ("first", "second"):
        status, headers, clip = ask(server, "GET", f"/clips/{pair[side]}")
        assert (status, headers["Content-Type"], clip[4:8]) == (200, "video/mp4", b"ftyp")
    answer = {"data": state["data"], "pair": 0, "label": 0.5, "seconds": 3.25}
    status, _, after = ask(server, "POST", "/api/answer", answer, JSON)
    assert status == 200
    assert json.loads(after)["done"] == 1
    assert read_answers(session.folder) == {0: 0.5}
    status, _, after = ask(server, "POST", "/api/undo", {"data": state["data"]}, JSON)
    assert json.loads(after) == state
    assert read_answers(session.folder) == {}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "localhost:8000", "127.0.0.1:9"])
def test_its_own_names_are_fine_also_through_a_tunnel(server: LabelServer, host: str) -> None:
    assert ask(server, "GET", "/api/state", headers={"Host": host, "Origin": f"http://{host}"})[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:80"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "localhost@evil.example"},
        {"Host": ""},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
    ],
    ids=str,
)
def test_other_hosts_and_origins_are_refused(server: LabelServer, session: LabelSession, headers: dict) -> None:
    answer = {"data": session.data, "pair": 0, "label": 1, "seconds": 1}
    assert ask(server, "GET", "/", headers=headers)[0] == 403
    assert ask(server, "GET", "/clips/pair0000_first.mp4", headers=headers)[0] == 403
    assert ask(server, "POST", "/api/answer", answer, {**JSON, **headers})[0] == 403
    assert read_answers(session.folder) == {}


def test_a_request_without_a_host_is_refused(server: LabelServer) -> None:
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=20) as one:
        one.sendall(b"GET /api/state HTTP/1.0\r\n\r\n")
        assert b" 403 " in one.makefile("rb").readline()


@pytest.mark.parametrize(
    "path",
    [
        "/answers.jsonl", "/clips/", "/clips/../answers.jsonl", "/clips/..%2fanswers.jsonl", "/../../etc/passwd",
        "/clips/pair0000_first.mp4/../../answers.jsonl", "/clips/pair0000_first.mp4%00", "/clips/pair0000_third.mp4",
        "/clips/%2e%2e/pairs.parquet",
        "/clips/pair0000.json", "/clips/pair00000_first.mp4", "/clips/pair0010_first.mp4", "/clips/pair9999_first.mp4",
        "//etc/passwd", "http://127.0.0.1/api/state", "/page.html.jinja", "/api/pair/", "/api/pair/-1",
        "/api/pair/10", "/api/pair/0/", "/api/pair/٣", "/api/state?x", "/api/answer", "/favicon.ico",
    ],
)  # fmt: skip
def test_paths_that_lead_nowhere(server: LabelServer, session: LabelSession, path: str) -> None:
    session.pair(0)
    connection = socket.create_connection(("127.0.0.1", server.server_port), timeout=20)
    with connection, connection.makefile("rb") as reply:
        connection.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        assert b" 404 " in reply.readline()


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (415, {"pair": 0}, {"Content-Type": "text/plain"}),
        (415, {"pair": 0}, {}),
        (415, b"pair=0&label=1", {"Content-Type": "application/x-www-form-urlencoded"}),
        (413, b" " * 3000, JSON),
        (413, b"{}", {**JSON, "Content-Length": "99999999999"}),
        (411, b"{}", {**JSON, "Content-Length": "-1"}),
        (411, None, JSON),
        (400, b"{", JSON),
        (400, b"\xff\xfe{}", JSON),
        (400, b"[" * 2000, JSON),
        (400, [], JSON),
        (400, {"pair": 0, "label": 1}, JSON),
        (400, {"data": "DATA", "pair": 0, "label": 0.7, "seconds": 1}, JSON),
        (400, {"data": "DATA", "pair": 0, "label": True, "seconds": 1}, JSON),
        (400, {"data": "DATA", "pair": 0, "label": 1, "seconds": -1}, JSON),
        (400, b'{"data": "DATA", "pair": 0, "label": NaN, "seconds": 1}', JSON),
        (400, {"data": "DATA", "pair": 0, "label": 1, "seconds": 1, "more": 1}, JSON),
        (404, {"data": "DATA", "pair": 10, "label": 1, "seconds": 1}, JSON),
        (404, {"data": "DATA", "pair": "0", "label": 1, "seconds": 1}, JSON),
        (404, {"data": "DATA", "pair": [], "label": 1, "seconds": 1}, JSON),
        (409, {"data": "other", "pair": 0, "label": 1, "seconds": 1}, JSON),
    ],
    ids=str,
)
def test_bodies_that_are_refused(
    server: LabelServer, session: LabelSession, status: int, body: Any, headers: dict
) -> None:
    raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    raw = raw and raw.replace(b"DATA", session.data.encode())
    found, _, told = ask(server, "POST", "/api/answer", raw, headers)
    assert found == status
    assert set(json.loads(told)) == {"error"}
    assert read_answers(session.folder) == {}
    assert ask(server, "GET", "/api/state")[0] == 200


def test_a_pair_that_cannot_be_filmed_is_an_error_that_says_why(server: LabelServer, session: LabelSession) -> None:
    index, _, stop = session.clips._preferences.pairs[5, 0].tolist()
    session.clips._preferences.trajectories[index].steps[stop - 1].next_obs = "else"
    status, _, told = ask(server, "GET", "/api/pair/5")
    assert status == 500
    assert "as it was recorded" in json.loads(told)["error"]


def test_a_port_that_is_taken(server: LabelServer, session: LabelSession) -> None:
    for port in (server.server_port, 70_000):
        with pytest.raises(ValueError, match=f"port {port} cannot be used"):
            LabelServer(session, port)

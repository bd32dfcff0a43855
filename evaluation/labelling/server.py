"""The labelling page on this machine: one page, its clips, and a small JSON interface, by the standard library alone.

    GET  /                            the page
    GET  /api/state                   where the sitting stands
    GET  /api/pair/3                  what the clips of a pair show; waits until they are filmed
    GET  /clips/pair0003_first.mp4    a clip
    POST /api/answer                  {"data": ..., "pair": 3, "label": 1, "seconds": 4.2}; answers with the state
    POST /api/undo                    {"data": ...}; answers with the state

Only this machine can connect, and only a page of this server can use it: a request that names another host (DNS
rebinding) or comes from a page of another origin is refused, and so is a POST that a foreign form could send, whose
content is not JSON. Paths are compared, never joined. Whoever can log in on this machine can connect too, though: there
is no password.
"""

from __future__ import annotations

import json
import re
import secrets
import socketserver
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from .clips import ClipError
from .session import LabelSession, StaleError

__all__ = ["LabelServer"]

ADDRESS = "127.0.0.1"
HOSTS = (ADDRESS, "localhost")
LONGEST_BODY = 2048
PATIENCE_S = 30.0
PAIR_PATH = re.compile(r"/api/pair/([0-9]{1,9})")
CLIP_PATH = re.compile(r"/clips/(pair[0-9]{4,9}_[a-z]{1,9}\.mp4)")
NOTHING = "default-src 'none'"
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class LabelServer(ThreadingHTTPServer):
    """Serves a session on 127.0.0.1; `serve_forever` and `server_close` as for any server of the standard library.

    Args:
        session: what is labelled; it is not closed with the server.
        port: 0 for any that is free.

    Attributes:
        url: what to open.

    Raises:
        ValueError: the port cannot be used.
    """

    def __init__(self, session: LabelSession, port: int = 0):
        self.session = session
        try:
            super().__init__((ADDRESS, port), _Handler)
        except (OSError, OverflowError) as error:
            raise ValueError(f"port {port} cannot be used ({error}); 0 takes any that is free") from error
        self.url = f"http://{ADDRESS}:{self.server_address[1]}/"

    def server_bind(self) -> None:
        """Bind without looking up a name for the address, which may take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = ADDRESS, self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report what went wrong, but not that a browser went away in the middle."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _RefusedError(Exception):
    """A request that gets an error status."""

    def __init__(self, status: HTTPStatus, message: str):
        super().__init__(message)
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    server: LabelServer  # type: ignore[assignment]
    timeout = PATIENCE_S
    server_version, sys_version = "guerdon", ""

    def do_GET(self) -> None:
        self._reply(self._get)

    def do_POST(self) -> None:
        self._reply(self._post)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the terminal quiet."""

    def _get(self) -> None:
        session = self.server.session
        if self.path == "/":
            nonce = secrets.token_urlsafe(16)
            policy = f"script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; media-src blob:; connect-src 'self'"
            policy += "; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            self._send("text/html; charset=utf-8", _page(nonce).encode(), policy=f"default-src 'none'; {policy}")
        elif self.path == "/api/state":
            self._send_json(session.state())
        elif match := PAIR_PATH.fullmatch(self.path):
            self._send_json(session.pair(int(match[1])))
        elif match := CLIP_PATH.fullmatch(self.path):
            self._send("video/mp4", session.clip(match[1]).read_bytes())
        else:
            raise KeyError("there is nothing here")

    def _post(self) -> None:
        if self.path not in ("/api/answer", "/api/undo"):
            raise KeyError("there is nothing here")
        told = self._body()
        wanted = {"data", "pair", "label", "seconds"} if self.path == "/api/answer" else {"data"}
        if not isinstance(told, dict) or set(told) != wanted:
            raise ValueError(f"the body has to be an object with {', '.join(sorted(wanted))}")
        session = self.server.session
        self._send_json(session.answer(**told) if self.path == "/api/answer" else session.undo(**told))

    def _body(self) -> Any:
        if self.headers.get_content_type() != "application/json":
            raise _RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the body has to be application/json")
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdecimal() or len(length) > 18:
            raise _RefusedError(HTTPStatus.LENGTH_REQUIRED, "the length of the body is missing")
        if int(length) > LONGEST_BODY:
            raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body has more than {LONGEST_BODY} bytes")
        return json.loads(self.rfile.read(int(length)))

    def _check_origin(self) -> None:
        """Refuse whoever is not a page of this server. Ports may differ: an SSH tunnel has its own."""
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or re.sub(r":[0-9]{1,5}$", "", hosts[0]) not in HOSTS:
            raise _RefusedError(HTTPStatus.FORBIDDEN, f"this page is at {self.server.url}")
        origins = self.headers.get_all("Origin", [])
        if origins and origins != [f"http://{hosts[0]}"]:
            raise _RefusedError(HTTPStatus.FORBIDDEN, "pages of other origins have no business here")

    def _reply(self, respond: Any) -> None:
        try:
            self._check_origin()
            respond()
        except _RefusedError as error:
            self._send_json({"error": str(error)}, error.status)
        except StaleError as error:
            self._send_json({"error": str(error)}, HTTPStatus.CONFLICT)
        except KeyError as error:
            self._send_json({"error": str(error.args[0])}, HTTPStatus.NOT_FOUND)
        except (ValueError, RecursionError) as error:
            self._send_json({"error": str(error)}, HTTPStatus.BAD_REQUEST)
        except (ClipError, OSError) as error:
            self._send_json({"error": str(error)}, HTTPStatus.INTERNAL_SERVER_ERROR)

    def _send_json(self, value: Any, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send("application/json", json.dumps(value).encode(), status)

    def _send(self, kind: str, content: bytes, status: HTTPStatus = HTTPStatus.OK, policy: str = NOTHING) -> None:
        self.send_response(status)
        told = {"Content-Type": kind, "Content-Length": str(len(content)), "Content-Security-Policy": policy}
        for name, value in {**told, **HEADERS}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


def _page(nonce: str) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    env = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined)
    return env.get_template("page.html.jinja").render(nonce=nonce)

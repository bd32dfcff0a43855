"""One HTTP server that answers JSON with JSON: retries, time limits, a budget, and a key that shows up nowhere."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from .backend import LLMError
from .budget import Budget

__all__ = ["Endpoint", "EnvironmentKey", "RefusedError"]

AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
"""Status codes after which the same request may succeed."""
LONGEST_WAIT = 60.0
HINTS = {
    401: "the key is missing or wrong",
    403: "the key may not do this",
    404: "there is no such model or path",
    413: "the prompt is too long",
}


class RefusedError(LLMError):
    """The server understood, and said no; asking again would not help. `status` is its HTTP status."""

    def __init__(self, message: str, status: int):
        super().__init__(message)
        self.status = status

    def __reduce__(self) -> tuple[type[RefusedError], tuple[str, int]]:
        return type(self), (str(self), self.status)


@dataclass(frozen=True)
class EnvironmentKey:
    """Reads a key from an environment variable each time it is wanted, so that it is stored nowhere."""

    variable: str

    def __call__(self) -> str:
        """Return the key; "" if the variable is not set."""
        return os.environ.get(self.variable, "").strip()


class Endpoint:
    """Posts JSON to paths below one address.

    After a time-out, a lost connection, a busy server (429), a failing one (5xx) or an answer that is not JSON, the
    request is repeated after `backoff` seconds, then twice that, and so on, or as long as the server says in
    Retry-After, at most a minute each time. Anything else that goes wrong is an error at once.

    Redirects are not followed and the key goes to this host only. It is replaced by *** where a server repeats it in
    an error message. On this computer's own addresses the proxies of the environment are not used.

    Args:
        url: http or https, a host, perhaps a port and a path; no user, password or query, which would be shown.
        key: returns the key that is sent as "Authorization: Bearer ..."; "" for none.
        timeout: seconds to wait for an answer.
        retries: how often a request is repeated.
        backoff: seconds before the first repetition.
        budget: what may be spent, or None.
    """

    def __init__(
        self,
        url: str,
        key: Callable[[], str] | None = None,
        timeout: float = 120.0,
        retries: int = 4,
        backoff: float = 0.5,
        budget: Budget | None = None,
    ):
        parts = urlsplit(url)
        if parts.username or parts.password or parts.query or parts.fragment:
            shown = f"{parts.scheme}://{parts.hostname}"
            raise LLMError(f"the address of {shown} has a user, a query or a fragment; keys belong in the environment")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise LLMError(f"{url!r} is not the address of a server, such as http://127.0.0.1:8080/v1")
        if retries < 0 or timeout <= 0 or backoff < 0:
            raise ValueError(f"timeout {timeout}, retries {retries}, backoff {backoff}: none may be negative")
        self.url = url.rstrip("/")
        self.timeout, self.retries, self.backoff, self.budget = timeout, retries, backoff, budget
        self._local = _is_local(parts.hostname)
        self._key = key or str
        self._client: tuple[int, Any] | None = None
        self._opening = threading.Lock()

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Return the JSON that the server answers.

        Raises:
            RefusedError: the server refused the request.
            LLMError: no usable answer after all repetitions, or the budget is spent.
        """
        import httpx

        key, client, address = self._usable_key(), self._opened(), self.url + path
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        problem = ""
        for attempt in range(self.retries + 1):
            wait = self.backoff * 2**attempt
            if self.budget is not None:
                self.budget.take()
            try:
                response = client.post(address, json=dict(body), headers=headers)
            except httpx.TimeoutException:
                problem = f"no answer within {self.timeout:g} s"
            except httpx.TransportError as error:
                problem = f"no connection: {error}"
            else:
                said = _safe(response.text, key)
                if response.status_code == 200:
                    try:
                        return response.json()
                    except ValueError:
                        problem = f"the answer is not JSON: {said!r}"
                elif response.status_code in AGAIN:
                    problem = f"HTTP {response.status_code}: {said}"
                else:
                    hint = HINTS.get(response.status_code, "the request was refused")
                    message = f"{address}: HTTP {response.status_code}, {hint}: {said}"
                    raise RefusedError(message, response.status_code)
                wait = _retry_after(response.headers.get("retry-after"), wait)
            if attempt < self.retries:
                time.sleep(min(wait, LONGEST_WAIT))
        tries = f"{self.retries + 1} attempts" if self.retries else "one attempt"
        raise LLMError(f"{address}: gave up after {tries}; {_safe(problem, key)}")

    def close(self) -> None:
        """Close the connections; the next request opens them again."""
        if self._client is not None and self._client[0] == os.getpid():
            self._client[1].close()
        self._client = None

    def _opened(self) -> Any:
        """Return the client; a forked process gets its own."""
        import httpx

        with self._opening:
            if self._client is None or self._client[0] != os.getpid():
                timeout = httpx.Timeout(self.timeout, connect=min(self.timeout, 10.0))
                self._client = os.getpid(), httpx.Client(timeout=timeout, trust_env=not self._local)
            return self._client[1]

    def _usable_key(self) -> str:
        key = self._key()
        if not all("!" <= sign <= "~" for sign in key):
            # The HTTP library would say which header it cannot send, and show it.
            raise LLMError(f"the key for {self.url} has signs that no header may carry (spaces, line ends, accents)")
        return key

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_opening"} | {"_client": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _opening=threading.Lock())


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _safe(text: str, key: str) -> str:
    """Return the beginning of what a server said, without the key."""
    hidden = text.replace(key, "***") if key else text
    return hidden.strip()[:300] or "(nothing)"


def _retry_after(said: str | None, otherwise: float) -> float:
    try:
        return max(float(said), 0.0) if said is not None else otherwise
    except ValueError:
        return otherwise

"""A language model behind an OpenAI-compatible address: vLLM, llama.cpp, Ollama, LM Studio and hosted ones."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from .backend import Answer, LLMError, Query
from .budget import Budget
from .endpoint import Endpoint, EnvironmentKey
from .options import OptionScorer

__all__ = ["HTTPBackend"]


class HTTPBackend:
    """Asks the chat endpoint of a server; options are scored as `OptionScorer` says.

    The key is read from an environment variable each time it is sent. It is never kept, and neither it nor the
    address is part of `name`, so a cache that was recorded at one address serves at another.

    Trap: temperature 0 and a seed make most servers nearly repeatable, few exactly. Runs that have to repeat ask
    through `CachedBackend`.

    Args:
        url: address, with or without "/v1" ("http://127.0.0.1:8080/v1", "https://api.openai.com").
        model: name of the model, as the server knows it.
        key_variable: the environment variable that holds the key, if the server wants one.
        timeout, retries, backoff: see `Endpoint`.
        workers: how many queries are asked at once; answers come in order whatever it is.
        budget: what may be spent, or None.
        extra: further fields of each chat request; None takes one out ({"temperature": None} for models that refuse
            it, {"max_tokens": None, "max_completion_tokens": 4096}). They are part of `name`.
        key: gives the key in place of the variable.
    """

    def __init__(
        self,
        url: str,
        model: str,
        key_variable: str = "GUERDON_LLM_KEY",
        timeout: float = 120.0,
        retries: int = 4,
        backoff: float = 0.5,
        workers: int = 1,
        budget: Budget | None = None,
        extra: Mapping[str, Any] | None = None,
        key: Callable[[], str] | None = None,
    ):
        if not model:
            raise LLMError(f"{url}: name the model too, as in {url}#MODEL")
        if workers < 1:
            raise ValueError(f"{workers} workers; there must be at least one")
        root, version = _parted(url)
        self.model, self.workers, self.budget, self.extra = model, workers, budget, dict(extra or {})
        self.name = f"openai:{model}" + (f"+{_digest(self.extra)}" if self.extra else "")
        self._endpoint = Endpoint(root, key or EnvironmentKey(key_variable), timeout, retries, backoff, budget)
        self._chat = f"{version}/chat/completions"
        self._options = OptionScorer(self._endpoint, self._chat, f"{version}/completions", model, self.name)

    def ask(self, queries: Sequence[Query]) -> list[Answer]:
        """Answer all queries, in order."""
        if self.workers == 1 or len(queries) < 2:
            return [self._answer(query) for query in queries]
        with ThreadPoolExecutor(min(self.workers, len(queries))) as pool:
            return list(pool.map(self._answer, queries))

    def close(self) -> None:
        """Close the connections."""
        self._endpoint.close()

    def _answer(self, query: Query) -> Answer:
        if query.options:
            logprobs, tokens = self._options.score(query)
            answer = Answer(query.options[max(range(len(logprobs)), key=logprobs.__getitem__)], logprobs, tokens)
        else:
            answer = self._written(query)
        if self.budget is not None:
            self.budget.spend(answer.tokens)
        return answer

    def _written(self, query: Query) -> Answer:
        found = self._endpoint.post(self._chat, self._body(query))
        try:
            choice = found["choices"][0]
            message = choice["message"]
            text = message.get("content") or ""
            usage = found.get("usage") or {}
        except (KeyError, IndexError, TypeError, AttributeError):
            raise LLMError(f"{self.name}: the server's answer is not a chat completion: {found!r:.200}") from None
        if refusal := message.get("refusal"):
            raise LLMError(f"{self.name} refuses to answer: {refusal!s:.200}")
        asked = sum(len(one.content) for one in query.messages)
        tokens = int(usage.get("total_tokens") or (asked + len(text)) // 4 + 1)
        return Answer(text, (), tokens, {"finish_reason": str(choice.get("finish_reason") or "")})

    def _body(self, query: Query) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.model,
            "messages": [vars(message) for message in query.messages],
            "temperature": query.temperature,
            "max_tokens": query.max_tokens,
            "seed": query.seed,
        }
        if query.schema is not None:
            schema = {"name": "answer", "strict": True, "schema": dict(query.schema)}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return {name: value for name, value in (body | self.extra).items() if value is not None}


def _parted(url: str) -> tuple[str, str]:
    """Return the root of a server's address, and the path of its API below that."""
    url = url.rstrip("/")
    path = urlsplit(url).path
    if found := re.search(r"/v\d+$", path):
        return url.removesuffix(found[0]), found[0]
    return url, "" if path else "/v1"


def _digest(extra: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(extra, sort_keys=True).encode()).hexdigest()[:8]

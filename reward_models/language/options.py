"""Mean log-probability per token of each of some answers, in the three ways in which servers give it away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .backend import LLMError, Message, Query
from .endpoint import Endpoint, RefusedError

__all__ = ["OptionScorer"]

FORCE = 1e4
"""Added to the logit of the token that has to come. The log-probability that is reported is that of before."""
TOP = 20


class OptionScorer:
    """Asks one server for log P(option | messages), the mean over the option's tokens.

    Three ways are tried, best first, and what the server has is remembered.

    "tokens": llama.cpp's server. The chat is put into the model's own template and made tokens, the option too, and
        each token is asked for in turn (`n_predict=1`, forced by `logit_bias`). Forcing a whole text by a grammar
        instead would take odd tokens and score those. Nothing is reused from earlier queries, since the numbers
        depend in the last digits on what was computed at once; within a query the prompt is computed once.
    "echo": the older completion endpoint of OpenAI, vLLM and others, which repeats the prompt with log-probabilities.
        It knows no chat template: the messages are put as "role: content".
    "letters": any chat endpoint that gives `top_logprobs`, for options of one short word that are a token each, such
        as "A" and "B". An option that is not among the likeliest counts as likely as the least of them.

    Args:
        endpoint: server, its address without /v1.
        chat: path of the chat endpoint.
        completions: path of the completion endpoint.
        model: name of the model.
        who: named in errors.
    """

    def __init__(self, endpoint: Endpoint, chat: str, completions: str, model: str, who: str):
        self._endpoint, self._chat, self._completions, self._model, self._who = endpoint, chat, completions, model, who
        self._lacks: set[str] = set()
        self._has: set[str] = set()

    def score(self, query: Query) -> tuple[tuple[float, ...], int]:
        """Return the log-probabilities of the query's options and the tokens that this cost.

        Raises:
            LLMError: the server has none of the three ways.
        """
        if empty := [option for option in query.options if not option.strip()]:
            raise LLMError(f"{self._who}: option {empty[0]!r} has no text, and so no probability")
        ways = {"tokens": self._by_tokens, "echo": self._by_echo, "letters": self._by_letters}
        for name, way in ways.items():
            if name in self._lacks:
                continue
            try:
                found = way(query)
            except RefusedError as error:
                if name in self._has or error.status not in (400, 404, 405, 422, 501):
                    raise  # the way is there; this query cannot go it: too long, or so
                found = None
            if found is not None:
                return found
            if name != "letters":  # whether those work depends on the options
                self._lacks.add(name)
        raise LLMError(
            f"{self._who}: log-probabilities of options need a server with llama.cpp's /apply-template, /tokenize and "
            "/completion, or /completions with echo and logprobs, or, for options that are one token each such as 'A' "
            f"and 'B', top_logprobs in chat; this one has none of them for {query.options[0]!r}"
        )

    def _by_tokens(self, query: Query) -> tuple[tuple[float, ...], int]:
        chat = [vars(message) for message in query.messages]
        prompt = _field(self._endpoint.post("/apply-template", {"messages": chat}), "prompt", self._who)
        self._has.add("tokens")
        start, spent = self._tokens(prompt, special=True), 0
        known: dict[tuple[int, ...], float] = {}
        scores = []
        for option in query.options:
            tokens = self._tokens(option, special=False)
            for end in range(1, len(tokens) + 1):
                part = tuple(tokens[:end])
                if part not in known:
                    known[part] = self._next(start + tokens[: end - 1], tokens[end - 1], reuse=bool(known))
                    spent += 1 if spent else len(start) + 1
            scores.append(sum(known[tuple(tokens[:end])] for end in range(1, len(tokens) + 1)) / len(tokens))
        return tuple(scores), spent

    def _tokens(self, text: str, special: bool) -> list[int]:
        body = {"content": text, "add_special": special, "parse_special": special}
        return list(_field(self._endpoint.post("/tokenize", body), "tokens", self._who))

    def _next(self, before: Sequence[int], token: int, reuse: bool) -> float:
        """Return log P(token | before)."""
        body = {
            "prompt": list(before),
            "n_predict": 1,
            "n_probs": 1,
            "logit_bias": [[token, FORCE]],
            "temperature": 0.0,
            "cache_prompt": reuse,
        }
        answer = _field(self._endpoint.post("/completion", body), "completion_probabilities", self._who)
        if not answer or answer[0].get("id") != token or "logprob" not in answer[0]:
            raise LLMError(f"{self._who}: /completion was told to answer token {token} and gave {answer!r:.200}")
        return float(answer[0]["logprob"])

    def _by_echo(self, query: Query) -> tuple[tuple[float, ...], int] | None:
        prompt = _plain(query.messages)
        scores, spent = [], 0
        for option in query.options:
            text = f"{prompt} {option}"
            body = {"model": self._model, "prompt": text, "max_tokens": 1, "echo": True, "logprobs": 1}
            answer = self._endpoint.post(self._completions, {**body, "temperature": 0.0})
            choice = _first_choice(answer, self._who)
            about = choice.get("logprobs") or {}
            if not str(choice.get("text", "")).startswith(text) or "token_logprobs" not in about:
                return None  # some servers take the argument and ignore it
            self._has.add("echo")
            places = zip(about["text_offset"], about["token_logprobs"], strict=True)
            own = [value for place, value in places if len(prompt) <= place < len(text)]
            if not own or None in own:
                raise LLMError(f"{self._who}: /completions gave no log-probabilities of {option!r}")
            scores.append(sum(own) / len(own))
            spent += _spent(answer, text)
        return tuple(scores), spent

    def _by_letters(self, query: Query) -> tuple[tuple[float, ...], int] | None:
        if any(len(option) > 8 or not option.isalnum() for option in query.options):
            return None
        body = {
            "model": self._model,
            "messages": [vars(message) for message in query.messages],
            "max_tokens": 1,
            "temperature": 0.0,
            "seed": query.seed,
            "logprobs": True,
            "top_logprobs": TOP,
        }
        answer = self._endpoint.post(self._chat, body)
        content = (_first_choice(answer, self._who).get("logprobs") or {}).get("content") or []
        listed = content[0].get("top_logprobs") if content else None
        if not listed:
            return None
        best: dict[str, float] = {}
        for one in listed:  # likeliest first
            best.setdefault(str(one["token"]).strip(), float(one["logprob"]))
        if not any(option in best for option in query.options):
            return None
        least = min(best.values())
        return tuple(best.get(option, least) for option in query.options), _spent(answer, str(body["messages"]))


def _plain(messages: Sequence[Message]) -> str:
    return "\n\n".join([*(f"{one.role}: {one.content}" for one in messages), "assistant:"])


def _field(answer: Any, name: str, who: str) -> Any:
    if not isinstance(answer, dict) or name not in answer:
        raise LLMError(f"{who}: the server's answer has no {name!r}: {answer!r:.200}")
    return answer[name]


def _first_choice(answer: Any, who: str) -> dict[str, Any]:
    choices = _field(answer, "choices", who)
    if not choices or not isinstance(choices[0], dict):
        raise LLMError(f"{who}: the server's answer has no choices: {answer!r:.200}")
    return choices[0]


def _spent(answer: Any, text: str) -> int:
    """Return the tokens that the server counted; a quarter of the characters if it does not count."""
    usage = answer.get("usage") or {}
    return int(usage.get("total_tokens") or len(text) // 4 + 1)

"""Text as token ids for language models: bytes as they are, or a tokenizer of `transformers`."""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from typing import Any

__all__ = ["ByteTokens", "PretrainedTokens", "Tokens", "optional"]


def optional(module: str) -> Any:
    """Return a module that only the extra `llm` installs.

    Raises:
        ImportError: it is not installed; the message says how to.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        if error.name != module:
            raise
        raise ImportError(f"language models need {module}: pip install 'guerdon[llm]'", name=module) from None


class Tokens(ABC):
    """Turns prompts and actions into ids. An action ends with the end of its line and has none inside.

    Attributes:
        size: how many ids there are.
    """

    size: int

    def __init__(self) -> None:
        self._actions: dict[str, tuple[int, ...]] = {}

    @abstractmethod
    def prompt(self, text: str) -> list[int]:
        """Return the ids of a prompt."""

    @abstractmethod
    def _line(self, text: str) -> list[int]:
        """Return the ids of what is written after a prompt, the end of the line apart."""

    @property
    @abstractmethod
    def end(self) -> int:
        """The id that ends a line."""

    def action(self, text: str) -> tuple[int, ...]:
        """Return the ids of an action, with the end of its line."""
        found = self._actions.get(text)
        if found is None:
            if len(self._actions) >= 65536:
                self._actions.clear()
            line = [i for i in self._line(f" {' '.join(text.split())}" if text else "") if i != self.end]
            found = self._actions[text] = (*line, self.end)
        return found


class ByteTokens(Tokens):
    """Each byte of UTF-8 is a token, and id 256 begins a prompt: nothing to download, nothing to learn."""

    size = 257

    @property
    def end(self) -> int:
        """The newline."""
        return 10

    def prompt(self, text: str) -> list[int]:
        """Return the bytes of a prompt after the sign that begins it."""
        return [256, *text.encode()]

    def _line(self, text: str) -> list[int]:
        return list(text.encode())


class PretrainedTokens(Tokens):
    """A tokenizer of `transformers`, by its name or path."""

    def __init__(self, name: str):
        super().__init__()
        self._tokenizer = optional("transformers").AutoTokenizer.from_pretrained(name)
        self.size = len(self._tokenizer)
        newline = self._tokenizer.encode("\n", add_special_tokens=False)
        unknown = self._tokenizer.unk_token_id
        last = newline[-1] if newline and newline[-1] != unknown else self._tokenizer.eos_token_id
        if last is None:
            raise ValueError(f"tokenizer {name!r} has neither a newline nor an end token, so no action could end")
        self._end = int(last)

    @property
    def end(self) -> int:
        """The newline, or the tokenizer's own end where it knows no newline."""
        return self._end

    def prompt(self, text: str) -> list[int]:
        """Return the ids of a prompt with the sign that begins a text, if the tokenizer has one."""
        ids = list(self._tokenizer.encode(text))
        return ids[:-1] if len(ids) > 1 and ids[-1] == self._tokenizer.eos_token_id else ids

    def _line(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False))

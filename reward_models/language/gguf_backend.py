"""A language model inside this process: any GGUF file, run by llama.cpp."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import os
import secrets
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from .backend import Answer, LLMError, Query
from .budget import Budget
from .http_backend import HTTPBackend

__all__ = ["GGUFBackend"]


class GGUFBackend:
    """Loads a model into this process when it is first asked, and talks to it as to any other server.

    llama.cpp opens a port on 127.0.0.1 in any case; it is guarded by a random key. One thread computes: with several,
    its threads wait for each other by spinning, which on a shared machine costs far more than it gives. Nothing is
    reused between queries, so an answer depends on its query alone, to the last digit.

    `name` is the hash of the weights, whatever the file is called.

    Args:
        path: the file.
        sha256: of the file. If given it is checked before loading, and `name` is known without the file.
        n_ctx: how many tokens prompt and answer may have together.
        budget: what may be spent, or None.
        timeout: seconds for one request.
        hint: how to get the file, for the error if it is missing.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        sha256: str | None = None,
        n_ctx: int = 4096,
        budget: Budget | None = None,
        timeout: float = 600.0,
        hint: str = "",
    ):
        self.path, self.n_ctx, self.budget, self.timeout, self.hint = Path(path), n_ctx, budget, timeout, hint
        self._expected = sha256
        self._running: tuple[int, Any, HTTPBackend] | None = None

    @property
    def name(self) -> str:
        """The weights, by their hash."""
        return f"gguf:{(self._expected or self._found)[:16]}"

    def ask(self, queries: Sequence[Query]) -> list[Answer]:
        """Answer all queries, in order."""
        return self._backend().ask(queries)

    def close(self) -> None:
        """Unload the model; the next query loads it again."""
        if self._running is not None and self._running[0] == os.getpid():
            self._running[2].close()
        self._running = None

    def _backend(self) -> HTTPBackend:
        """Return the client of the running model. A forked process has none of its parent's threads: it loads anew."""
        if self._running is None or self._running[0] != os.getpid():
            if self._expected is not None and self._found != self._expected:
                raise LLMError(f"{self.path} is not the file that was expected: its sha256 is not {self._expected}")
            key = secrets.token_hex(16)
            server = self._serve(key)
            backend = HTTPBackend(
                server.listening_address,
                self.path.stem,
                timeout=self.timeout,
                retries=0,
                budget=self.budget,
                extra={"cache_prompt": False},
                key=lambda: key,
            )
            backend.name = self.name  # for errors
            self._running = os.getpid(), server, backend
        return self._running[2]

    def _serve(self, key: str) -> Any:
        try:
            xllamacpp: Any = importlib.import_module("xllamacpp")
        except ImportError:
            raise LLMError('to run a model in this process: pip install "guerdon[local-llm]"') from None
        params = xllamacpp.CommonParams()
        params.model.path = str(self._present())
        params.n_ctx = self.n_ctx
        params.n_parallel = 1
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
        params.cache_ram_mib = 0  # finished prompts are not kept for later ones
        params.verbosity = -1
        params.api_keys = [key]
        params.ui = False
        try:
            return xllamacpp.Server(params)
        except Exception as error:  # llama.cpp's own, of several types
            raise LLMError(f"llama.cpp cannot load {self.path}: {error}") from None

    def _present(self) -> Path:
        if not self.path.is_file():
            raise LLMError(f"there are no weights at {self.path}" + (f"; {self.hint}" if self.hint else ""))
        return self.path

    @cached_property
    def _found(self) -> str:
        """What the file's hash is; read once."""
        with self._present().open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_found"} | {"_running": None}

    def __del__(self) -> None:
        with contextlib.suppress(Exception):
            self.close()

"""One text for any language model: packaged weights, a file, or the address of a server."""

from __future__ import annotations

import os
import re
from pathlib import Path

from ...core.cache import cache_folder
from .backend import LLMError
from .budget import Budget
from .cache import CachedBackend, Mode
from .gguf_backend import GGUFBackend
from .http_backend import HTTPBackend
from .weights import SMOLLM2

__all__ = ["open_backend"]


def open_backend(
    spec: str, cache: str | os.PathLike[str] | None = None, mode: Mode = "auto", budget: Budget | None = None
) -> CachedBackend:
    """Return a language model whose answers are kept.

        open_backend("smollm2")                              the weights that `guerdon weights` fetches
        open_backend("models/qwen.gguf")                     any GGUF file
        open_backend("http://127.0.0.1:8000/v1#qwen3-8b")    an OpenAI-compatible server, and the model's name

    A server's key is read from the environment variable GUERDON_LLM_KEY. Nothing is loaded or fetched before the
    first question that the cache cannot answer.

    Args:
        spec: see above.
        cache: the file of answers. Default: one for each model in guerdon's cache folder.
        mode: "auto", "replay" or "off", see `CachedBackend`.
        budget: what may be spent, or None.

    Raises:
        LLMError: the text means no model.
    """
    inner: GGUFBackend | HTTPBackend
    if spec == "smollm2":
        # Not verified here: the backend checks the hash before it loads the file.
        path = SMOLLM2.path if SMOLLM2.path.is_file() else (SMOLLM2.find() or SMOLLM2.path)
        inner = GGUFBackend(path, SMOLLM2.sha256, budget=budget, hint="`guerdon weights` fetches them")
    elif spec.startswith(("http://", "https://")):
        url, _, model = spec.partition("#")
        inner = HTTPBackend(url, model, budget=budget)
    elif spec.endswith(".gguf"):
        inner = GGUFBackend(Path(spec).expanduser(), budget=budget)
    else:
        raise LLMError(
            f"{spec!r} is no language model: it is smollm2, the path of a .gguf file, or a server and the name of its "
            "model, such as http://127.0.0.1:8000/v1#qwen3-8b"
        )
    if cache is None:
        file = re.sub(r"[^A-Za-z0-9._+-]+", "-", inner.name) + ".jsonl"
        cache = cache_folder("answers") / file
    return CachedBackend(inner, cache, mode)

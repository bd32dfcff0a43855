"""Which code a reward is made of, in a form that formatting, comments and docstrings do not change."""

from __future__ import annotations

import ast
import inspect
import sys
from types import ModuleType

__all__ = ["code_of"]

INTERFACE = tuple(f"{__package__}.{name}" for name in ("base", "composition", "expression"))


def code_of(cls: type) -> str:
    """Return the code of the module that defines a reward and of the reward modules that it takes things from.

    The interface itself (`base`, `composition`, `expression`) is left out: it decides how a reward is called, not
    what it pays.
    """
    seen: dict[str, str] = {}
    _collect(sys.modules[cls.__module__], seen, cls.__qualname__)
    return "\n".join(f"# {name}\n{code}" for name, code in sorted(seen.items()))


def _collect(module: ModuleType, seen: dict[str, str], fallback: str = "") -> None:
    if module.__name__ in seen or module.__name__ in INTERFACE:
        return
    try:
        seen[module.__name__] = _bare(inspect.getsource(module))
    except (OSError, TypeError):  # defined at a prompt: its name has to do
        seen[module.__name__] = fallback
    for thing in vars(module).values():
        name = thing.__name__ if isinstance(thing, ModuleType) else getattr(thing, "__module__", None)
        if isinstance(name, str) and name.startswith(f"{__package__}.") and name in sys.modules:
            _collect(sys.modules[name], seen)


def _bare(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            value = body[0].value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                body[0] = ast.Pass()
    return ast.unparse(tree)

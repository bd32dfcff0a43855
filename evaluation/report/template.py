"""Where pages come from: the Jinja templates that lie beside the modules that fill them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

__all__ = ["templates_beside"]


def templates_beside(module: str) -> Any:
    """Return the Jinja environment of the templates in a module's folder: escaping, strict, and without blank lines.

    Args:
        module: the module's `__file__`.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(Path(module).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

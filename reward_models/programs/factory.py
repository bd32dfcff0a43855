"""A program as Monty is given it: a function that defines it anew, with numpy's stand-in."""

from __future__ import annotations

import ast

from .lint import Facts

__all__ = ["as_factory"]


def as_factory(facts: Facts) -> str:
    """Return a program as a function that defines it anew and returns its function; lines are one lower than before.

    The text stays as it is, but for an indent and for imports of numpy, which become the stand-in.
    """
    # Columns of the syntax tree count bytes.
    lines = [line.encode() for line in facts.source.split("\n")]
    inside = set()
    for node in ast.walk(facts.tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and (node.end_lineno or 0) > node.lineno:
            inside.update(range(node.lineno, node.end_lineno or 0))
    imports = [node for node in ast.walk(facts.tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    for node in sorted(imports, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        new = _import(node)
        if new is None:
            continue
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        tail = lines[last][node.end_col_offset :]
        lines[first] = lines[first][: node.col_offset] + new.encode() + tail
        for line in range(first + 1, last + 1):
            lines[line] = b""
    text = [line.decode() if number in inside else " " + line.decode() for number, line in enumerate(lines)]
    return "\n".join(["def make_program():", *text, f" return {facts.function}"])


def _import(node: ast.Import | ast.ImportFrom) -> str | None:
    """Return what stands in for an import of numpy; None for other imports."""
    if isinstance(node, ast.ImportFrom):
        if node.module == "__future__":
            return "pass"
        parts = (node.module or "").split(".")
        if parts[0] != "numpy":
            return None
        return "; ".join(f"{one.asname or one.name} = {'.'.join([*parts, one.name])}" for one in node.names)
    made = []
    for one in node.names:
        parts = one.name.split(".")
        if parts[0] == "numpy":  # `numpy` is there already
            made += [f"{one.asname} = {one.name}"] if one.asname and one.asname != "numpy" else []
        else:
            made.append(f"import {one.name}" + (f" as {one.asname}" if one.asname else ""))
    return "; ".join(made) or "pass"

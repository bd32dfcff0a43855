"""Pieces of Markdown that the generated pages of docs/ are made of, and how docstrings become such."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence

__all__ = ["anchor", "body_of", "codes", "first", "path_of", "source_of", "split", "table"]

LABELS = re.compile(r"^(Wants|Gamed by|How it can be gamed|Compare with|Sources?|Version history): ", re.MULTILINE)


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; what would end a cell or a line is made harmless."""
    lines = [header, ["---"] * len(header), *rows]
    cells = [[" ".join(str(cell).split()).replace("|", r"\|") for cell in line] for line in lines]
    return "\n".join("| " + " | ".join(line) + " |" for line in cells)


def anchor(heading: str) -> str:
    """Return the name by which a link finds a heading, the way GitHub and GitLab make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def first(doc: str | None) -> str:
    """Return the first line of a docstring, which is a sentence."""
    return inspect.cleandoc(doc or "").partition("\n")[0]


def split(doc: str | None) -> tuple[str, dict[str, str]]:
    """Split a docstring into the prose and the entries under "Args:"; other Google sections stay in the prose."""
    prose, entries, inside, name = list[str](), dict[str, str](), False, ""
    for line in inspect.cleandoc(doc or "").splitlines():
        if line == "Args:":
            inside = True
        elif not inside or (line and not line.startswith(" ")):
            inside = False
            prose.append(line)
        elif found := re.match(r"    (\w[\w, ]*): (.*)", line):
            name, entries[found[1]] = found[1], found[2]
        elif line:
            entries[name] = f"{entries.get(name, '')} {line.strip()}"
    return "\n".join(prose).strip(), entries


def body_of(prose: str) -> str:
    """Return the prose without its first line, headings two levels down and labels in bold, each a paragraph."""
    text = re.sub(r"^## (.*)$", r"\n### \1\n", prose.partition("\n")[2], flags=re.MULTILINE)
    text = LABELS.sub(r"\n**\1:** ", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def path_of(thing: type) -> str:
    """Return where the source of a class stands, from the root of the repository."""
    return thing.__module__.partition(".")[2].replace(".", "/") + ".py"


def source_of(thing: type) -> str:
    """Return a sentence that leads to the source of a class, for a page of docs/."""
    return f"Source code: [{path_of(thing)}](../{path_of(thing)})"


def codes(names: Iterable[str]) -> str:
    """Return names as code, with commas between them."""
    return ", ".join(f"`{name}`" for name in names)

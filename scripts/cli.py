"""The `guerdon` command: finds its verbs by looking, and imports only the one that is asked for."""

from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path

__all__ = ["class_of", "main", "verbs"]


def verbs() -> dict[str, tuple[str, str]]:
    """Return verb -> (module, one sentence), for every file beside this one whose docstring begins "guerdon VERB:"."""
    found = {}
    for file in sorted(Path(__file__).parent.glob("*.py")):
        first = (ast.get_docstring(ast.parse(file.read_text())) or "").partition("\n")[0]
        head, colon, about = first.partition(": ")
        if colon and head.startswith("guerdon "):
            found[head.removeprefix("guerdon ")] = (f"guerdon.scripts.{file.stem}", about)
    return found


def class_of(verb: str) -> str:
    """Return the name of the class that holds a verb's options: "WriteReward" of "write-reward"."""
    return "".join(part.capitalize() for part in verb.split("-"))


def main(argv: list[str] | None = None) -> None:
    """Run `guerdon VERB ARGS`."""
    from guerdon import __version__
    from guerdon.core.names import UnknownNameError

    words = sys.argv[1:] if argv is None else argv
    known = verbs()
    if not words or words[0] in ("-h", "--help"):
        print(
            "usage: guerdon VERB [OPTIONS]\n\nSwap the reward of a task, train the same agent, see what it achieves.\n"
        )
        width = max(map(len, known)) + 2
        for verb, (_, about) in known.items():
            print(f"  {verb:<{width}}{about}")
        print("\nexample: guerdon compare --seeds 3\n         guerdon VERB --help")
        raise SystemExit(0 if words else 2)
    if words[0] == "--version":
        print(f"guerdon {__version__}")
        raise SystemExit(0)
    if words[0] not in known:
        print(f"error: {UnknownNameError('verb', words[0], known)}", file=sys.stderr)
        raise SystemExit(2)
    module = importlib.import_module(known[words[0]][0])
    kind = getattr(module, class_of(words[0]))
    from guerdon.scripts.options import run

    run(kind, module.main, words[1:], f"guerdon {words[0]}")


if __name__ == "__main__":
    main()

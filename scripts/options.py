"""What the verbs share: KEY=VALUE overrides, and turning an expected error into one line."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import tyro

__all__ = ["EnvArgs", "Overrides", "gathered", "key_values", "run"]

T = TypeVar("T")


@dataclass
class EnvArgs:
    """Arguments that go to the env."""

    env_arg: tuple[str, ...] = ()
    """Arguments of the env as KEY=VALUE, such as "task_types=(1, 2)" or "games=my_games.jsonl"."""

    @property
    def env_kwargs(self) -> dict[str, Any]:
        """The env's arguments as values."""
        return key_values(self.env_arg, "--env-arg")


@dataclass
class Overrides(EnvArgs):
    """Settings that go to the env and to the agent."""

    agent_arg: tuple[str, ...] = ()
    """Settings of the agent as KEY=VALUE, such as "num_envs=16", or "policy={'width': 32}" for a recipe."""

    @property
    def agent_kwargs(self) -> dict[str, Any]:
        """The agent's settings as values."""
        return key_values(self.agent_arg, "--agent-arg")


def key_values(texts: Sequence[str], option: str) -> dict[str, Any]:
    """Return KEY=VALUE texts as values; whatever is not written as a Python literal is a string."""
    values = {}
    for text in texts:
        key, sign, value = text.partition("=")
        if not sign or not key.isidentifier():
            raise ValueError(f"{option} {text!r} is not KEY=VALUE, such as split=train")
        try:
            values[key] = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            values[key] = value
    return values


def gathered(words: Sequence[str]) -> list[str]:
    """Return the words with repeated options put together: "--reward a --reward b" means "--reward a b"."""
    groups: dict[str, list[str]] = {"": []}
    last = ""
    for word in words:
        if word.startswith("--"):
            last, sign, value = word.partition("=")
            groups.setdefault(last, []).extend([value] if sign else [])
        else:
            groups[last].append(word)
    return [*groups.pop(""), *(word for option, values in groups.items() for word in (option, *values))]


def run(kind: type[T], main: Callable[[T], int], argv: Sequence[str] | None = None, prog: str | None = None) -> None:
    """Parse the command line into `kind`, call `main`, and exit; an expected error becomes one line."""
    args = tyro.cli(kind, args=gathered(sys.argv[1:] if argv is None else argv), prog=prog)
    from gymnasium.error import Error

    try:
        code = main(args)
    except (ValueError, FileNotFoundError, FileExistsError, RuntimeError, Error) as error:
        print(f"error: {error}", file=sys.stderr)
        code = 2
    except KeyboardInterrupt:
        print("interrupted; the same command goes on from here", file=sys.stderr)
        code = 130
    raise SystemExit(code)

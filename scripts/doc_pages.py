"""The pages of docs/ that are made from code and docstrings, as Markdown."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import textwrap
import types
import typing
from collections.abc import Iterable, Mapping
from typing import Any

import gymnasium as gym
import tyro
from gymnasium.envs.registration import load_env_creator

import guerdon.wrappers
from guerdon.agents.preset import PRESETS
from guerdon.agents.scripted import SCRIPTED
from guerdon.envs.registration import about_env, env_ids, world_of
from guerdon.evaluation.config import defaults_of
from guerdon.reward_models import REWARDS
from guerdon.reward_models.formal.objectives.table import objective_blocks
from guerdon.scripts.cli import class_of, verbs
from guerdon.scripts.doc_blocks import anchor, body_of, codes, first, path_of, source_of, split, table
from guerdon.scripts.recipe_page import recipe_page

__all__ = ["NOTE", "pages", "result_name", "world_name"]

NOTE = "<!-- Made by scripts/gen_docs.py from code and docstrings. Change those, not this page. -->"


def pages() -> dict[str, str]:
    """Return the content of every generated page by its path from the root of the repository."""
    made = {"envs": _envs, "rewards": _rewards, "agents": _agents, "recipes": recipe_page}
    made |= {"cli": _cli, "wrappers": _wrappers, "objectives": _objectives}
    return {f"docs/{name}.md": f"{NOTE}\n\n" + "\n\n".join(page()) + "\n" for name, page in made.items()}


def world_name(env_id: str) -> str:
    """Return the name of an env's world: "household" for "guerdon:guerdon/Household-v0"."""
    return str(world_of(env_id.rpartition(":")[2])).rpartition(".")[2]


def result_name(env_id: str) -> str:
    """Return what the recorded results of an env are called: its world, or the env where a world compares several."""
    name = env_id.rpartition(":")[2]
    compared = importlib.import_module(world_of(name) or "").COMPARE
    return world_name(env_id) if len(compared) < 2 else name.removeprefix("guerdon/").partition("-v")[0].lower()


# The pages: each yields blocks


def _envs() -> Iterable[str]:
    yield "# Environments"
    abouts = {env_id: about_env(env_id.partition(":")[2]) for env_id in env_ids()}
    shown: dict[type, str] = {}
    yield table(
        ["id", "what"], [[f"[`{e}`](#{anchor(e.partition(':')[2])})", first(about)] for e, about in abouts.items()]
    )
    for env_id, about in abouts.items():
        name = env_id.partition(":")[2]
        cls = _env_class(env_id)
        prose, arguments = split(cls.__doc__)
        listed = "\n".join(f"- `{key}`: {text}" for key, text in arguments.items())
        yield f"## {name}"
        if about != inspect.cleandoc(cls.__doc__ or ""):
            yield about
        else:
            yield first(about)
        code = f'env = gym.make("{env_id}")\n'
        if gym.spec(name).vector_entry_point is not None:
            code += f'envs = gym.make_vec("{env_id}", num_envs=64)  # many games in one process\n'
        yield f"```python\nimport gymnasium as gym\n\n{code}```"
        if cls in shown:
            yield f"All the rest is as in [{shown[cls]}](#{anchor(shown[cls])})."
        else:
            yield body_of(prose).replace("### Arguments\n", f"### Arguments\n\n{listed}\n", 1)
            shown[cls] = name
        compared = defaults_of(env_id)
        if compared:
            yield "### Default comparison"
            yield f"What `guerdon compare --env {env_id}` runs when it is told nothing else."
            yield table(["setting", "value"], [[f"`{key}`", _value(value)] for key, value in compared.items()])
        yield source_of(cls)


def _env_class(env_id: str) -> type:
    return typing.cast(type, load_env_creator(str(gym.spec(env_id.partition(":")[2]).entry_point)))


def _rewards() -> Iterable[str]:
    yield "# Rewards"
    yield "Rewards have ids and are put together by expressions: `household/success-v1 + 0.1 * household/novelty-v1`."
    made = {name: cls() for name, cls in REWARDS.items()}
    yield table(
        ["id", "what", "reads", "terms"],
        [
            [f"[`{name}`](#{anchor(name)})", first(reward.__doc__), codes(sorted(reward.reads)), codes(reward.bounds)]
            for name, reward in made.items()
        ],
    )
    for name, reward in made.items():
        prose, arguments = split(reward.__doc__)
        yield f"## {name}"
        yield first(prose)
        yield body_of(prose)
        bounds = [[f"`{term}`", f"{low:g}", f"{high:g}"] for term, (low, high) in reward.bounds.items()]
        yield table(["term", "least in a step", "most in a step"], bounds)
        defaults = {f.name: _default(f) for f in dataclasses.fields(typing.cast(Any, reward)) if f.init}
        if defaults:
            rows = [[f"`{key}`", f"`{value!r}`", arguments.get(key, "")] for key, value in defaults.items()]
            yield table(["parameter", "default", "meaning"], rows)
        yield f"Reads {codes(sorted(reward.reads))}. Hash by default: `{reward.hash}`. {source_of(type(reward))}"


def _default(field: dataclasses.Field[Any]) -> Any:
    made = field.default_factory
    return field.default if made is dataclasses.MISSING else made()


def _objectives() -> Iterable[str]:
    yield "# Objectives"
    yield "What can be wished for beyond the expected sum of a reward that sees one step; exact on tabular worlds."
    yield from objective_blocks()


def _agents() -> Iterable[str]:
    yield "# Agents"
    yield (
        "A named agent is an algorithm with settings that work. Besides these, any algorithm of Stable-Baselines3 and "
        "sb3-contrib can be trained by its class name, with the settings that it has there."
    )
    yield "## Named agents"
    for name, preset in PRESETS.items():
        yield f"### {name}"
        yield preset.about
        settings = {"algorithm": preset.algorithm, "num_envs": preset.num_envs, **preset.hyper}
        yield table(["setting", "value"], [[f"`{key}`", _value(value)] for key, value in settings.items()])
    yield "## Scripted policies"
    yield "Floors and ceilings to read results by, and exploits that earn a reward and fail the task."
    for name, cls in SCRIPTED.items():
        prose, _ = split(cls.__doc__)
        yield f"### {name}"
        yield prose
        worlds = f"Plays {codes(cls.worlds)}" if cls.worlds else "Plays every text env"
        games = f"; games [`{cls.exploits}`](rewards.md#{anchor(cls.exploits)})" if cls.exploits else ""
        yield f"{worlds}{games}. {source_of(cls)}"


def _cli() -> Iterable[str]:
    known = verbs()
    yield "# Command line"
    yield "```\nguerdon VERB [OPTIONS]\nguerdon VERB --help\n```"
    yield table(["verb", "what"], [[f"[`{verb}`](#guerdon-{verb})", about] for verb, (_, about) in known.items()])
    for verb, (module, _) in known.items():
        kind = getattr(importlib.import_module(module), class_of(verb))
        prose, _, example = inspect.cleandoc(kind.__doc__).partition("Example: ")
        yield f"## guerdon {verb}"
        yield prose.strip()
        if example:
            yield f"```\n{example.strip()}\n```"
        yield table(["option", "value", "default", "what"], _options(kind))
        call = f"from {module} import {kind.__name__}, main\n\nmain({kind.__name__}(...))"
        yield f"The same in Python:\n\n```python\n{call}\n```"


def _wrappers() -> Iterable[str]:
    yield "# Wrappers"
    yield "`guerdon.make` and `guerdon.make_vec` put a reward on an env. These can be put on by hand:"
    rows, kinds = [], (gym.Wrapper, gym.vector.VectorWrapper)
    for module in pkgutil.iter_modules(guerdon.wrappers.__path__, "guerdon.wrappers."):
        for name, thing in sorted(vars(importlib.import_module(module.name)).items()):
            if isinstance(thing, type) and thing.__module__ == module.name and issubclass(thing, kinds):
                where = "single env" if issubclass(thing, gym.Wrapper) else "vector env"
                rows.append([f"[`{module.name}.{name}`](../{path_of(thing)})", where, first(thing.__doc__)])
    yield table(["wrapper", "wraps a", "what"], rows)


# Values and options


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        nested = {key: isinstance(inner, Mapping) for key, inner in value.items()}
        return "; ".join(f"{k}: {_value(v)}" if nested[k] else f"`{k}={v}`" for k, v in value.items())
    if isinstance(value, tuple | list):
        return ", ".join(map(_value, value))
    return f"`{value}`"


def _options(kind: type) -> list[list[str]]:
    """Return (option, value, default, help) for the fields of a verb's dataclass and of those nested in it."""
    hints, texts, rows = typing.get_type_hints(kind, include_extras=True), _field_docs(kind), []
    for field in dataclasses.fields(typing.cast(Any, kind)):
        hint, extras = hints[field.name], getattr(hints[field.name], "__metadata__", ())
        hint = hint.__origin__ if extras else hint
        if dataclasses.is_dataclass(hint):
            rows += _options(typing.cast(type, hint))
            continue
        flag = field.name.upper() if tyro.conf.Positional in extras else f"--{field.name.replace('_', '-')}"
        default = "" if field.default in (None, (), "", dataclasses.MISSING) else f"`{field.default}`"
        rows.append([f"`{flag}`", _kind(hint), default, texts[field.name]])
    return rows


def _kind(hint: Any) -> str:
    arguments = [one for one in typing.get_args(hint) if one not in (type(None), Ellipsis)]
    if typing.get_origin(hint) is typing.Literal:
        return " or ".join(f"`{one}`" for one in arguments)
    if isinstance(hint, types.UnionType):
        return " or ".join(map(_kind, arguments))
    if typing.get_origin(hint) is tuple:
        return f"{_kind(arguments[0])} ..."
    known = {"str": "text", "int": "whole number", "float": "number", "bool": "yes or no"}
    return known.get(hint.__name__, str(hint.__name__))


def _field_docs(kind: type) -> dict[str, str]:
    """Return the string that stands under each field of a dataclass and of those that it inherits from."""
    base = kind.__bases__[0]
    inherited = _field_docs(base) if dataclasses.is_dataclass(base) else {}
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    found, name = inherited, None
    for statement in typing.cast(ast.ClassDef, node).body:
        if name and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            found[name] = inspect.cleandoc(str(statement.value.value))
        target = statement.target if isinstance(statement, ast.AnnAssign) else None
        name = target.id if isinstance(target, ast.Name) else None
    return found

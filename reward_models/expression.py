"""The way from an id, an expression or plain data to a reward."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..core.names import check_name
from .base import REWARDS, Reward
from .composition import Product, Scaled, Sum

__all__ = ["make_reward"]


def make_reward(spec: str | Mapping[str, Any] | Reward, **defaults: Any) -> Reward:
    """Make a reward from an id, an expression or plain data.

    Args:
        spec: an id ("household/busy-v1"); an expression of ids, parameters, numbers, `+`, `*` and brackets
            ("household/success-v1 + 0.1 * household/novelty-v1(scope='episode')"); what `Reward.spec`
            returned; or a reward, which is returned as it is.
        defaults: parameters for those parts that have them and do not set them, such as `gamma=0.99`.

    Raises:
        UnknownNameError: an id or a parameter is not known; the message names the nearest.
        ValueError: the expression cannot be read.
    """
    if isinstance(spec, Reward):
        return spec
    if isinstance(spec, str):
        return _Parser(spec, defaults).parse()
    if not isinstance(spec, Mapping):
        raise TypeError(f"a reward is an id, an expression or plain data, not {spec!r}")
    if len(spec) <= 2 and "id" in spec and set(spec) <= {"id", "params"}:
        return _build(spec["id"], spec.get("params", {}), defaults)
    if len(spec) == 1:
        ((kind, value),) = spec.items()
        check_name("way to compose rewards", kind, ("sum", "scale", "product"), "a reward's plain data")
        if not isinstance(value, Sequence) or not value or (kind == "scale" and len(value) != 2):
            form = "[factor, reward]" if kind == "scale" else "[reward, ...]"
            raise ValueError(f"not a reward's plain data: {spec!r}; {kind!r} needs {form}")
        if kind == "scale":
            return Scaled(make_reward(value[1], **defaults), float(value[0]))
        rewards = tuple(make_reward(part, **defaults) for part in value)
        return Sum(rewards) if kind == "sum" else Product(rewards)
    raise ValueError(f"not a reward's plain data: {spec!r}")


def _build(name: str, params: Mapping[str, Any], defaults: Mapping[str, Any]) -> Reward:
    cls = REWARDS[name]
    known = [f.name for f in dataclasses.fields(cls) if f.init] if dataclasses.is_dataclass(cls) else []
    for key in params:
        check_name("parameter", key, known, name)
    for key in cls.needs:
        if not params.get(key):
            raise ValueError(f"{name} needs its parameter {key!r}: write {name}({key}='...')")
    return cls(**{key: value for key, value in defaults.items() if key in known} | dict(params))


class _Parser:
    """Reads sums of products of ids, numbers and bracketed sums."""

    TOKEN = re.compile(r"\s*(?:(?P<id>[a-z][\w-]*/[\w/-]*-v\d+)|(?P<number>-?\d+\.?\d*(?:e-?\d+)?)|(?P<sign>[+*()]))")
    QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")

    def __init__(self, text: str, defaults: Mapping[str, Any]):
        self.text, self.defaults, self.at = text, defaults, 0

    def parse(self) -> Reward:
        if not self.TOKEN.match(self.text):
            REWARDS[self.text.strip()]  # not an id by its look: say what is nearest
        reward = self._sum()
        if self.text[self.at :].strip() or not isinstance(reward, Reward):
            raise ValueError(f"cannot read the reward {self.text!r} from {self.text[self.at :].strip()!r} on")
        return reward

    def _sum(self) -> Reward | float:
        parts = [self._product()]
        while self._sign("+"):
            parts.append(self._product())
        rewards = [part for part in parts if isinstance(part, Reward)]
        if len(parts) == 1:
            return parts[0]
        if len(rewards) < len(parts):
            raise ValueError(f"the reward {self.text!r} adds a bare number; a constant is not a reward")
        return Sum(tuple(rewards))

    def _product(self) -> Reward | float:
        value = self._atom()
        while self._sign("*"):
            factor = self._atom()
            value = value * factor
        return value

    def _atom(self) -> Reward | float:
        match = self.TOKEN.match(self.text, self.at)
        if match is None:
            raise ValueError(f"cannot read the reward {self.text!r} from {self.text[self.at :].strip()!r} on")
        self.at = match.end()
        if match["number"]:
            return float(match["number"])
        if match["id"]:
            return _build(match["id"], self._arguments(), self.defaults)
        if match["sign"] != "(":
            raise ValueError(f"the reward {self.text!r} has a {match['sign']!r} out of place")
        inner = self._sum()
        if not self._sign(")"):
            raise ValueError(f"the reward {self.text!r} has an open bracket")
        return inner

    def _arguments(self) -> dict[str, Any]:
        inside = self._bracketed()
        if "=" not in inside:
            return {}
        self.at += len(inside) + 2
        try:
            call = ast.parse(f"f({inside})", mode="eval").body
            assert isinstance(call, ast.Call)
            assert not call.args
            return {str(word.arg): ast.literal_eval(word.value) for word in call.keywords}
        except (SyntaxError, ValueError, AssertionError) as error:
            raise ValueError(f"cannot read the parameters {inside!r} in the reward {self.text!r}") from error

    def _bracketed(self) -> str:
        """Return what stands in the brackets that open here, "" if none do; brackets in quotes do not count."""
        if not self.text.startswith("(", self.at):
            return ""
        plain = self.QUOTED.sub(lambda match: "_" * len(match[0]), self.text[self.at :])
        depth = 0
        for place, sign in enumerate(plain):
            depth += (sign == "(") - (sign == ")")
            if depth == 0:
                return self.text[self.at + 1 : self.at + place]
        return ""

    def _sign(self, sign: str) -> bool:
        match = self.TOKEN.match(self.text, self.at)
        if match is None or match["sign"] != sign:
            return False
        self.at = match.end()
        return True

"""Products and goals from files in the plain form: JSON lines, as they are (`.jsonl`) or packed (`.jsonl.gz`)."""

from __future__ import annotations

import gzip
import json
import math
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from ....core.names import check_name
from .json_stream import LONGEST, ShopFileError, half_character
from .product import Goal, Product

__all__ = ["ShopFileError", "read_goals", "read_products"]

Record = TypeVar("Record", Product, Goal)


def read_products(path: Path) -> Iterator[Product]:
    """Yield the products of a file in the plain form (`Product.to_dict`), one object a line; blank lines are skipped.

    One line at a time is in memory, and the ids met so far.

    Raises:
        ShopFileError: a line is not UTF-8, not JSON or not a product, an asin comes twice, the file is empty or cut
            short. The message names the file and the line. It comes when the line is reached.
    """
    return _read(path, "product", _product, lambda product: product.asin)


def read_goals(path: Path) -> Iterator[Goal]:
    """Yield the goals of a file in the plain form (`Goal.to_dict`), as `read_products` does for products."""
    return _read(path, "goal", _goal, lambda goal: goal.id)


def _read(
    path: Path, kind: str, build: Callable[[Mapping[str, Any]], Record], key: Callable[[Record], str]
) -> Iterator[Record]:
    seen: dict[str, int] = {}
    for number, line, whole in _lines(path):
        try:
            data = _parse(line)
            record = build(data)
        except json.JSONDecodeError as error:
            cut = "" if whole else "; the file ends within this line, it was cut short"
            raise ShopFileError(f"{path}:{number}: not JSON ({error.msg} at column {error.colno}{cut})") from error
        except (ValueError, RecursionError) as error:
            raise ShopFileError(f"{path}:{number}: {error}") from error
        name = key(record)
        if name in seen:
            raise ShopFileError(f"{path}:{number}: the id {name!r} is that of line {seen[name]} already")
        seen[name] = number
        yield record
    if not seen:
        raise ShopFileError(f"{path}: the file has no {kind}")


def _parse(line: str) -> Mapping[str, Any]:
    data = json.loads(line)
    if not isinstance(data, dict):
        raise ValueError(f"a line is one JSON object, not {line[:40]!r}")
    if half_character(line, data):
        raise ValueError(r"a \u escape is half of a character (a lone surrogate)")
    return data


def _lines(path: Path) -> Iterator[tuple[int, str, bool]]:
    """Yield (number, text, whether a line end follows) for each line that is not blank."""
    number = 0
    with gzip.open(path, "rb") if path.suffix == ".gz" else open(path, "rb") as file:
        while True:
            number += 1
            try:
                raw = file.readline(LONGEST + 1)
            except (EOFError, gzip.BadGzipFile, zlib.error) as error:
                raise ShopFileError(f"{path}:{number}: not a whole gzip file ({error})") from error
            if not raw:
                return
            if len(raw) > LONGEST:
                raise ShopFileError(f"{path}:{number}: the line is over {LONGEST} bytes long")
            try:
                text = raw.decode("utf-8")
            except UnicodeDecodeError as error:
                raise ShopFileError(f"{path}:{number}: not UTF-8 text (column byte {error.start + 1})") from error
            if text.strip():
                yield number, text, text.endswith("\n")


def _product(data: Mapping[str, Any]) -> Product:
    options = data.get("options")
    if isinstance(options, Mapping):
        for name, values in options.items():
            _texts(f"options[{name!r}]", values)
    product = Product.from_dict(data)
    _name("asin", product.asin)
    for key in ("bullets", "attributes", "title_nouns"):
        _texts(key, getattr(product, key))
    if len(product.pricing) not in (1, 2):
        raise ValueError(f"'pricing' is {list(product.pricing)!r}, neither one price nor the two ends of a range")
    for number in product.pricing:
        _amount("pricing", number)
    _amount("price", product.price)
    return product


def _goal(data: Mapping[str, Any]) -> Goal:
    goal = Goal.from_dict(data)
    _name("id", goal.id)
    _name("asin", goal.asin)
    for key in ("attributes", "name_nouns"):
        _texts(key, getattr(goal, key))
    options = goal.goal_options
    _texts("goal_options", tuple(options.values()) if isinstance(options, Mapping) else options)
    _amount("price_upper", goal.price_upper)
    _amount("weight", goal.weight)
    if goal.split:
        check_name("split", goal.split, ("train", "eval", "test"))
    return goal


def _name(key: str, value: str) -> None:
    if not value.strip():
        raise ValueError(f"{key!r} is {value!r}, an empty id")


def _texts(key: str, value: Any) -> None:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{key!r} is {value!r}, not a list")
    for text in value:
        if not isinstance(text, str):
            raise ValueError(f"{key!r} holds {text!r}, not a string")


def _amount(key: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ValueError(f"{key!r} is {value!r}, not a number from 0 up")

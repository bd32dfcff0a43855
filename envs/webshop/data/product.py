"""What a product and a goal are, and their plain form: one JSON object a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

__all__ = ["Goal", "Product"]


@dataclass(frozen=True, slots=True)
class Product:
    """One item of the shop, as loaded.

    Attributes:
        asin: its id, at most 10 characters, upper case.
        category: department: beauty, electronics, fashion, garden or grocery.
        query: the search term under which it is filed.
        product_category: path such as "Care Goods › Hair › Hair Brush".
        title, description: texts.
        bullets: the features.
        pricing: one price, or the ends of a range, in dollars.
        price_text: as shown, "$19.99" or "$10.0 to $24.5".
        price: what it costs when it is bought; for a range, drawn once from it.
        options: option name to its values, all lower-case.
        attributes: short phrases such as "long lasting"; hidden, they only count in the score.
        title_nouns: the nouns of the title, lower-case, repeats kept.
    """

    asin: str
    category: str
    query: str
    product_category: str
    title: str
    description: str
    bullets: tuple[str, ...]
    pricing: tuple[float, ...]
    price_text: str
    price: float
    options: Mapping[str, tuple[str, ...]]
    attributes: tuple[str, ...]
    title_nouns: tuple[str, ...]

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Product:
        """Read the plain form; `ValueError` names what is missing or of the wrong kind. Further keys are ignored."""
        values = _values(record, _PRODUCT)
        values["options"] = {name: tuple(value) for name, value in values["options"].items()}
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """Return the plain form."""
        return {name: getattr(self, name) for name in _PRODUCT}


@dataclass(frozen=True, slots=True)
class Goal:
    """What the agent is asked to buy.

    Attributes:
        id: the task's id.
        mode: "human" or "synthetic": how the instruction was written. In the original's rules it decides how options
            are compared, by way of `goal_options`.
        asin: the product that it was written for, the target; others may score as well.
        category, query, product_category: the target's.
        name: the target's title; name_nouns: the nouns in it.
        instruction_text: what the agent reads, price bound included.
        attributes: phrases that the product must have.
        price_upper: most that it may cost; 1e6 if no bound is stated.
        goal_options: wanted values: a dict by option name (synthetic goals) or a tuple of values (human goals).
        weight: how often it is drawn, relative to the other goals.
        split: "train", "eval" or "test", or "" if the file does not say.
    """

    id: str
    mode: str
    asin: str
    category: str
    query: str
    product_category: str
    name: str
    instruction_text: str
    attributes: tuple[str, ...]
    price_upper: float
    goal_options: Mapping[str, str] | tuple[str, ...]
    weight: float
    name_nouns: tuple[str, ...]
    split: str = ""

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Goal:
        """Read the plain form; `ValueError` names what is missing or of the wrong kind. Further keys are ignored."""
        values = _values(record, _GOAL)
        if not isinstance(values["goal_options"], Mapping):
            values["goal_options"] = tuple(values["goal_options"])
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """Return the plain form."""
        return {name: getattr(self, name) for name in _GOAL}


_TUPLES = {"bullets", "pricing", "attributes", "title_nouns", "name_nouns"}
_NUMBERS = {"price", "price_upper", "weight"}
_PRODUCT = [field.name for field in fields(Product)]
_GOAL = [field.name for field in fields(Goal)]
_OPTIONAL: dict[str, Any] = {"weight": 1.0, "split": ""}


def _values(record: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in names:
        if name not in record:
            if name not in _OPTIONAL:
                raise ValueError(f"the key {name!r} is missing")
            values[name] = _OPTIONAL[name]
            continue
        value = record[name]
        if name in _TUPLES:
            if not isinstance(value, list | tuple):
                raise ValueError(f"{name!r} is {value!r}, not a list")
            value = tuple(value)
        elif name in _NUMBERS:
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise ValueError(f"{name!r} is {value!r}, not a number")
        elif name == "options" and not isinstance(value, Mapping):
            raise ValueError(f"{name!r} is {value!r}, not an object")
        elif name == "goal_options" and not isinstance(value, Mapping | list | tuple):
            raise ValueError(f"{name!r} is {value!r}, neither an object nor a list")
        elif name not in ("options", "goal_options") and not isinstance(value, str):
            raise ValueError(f"{name!r} is {value!r}, not a string")
        values[name] = value
    return values

"""One item of the original's files, as it lies there, turned into a product."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from .product import Product

__all__ = ["product_of", "string_list"]

_NO_NUMBER = re.compile(r"[^\d.]")


def product_of(item: Mapping[str, Any], attributes: tuple[str, ...], draw: Callable[[float, float], float]) -> Product:
    """Return the product of an item, by the original's rules; keys of the item that play no part are ignored.

    Args:
        item: asin, name, full_description, small_description, category, query, product_category and, if there are
            any, pricing, customization_options and title_nouns (a list, our addition: the nouns of the name). A text
            other than the name may be null and then is empty.
        attributes: of the same product.
        draw: gives the price between the ends of a range; it is called for ranges only.

    Raises:
        ValueError: a key is missing, or a value is of the wrong kind; the message names the key.
    """
    bullets = _get(item, "small_description")
    pricing, price_text = _pricing(item.get("pricing"))
    return Product(
        asin=_text(item, "asin"),
        category=_text(item, "category", nullable=True),
        query=_text(item, "query", nullable=True).lower().strip(),
        product_category=_text(item, "product_category", nullable=True),
        title=_text(item, "name"),
        description=_text(item, "full_description", nullable=True),
        bullets=string_list("small_description", [bullets] if isinstance(bullets, str) else bullets or []),
        pricing=pricing,
        price_text=price_text,
        price=pricing[0] if len(pricing) == 1 else draw(*pricing),
        options=_options(item.get("customization_options")),
        attributes=attributes,
        title_nouns=string_list("title_nouns", item.get("title_nouns", [])),
    )


def string_list(key: str, value: Any) -> tuple[str, ...]:
    """Return a list of strings as a tuple; `ValueError` names the key if it is none."""
    if not isinstance(value, list):
        raise ValueError(f"{key!r} is {_short(value)}, not a list")
    for text in value:
        if not isinstance(text, str):
            raise ValueError(f"{key!r} holds {_short(text)}, not a string")
    return tuple(value)


def _get(item: Mapping[str, Any], key: str) -> Any:
    if key not in item:
        raise ValueError(f"the key {key!r} is missing")
    return item[key]


def _text(item: Mapping[str, Any], key: str, nullable: bool = False) -> str:
    value = _get(item, key)
    if value is None and nullable:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{key!r} is {_short(value)}, not a string")
    return value


def _pricing(text: Any) -> tuple[tuple[float, ...], str]:
    """Return one price or the two ends of a range, in dollars, and how they are shown; 100 if none is given."""
    if not text:
        return (100.0,), "$100.0"
    if not isinstance(text, str):
        raise ValueError(f"'pricing' is {_short(text)}, not a string such as '$19.99'")
    try:
        prices = tuple(float(_NO_NUMBER.sub("", part)) for part in text.split("$")[1:3])
    except ValueError:
        prices = ()
    if not prices or not all(map(math.isfinite, prices)):
        raise ValueError(f"'pricing' is {_short(text)}, in which no price such as '$19.99' or '$10$24.50' is found")
    return prices, " to ".join(f"${price}" for price in prices)


def _options(table: Any) -> dict[str, tuple[str, ...]]:
    if not table:
        return {}
    if not isinstance(table, Mapping):
        raise ValueError(f"'customization_options' is {_short(table)}, not an object")
    options: dict[str, tuple[str, ...]] = {}
    for name, contents in table.items():
        if contents is None:
            continue
        values = []
        for content in contents if isinstance(contents, list) else [contents]:
            value = content.get("value") if isinstance(content, Mapping) else None
            if not isinstance(value, str):
                raise ValueError(f"the option {name!r} holds {_short(content)}, which has no 'value' that is a string")
            values.append(value.strip().replace("/", " | ").lower())
        options[name.lower()] = tuple(values)
    return options


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:60] + "..."

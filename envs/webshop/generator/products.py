"""Streams the products of the built-in catalogue, family by family.

What is in a family depends on the seed and the family's number alone. A catalogue of N products is the first N of one
endless stream, so a larger catalogue holds every smaller one.

Statistics (those of WebShop's 1,000-product set, Yao et al. 2022, in brackets if they differ; the tests hold them):
    departments          beauty 23.8 %, electronics 22.9 %, garden 21.6 %, fashion 20.0 %, grocery 11.7 %
    product types        250, each a search term (246) with a category path of 3 to 5 levels
    title, description   115 (116) and 505 (510) characters on average; 4.6 features; 787 (800) characters are indexed
    options              42 % of the products have one or two; 3.5 values an option on average, at most 40 a product
    prices               3 to 900 dollars, log-normal around the type's middle; 9 % are ranges
    attributes           18.5 % have none, the others 1 to 5; 70 % of them stand in the title or the first feature
    families             3 products on average; in a quarter one costs 15 to 60 dollars more or less than the next
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, islice

from ..data.product import Product
from .draws import Draw, bell, pick, sample, shuffle
from .families import family_plan, family_rng, member_asin
from .nouns import title_nouns
from .options import draw_options, draw_values
from .phrases import BRANDS, SENTENCES
from .texts import BULLET, Draft, bullets, description, draw_places, title
from .words import Attribute, ProductType, title_case

__all__ = ["generate_products"]

_SIZES = (1,) * 3 + (2,) * 5 + (3,) * 5 + (4,) * 4 + (5,) * 2 + (6,)
_WITH_OPTIONS = {"beauty": 0.39, "electronics": 0.33, "garden": 0.46, "fashion": 0.63, "grocery": 0.28}
_NUM_ATTRIBUTES = (1,) * 20 + (2,) * 38 + (3,) * 48 + (4,) * 36 + (5,) * 21
_WITHOUT_ATTRIBUTES = 0.185
_OPTION_STEP, _ATTRIBUTE_STEP = 5**0.5 / 2, 2**0.5
_ENDINGS = (99,) * 9 + (95,) * 3 + (49, 49, 0, 0, 50, 98, 90)
_LEAST, _MOST = 3.0, 900.0
_SHARE_RANGES = 0.215
_SHARE_TWINS = 0.3
_SHARE_BRAND_CHANGES = 0.25
_SHARE_OTHER_OPTIONS = 0.5
_SHARE_HIDDEN_SWAPS = 0.85
_SHARE_OTHER_ATTRIBUTES = 0.9
_OTHER_PRICES = (0.7, 0.82, 1.25, 1.5)
_MODELS = "ABCDEFGHJKLMNPQRSTVWX"


def generate_products(size: int, seed: int = 0) -> Iterator[Product]:
    """Yield the first `size` products of the catalogue with this seed, the same to the byte on every machine.

    A family that the size cuts through is left incomplete.
    """
    return islice((product for family in count() for product in _family(family, seed)), size)


def _family(family: int, seed: int) -> Iterator[Product]:
    product_type, _ = family_plan(family, seed)
    draw = family_rng(seed, "family", family).random
    size = pick(_SIZES, draw)
    draft = _draft(product_type, family, draw)
    options: dict[str, tuple[str, ...]] = {}
    if _spread(family, _OPTION_STEP) < _WITH_OPTIONS[product_type.department]:
        options = draw_options(product_type.options, product_type.kinds, draw)
    if "style" in options:
        draft.kind = ""
    if not options:
        draft.detail = _detail(product_type, draw)
    price = product_type.price * math.exp(0.38 * bell(draw))
    ranged = bool(options) and draw() < _SHARE_RANGES
    has_twin, brands = draw() < _SHARE_TWINS, draw() < _SHARE_BRAND_CHANGES
    previous = price
    for member in range(size):
        mine, offered, pricing = draft, options, _price(price * (1 + 0.05 * bell(draw)), draw)
        if member == 1 and has_twin:
            pricing = _twin_price(previous, draw)
            mine = replace(draft, adjective=pick(product_type.adjectives, draw))
        elif member:
            mine = _vary(draft, product_type, brands, draw)
            if options and draw() < _SHARE_OTHER_OPTIONS:
                offered = _change_options(options, product_type, draw)
            if draw() < _SHARE_OTHER_ATTRIBUTES:
                mine.attributes = _swap_attributes(draft, product_type, draw)
            else:
                pricing = _price(pricing * pick(_OTHER_PRICES, draw), draw)
        previous = pricing
        yield _product(member_asin(family, member, seed), product_type, mine, offered, pricing, ranged, draw)


def _product(
    asin: str,
    product_type: ProductType,
    draft: Draft,
    options: dict[str, tuple[str, ...]],
    price: float,
    ranged: bool,
    draw: Draw,
) -> Product:
    pricing, text, paid = (price,), f"${price}", price
    if ranged:
        high = _price(price * (1.15 + 1.1 * draw()) + 1, draw)
        if high > price:
            pricing, text = (price, high), f"${price} to ${high}"
            paid = round(price + (high - price) * draw(), 2)
    heading = title(draft)
    return Product(
        asin=asin,
        category=product_type.department,
        query=product_type.query,
        product_category=product_type.path,
        title=heading,
        description=description(draft),
        bullets=bullets(draft),
        pricing=pricing,
        price_text=text,
        price=paid,
        options=options,
        attributes=tuple([attribute.text for attribute in draft.attributes]),
        title_nouns=title_nouns(heading),
    )


def _spread(family: int, step: float) -> float:
    """Return a number in [0, 1) that fills the interval evenly as families go on, so small catalogues are typical."""
    return family * step % 1.0


def _draft(product_type: ProductType, family: int, draw: Draw) -> Draft:
    number = pick(_NUM_ATTRIBUTES, draw) if _spread(family, _ATTRIBUTE_STEP) >= _WITHOUT_ATTRIBUTES else 0
    attributes = _draw_attributes(product_type, number, draw)
    own = shuffle(product_type.sentences, draw)
    common = shuffle(product_type.common_sentences, draw)
    plain = sample(SENTENCES, 10, draw)
    half = min(3, (len(own) + 1) // 2)
    names = product_type.names
    # The search term that a product is filed under is its most usual name, but need not be in the title.
    name = names[0] if draw() < 0.4 else pick(names, draw)
    other = pick([other for other in names if other is not name], draw)
    brand = pick(BRANDS, draw)
    return Draft(
        brand=brand.upper() if draw() < 0.2 else brand,
        name=name,
        other_name=other if draw() < 0.3 else None,
        kind=pick(product_type.kinds, draw) if draw() < 0.75 else "",
        adjective=pick(product_type.adjectives, draw) if draw() < 0.55 else "",
        use=pick(product_type.uses, draw),
        features=sample(product_type.features, pick((2, 2, 3, 3, 4, 4), draw), draw),
        attributes=attributes,
        places=draw_places(len(attributes), draw),
        detail="",
        layout=int(draw() * 6),
        style=int(draw() * 6),
        lower=draw() < 0.12,
        sentences=[*own[:half], *common[:4], *plain, *common[4:], *own[half:]],
        num_bullets=pick((2, 3, 4, 4, 5, 5, 5, 5, 6, 6, 6), draw),
        num_sentences=pick((4, 5, 6, 8, 8, 9, 9, 10, 11, 11), draw),
        introduction=int(draw() * 10),
        turn=int(draw() * 60),
    )


def _draw_attributes(product_type: ProductType, number: int, draw: Draw) -> list[Attribute]:
    common = sum(draw() < 0.28 for _ in range(number))
    return sample(product_type.attributes, number - common, draw) + sample(product_type.common_attributes, common, draw)


def _swap_attributes(draft: Draft, product_type: ProductType, draw: Draw) -> list[Attribute]:
    """Return the attributes with one or two in the place of others, mostly where search does not see it."""
    every = product_type.attributes + product_type.common_attributes
    others = [attribute for attribute in every if attribute not in draft.attributes]
    swapped = list(draft.attributes)
    indices = shuffle(range(len(swapped)), draw)
    if draw() < _SHARE_HIDDEN_SWAPS:
        indices.sort(key=lambda index: draft.places[index] != BULLET)
    for index in indices[: 1 + (draw() < 0.4)]:
        swapped[index] = others.pop(int(draw() * len(others)))
    return swapped


def _change_options(
    options: dict[str, tuple[str, ...]], product_type: ProductType, draw: Draw
) -> dict[str, tuple[str, ...]]:
    """Return the options with a part of the values of one of them sold out, or with other values throughout."""
    name = pick(list(options), draw)
    values = options[name]
    left = tuple([value for value in values if draw() < 0.6])
    if left:
        return options | {name: left}
    fresh = draw_options(product_type.options, product_type.kinds, draw)
    return fresh if list(fresh) == list(options) else options


def _vary(draft: Draft, product_type: ProductType, brands: bool, draw: Draw) -> Draft:
    """Return a member's own copy of the draft, with other words here and there."""
    chance = draw()
    return replace(
        draft,
        brand=pick(BRANDS, draw) if brands else draft.brand,
        use=pick(product_type.uses, draw) if chance < 0.5 else draft.use,
        features=sample(product_type.features, len(draft.features), draw) if chance > 0.7 else draft.features,
        num_sentences=draft.num_sentences + int(draw() * 5) - 2,
        introduction=int(draw() * 10),
    )


def _detail(product_type: ProductType, draw: Draw) -> str:
    """Return the end of the title of a product that leaves no choice: a model, a size, a colour, or nothing."""
    chance = draw()
    if product_type.department == "electronics" and chance < 0.4:
        return f"Model {pick(_MODELS, draw)}{pick(_MODELS, draw)}{100 + int(draw() * 900)}"
    if chance > 0.75:
        return ""
    keys = [key for key in product_type.options if key != "style"]
    value = draw_values(pick(keys, draw), product_type.kinds, draw, number=1)[0]
    return value if any(letter.isdigit() for letter in value) else title_case(value)


def _price(value: float, draw: Draw) -> float:
    """Return a price near `value` with one of the endings that shops like."""
    cents = pick(_ENDINGS, draw) if draw() < 0.8 else int(draw() * 100)
    return round(min(max(int(value) + cents / 100, _LEAST + cents / 100), _MOST - 1 + cents / 100), 2)


def _twin_price(price: float, draw: Draw) -> float:
    """Return a price 15 to 60 dollars away, where the bound of an instruction tends to lie between the two."""
    step = 15 + int(draw() * 46)
    if price - step > _LEAST and draw() < 0.4:
        return round(price - step, 2)
    return round(price + step, 2) if price + step <= _MOST else price

"""What can be chosen on a product page: option names, their values and how many a product has.

Values are lower-case, as the shop shows them. Some are as untidy as sellers make them: colours with a code in front or
behind, two colours in one. Where a code is glued to a colour ("black2417"), or a word holds a colour name by accident
("standard" holds "tan"), the original's rules never match a synthetic goal with that value; those few are wanted.
"""

from __future__ import annotations

from .draws import Draw, pick, sample

__all__ = ["BUTTONS", "MOST_VALUES", "draw_options", "draw_values"]

BUTTONS = frozenset(
    ("buy now", "description", "features", "reviews", "< prev", "back to search", "attributes", "next >", "search")
)
"""Labels on the pages, which no option value may equal."""
MOST_VALUES = 40
"""Most option values of one product, all its options together."""

_SIZES = ", ".join(f"{size}, {size}.5" for size in range(5, 11)) + ", 11, 12, 8 wide, 9 wide, 10 wide"
_MEN_SIZES = ", ".join(f"{size}, {size}.5" for size in range(7, 13)) + ", 13, 14, 9 wide, 10 wide, 11 wide"
POOLS = {
    "color.wear": (
        "black, white, grey, navy, navy blue, red, wine red, burgundy, forest green, army green, olive green, "
        "khaki, beige, ivory, coffee, dark brown, camel, pink, hot pink, blush pink, dusty rose, purple, lavender, "
        "mustard yellow, burnt orange, teal, turquoise, sky blue, royal blue, light blue, charcoal grey, dark "
        "grey, heather grey, white floral, leopard print, blue plaid, multicolored, oatmeal, dark denim, washed "
        "blue, rust, mint"
    ),
    "color.home": (
        "white, grey, light grey, dark grey, charcoal, black, beige, cream, taupe, navy blue, sage green, teal, "
        "aqua, blush pink, terracotta, rust, mustard, brown, walnut, natural wood, rustic oak, espresso, gold, "
        "silver, bronze, ivory, denim blue, burgundy, blue stripes, green leaves, multicolor, antique white, black "
        "marble"
    ),
    "color.gadget": (
        "black, white, silver, space grey, rose gold, midnight blue, navy, red, pink, mint green, dark green, "
        "purple, light blue, matte black, black and red, clear, graphite, champagne, orange, army green, gold"
    ),
    "color.light": "warm white, cool white, daylight, multicolor, blue, red, green, purple, pink, orange, amber",
    "color.lens": (
        "black frame grey lens, gold frame brown lens, tortoise, matte black, blue mirror, silver mirror, pink "
        "gradient, clear blue light, green lens, red mirror, champagne, purple"
    ),
    "color.metal": (
        "gold, silver, rose gold, black, white gold, two tone, gold pearl, blue sapphire, red ruby, green emerald, "
        "purple amethyst, turquoise"
    ),
    "shade": (
        "nude, soft pink, rosewood, coral, cherry red, deep plum, mauve, peach, berry, caramel, honey, warm beige, "
        "natural beige, porcelain, ivory, light sand, golden tan, chestnut, espresso, mocha, jet black, dark "
        "brown, light brown, ash blonde, honey blonde, burgundy, copper, champagne, bronze glow, clear, 01 fair, "
        "02 light, 03 medium, 04 deep"
    ),
    "size.wear": "x-small, small, medium, large, x-large, xx-large, 3x-large, 4x-large, 5x-large",
    "size.shoe": _SIZES,
    "size.shoemen": _MEN_SIZES,
    "size.waist": (
        "28, 29, 30, 31, 32, 33, 34, 36, 38, 40, 42, 44, 30w x 30l, 32w x 30l, 32w x 32l, 34w x 32l, 36w x 32l, "
        "38w x 34l"
    ),
    "size.bra": "32a, 32b, 34a, 34b, 34c, 34d, 36a, 36b, 36c, 36d, 38b, 38c, 38d, 40c, 40d",
    "size.fluid": (
        "1 fl oz, 2 fl oz, 3.4 fl oz, 4 fl oz, 6 fl oz, 8 fl oz, 12 fl oz, 16.9 fl oz, 33.8 fl oz, 8 fl oz (pack "
        "of 2), 12 fl oz (pack of 3)"
    ),
    "size.weight": (
        "2 ounce, 4 ounce, 6 ounce, 8 ounce, 12 ounce, 1 pound, 2 pound, 5 pound, 3 ounce (pack of 6), 8 ounce "
        "(pack of 2), 12 ounce (pack of 4), 1.5 ounce (pack of 12), 1 ounce (pack of 24)"
    ),
    "size.inch": "4 inch, 6 inch, 8 inch, 10 inch, 12 inch, 14 inch, 16 inch, 18 inch, 20 inch, 22 inch, 24 inch",
    "size.letter": "mini, small, medium, large, extra large, jumbo, standard, set of 2, set of 3",
    "size.screen": (
        "7 inch, 10.1 inch, 13.3 inch, 14 inch, 15.6 inch, 17.3 inch, 24 inch, 27 inch, 32 inch, 43 inch, 55 inch, "
        "65 inch, 100 inch, 120 inch"
    ),
    "size.display": "4.3 inch, 5 inch, 6.2 inch, 7 inch, 9 inch, 10.1 inch",
    "size.cable": (
        "1.5 ft, 3 ft, 5 ft, 6.6 ft, 10 ft, 15 ft, 25 ft, 33 ft, 50 ft, 75 ft, 100 ft, 3 ft (2 pack), 6.6 ft (3 pack)"
    ),
    "size.memory": "16gb, 32gb, 64gb, 128gb, 256gb, 512gb, 1tb, 2tb, 4tb",
    "size.watch": "38mm, 40mm, 41mm, 42mm, 44mm, 45mm, 49mm, 20mm band, 22mm band",
    "size.backdrop": "3 x 5 ft, 5 x 7 ft, 6 x 9 ft, 8 x 6 ft, 8 x 10 ft, 10 x 10 ft, 10 x 20 ft",
    "size.bed": "twin, twin xl, full, queen, king, california king, crib, rv queen, standard, body",
    "size.throw": (
        "30 x 40 inch, 40 x 50 inch, 50 x 60 inch, 60 x 72 inch, 60 x 80 inch, 72 x 72 inch, 72 x 78 inch, 72 x 84 "
        "inch, 90 x 90 inch"
    ),
    "size.furniture": (
        "16 inch, 18 inch, 24 inch, 28 inch, 30 inch, 32 inch, 36 inch, 40 inch, 47 inch, 55 inch, 60 inch"
    ),
    "size.rug": (
        "2 x 3 ft, 3 x 5 ft, 4 x 6 ft, 5 x 7 ft, 5 x 8 ft, 6 x 9 ft, 8 x 10 ft, 9 x 12 ft, 10 x 14 ft, 2 x 8 ft "
        "runner, 2 x 10 ft runner, 4 ft round, 6 ft round, 8 ft square"
    ),
    "size.art": (
        "5 x 7 inch, 8 x 10 inch, 11 x 14 inch, 12 x 16 inch, 16 x 20 inch, 18 x 24 inch, 20 x 30 inch, 24 x 36 "
        "inch, 30 x 45 inch, set of 3, unframed 16 x 24 inch"
    ),
    "size.cushion": (
        "12 x 20 inch, 16 x 16 inch, 18 x 18 inch, 20 x 20 inch, 22 x 22 inch, 24 x 24 inch, 26 x 26 inch, 17 inch "
        "round, 48 x 20 inch bench"
    ),
    "size.curtain": (
        "42w x 45l, 42w x 63l, 52w x 45l, 52w x 63l, 52w x 72l, 52w x 84l, 52w x 95l, 52w x 108l, 70w x 84l, 100w x 84l"
    ),
    "size.bottle": "8 oz, 11 oz, 12 oz, 14 oz, 16 oz, 18 oz, 20 oz, 24 oz, 32 oz, 40 oz, 64 oz",
    "size.mat": ("16 x 24 inch, 17 x 24 inch, 20 x 32 inch, 24 x 36 inch, 24 x 60 inch, 30 x 48 inch, 24 inch round"),
    "size.patio": "6 ft, 7.5 ft, 9 ft, 10 ft, 11 ft, 6.5 x 10 ft, 8 x 8 ft",
    "size.chain": "14 inch, 16 inch, 18 inch, 20 inch, 22 inch, 24 inch, 16 plus 2 inch",
    "scent": (
        "lavender, vanilla, eucalyptus, rose, jasmine, sandalwood, coconut, citrus, peppermint, cedar, green tea, "
        "cherry blossom, ocean breeze, honey almond, cucumber melon, wild berry, fresh linen, tea tree, white "
        "musk, amber, grapefruit, lemongrass, chamomile"
    ),
    "flavor.sweet": (
        "chocolate, vanilla, dark chocolate, salted caramel, strawberry, cookies and cream, peanut butter, maple, "
        "cinnamon, blueberry muffin, mint chocolate, banana bread, coconut, mocha, lemon, birthday cake, hazelnut"
    ),
    "flavor.savory": (
        "original, sea salt, barbecue, sour cream and onion, spicy chili, teriyaki, honey mustard, white cheddar, "
        "jalapeno, salt and vinegar, garlic herb, black pepper, hot and sweet, rosemary, lime, smoky maple"
    ),
    "flavor.fruit": (
        "mango, strawberry, blueberry, cherry, peach, lemon lime, orange, pineapple, watermelon, mixed berry, "
        "tropical, green apple, raspberry, grape, grapefruit, variety pack, cranberry, sour apple"
    ),
    "flavor.coffee": (
        "original, hazelnut, french vanilla, caramel, mocha, breakfast blend, pumpkin spice, house blend, "
        "colombian, sumatra, toasted coconut"
    ),
    "flavor.tea": (
        "original, lemon, ginger, honey, peach, mint, jasmine, turmeric, berry, variety pack, cinnamon apple, "
        "lavender, earl grey style"
    ),
    "flavor.spice": (
        "original, mild, medium, hot, extra hot, garlic, smoky, lime, mango, lemon pepper, chipotle, cajun"
    ),
    "flavor.mint": (
        "mint, peppermint, spearmint, cinnamon, unflavored, charcoal mint, bubble gum, strawberry, coconut"
    ),
    "pack": (
        "pack of 1, pack of 2, pack of 3, pack of 4, pack of 5, pack of 6, pack of 8, pack of 10, pack of 12, pack "
        "of 24"
    ),
    "material.case": "silicone, leather, hard plastic, fabric, aluminum, carbon fiber",
    "material.home": "bamboo, acacia, maple, plastic, marble, walnut, rubber wood, teak",
}
_VALUES = {key: tuple(text.split(", ")) for key, text in POOLS.items()}
_NAMES = {"shade": "color", "pack": "pack size"}
_ORDERED = ("size", "pack")
_SHARES = {1: 10, 2: 25, 3: 24, 4: 15, 5: 9, 6: 6, 7: 3, 8: 2, 10: 2, 12: 2, 15: 1, 18: 1}
_COUNTS = tuple(count for count, share in _SHARES.items() for _ in range(share))
_SHARE_OF_TWO = 0.45
_SHARE_CODED = 0.13
_CODES = ("a-{}", "{}-{}", "{} {}", "z{} {}", "{}{}", "style {} {}", "{}{}", "0{}-{}")


def draw_options(keys: tuple[str, ...], kinds: tuple[str, ...], draw: Draw) -> dict[str, tuple[str, ...]]:
    """Draw the options of a product: one or two of those that its type can have, in the type's order.

    Args:
        keys: keys of the pools that fit the type; "style" stands for the type's own kinds.
        kinds: the kinds of the type.
        draw: the source of randomness.
    """
    chosen = keys[:2] if draw() < _SHARE_OF_TWO else (keys[0 if draw() < 0.62 else -1],)
    options: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    left = MOST_VALUES
    for key in chosen:
        values = [value for value in draw_values(key, kinds, draw) if value not in taken][:left]
        if values:
            options[_NAMES.get(key, key.partition(".")[0])] = tuple(values)
            taken.update(values)
            left -= len(values)
    return options


def draw_values(key: str, kinds: tuple[str, ...], draw: Draw, number: int = 0) -> list[str]:
    """Draw the values of one option; `number` of them, or as many as shops usually offer."""
    pool = kinds if key == "style" else _VALUES[key]
    number = min(number or pick(_COUNTS, draw), len(pool))
    if key.startswith(_ORDERED):
        # Sizes come in a row, smallest first.
        first = int(draw() * (len(pool) - number + 1))
        return list(pool[first : first + number])
    values = sample(pool, number, draw)
    if key.startswith("color") and draw() < _SHARE_CODED:
        return _coded(values, draw)
    if key.startswith("color") and number > 2 and draw() < 0.1:
        values[-1] = f"{values[0]} | {values[1]}"
    return values


def _coded(values: list[str], draw: Draw) -> list[str]:
    pattern = pick(_CODES, draw)
    code = 1 + int(draw() * 9)
    if pattern == "a-{}":
        return [f"{chr(97 + index)}-{value}" for index, value in enumerate(values)]
    if pattern == "{}{}":
        return [f"{value.replace(' ', '')}{code * 311 + 7 * index}" for index, value in enumerate(values)]
    if pattern in ("{}-{}", "{} {}"):
        return [pattern.format(value, code + index) for index, value in enumerate(values)]
    return [pattern.format(code + index, value) for index, value in enumerate(values)]

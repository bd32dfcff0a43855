"""Colour names, and the rule that reduces an option value to the first of them that is in it."""

from __future__ import annotations

from functools import lru_cache

__all__ = ["COLORS", "reduce_color"]

COLORS = tuple(
    (  # noqa: SIM905 - a list of words
        "alabaster apricot aqua ash asphalt azure banana beige black blue blush bordeaux bronze brown burgundy camel "
        "camo caramel champagne charcoal cheetah chestnut chocolate christmas coffee cognac copper coral cranberry "
        "cream crystal dark denim eggplant elephant espresso fuchsia gold granite grape graphite grass gray green "
        "grey heather indigo ivory ivy khaki lavender lemon leopard light lilac lime magenta maroon mauve merlot "
        "midnight mint mocha multicolor mushroom mustard natural navy nude olive orange peach pewter pink plum purple "
        "rainbow red rose royal rust sand sapphire seashell silver skull slate steel stone stonewash sunflower tan "
        "taupe teal tiger turquoise violet walnut wheat white wine yellow"
    ).split()
)
"""The 102 names of WebShop's colour list (Yao et al., 2022), in its order, which decides ties."""


@lru_cache(maxsize=65536)
def reduce_color(value: str) -> str:
    """Return the first colour that is a substring of `value`, else `value` as it is.

    A substring, not a word: "rectangular" becomes "tan" and "dark grey" becomes "dark". So it is in WebShop.
    """
    return next((color for color in COLORS if color in value), value)

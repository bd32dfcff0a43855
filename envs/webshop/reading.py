"""A page of the shop laid out for people: what `guerdon play`, pictures and videos show."""

from __future__ import annotations

from textwrap import shorten

from .game import DONE, PAGES, Game

__all__ = ["page_text"]

RESULTS, ITEM, SUB = (PAGES.index(name) for name in ("results", "item", "sub_page"))

LINE = 76  # characters of a line in a list


def page_text(game: Game) -> str:
    """Return the page as lines: a product, an option or a sentence each, chosen values in [brackets]."""
    nodes = game.screen.nodes
    if game.page == RESULTS:
        heading = next(text for kind, text in nodes if kind == "")
        shop = game.shop
        products = [shop.product(number) for number in game.links.values()]
        heads = [f"{product.asin}  {product.price_text}  " for product in products]
        lines = [
            head + shorten(product.title, LINE - len(head), placeholder="…")
            for head, product in zip(heads, products, strict=True)
        ]
        return "\n".join([heading, *(lines or ["Nothing here."])])
    if game.page == ITEM:
        product = game.shop.product(game.item)
        lines = [product.title, f"Price: {product.price_text}"]
        for name, values in product.options.items():
            shown = [f"[{value}]" if game.chosen.get(name) == value else value for value in values]
            lines.append(f"{name}: {', '.join(shown)}")
        return "\n".join(lines)
    if game.page == SUB:
        texts = [text.strip() for kind, text in nodes if kind == ""]
        return "\n".join([f"{game.sub.capitalize()} of {game.shop.product(game.item).title}", *texts])
    if game.page == DONE:
        assert game.score is not None
        parts = game.score.components
        product = game.shop.product(game.item)
        chosen = ", ".join(f"{name}: {value}" for name, value in game.chosen.items()) or "nothing chosen"
        met = [f"kind × {parts['r_type']:g}", f"attributes {parts['r_att']:.0%}"]  # type: ignore[typeddict-item]
        met += [f"options {parts['r_option']:.0%}"] if "r_option" in parts else []
        met.append("price in bounds" if parts.get("r_price") else "too dear")
        return "\n".join(
            [f"Bought: {product.title}", chosen, product.price_text, f"Score {game.reward:.2f}: {', '.join(met)}"]
        )
    return "The search bar is empty."

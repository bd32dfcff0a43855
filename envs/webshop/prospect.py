"""What can still become of a product page: the best score ahead, and the fewest clicks to a perfect one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .scoring import Fit

__all__ = ["Prospect"]


class Prospect:
    """One product under one goal, with its buttons.

    Args:
        fit: the two.
        choices: the page's option values and the option that each sets.
        price: what the product costs.
    """

    __slots__ = ("_ahead", "_by_name", "_clicks", "affordable", "fit")

    def __init__(self, fit: Fit, choices: Mapping[str, str], price: float):
        self.fit, self.affordable = fit, price <= fit.goal.price_upper
        self._by_name: dict[str, list[str]] = {name: [] for name in fit.product.options}
        for value, name in choices.items():
            self._by_name.setdefault(name, []).append(value)
        self._ahead: dict[tuple[str, ...], float] = {}
        self._clicks: dict[tuple[str, ...], tuple[str, ...] | None] = {}

    def now(self, chosen: Mapping[str, str]) -> float:
        """Return the score of buying it as it is."""
        return self.fit.reward(self.met(chosen), self.affordable)

    def met(self, chosen: Mapping[str, str]) -> int:
        """Return how many of the wanted options the chosen values meet."""
        return self._met(chosen.values()).bit_count()

    def ahead(self, chosen: Mapping[str, str]) -> float:
        """Return the best score that can be bought by choosing values for options that have none yet, or fewer."""
        key = (*chosen, *chosen.values())
        best = self._ahead.get(key)
        if best is None:
            reached = {self._met(chosen.values())}
            for name, values in self._by_name.items():
                if name not in chosen:
                    masks = {0, *map(self.fit.mask, values)}
                    reached = {old | new for old in reached for new in masks}
            best = self.fit.reward(max(mask.bit_count() for mask in reached), self.affordable)
            self._ahead[key] = best
        return best

    def clicks(self, chosen: Mapping[str, str]) -> tuple[str, ...] | None:
        """Return the fewest values to click until buying scores 1.0, in page order; None if no clicks lead there."""
        key = (*chosen, *chosen.values())
        if key not in self._clicks:
            self._clicks[key] = self._search_clicks(chosen)
        return self._clicks[key]

    def _search_clicks(self, chosen: Mapping[str, str]) -> tuple[str, ...] | None:
        """Go through the options one by one and keep, for every set of wishes met, the fewest clicks to it."""
        fit = self.fit
        if fit.reward(fit.num_options, self.affordable) < 1:
            return None
        paths: dict[int, tuple[str, ...]] = {0: ()}
        for name in dict.fromkeys((*self._by_name, *chosen)):
            kept = fit.mask(chosen[name]) if name in chosen else 0
            moves = [(kept, ()), *((fit.mask(v), (v,)) for v in self._by_name.get(name, ()) if v != chosen.get(name))]
            longer: dict[int, tuple[str, ...]] = {}
            for met, path in paths.items():
                for mask, click in moves:
                    total = met | mask
                    if total not in longer or len(path) + len(click) < len(longer[total]):
                        longer[total] = path + click
            paths = longer
        return paths.get((1 << fit.num_options) - 1)

    def _met(self, values: Iterable[str]) -> int:
        met = 0
        for value in values:
            met |= self.fit.mask(value)
        return met

"""webshop/retrieval-cost-v1: the score of the purchase, less a price for every look-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ...core.transition import Transition
from ..base import register
from ..terms import Term, TermReward
from .webshop_purchase import purchase

__all__ = ["WebShopRetrievalCost"]


def _retrieved(transition: Transition) -> np.ndarray:
    """1.0 for each search, turned page or opened product page in this step."""
    before, after = transition.state, transition.next_state
    searched = after.num_searches - before.num_searches
    turned = (before.page == 1) & (after.page == 1) & (searched == 0) & (before.page_number != after.page_number)
    return searched + turned + after.num_opened - before.num_opened


@register
@dataclass
class WebShopRetrievalCost(TermReward):
    """Pays the score of the purchase and charges `cost` for every search, every page turned and every product opened.

    Wants: an agent that finds the right thing with few look-ups, as one that pays for each of them.
    Gamed by: buying the first thing it sees, or nothing, once looking further costs more than it can gain. With the
    default an ordinary purchase needs two look-ups (0.04). It does not charge for reading or choosing.
    Source: ours; charging for retrieval calls is common in search agents, for example Search-R1's follow-ups (2025).
    Version history: v1.

    Args:
        cost: price of a look-up.
    """

    cost: float = 0.02
    id: ClassVar[str] = "webshop/retrieval-cost-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state"})

    @property
    def terms(self) -> tuple[Term, ...]:
        """purchase, retrieval."""
        return (Term("purchase", purchase), Term("retrieval", _retrieved, -self.cost))

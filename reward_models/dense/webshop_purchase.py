"""webshop/purchase-v1: the score of what is bought, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ...core.transition import Transition
from ..base import register
from ..terms import Term, TermReward

__all__ = ["WebShopPurchase", "purchase"]


def purchase(transition: Transition) -> np.ndarray:
    """Score of the purchase on the step that makes it, in [0, 1]; else 0. Needs "state"."""
    return transition.next_state.score - transition.state.score


@register
@dataclass
class WebShopPurchase(TermReward):
    """Pays the score of the purchase when it is made: the env's own reward.

    Wants: the right kind of product, with the wanted attributes and options, within the price.
    Gamed by: what the score itself forgives. Options and price count for another kind of product if a fifth of its
    title's nouns are the same; leaving all options alone costs no more than their share; under `compat="webshop"` a
    listing that is stuffed with keywords has every attribute. An agent that buys the first hit gets about half.
    Source: WebShop (Yao et al., 2022), section 3.
    Version history: v1.
    """

    id: ClassVar[str] = "webshop/purchase-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state"})

    @property
    def terms(self) -> tuple[Term, ...]:
        """One term."""
        return (Term("purchase", purchase, source="Yao et al., 2022"),)

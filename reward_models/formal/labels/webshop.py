"""Propositions of the web-shop."""

from __future__ import annotations

import numpy as np

from .base import register_labelling

__all__ = ["WEBSHOP"]

WEBSHOP = register_labelling(
    "webshop",
    frozenset({"state"}),
    listed=("a list of results is shown", lambda step: np.asarray(step.next_state.page) == 1),
    on_product=("a product's page is shown", lambda step: np.asarray(step.next_state.page) == 2),
    right_kind=("it is of the kind asked for", lambda step: np.asarray(step.next_state.kind) >= 1),
    affordable=("it costs no more than asked for", lambda step: np.asarray(step.next_state.affordable) > 0),
    options_met=(
        "all options asked for are chosen, on a product's page",
        lambda step: (np.asarray(step.next_state.page) == 2) & (np.asarray(step.next_state.options) >= 1),
    ),
    bought=("the purchase is made", lambda step: np.asarray(step.next_state.page) == 4),
)

"""What a labelling is: named propositions of a world, each a function of a step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ....core.registry import Registry
from ....core.transition import Transition

__all__ = ["LABELLINGS", "Labelling", "register_labelling"]


@dataclass(frozen=True)
class Labelling:
    """The propositions of one world.

    Attributes:
        world: its name.
        reads: what they see, names from `core.transition.READS`.
        propositions: each from a step to bool (B,): whether it holds after the step.
        about: what each says, for people.
    """

    world: str
    reads: frozenset[str]
    propositions: Mapping[str, Callable[[Transition], np.ndarray]]
    about: Mapping[str, str]


LABELLINGS: Registry[Labelling] = Registry("labelled world", "guerdon.reward_models.formal.labels")
"""All labellings by world."""


def register_labelling(world: str, reads: frozenset[str], **propositions: tuple[str, Callable]) -> Labelling:
    """Make the propositions of a world known; each is (what it says, function)."""
    rules = {name: rule for name, (_, rule) in propositions.items()}
    about = {name: text for name, (text, _) in propositions.items()}
    return LABELLINGS.add(world, Labelling(world, reads, rules, about))

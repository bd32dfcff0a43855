"""manipulation/place-in-bin-expert: the cube dropped into the bin."""

from __future__ import annotations

from .base import register
from .manipulation_placing import Placing

__all__ = ["PlaceInBinExpert"]


@register
class PlaceInBinExpert(Placing):
    """Takes the cube over the rim and lets it fall from there, so that the fingers stay out of the bin."""

    name = "manipulation/place-in-bin-expert"
    worlds = ("PlaceInBin",)
    lift = 0.07
    drop = 0.04
    kept = 0.072

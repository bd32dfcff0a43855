"""manipulation/stack-expert: one cube put on the other."""

from __future__ import annotations

from .base import register
from .manipulation_placing import Placing

__all__ = ["StackExpert"]


@register
class StackExpert(Placing):
    """Takes the cube, puts it on the blue one, and lets go."""

    name = "manipulation/stack-expert"
    worlds = ("Stack",)

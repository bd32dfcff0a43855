"""Steps in words: for each world, what the caption of a step is. One file a world, which names itself."""

from __future__ import annotations

from .base import CAPTIONS, Captions, find_captions

__all__ = ["CAPTIONS", "Captions", "find_captions"]

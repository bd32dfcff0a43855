"""Objectives that a sum of rewards may not be able to say: one file each, found by discovery, with exact optima."""

from .base import OBJECTIVES, Objective, Optimum, Witness

__all__ = ["OBJECTIVES", "Objective", "Optimum", "Witness"]

"""Hacks of the literature as small worlds, one file each: what is wanted, what is paid, and how that is gamed."""

from .base import HACKS, Hack, Scene, register

__all__ = ["HACKS", "Hack", "Scene", "register"]

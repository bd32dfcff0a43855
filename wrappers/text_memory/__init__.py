"""What a reader of the text alone can keep in mind of an episode. One file a kind of memory; found by discovery."""

from .base import MEMORIES, TextMemory, memory_of, register, words

__all__ = ["MEMORIES", "TextMemory", "memory_of", "register", "words"]

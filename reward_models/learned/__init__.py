"""Rewards that depend on experience: counts, preferences, demonstrations."""

"""The tabular world."""
